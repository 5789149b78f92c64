"""Importing alias files: from small dumps made here, plain and compressed; broken lines are counted and named."""

from __future__ import annotations

import bz2
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.entities.import_file import import_file
from schemas.errors import UsageError
from transforms.entities.alias_entity import AliasEntity
from transforms.entities.alias_file import read_alias_file


def _item(entity_id: str, kind: str, links: int, **labels: str) -> dict[str, Any]:
    return {
        "id": entity_id,
        "labels": {language: {"language": language, "value": value} for language, value in labels.items()},
        "aliases": {"en": [{"language": "en", "value": value} for value in ("Dana M. Roe", "Danny", "DMR")]},
        "claims": {
            "P31": [{"mainsnak": {"datavalue": {"value": {"id": kind}}}}, {"mainsnak": {"snaktype": "novalue"}}]
        },
        "sitelinks": {f"{number}wiki": {} for number in range(links)},
    }


DUMP = [
    _item("Q90001", "Q5", 57, en="Dana Roe", ru="Дана Роу", de="Dana Roe", eo="Dana Ro"),
    _item("Q90002", "Q515", 30, en="Port Elswick", de="Elswickhafen"),
    _item("Q90003", "Q5", 3, en="Nobody Known"),
    _item("Q90004", "Q7187", 80, en="a gene"),
    {"id": "P31", "labels": {}},
    {"id": "Q90005", "labels": [], "sitelinks": [], "claims": []},
]


def _dump_text() -> str:
    return "[\n" + ",\n".join(map(json.dumps, DUMP)) + ',\n{"id": broken},\n7\n]\n'


def _entities(path: Path) -> tuple[AliasEntity, ...]:
    file = read_alias_file(path)
    assert not file.problems
    return file.entities


@pytest.mark.parametrize("ending", ["json", "json.gz", "json.bz2"])
def test_a_wikidata_dump(tmp_path: Path, ending: str) -> None:
    source, output = tmp_path / f"dump.{ending}", tmp_path / "out.jsonl"
    content = _dump_text().encode()
    source.write_bytes({"json": content, "json.gz": gzip.compress(content), "json.bz2": bz2.compress(content)}[ending])
    done = import_file(str(source), str(output), min_sitelinks=20)
    assert (done.read, done.written, done.bad) == (8, 2, 2)
    assert dict(done.skipped) == {
        "fewer than 20 sitelinks": 2,
        "no item": 1,
        "no class of configs/entity_classes.toml": 1,
    }
    assert [line.split(": ")[0] for line in done.broken] == [f"{source}:8", f"{source}:9"]
    roe, port = _entities(output)
    assert (roe.id, roe.name, roe.wikidata_id, roe.leaves_shared) == ("Q90001", "Dana Roe", "Q90001", True)
    # Of a person no other single word; the same name only once; no language that is not taken.
    assert [(alias.text, alias.language) for alias in roe.aliases] == [
        ("Dana Roe", "*"),
        ("Dana M. Roe", "*"),
        ("Дана Роу", "ru"),
    ]
    assert {alias.prior for alias in roe.aliases} == {57}
    assert ("Elswickhafen", "de") in [(alias.text, alias.language) for alias in port.aliases]
    assert ("DMR", "exact") in [(alias.text, alias.case.value) for alias in port.aliases]


def test_follow_the_money(tmp_path: Path) -> None:
    source, output = tmp_path / "entities.ftm.json", tmp_path / "out.jsonl"
    records = [
        {
            "id": "NK-1",
            "schema": "Person",
            "caption": "Dana Roe",
            "properties": {"name": ["Dana Roe", "ROE Dana"], "alias": ["Danny"]},
        },
        {
            "id": "NK-2",
            "schema": "Company",
            "caption": "Lark & Sons",
            "properties": {"name": ["Lark & Sons"], "wikidataId": ["Q90007"]},
        },
        {"id": "NK-2", "schema": "Address", "caption": "1 Harbour Road", "properties": {}},
        {"id": "NK-3", "schema": "Person", "properties": {}},
        {"id": "NK-1", "schema": "Person", "caption": "Dana Roe", "properties": {"name": ["Dana Roe"]}},
    ]
    source.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    done = import_file(str(source), str(output), min_sitelinks=20)
    assert (done.written, done.bad, dict(done.skipped)) == (2, 2, {"no schema of configs/entity_classes.toml": 1})
    assert [(entity.id, entity.wikidata_id) for entity in _entities(output)] == [
        ("ftm:NK-1", None),
        ("Q90007", "Q90007"),
    ]


def test_csv(tmp_path: Path) -> None:
    source, output = tmp_path / "names.csv", tmp_path / "out.jsonl"
    source.write_text(
        "id,type,name,aliases,language,prior\n"
        "local:dana-roe,person,Dana Roe,Dana M. Roe|D. Roe,en,5\n"
        "local:x,persn,X,,,\n"
        "no scheme,person,Y Z,,,\n"
        ",person,Nobody,,,\n",
        encoding="utf-8",
    )
    done = import_file(str(source), str(output), min_sitelinks=20)
    assert (done.read, done.written, done.bad) == (4, 1, 3)
    assert [line.split(": ", 1)[1][:9] for line in done.broken] == ["type 'per", 'id: "no s', "no id"]
    (roe,) = _entities(output)
    assert [alias.text for alias in roe.aliases] == ["Dana Roe", "Dana M. Roe", "D. Roe"]


@pytest.mark.parametrize(
    ("name", "content", "output", "said"),
    [
        ("a.csv", b"x,y\n1,2\n", "o.jsonl", "columns id, type and name"),
        ("a.json.gz", gzip.compress(b"{}" * 100, mtime=0)[:20], "o.jsonl", "can't be read to its end"),
        ("a.json", b"{}", "o.txt", "ends in .jsonl"),
        ("a.json", None, "o.jsonl", "can't be read"),
        ("a.json", b"{}", "none/o.jsonl", "can't be written"),
    ],
)
def test_what_can_not_be_imported(tmp_path: Path, name: str, content: bytes | None, output: str, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=said):
        import_file(str(tmp_path / name), str(tmp_path / output), min_sitelinks=20)
    assert [path.name for path in tmp_path.iterdir()] == ([name] if content is not None else [])


def test_an_imported_file_can_be_built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, output = tmp_path / "dump.json", tmp_path / "out.jsonl"
    source.write_text(_dump_text(), encoding="utf-8")
    assert main(["entities", "import", str(source), "-o", str(output), "--min-sitelinks", "1"]) == 0
    assert "entities of 8 records; 2 broken" in capsys.readouterr().out
    assert main(["entities", "build", "--check", str(output)]) == 0
    assert main(["entities", "import", str(source)]) == 2


def test_a_file_of_broken_lines_alone_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.json").write_text("import json\n", encoding="utf-8")
    assert main(["entities", "import", str(tmp_path / "a.json"), "-o", str(tmp_path / "o.jsonl")]) == 1
    assert "0 entities of 1 records; 1 broken" in capsys.readouterr().out
