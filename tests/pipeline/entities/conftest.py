"""A few of the built-in entities stand for all of them: compiling every alias takes seconds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.entities import alias_sources

_KEPT = frozenset({"Q794", "Q796", "Q30", "Q37470", "Q1065"})


@pytest.fixture(scope="session")
def _few_entities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = [
        line
        for path in alias_sources.built_in_files()
        for line in path.read_text(encoding="utf-8").splitlines()
        if json.loads(line)["id"] in _KEPT
    ]
    assert len(lines) == len(_KEPT)
    file = tmp_path_factory.mktemp("few") / "few.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _few_entities: Path) -> None:
    """For every test but those that say "built_in" in their name."""
    if "built_in" not in request.node.name:
        monkeypatch.setattr(alias_sources, "built_in_files", lambda: (_few_entities,))
