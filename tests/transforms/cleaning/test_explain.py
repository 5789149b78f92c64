"""Why each line went or stayed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules import parse_rules
from schemas.codes import Payload, SourceFormat
from schemas.errors import RecordError
from schemas.records import DecodedDocument, ParsedDocument, RawDocument, SuppliedFields
from schemas.rules import Where
from transforms.cleaning.clean import clean
from transforms.cleaning.clean_rules import clean_rules
from transforms.cleaning.explain import LineVerdict, closest_phrase, explain_lines
from transforms.html.page import parse_page
from transforms.html.rules import PageRules
from transforms.text import parse_text

RULES = clean_rules(
    parse_rules(
        """
[[rule]]
id = "test.comments"
match = "exact"
text = ["Post a comment", "Send your thoughts to our desk"]
where = "tail"
category = "comments"
example = ["Post a Comment"]
counterexample = ["Post a comment on the treaty"]
[[rule]]
id = "test.german"
match = "exact"
text = ["Jetzt mitreden"]
language = "de"
category = "comments"
example = ["Jetzt mitreden"]
counterexample = ["Jetzt mitreden wollen auch die Nachbarn."]
[[rule]]
id = "test.short"
match = "prefix"
text = ["Handed on by"]
max_words = 5
category = "other"
example = ["Handed on by Ana"]
counterexample = ["It was handed on by Ana"]
[[rule]]
id = "test.most_read"
match = "prefix"
text = ["Most visited"]
where = "tail"
take = "rest"
category = "most_read"
example = ["Most Visited in Region"]
counterexample = ["The most visited town"]
""",
        "test.toml",
    )
)
FIRST = "The harbour board said on Tuesday that two more ferries would run at night from next week on."
SECOND = "The chairman said that the boats would pay for themselves within a year, given enough walkers."
THIRD = "Tickets would cost the same by night as by day, the board said in a letter to both of the towns."


def document(text: str, language: str | None = None) -> ParsedDocument:
    source = RawDocument(
        "a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, b"", supplied=SuppliedFields(language=language)
    )
    return parse_text(DecodedDocument(source, text, "utf-8"))


def verdicts(*lines: str, language: str | None = None) -> dict[str, LineVerdict]:
    return {each.text: each for each in explain_lines(document("\n".join(lines), language), RULES)}


def test_a_removed_line_names_its_phrase_and_where_the_rule_holds() -> None:
    verdict = verdicts(FIRST, SECOND, "» POST A COMMENT")["» POST A COMMENT"]
    assert verdict.cut is not None
    assert verdict.cut.rule_id == "test.comments"
    assert verdict.where is Where.TAIL
    assert verdict.reasons == ("The line is “Post a comment”; holds in the tail, takes the line.",)


def test_a_rule_for_another_place_is_a_near_miss() -> None:
    line = "Send your thoughts to our desk"
    verdict = verdicts(FIRST, line, SECOND)[line]
    assert verdict.cut is None
    assert verdict.where is Where.BODY
    [*_, miss] = [each for each in verdict.near_misses if each.rule_id == "test.comments"]
    assert miss.reason == "it holds in the tail; this line stands in the body"


def test_a_line_too_long_for_its_rule_is_a_near_miss() -> None:
    line = "Handed on by Ana and seven others"
    miss = next(each for each in verdicts(FIRST, line, SECOND)[line].near_misses if each.rule_id == "test.short")
    assert miss.reason == "the line has 7 words; its max_words is 5"


def test_a_rule_of_another_language_is_a_near_miss() -> None:
    line = "Jetzt mitreden"
    assert verdicts(FIRST, line, SECOND, language="de")[line].cut is not None
    miss = next(
        each for each in verdicts(FIRST, line, SECOND, language="fr")[line].near_misses if each.rule_id == "test.german"
    )
    assert miss.reason.startswith("it is for de;")


def test_shape_says_at_which_place_it_would_take_the_line() -> None:
    line = "Nine Lanterns of Elswick"
    verdict = verdicts(FIRST, line, FIRST.replace("two", "three"))[line]
    assert verdict.cut is None
    assert "No sure prose: 4 words; prose.min_words = 8." in verdict.reasons
    miss = next(each for each in verdict.near_misses if each.rule_id == "shape.tail")
    assert miss.reason == "would take it in the tail; this line stands in the body"


def test_a_line_of_the_tail_says_what_in_its_form_spoke_for_it() -> None:
    long = "Nine lanterns were lit at the old northern pier"
    found = verdicts(FIRST, SECOND, "“Nine lanterns”", long)
    assert (
        "By its shape it may be the article's: it opens with a quote or a bracket." in found["“Nine lanterns”"].reasons
    )
    assert "Its shape is a leftover's, but it has 9 words; shape.max_words = 8." in found[long].reasons


def test_what_follows_a_list_of_links_says_so() -> None:
    found = verdicts(
        FIRST, SECOND, "Most Visited in Region", "Quay wall to be raised by a metre before winter comes again"
    )
    verdict = found["Quay wall to be raised by a metre before winter comes again"]
    assert verdict.cut is not None
    assert verdict.reasons[0].startswith("It looks left over and follows a line that opens such a list (test.most_read")


def test_a_repeated_paragraph_names_its_original() -> None:
    found = explain_lines(document("\n".join((FIRST, SECOND, FIRST, SECOND))), RULES)
    assert [each.reasons[-1] for each in found[2:]] == ["It says what line 1 says.", "It says what line 2 says."]


def test_leftovers_at_the_end_of_another_line_are_near_misses() -> None:
    verdict = verdicts(SECOND, FIRST + " Post a comment", THIRD)[FIRST + " Post a comment"]
    assert [(each.rule_id, each.reason) for each in verdict.near_misses] == [
        ("test.comments", "would take its end “Post a comment” if it were the last line")
    ]


def test_a_phrase_that_is_close_is_named() -> None:
    assert closest_phrase("Send thoughts to our desk!", RULES.rules) == (
        RULES.rules[0],
        "Send your thoughts to our desk",
    )
    assert closest_phrase("Rain fell", RULES.rules) is None


def test_a_text_without_prose_says_that_it_has_no_head_and_tail() -> None:
    verdict = verdicts("Nine lanterns", "Two ferries")["Two ferries"]
    assert verdict.where is Where.ANY
    assert verdict.reasons[-1].startswith("No paragraph here is surely prose")


def test_a_document_of_which_nothing_is_left_is_explained() -> None:
    parsed = document("Handed on by Ana")
    with pytest.raises(RecordError):
        clean(parsed, RULES)
    assert [each.cut.rule_id for each in explain_lines(parsed, RULES) if each.cut] == ["test.short"]


def test_a_block_of_a_page_has_its_place_and_its_cut_its_meaning() -> None:
    markup = (
        f'<body><nav>Home</nav><article class="story"><h1>Ferries</h1><p>{FIRST}</p><p>{SECOND}</p></article></body>'
    )
    source = RawDocument("a.html", "a.html", SourceFormat.HTML, Payload.HTML, b"")
    found = explain_lines(parse_page(DecodedDocument(source, markup, "utf-8"), PageRules.load()), RULES)
    assert found[0].reasons == ("It stands outside the element that was chosen as main content.",)
    assert (found[2].path, found[2].labels) == ("article/p", ("story",))


@settings(derandomize=True, max_examples=60)
@given(st.lists(st.sampled_from([FIRST, SECOND, "Post a comment", "Most visited", "By Ana Ruiz", "x.", "3 May 2024"])))
def test_explaining_decides_as_cleaning_does(lines: list[str]) -> None:
    text = "\n".join(lines) or "x"
    parsed = document(text)
    found = explain_lines(parsed, RULES)
    cut = {(each.start, each.end, each.cut.rule_id) for each in found if each.cut}
    stretches = {each.cut.rule_id for verdict in found for each in verdict.stretches}
    try:
        removed = clean(parsed, RULES).removed
    except RecordError:
        assert all(each.cut for each in found)
        return
    whole = {(each.start, each.end, each.rule_id) for each in removed if each.rule_id not in stretches}
    assert {each for each in cut if each[2] not in stretches} == whole
