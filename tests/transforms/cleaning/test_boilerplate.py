from __future__ import annotations

import pickle

import pytest

from schemas.codes import Category, Scope
from schemas.rules import Match, Rule, Take, Where
from transforms.cleaning.boilerplate import RuleIndex, cut_of, in_place


def rule(
    identity: str,
    match: Match,
    *texts: str,
    pattern: str | None = None,
    language: str | None = None,
    site: str | None = None,
    max_words: int = 25,
    take: Take = Take.LINE,
) -> Rule:
    return Rule(
        identity, match, Category.SHARE, texts, pattern, language=language, site=site, max_words=max_words, take=take
    )


INDEX = RuleIndex(
    [
        rule("z.exact", Match.EXACT, "Share this", "Tweet"),
        rule("a.prefix", Match.PREFIX, "Read more:"),
        rule("m.pattern", Match.PATTERN, pattern=r"\d+ (?:shares|views)", max_words=3),
        rule("g.german", Match.EXACT, "Teilen", language="de"),
        rule("s.site", Match.EXACT, "Our own line", site="example.com"),
        rule("x.span", Match.EXACT, "ENDS", take=Take.SPAN),
        rule("b.share", Match.PATTERN, pattern="share this"),
    ]
)


def ids(line: str, language: str | None = None, host: str | None = None) -> list[str]:
    return [found.id for found in INDEX.find(line, len(line.split()), language, host)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("» SHARE THIS:", ["z.exact", "b.share"]),
        ("Read more: Talks resume", ["a.prefix"]),
        ("12 Shares", ["m.pattern"]),
        ("12  shares", ["m.pattern"]),
        ("ENDS", ["x.span"]),
        ("Share this story with the world", []),
        ("Read more books", []),
        ("12 shares were sold", []),
        ("x" * 5000, []),
        ("", []),
    ],
)
def test_rules_of_a_line_exact_ones_first(line: str, found: list[str]) -> None:
    assert ids(line) == found


def test_language_and_site() -> None:
    assert ids("Teilen") == ids("Teilen", "de") == ["g.german"]
    assert ids("Teilen", "fr") == []
    assert ids("Our own line") == ids("Our own line", host="example.org") == []
    assert ids("Our own line", host="www.example.com") == ids("Our own line", host="example.com") == ["s.site"]


def test_english_rules_hold_in_every_language() -> None:
    index = RuleIndex([rule("e.english", Match.EXACT, "Tweet", language="en")])
    assert [found.id for found in index.find("Tweet", 1, "de")] == ["e.english"]


def test_places() -> None:
    tail = Rule("a.b", Match.EXACT, Category.SHARE, ("x",), where=Where.TAIL)
    assert in_place(tail, Where.TAIL)
    assert not in_place(tail, Where.BODY)
    assert in_place(rule("a.c", Match.EXACT, "x"), Where.BODY)


def test_cut_of_a_rule() -> None:
    cut = cut_of(rule("g.german", Match.EXACT, "Teilen", language="de"))
    assert (cut.rule_id, cut.category, cut.scope) == ("g.german", Category.SHARE, Scope.LANGUAGE)


def test_the_order_of_rules_does_not_matter_and_it_pickles() -> None:
    again = pickle.loads(pickle.dumps(RuleIndex(INDEX.rules[::-1])))
    assert again.find("Share this", 2) == INDEX.find("Share this", 2)


def test_in_the_body_rules_of_the_tail_may_be_left_out_but_no_other() -> None:
    tail = Rule("t.tail", Match.PATTERN, Category.SHARE, pattern="share now", where=Where.TAIL)
    index = RuleIndex([tail, rule("b.share", Match.PATTERN, pattern="share (?:now|this)")])
    assert [found.id for found in index.find("Share now", 2)] == ["b.share", "t.tail"]
    assert [found.id for found in index.find("Share now", 2, where=Where.BODY)] == ["b.share"]


@pytest.mark.parametrize("line", ["- - - - - Share this - - - - -", "Share this - - - - - -", "Share this . . . . !"])
def test_marks_that_count_as_words_hide_no_phrase(line: str) -> None:
    assert "z.exact" in ids(line)


def test_what_is_remembered_of_a_line_holds_for_every_language() -> None:
    assert ids("Teilen", "fr") == []
    assert ids("Teilen", "de") == ["g.german"]


def test_no_rules_find_nothing() -> None:
    assert RuleIndex([]).find("Share", 1) == ()
