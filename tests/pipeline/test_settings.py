"""The order of the four places, what the hash depends on, and that the defaults file explains every key."""

from __future__ import annotations

import dataclasses
import pickle
import re
from importlib.resources import files
from pathlib import Path

import pytest

from pipeline.lake.run_spec import settings_hash
from pipeline.settings import (
    BUILT_IN,
    SHAPES_NO_ROW,
    Flag,
    Settings,
    _digest_of_built_in,
    default_settings,
    load_settings,
    row_settings,
    setting_keys,
)
from schemas.errors import UsageError


def test_defaults_are_what_the_documents_say() -> None:
    settings = default_settings()
    assert settings.input.max_file_bytes == 16 * 2**30
    assert settings.input.max_record_bytes == 32 * 2**20
    assert (settings.input.max_ratio, settings.input.max_depth) == (200, 1500)
    assert settings.input.fields.text == ()
    assert (settings.clean.quotes, settings.clean.dashes, settings.clean.standfirst_in_body) == ("keep", "keep", True)
    assert (settings.lake.target_file_mib, settings.lake.row_group_mib, settings.lake.buffer_mib) == (128, 64, 4)
    assert (settings.run.runner, settings.run.workers, settings.run.max_reject_share) == ("local", 1, 1.0)


def test_later_places_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def effective(
        environment: dict[str, str], flags: tuple[Flag, ...], config: str | None = None
    ) -> tuple[object, ...]:
        settings = load_settings(config, environment=environment, flags=flags)
        return (settings.input.max_ratio, settings.run.workers, settings.lake.buffer_mib, settings.clean.quotes)

    assert effective({}, ()) == (200, 1, 4, "keep")
    Path("copydesk.toml").write_text("[input]\nmax_ratio = 11\n[run]\nworkers = 3\n[lake]\nbuffer_mib = 5\n")
    assert effective({}, ()) == (11, 3, 5, "keep")
    environment = {"COPYDESK_RUN__WORKERS": "4", "COPYDESK_LAKE__BUFFER_MIB": "6"}
    assert effective(environment, ()) == (11, 4, 6, "keep")
    assert effective(environment, (Flag("--workers", "run.workers", "8"),)) == (11, 8, 6, "keep")
    # A file that was named replaces the one that merely lies here.
    Path("other.toml").write_text("[clean]\nquotes = 'ascii'\n")
    assert effective({}, (), "other.toml") == (200, 1, 4, "ascii")


def test_lists_come_from_variables_with_commas() -> None:
    settings = load_settings(environment={"COPYDESK_INPUT__FIELDS__TEXT": "content, fulltext"})
    assert settings.input.fields.text == ("content", "fulltext")


def test_a_wrong_flag_names_the_flag() -> None:
    with pytest.raises(UsageError, match=r"""^--workers "two": must be a whole number from 1 to 256 or 'auto'$"""):
        load_settings(environment={}, flags=[Flag("--workers", "run.workers", "two")])


def test_settings_are_frozen_hashable_and_pickle() -> None:
    settings = default_settings()
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert hash(settings) == hash(load_settings(environment={}))
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.run.workers = 5  # type: ignore[misc]


def hash_of(settings: Settings) -> str:
    return settings_hash(row_settings(settings))


def test_hash_depends_on_what_shapes_rows_only() -> None:
    base = hash_of(default_settings())
    assert re.fullmatch("[0-9a-f]{64}", base)
    same = {"RUN__WORKERS": "7", "RUN__MAX_REJECT_SHARE": "0.5", "LAKE__BUFFER_MIB": "3"}
    other = {
        "LAKE__TARGET_FILE_MIB": "9",
        "CLEAN__DASHES": "ascii",
        "INPUT__FIELDS__URL": "u",
        "INPUT__MAX_RATIO": "3",
        "FILTER__EXPRESSION": "true",
    }
    for variable, text in same.items():
        assert hash_of(load_settings(environment={f"COPYDESK_{variable}": text})) == base, variable
    hashes = {hash_of(load_settings(environment={f"COPYDESK_{name}": text})) for name, text in other.items()}
    assert len(hashes | {base}) == len(other) + 1


def test_hash_depends_on_rule_files_and_not_on_where_they_lie(tmp_path: Path) -> None:
    def hash_with(folder: Path) -> str:
        return hash_of(load_settings(environment={"COPYDESK_CLEAN__RULE_FOLDERS": str(folder)}))

    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.toml").write_text("# rules\n")
    assert hash_with(tmp_path / "here") == hash_with(tmp_path / "there") != hash_of(default_settings())
    (tmp_path / "there" / "mine.toml").write_text("# other rules\n")
    assert hash_with(tmp_path / "here") != hash_with(tmp_path / "there")


def test_hash_depends_on_the_built_in_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A clone's rules may be edited without a new version: the same run id must not then stand for other rows."""

    def hash_with(rule: str) -> str:
        (tmp_path / "boilerplate" / "x.toml").write_text(rule)
        monkeypatch.setattr("pipeline.settings.package_files", lambda _: tmp_path)
        _digest_of_built_in.cache_clear()
        return hash_of(default_settings())

    default_settings()  # read before its package is replaced
    (tmp_path / "boilerplate").mkdir()
    assert hash_with("# one\n") == hash_with("# one\n") != hash_with("# two\n")
    _digest_of_built_in.cache_clear()


def test_row_settings_are_sorted_and_complete() -> None:
    recorded = row_settings(default_settings())
    assert list(recorded) == sorted(recorded)
    assert set(recorded) == (set(setting_keys()) - SHAPES_NO_ROW) | {BUILT_IN}
    assert set(setting_keys()) >= SHAPES_NO_ROW


def test_rule_folders_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    file = tmp_path / "mine.toml"
    file.write_text("[clean]\nrule_folders = ['rules']\n")
    assert load_settings(str(file), environment={}).clean.rule_folders == (str(tmp_path / "rules"),)


def test_every_key_has_a_default_with_an_explanation() -> None:
    text = files("configs").joinpath("copydesk.toml").read_text(encoding="utf-8")
    section, explained, found = "", False, []
    for line in text.splitlines():
        if line.startswith("["):
            section, explained = line.strip("[]"), False
        elif line.startswith("#"):
            explained = True
        elif line:
            found.append(f"{section}.{line.split(' = ')[0]}")
            # In [input.fields] the column's own name says it; the comment stands above the list.
            assert explained or section == "input.fields", f"{line} has no comment above it"
            explained = False
    assert found == list(setting_keys())
