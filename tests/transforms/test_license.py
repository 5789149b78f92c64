"""Licences to SPDX, and copyright notices: tests/transforms/license_cases.toml."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configs.toml import parse_toml
from transforms.license import LicenseRules, copyright_notice_of, spdx_of

_TABLE: Any = parse_toml((Path(__file__).parent / "license_cases.toml").read_text(encoding="utf-8"))
_CASES, _NOTICES = _TABLE["cases"], _TABLE["notices"]
RULES = LicenseRules.load()


@pytest.mark.parametrize(("language", "text", "spdx"), _CASES, ids=[case[1] for case in _CASES])
def test_spdx(language: str, text: str, spdx: str) -> None:
    assert spdx_of(text) == (spdx or None), language


@pytest.mark.parametrize(("line", "is_notice"), _NOTICES)
def test_copyright(line: str, is_notice: bool) -> None:
    assert copyright_notice_of(line) == (line if is_notice else None)


def test_spaces_of_a_notice_are_folded() -> None:
    assert copyright_notice_of("©\u00a02021  Example Media.") == "© 2021 Example Media."


@pytest.mark.parametrize("identifier", sorted(RULES.identifiers))
def test_every_identifier_is_read_as_written_and_as_a_link(identifier: str) -> None:
    assert spdx_of(f"Licensed under {identifier}.") == identifier
    elements, version, *port = identifier.removeprefix("CC-").lower().rsplit("-", 2 if identifier[-1].isalpha() else 1)
    url = f"https://creativecommons.org/licenses/{elements}/{version}/{'/'.join(port)}"
    assert spdx_of(url) == identifier
    assert spdx_of(f'<a rel="license" href="{url}">') == identifier


def test_many_languages() -> None:
    assert len({language for language, _, spdx in _CASES if spdx}) >= 20


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(alphabet="CcBbYy-SAaNnDd4.0 /:©知识共享署名", max_size=80))
def test_any_text_is_answered(text: str) -> None:
    found = spdx_of(text)
    assert found is None or found in RULES.identifiers or found.startswith(("CC0", "CC-P"))


def test_hostile_texts_are_answered_fast() -> None:
    started = time.process_time()
    for part in ("creative commons ", "cc by ", "4.0 ", "attribution", "licenses/by", "cc-", "© "):
        spdx_of(part * 1000)
        copyright_notice_of(part * 1000)
    assert time.process_time() - started < 0.5
