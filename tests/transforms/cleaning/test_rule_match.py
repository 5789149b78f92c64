"""Comparing lines with rules."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import Category
from schemas.rules import Match, Rule, Take, Where
from transforms.cleaning.rule_match import MAX_LINE, compile_expression, compile_rule, find_span, matches_line

MARK = Rule("sign_off.x", Match.PATTERN, Category.SIGN_OFF, pattern=r"(?-i:[A-Z]{2}/[A-Z]{2})", take=Take.SPAN)
PREFIX = Rule("related.x", Match.PREFIX, Category.RELATED, texts=("Read more:", "More"), max_words=6)


def test_a_span_needs_an_end_mark_before_it() -> None:
    compiled = compile_rule(MARK)
    line = "They wrote letters in opposition. NA/PA  "
    assert find_span(compiled, line) == (34, 39)
    assert line[34:39] == "NA/PA"
    assert find_span(compiled, "The probe was built by NA/PA") is None
    assert find_span(compiled, "NA/PA said so.") is None


def test_a_head_span_also_stands_at_the_start() -> None:
    compiled = compile_rule(
        Rule("x.y", Match.EXACT, Category.OTHER, texts=("Listen now",), take=Take.SPAN, where=Where.HEAD)
    )
    assert find_span(compiled, " LISTEN  NOW The bridge is closed") == (1, 12)


def test_prefix_ends_at_a_word() -> None:
    compiled = compile_rule(PREFIX)
    assert matches_line(compiled, "READ MORE: Talks resume")
    assert matches_line(compiled, "More talks")
    assert not matches_line(compiled, "Moreover it rained")
    assert not matches_line(compiled, "More than six words stand on this line")


def test_long_lines_never_match() -> None:
    anything = Rule("x.y", Match.PATTERN, Category.OTHER, pattern=".+", max_words=200)
    assert matches_line(compile_rule(anything), "x" * MAX_LINE)
    assert not matches_line(compile_rule(anything), "x" * (MAX_LINE + 1))


def test_spaces_are_widened_outside_brackets_only() -> None:
    assert compile_expression(r"a b[ c] ?d\ e") == r"a +b[ c](?: +)?d\ e"


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=120))
def test_a_span_lies_in_its_line(line: str) -> None:
    found = find_span(compile_rule(MARK), line + ". AB/CD")
    assert found is not None
    assert (line + ". AB/CD")[found[0] : found[1]] == "AB/CD"
