from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generator import make_story
from pipeline.rules import load_rules
from schemas.codes import Action, Category, Payload, Scope, SourceFormat
from schemas.records import CleanedDocument, DecodedDocument, RawDocument
from transforms.cleaning.clean import clean
from transforms.cleaning.clean_rules import clean_rules
from transforms.cleaning.learned_cuts import PREFIX
from transforms.learned.lines import AppliedLine, LearnedLines
from transforms.learned.place import Place
from transforms.learned.sample import line_id
from transforms.normalize import fingerprint, rebuild
from transforms.text import parse_text

RULES = clean_rules(load_rules())
SITE = "courier.example"
FOOT = "The Courier stays open to everyone thanks to 4,000 households."
STORY = make_story(3, seed=6, language="en")
PARAGRAPHS = STORY.paragraphs


def run(*lines: str, learned: dict[str, Place], site: str = SITE) -> CleanedDocument:
    text = "\n\n".join(lines) + "\n"
    source = RawDocument("a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, text.encode(), url=f"https://{site}/a")
    known = LearnedLines.of(AppliedLine(SITE, line_id(SITE, line), place) for line, place in learned.items())
    cleaned = clean(parse_text(DecodedDocument(source, text, "utf-8")), replace(RULES, learned=known))
    assert fingerprint(rebuild(cleaned.body, cleaned.removed)) == cleaned.fingerprint
    return cleaned


def test_a_learned_line_goes_and_is_on_record() -> None:
    cleaned = run(STORY.headline, *PARAGRAPHS, FOOT, learned={FOOT: Place.EDGE})
    assert cleaned.body == "\n".join(PARAGRAPHS)
    span = next(span for span in cleaned.removed if span.text == FOOT)
    assert span.rule_id == PREFIX + line_id(SITE, FOOT)
    assert (span.category, span.scope, span.action) == (Category.SITE_TEMPLATE, Scope.LEARNED, Action.REMOVED)


@pytest.mark.parametrize("site", ["other.example", "www2.courier.example"])
def test_it_stays_on_other_sites(site: str) -> None:
    assert FOOT in run(STORY.headline, *PARAGRAPHS, FOOT, learned={FOOT: Place.EDGE}, site=site).body


def test_a_line_of_the_edge_stays_in_the_middle() -> None:
    lines = [*PARAGRAPHS, *PARAGRAPHS[0].split(". ")[:1]]
    many = [f"{paragraph} It was day {number}." for number in range(6) for paragraph in lines]
    middle = [STORY.headline, *many[: len(many) // 2], FOOT, *many[len(many) // 2 :]]
    assert FOOT in run(*middle, learned={FOOT: Place.EDGE}).body
    assert FOOT not in run(*middle, learned={FOOT: Place.ANYWHERE}).body


def test_the_headline_is_never_cut() -> None:
    cleaned = run(STORY.headline, *PARAGRAPHS, learned={STORY.headline: Place.ANYWHERE})
    assert cleaned.headline == STORY.headline
    assert not [span for span in cleaned.removed if span.scope is Scope.LEARNED]


def test_nothing_goes_where_it_would_be_too_much() -> None:
    everything = dict.fromkeys(PARAGRAPHS, Place.ANYWHERE)
    assert run(STORY.headline, *PARAGRAPHS, learned=everything).body == "\n".join(PARAGRAPHS)


def test_leftovers_behind_a_learned_line_are_at_the_tail_then() -> None:
    lines = [STORY.headline, *PARAGRAPHS, "Harbour walks this weekend", FOOT]
    assert "Harbour walks" in run(*lines, learned={}).body
    assert run(*lines, learned={FOOT: Place.EDGE}).body == "\n".join(PARAGRAPHS)


@given(
    st.lists(
        st.sampled_from([*PARAGRAPHS, FOOT, "Swipe on", "No comments", "By Ana Ruiz", "2024"]), min_size=1, max_size=14
    )
)
@settings(derandomize=True, max_examples=80, deadline=None)
def test_body_and_removed_rebuild_any_text_and_something_stays(lines: list[str]) -> None:
    learned = {FOOT: Place.ANYWHERE, "Swipe on": Place.EDGE, PARAGRAPHS[0]: Place.ANYWHERE}
    try:
        plain = run(*lines, learned={})
    except Exception:
        return
    assert plain.body
    assert run(*lines, learned=learned).body
