"""Alias files: what a line says, and what is told of a wrong one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from schemas.entities import AliasKind, EntityType
from schemas.errors import UsageError
from transforms.entities.alias_entity import Case, Period
from transforms.entities.alias_file import merge_files, parse_alias_file, parse_day, read_alias_file

ROE = {"id": "local:dana-roe", "type": "person", "name": "Dana Roe", "names": {"*": ["Dana Roe"]}}


def _problem(**changes: object) -> str:
    line = {key: value for key, value in {**ROE, **changes}.items() if value is not None}
    file = parse_alias_file(json.dumps(line), "mine.jsonl")
    assert len(file.problems) == 1
    assert not file.entities
    return str(file.problems[0])


def test_a_whole_line() -> None:
    line = {
        **ROE,
        "names": {"en": ["Dana Roe", {"text": "D. Roe", "case": "exact", "prior": 7, "only_with": ["Port Elswick"]}]},
        "short": {"*": ["Roe"]},
        "acronyms": {"*": ["DR"]},
        "demonyms": {"en": ["Roean"]},
        "prior": 3,
        "context": ["harbour", "Port Elswick"],
        "valid": {"from": "1999", "to": "2020-02"},
        "roles": [{"role": "mayor", "of": "local:port-elswick", "from": "2012-05-07", "to": None}],
        "source": "hand",
        "licence": "CC0-1.0",
        "example": "Roe spoke.",
        "counterexample": ["A roe deer."],
    }
    file = parse_alias_file(json.dumps(line), "mine.jsonl")
    assert not file.problems
    (entity,) = file.entities
    assert (entity.id, entity.type, entity.wikidata_id, entity.line) == ("local:dana-roe", EntityType.PERSON, None, 1)
    by_text = {alias.text: alias for alias in entity.aliases}
    assert by_text["D. Roe"].case is Case.EXACT
    assert (by_text["D. Roe"].prior, by_text["Dana Roe"].prior) == (7, 3)
    assert by_text["D. Roe"].only_with == ("port elswick",)
    assert by_text["Dana Roe"].context == ("harbour", "port elswick")
    assert by_text["Roe"].short
    assert (by_text["DR"].kind, by_text["DR"].case) == (AliasKind.ACRONYM, Case.EXACT)
    assert by_text["Roean"].kind is AliasKind.DEMONYM
    assert by_text["Roe"].valid == Period(date(1999, 1, 1), date(2020, 2, 29))
    assert entity.roles[0].valid == Period(date(2012, 5, 7), None)
    assert (entity.examples, entity.counterexamples) == (("Roe spoke.",), ("A roe deer.",))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "Roe"}, 'mine.jsonl:1: id: "Roe": a Wikidata id ("Q7747") or a scheme and a slug ("local:dana-roe")'),
        ({"id": None}, "mine.jsonl:1: id: is missing"),
        ({"type": "persn"}, 'type: "persn": one of person, organization, place'),
        ({"type": "date"}, 'type: "date": one of'),
        ({"name": " "}, "name: a text in one line"),
        ({"names": ["Dana Roe"]}, "names: lists by language are allowed"),
        ({"names": {"english": ["Dana Roe"]}}, "names.english: a language of BCP 47"),
        ({"names": {"en": "Dana Roe"}}, "names.en: a list of names"),
        ({"names": {"en": [7]}}, "names.en: a name is a text"),
        ({"names": {"en": [" Dana"]}}, "names.en:"),
        ({"names": {"en": ["***"]}}, "no letter or digit"),
        ({"names": {"en": ["x" * 201]}}, "201 characters; at most 200"),
        ({"names": {"en": [{"text": "Roe", "langage": "en"}]}}, "names.en.langage: no such key"),
        ({"names": {}}, "names: no alias at all"),
        ({"case": "upper"}, 'case: "upper": one of title, exact, any'),
        ({"prior": "high"}, 'prior: "high": a whole number'),
        ({"prior": True}, "prior: true"),
        ({"context": [""]}, "context: a text or a list of texts"),
        ({"context": ["..."]}, "context: a word without a letter"),
        ({"valid": "2019"}, 'valid: an object {"from": day, "to": day}'),
        ({"valid": {"from": "2019-13"}}, 'valid.from: "2019-13": YYYY'),
        ({"valid": {"from": "2020", "to": "2019"}}, "valid: ends on 2019-12-31, before it begins on 2020-01-01"),
        ({"roles": [{"of": "Q1"}]}, "roles[1].role: is missing"),
        ({"iso": "irn"}, "iso:"),
        ({"wikidata": "7747"}, "wikidata:"),
        ({"shared": "drop"}, 'shared: "drop"'),
        ({"aliases": ["x"]}, "aliases: no such key; allowed are id"),
        ({"remove": "yes"}, "remove: true or false"),
    ],
)
def test_a_wrong_line_is_told_with_its_key_and_why(changes: dict[str, object], said: str) -> None:
    assert said in _problem(**changes)


def test_wrong_lines_leave_the_others() -> None:
    text = f'{json.dumps(ROE)}\n\n{{"id": \n[1]\n{json.dumps(ROE)}\n{{"id": "Q1", "id": "Q2"}}\n'
    file = parse_alias_file(text, "mine.jsonl")
    assert [entity.line for entity in file.entities] == [1]
    assert [(problem.line, problem.key) for problem in file.problems] == [(3, ""), (4, ""), (5, "id"), (6, "id")]
    assert "stands in line 1 already" in str(file.problems[2])


def test_toml_says_the_same() -> None:
    text = '# names\n\n[[entity]]\nid = "local:dana-roe"\ntype = "person"\nname = "Dana Roe"\nnames = {"*" = ["Dana Roe"]}\n'
    (entity,) = parse_alias_file(text, "mine.toml").entities
    (same,) = parse_alias_file(json.dumps(ROE), "mine.jsonl").entities
    assert entity.line == 3
    assert entity.aliases == same.aliases


@pytest.mark.parametrize("text", ["entity = 3", "[[entities]]\nid = 1", "[["])
def test_toml_that_is_no_alias_file(text: str) -> None:
    with pytest.raises(UsageError, match=r"mine\.toml"):
        parse_alias_file(text, "mine.toml")


@pytest.mark.parametrize(("name", "content"), [("a.txt", b"x"), ("a.jsonl", b"\xff\xfe"), ("missing.jsonl", None)])
def test_unreadable_files(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=name):
        read_alias_file(path)


def test_later_files_win_and_remove() -> None:
    first = parse_alias_file(json.dumps(ROE) + "\n" + json.dumps({**ROE, "id": "Q1"}), "a.jsonl").entities
    second = parse_alias_file(json.dumps({**ROE, "name": "Dana M. Roe"}) + '\n{"id": "Q1", "remove": true}', "b.jsonl")
    merged = merge_files([first, second.entities])
    assert [(entity.id, entity.name) for entity in merged] == [("local:dana-roe", "Dana M. Roe")]


def test_days() -> None:
    assert parse_day("2024-02", last=True) == date(2024, 2, 29)
    assert parse_day("2024", last=False) == date(2024, 1, 1)
    for wrong in ("", "24", "2024-2", "2024-02-30", "0000-01", "2024-13"):
        with pytest.raises(ValueError, match=r"\d|^$|day|month|year"):
            parse_day(wrong, last=True)
