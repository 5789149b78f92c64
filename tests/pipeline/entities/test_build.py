"""Building alias stores: the built-in one is what its files give; the user's are checked, compiled once and cached."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.entities.alias_sources import COMPILED, built_in_files, built_in_folder, read_sources
from pipeline.entities.build import build, check, store_folder
from pipeline.entities.example_check import check_examples
from schemas.errors import UsageError
from transforms.entities.compile import compile_store
from transforms.entities.name_key import name_key
from transforms.entities.store import AliasStore

ROE = {"id": "local:dana-roe", "type": "person", "name": "Dana Roe", "names": {"*": ["Dana Roe"]}, "short": {"*": ["Roe"]}, "example": "Roe spoke.", "counterexample": "A roe deer."}  # fmt: skip


def _file(folder: Path, *entities: object, name: str = "mine.jsonl") -> str:
    path = folder / name
    path.write_text("".join(f"{json.dumps(entity)}\n" for entity in entities), encoding="utf-8")
    return str(path)


def test_the_built_in_files_are_right_and_compiled() -> None:
    sources = read_sources()
    assert not sources.problems
    assert not sources.replaced
    compiled, clashes = compile_store(sources.entities, sources.sources, name_key=name_key)
    assert [str(clash) for clash in clashes] == []
    stale = [
        name
        for name, content in compiled.files.items()
        if (built_in_folder() / COMPILED / name).read_bytes() != content
    ]
    assert not stale, "run `copydesk entities build`"


def test_every_built_in_example_holds() -> None:
    shipped = AliasStore.open(built_in_folder() / COMPILED)
    assert list(check_examples(read_sources().entities, shipped)) == []


def test_what_is_right_has_no_problems() -> None:
    assert check().problems == ()


@pytest.mark.parametrize("path", built_in_files(), ids=lambda path: path.name)
def test_built_in_files_are_sorted_and_name_source_and_licence(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ids = [line["id"] for line in lines]
    assert ids == sorted(ids)
    assert all(line["source"] and line["licence"] for line in lines)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    file = _file(tmp_path, ROE, {"id": "Q794", "remove": True})
    built = build([file], str(tmp_path / "names"))
    store = AliasStore.open(built.folder)
    assert store.readings_of("Dana Roe")
    assert not store.readings_of("Islamic Republic of Iran")
    assert AliasStore.open(store_folder([str(built.folder)])).sha256 == store.sha256


def test_the_cache_is_filled_once_for_each_content(tmp_path: Path) -> None:
    file = _file(tmp_path, ROE)
    cache = tmp_path / "cache"
    first = store_folder([file], cache)
    assert store_folder([file], cache) == first
    assert first != store_folder()
    _file(tmp_path, {**ROE, "name": "Dana M. Roe"})
    second = store_folder([file], cache)
    assert second != first
    assert sorted(path.name for path in cache.iterdir()) == sorted((first.name, second.name))


@pytest.mark.parametrize(
    ("entity", "said"),
    [
        ({**ROE, "type": "x"}, r'mine\.jsonl:1: type: "x"'),
        ({**ROE, "names": {"*": ["Iran"]}, "prior": 90}, r'"Iran" means local:dana-roe'),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, entity: object, said: str) -> None:
    file = _file(tmp_path, entity)
    with pytest.raises(UsageError, match=said):
        build([file], str(tmp_path / "names"))
    with pytest.raises(UsageError, match=said):
        store_folder([file], tmp_path / "cache")
    assert not (tmp_path / "names").exists()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "keep.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        build([_file(tmp_path, ROE)], str(tmp_path))
    with pytest.raises(UsageError, match="-o FOLDER"):
        build([_file(tmp_path, ROE)], None)


def test_check_tells_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _file(
        tmp_path, {**ROE, "example": "Nobody spoke."}, {**ROE, "id": "x"}, {**ROE, "id": "local:b", "example": "Roe."}
    )
    assert main(["entities", "build", "--check", file]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f'{file}:2: id: "x"')
    assert lines[1].startswith(f'{file}:1: "Dana Roe" means local:dana-roe (Dana Roe) and, in {file}:3, local:b')
    assert any("example: 'Nobody spoke.' does not name it" in line for line in lines)


def test_the_commands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["entities", "list", "Iran"]) == 0
    assert "Q794" in capsys.readouterr().out
    assert main(["entities", "list", "--json", "UNSC"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "Q37470"
    assert main(["entities", "list", "Port Elswick"]) == 1
    capsys.readouterr()
    assert main(["entities", "list", "Iran", "Port Elswick"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Port Elswick: no alias"
    assert main(["entities", "list"]) == 2
    assert main(["entities", "build", _file(tmp_path, ROE), "-o", str(tmp_path / "names")]) == 0
    assert "entities" in capsys.readouterr().out
