"""Bylines and their authors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import AuthorKind
from schemas.records import Author
from transforms.byline import authors_of, parse_byline


def person(name: str) -> Author:
    return Author(name, AuthorKind.PERSON)


@pytest.mark.parametrize(
    ("line", "byline", "authors"),
    [
        ("By Staff, Agencies", "Staff, Agencies", ()),
        ("By Maria Keller", "Maria Keller", (person("Maria Keller"),)),
        (
            "by Tom Okafor and Lina Haddad",
            "Tom Okafor and Lina Haddad",
            (person("Tom Okafor"), person("Lina Haddad")),
        ),
        ("By our correspondent", "our correspondent", ()),
        ("By Daniel Reyes, Staff Writer", "Daniel Reyes, Staff Writer", (person("Daniel Reyes"),)),
        ("Von Maria Keller", "Maria Keller", (person("Maria Keller"),)),
        ("Автор: Иван Петров", "Иван Петров", (person("Иван Петров"),)),
        ("By Maria Keller in Berlin", "Maria Keller in Berlin", (person("Maria Keller"),)),
        ("By Maria Keller @mkeller | 3 March 2021", "Maria Keller", (person("Maria Keller"),)),
        ("BY LUDWIG VAN DER BERG", "LUDWIG VAN DER BERG", (person("LUDWIG VAN DER BERG"),)),
        ("By Tom Okafor Jr.", "Tom Okafor Jr.", (person("Tom Okafor Jr."),)),
        ("By AFP", "AFP", ()),
        ("MARIA KELLER / Example News", "MARIA KELLER / Example News", (person("MARIA KELLER"),)),
        ("Maria Keller, Reuters", "Maria Keller, Reuters", (person("Maria Keller"),)),
        ("Maria Keller | Staff Writer", "Maria Keller | Staff Writer", (person("Maria Keller"),)),
        ("Exclusive by Maria Keller", "Maria Keller", (person("Maria Keller"),)),
        ("Reported by Maria Keller | Edited by Tom Okafor", "Maria Keller", (person("Maria Keller"),)),
        ("作者：王小明", "王小明", (person("王小明"),)),
        ("홍길동 기자 hong@example.org", "홍길동 기자", (person("홍길동 기자"),)),
        ("記者 山田太郎", "記者 山田太郎", (person("記者 山田太郎"),)),
        ("山田太郎記者", "山田太郎記者", (person("山田太郎記者"),)),
        ("מאת: דנה לדוגמה", "דנה לדוגמה", (person("דנה לדוגמה"),)),
        ("Γράφει ο Γιάννης Παραδείγμας", "Γιάννης Παραδείγμας", (person("Γιάννης Παραδείγμας"),)),
        ("लेखक: राम उदाहरण", "राम उदाहरण", (person("राम उदाहरण"),)),
        (
            "Par Anne Roe, envoyée spéciale à Lyon",
            "Anne Roe, envoyée spéciale à Lyon",
            (person("Anne Roe"),),
        ),
    ],
)
def test_bylines(line: str, byline: str, authors: tuple[Author, ...]) -> None:
    assert parse_byline(line) == byline
    assert authors_of(byline) == authors


def test_an_outlet_is_an_organisation() -> None:
    assert authors_of("The Daily Example") == (Author("The Daily Example", AuthorKind.ORGANIZATION),)


@pytest.mark.parametrize(
    "line",
    [
        "记者调查",
        "기자 회견",
        "新闻记者",
        "Της Τρίτης οι ειδήσεις",
        "By Friday, the army had left.",
        "By the end of the year",
        "By winning the cup",
        "By the Numbers",
        "By 2020",
        "By train",
        "Text Neck: what helps",
        "Talks resumed on Monday",
        "Keep calm / News",
        "Bridge closed, Reuters reports",
        "Maria Keller",
        "",
    ],
)
def test_no_bylines(line: str) -> None:
    assert parse_byline(line) is None


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(max_size=120))
def test_any_text_is_answered(text: str) -> None:
    byline = parse_byline("By " + text)
    if byline is not None:
        assert byline
        authors_of(byline)
