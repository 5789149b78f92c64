"""The rule files and their loader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.rule_check import check_rules, matches, pattern_fault
from pipeline.rules import load_rules, parse_rules
from schemas.codes import Category, Scope
from schemas.errors import UsageError
from schemas.rules import Rule, Take, Where

RULE = """
[words]
thing = ["comments?", "repl(?:y|ies)"]

[[rule]]
id = "comments.post"
match = "exact"
text = ["Post a comment"]
language = "en"
where = "tail"
category = "comments"
example = ["POST A COMMENT:"]
counterexample = ["Post a comment on the treaty."]

[[rule]]
id = "comments.count"
match = "pattern"
pattern = '''\\d+ {thing}'''
category = "comments"
example = ["12  Comments", "3 replies"]
counterexample = ["12 comments were deleted."]
"""


def rule(**keys: str) -> str:
    entry = {
        "id": '"comments.x"',
        "match": '"exact"',
        "text": '["X"]',
        "category": '"comments"',
        "example": '["x"]',
        "counterexample": '["y"]',
        **keys,
    }
    return "[[rule]]\n" + "\n".join(f"{key} = {value}" for key, value in entry.items() if value)


def test_built_in_rules_hold_their_own_examples() -> None:
    rules = load_rules()
    assert len(rules) > 150
    assert check_rules(rules) == ()


def test_built_in_rules_cover_every_topic_and_language() -> None:
    rules = load_rules()
    assert {rule.language for rule in rules} >= {None, "de", "fr", "es", "pt", "it", "ru", "ar", "fa", "zh", "tr"}
    wanted = {"comments", "most_read", "related", "share", "newsletter", "advertisement", "license", "copyright"}
    assert {rule.category.value for rule in rules} >= wanted | {"sign_off", "cookie", "navigation", "page_chrome"}
    assert [rule.id for rule in rules] == sorted(rule.id for rule in rules)


def test_parse_reads_all_keys() -> None:
    post, count = parse_rules(RULE, "my.toml")
    assert (post.id, post.where, post.take, post.category) == (
        "comments.post",
        Where.TAIL,
        Take.LINE,
        Category.COMMENTS,
    )
    assert post.scope is Scope.LANGUAGE
    assert count.pattern == r"\d+ (?:comments?|repl(?:y|ies))"
    assert count.scope is Scope.GLOBAL
    assert matches(count, "12\u00a0 COMMENTS »")
    assert not matches(count, "12 comments were deleted.")


def test_a_users_folder_replaces_adds_and_removes(tmp_path: Path) -> None:
    first = load_rules()[0]
    (tmp_path / "mine.toml").write_text(
        rule(id=f'"{first.id}"') + "\n" + rule(id='"comments.klack"', text='["Klack"]'), encoding="utf-8"
    )
    by_id = {found.id: found for found in load_rules([tmp_path])}
    assert by_id[first.id].texts == ("X",)
    assert by_id["comments.klack"].texts == ("Klack",)
    (tmp_path / "mine.toml").write_text(f'[[rule]]\nid = "{first.id}"\nremove = true\n', encoding="utf-8")
    assert first.id not in {found.id for found in load_rules([tmp_path])}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rule(wher='"tail"'), "did you mean 'where'"),
        (rule(where='"tial"'), "allowed are head, body, tail, any; did you mean 'tail'"),
        (rule(example=""), "example is missing"),
        (rule(counterexample=""), "counterexample is missing"),
        (rule(category='"adverts"'), "allowed are comments"),
        (rule(match='"pattern"', text="", pattern='"(a"'), "no regular expression"),
        (rule(match='"pattern"', text="", pattern="'(\\w+\\s?)*x'"), "repeats a group that itself repeats"),
        (rule(match='"pattern"', text="", pattern='"a*"'), "matches the empty line"),
        (rule(match='"pattern"', text="", pattern='"{networks}"'), "not in this file's [words]"),
        (rule(match='"pattern"', text=""), "pattern is missing"),
        (rule(pattern='"x"'), "pattern is for rules with match = 'pattern'"),
        (rule(text=""), "text is missing"),
        (rule(id='"X"'), "such as 'comments.post_en'"),
        (rule(max_words="0"), "whole number from 1 to"),
        (rule(language='"English"'), "BCP 47"),
        (rule() + "\n" + rule(), "already used in my.toml"),
        ('[[rule]]\nid = "comments.nosuch"\nremove = true', "no such rule"),
        ("[rules]\nx = 1", "unknown key 'rules'"),
        ("[[rule]\n", "no valid TOML"),
    ],
)
def test_errors_are_one_line_and_name_the_place(text: str, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_rules(text, "my.toml")
    message = str(caught.value)
    assert message.startswith("my.toml: ")
    assert expected in message
    assert "\n" not in message


def test_a_missing_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        load_rules([tmp_path / "none"])


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [("(a", "no regular expression"), ("(a+b*)+c", "can hang"), ("a?", "empty line"), ("a b", None), (None, None)],
)
def test_pattern_fault(pattern: str | None, fault: str | None) -> None:
    found = pattern_fault(pattern)
    assert found is None if fault is None else found is not None and fault in found


def test_check_tries_the_patterns_of_rules_that_were_loaded_without() -> None:
    sound = parse_rules(RULE, "my.toml")[1]
    failures = check_rules([replace(sound, pattern=r"(\d+ ?)+{thing"), replace(sound, id="comments.z", pattern="(")])
    assert [(failure.rule_id, failure.reason.split(":")[0]) for failure in failures] == [
        ("comments.count", "the pattern is wrong"),
        ("comments.z", "the pattern is wrong"),
    ]


def test_check_asks_span_and_site_rules_too() -> None:
    line = '["He left. ENDS"]'
    span = rule(id='"sign_off.e"', text='["ENDS"]', take='"span"', example=line)
    site = rule(id='"comments.s"', site='"fen.example"', example='["x"]', counterexample='["X"]')
    other = rule(id='"comments.t"', text='["T"]', example='["t"]', counterexample=line)
    failures = check_rules(parse_rules("\n".join((span, site, other)), "my.toml"))
    assert [(failure.rule_id, failure.line) for failure in failures] == [
        ("comments.s", "X"),
        ("comments.t", "He left. ENDS"),
    ]


def test_check_reports_what_does_not_hold() -> None:
    text = (
        rule(example='["z"]', counterexample='["X!"]') + "\n" + rule(id='"comments.y"', text='["Y"]', example='["y"]')
    )
    failures = check_rules(parse_rules(text, "my.toml"))
    assert [(failure.rule_id, failure.line) for failure in failures] == [
        ("comments.x", "z"),
        ("comments.x", "X!"),
        ("comments.y", "y"),
    ]
    assert "matched by its rule" in failures[1].reason


@pytest.mark.parametrize(
    ("line", "where"),
    [
        # Wordings that no rule states as they stand.
        ("View comments (23)", Where.TAIL),
        ("Comments for this article are closed", Where.TAIL),
        ("Today's Top Stories", Where.TAIL),
        ("Most popular in Sport", Where.TAIL),
        ("Follow us on X, Facebook and Instagram", Where.TAIL),
        ("Get our weekly newsletter for free", Where.TAIL),
        ("SEE ALSO: Bridge reopens after a year", Where.BODY),
        ("Article continues below this ad", Where.BODY),
        ("Last updated on 3 March 2021 at 10:15 GMT", Where.HEAD),
        ("6-minute read", Where.HEAD),
        ("HK/AS/KL", Where.TAIL),
        ("(Writing by Ann Poe; editing by Jo Roe)", Where.TAIL),
        ("© 2019 Harbour Post Ltd", Where.TAIL),
        ("Auf Instagram folgen", Where.ANY),
        ("The post What now? Ten lessons from the flood appeared first on The Fen Courier.", Where.TAIL),
        ("This essay first appeared in The Fen Courier.", Where.TAIL),
        ("Hilfe | Kontakt | AGB | Datenschutzerklärung", Where.TAIL),
        ("CGU | Mentions légales | © Le Courrier du Marais", Where.TAIL),
        ("3 responses to “A lighthouse for sale”", Where.TAIL),
        ("Have you been caught in the flood? Tell us your story", Where.TAIL),
        ("Join 12,000 readers", Where.TAIL),
        ("We're on WhatsApp too", Where.TAIL),
        ("Ann Poe is a freelance reporter based in Fenwick.", Where.TAIL),
        ("Story continues beneath this photo", Where.BODY),
        ("View this reel on Facebook", Where.BODY),
        ("Posted on May 4, 2021 by admin", Where.HEAD),
        ("Читайте также: мост открыт", Where.BODY),
    ],
)
def test_rules_generalise(line: str, where: Where) -> None:
    assert [found.id for found in load_rules() if found.where in (where, Where.ANY) and matches(found, line)]


@pytest.mark.parametrize(
    "line",
    [
        "The bridge was closed on Monday after engineers found a crack.",
        "Share prices in Example City fell by a tenth.",
        "“We will read more about it tomorrow,” she said.",
        "US imposes new sanctions",
        "Top officials from both sides met in the harbour town.",
        "He subscribed to the view that the newsletter had been forged.",
        "Comments by the minister drew anger.",
        "No comment.",
        "The post office closed in May and first appeared on maps in 1890.",
        "Jobs and homes, transport and water: that is what the town asked for.",
        "Paris is a city of writers, a reporter at the scene said.",
    ],
)
def test_no_rule_takes_a_sentence_in_the_middle(line: str) -> None:
    anywhere: list[Rule] = [found for found in load_rules() if found.where in (Where.BODY, Where.ANY)]
    assert [found.id for found in anywhere if matches(found, line)] == []
