from __future__ import annotations

import pickle
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules import load_rules, parse_rules
from schemas.codes import Action, BlockKind, Category, Normalization, Payload, RejectCode, SourceFormat
from schemas.errors import RecordError
from schemas.records import (
    Block,
    Candidate,
    CleanedDocument,
    Cut,
    DecodedDocument,
    PageMetadata,
    ParsedDocument,
    RawDocument,
    SuppliedFields,
)
from transforms.cleaning.clean import Cleaner, clean
from transforms.cleaning.clean_rules import clean_rules
from transforms.normalize import fingerprint, rebuild
from transforms.text import parse_text

RULES = clean_rules(
    parse_rules(
        """
[[rule]]
id = "test.comments"
match = "exact"
text = ["No comments", "Post a comment", "Write to the desk"]
where = "tail"
category = "comments"
example = ["Post a Comment"]
counterexample = ["Post a comment on the treaty"]
[[rule]]
id = "test.advertisement"
match = "exact"
text = ["Advertisement"]
category = "advertisement"
example = ["ADVERTISEMENT"]
counterexample = ["Advertisement for a play"]
[[rule]]
id = "test.most_read"
match = "prefix"
text = ["Most visited"]
where = "tail"
take = "rest"
category = "most_read"
example = ["Most Visited in Politics"]
counterexample = ["The most visited town"]
[[rule]]
id = "test.desk"
match = "pattern"
pattern = '''[A-Z]{2,3}(?:/[A-Z]{2,3})+'''
where = "tail"
take = "span"
category = "sign_off"
example = ["NA/PA"]
counterexample = ["Na and Pa"]
[[rule]]
id = "test.license"
match = "pattern"
pattern = '''all content by [\\w ]{3,60} is licensed under [\\w .]{3,60}'''
where = "tail"
take = "span"
category = "license"
example = ["All content by Example News is licensed under CC BY"]
counterexample = ["All content is free"]
[[rule]]
id = "test.german"
match = "exact"
text = ["Zum Thema"]
language = "de"
category = "related"
example = ["Zum Thema"]
counterexample = ["Das Thema"]
""",
        "test.toml",
    )
)
BUILT_IN = clean_rules(load_rules())
P1 = "The harbour of the old town reopened on Monday after a storm that lasted three days."
P2 = "Mayor Maria Keller called it a good day for the town and for everyone who works at the port."
P3 = "Ships had waited outside the bay since Friday, the port authority said in a statement."


def parsed(text: str, headline: str | None = None, language: str | None = None) -> ParsedDocument:
    raw = text.encode("utf-8", "surrogatepass")
    source = RawDocument(
        "a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, raw, supplied=SuppliedFields(headline=headline, language=language)
    )  # fmt: skip
    return parse_text(DecodedDocument(source, text, "utf-8"))


def cleaned(*lines: str, headline: str | None = None, language: str | None = None) -> CleanedDocument:
    document = clean(parsed("\n".join(lines), headline, language), RULES)
    check_promise(document)
    return document


def check_promise(document: CleanedDocument) -> None:
    """Body and removed spans rebuild the text; spans are exact, ordered and apart."""
    text = document.parsed.text
    assert document.fingerprint == fingerprint(text) == fingerprint(rebuild(document.body, document.removed))
    end = offset = 0
    for span in document.removed:
        assert span.text == text[span.start : span.end]
        assert span.text
        assert end <= span.start < span.end
        assert offset <= span.body_offset <= len(document.body)
        end, offset = span.end, span.body_offset


def ids(document: CleanedDocument) -> list[str]:
    return [span.rule_id for span in document.removed]


def body(*paragraphs: str) -> str:
    return "\n".join(paragraphs)


def test_a_text_without_leftovers_is_left_alone() -> None:
    document = cleaned(P1, P2, "What the mayor says", P3)
    assert document.body == body(P1, P2, "What the mayor says", P3)
    assert (document.removed, document.normalizations, document.headline) == ((), (), None)


def test_headline_byline_date_and_dateline_move_to_their_columns() -> None:
    document = cleaned("Harbour Reopens", "", "By Staff, Agencies", "Updated: 14:05 GMT", "", f"MOSCOW – {P1}", "", P2)
    assert document.body == body(P1, P2)
    assert document.headline == "Harbour Reopens"
    assert document.byline == "Staff, Agencies"
    assert document.date_lines == ("Updated: 14:05 GMT",)
    assert document.dateline is not None
    assert document.dateline.place == "MOSCOW"
    assert [span.text for span in document.removed] == [
        "Harbour Reopens",
        "By Staff, Agencies",
        "Updated: 14:05 GMT",
        "MOSCOW –",
    ]
    assert {span.action for span in document.removed} == {Action.MOVED}
    assert document.normalizations == (Normalization.NEWLINES,)


def test_headline_doubled_and_repeated_with_the_site() -> None:
    document = cleaned("Harbour Reopens", "Harbour Reopens", P1, "HARBOUR REOPENS | Example News", P2)
    assert document.body == body(P1, P2)
    assert ids(document) == ["headline.line", "headline.repeat", "headline.repeat"]


@pytest.mark.parametrize(
    "first", ["Rain fell on Monday.", "- Harbour reopens", "and the harbour reopened", "Harbour reopens:"]
)
def test_first_lines_that_are_no_headline(first: str) -> None:
    document = cleaned(first, P1, P2)
    assert document.headline is None
    assert document.body.startswith(first)


def test_a_known_leftover_is_no_headline() -> None:
    assert cleaned("Advertisement", "Harbour Reopens", P1).headline == "Harbour Reopens"
    assert cleaned("Listen to this story", P1, P2).headline is None


def test_the_supplied_headline_is_found_in_the_text() -> None:
    document = cleaned("HARBOUR REOPENS", P1, P2, headline="Harbour Reopens")
    assert document.headline == "Harbour Reopens"
    assert document.body == body(P1, P2)
    assert document.removed[0].category is Category.HEADLINE


def test_rules_hold_in_their_place_only() -> None:
    document = cleaned(P1, "Write to the desk", "ADVERTISEMENT", P2, "No comments:", "Post a Comment")
    assert document.body == body(P1, "Write to the desk", P2)
    assert ids(document) == ["test.advertisement", "test.comments", "test.comments"]


def test_a_heading_takes_the_rest_of_the_tail() -> None:
    document = cleaned(
        P1, P2, "Most Visited in Politics", "Storm damage costs the town ten million a year", "Top Stories"
    )
    assert document.body == body(P1, P2)
    assert {span.category for span in document.removed} == {Category.MOST_READ}


def test_unlisted_leftovers_at_the_tail_and_in_the_head() -> None:
    document = cleaned(
        "Harbour Reopens", "World news", P1, P2, "Glimpses of the coast", "Get our app for the latest updates"
    )
    assert document.body == body(P1, P2)
    assert ids(document) == ["headline.line", "shape.head", "shape.tail", "shape.cue_words"]


@pytest.mark.parametrize(
    "last",
    [
        ["“We will be back”"],
        ["- Bring a torch", "- Bring water"],
        ["He left."],
        ["and that was all"],
    ],
)
def test_short_last_lines_that_are_text(last: Sequence[str]) -> None:
    assert cleaned(P1, P2, *last).body == body(P1, P2, *last)


def test_a_list_after_a_colon_stays() -> None:
    lines = [P1, "The port authority asks everyone to bring the following things:", "Water", "A torch"]
    assert cleaned(*lines).body == body(*lines)


@pytest.mark.parametrize(
    "rows",
    [
        [f"{number} Example County {number * 3}.55" for number in range(1, 7)],
        ["Motion: inbound or field", "Complexity: one team or many", "Reporting: what must be seen"],
        [
            f"Supplier of {thing}"
            for thing in ("rope", "sail", "tar", "oak", "salt", "ice", "nets", "oil", "wax", "tin")
        ],
    ],
)
def test_tables_and_lists_at_the_end_stay(rows: list[str]) -> None:
    assert cleaned(P1, P2, *rows).body == body(P1, P2, *rows)


def test_a_list_of_leftovers_goes_where_a_leftover_stands_before_it() -> None:
    document = cleaned(P1, P2, "No comments:", *[f"Story {number} of the day" for number in range(1, 12)])
    assert document.body == body(P1, P2)


def test_each_line_of_a_long_tail_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def is_unexplained(cleaner: Cleaner, index: int) -> bool:
        asked.append(index)
        return cleaner.cuts[index] is None

    monkeypatch.setattr(Cleaner, "_is_unexplained", is_unexplained)
    cleaned(P1, P2, *(line for number in range(100) for line in ("Fine then.", f"Harbour list {number}")))
    assert len(asked) == len(set(asked)) > 100


def test_sentences_among_leftovers_go() -> None:
    document = cleaned(P1, P2, "Most visited", "Letters from abroad take a week to reach us.", "No comments:")
    assert document.body == body(P1, P2)
    assert ids(document) == ["test.most_read", "shape.tail_sentence", "test.comments"]


def test_a_sentence_behind_an_advertisement_stays() -> None:
    assert cleaned(P1, P2, "ADVERTISEMENT", "He was eighty-four.").body == body(P1, P2, "He was eighty-four.")
    assert cleaned(P1, P2, "ADVERTISEMENT", P3).body == body(P1, P2, P3)


def test_headlines_behind_a_heading_may_be_questions_and_quotations() -> None:
    document = cleaned(P1, P2, "Most visited", "Who pays for the bridge?", "“We are done”: the mayor gives up")
    assert document.body == body(P1, P2)


def test_quotations_are_no_leftovers() -> None:
    quotation = "“I want to receive what he has promised us, and I have read the terms.”"
    document = clean(parsed("\n".join([P1, quotation, P2])), BUILT_IN)
    assert document.body == body(P1, quotation, P2)


@pytest.mark.parametrize("line", ["Android app", "Why listen to us?", "What we like", "Privacy"])
def test_subheads_of_the_words_of_pages_stay_in_the_middle(line: str) -> None:
    assert cleaned(P1, line, P2).body == body(P1, line, P2)


def test_subheads_and_short_paragraphs_in_the_middle_stay() -> None:
    lines = [P1, "US imposes new sanctions", P2, "Why?", "Nobody knew", P3]
    assert cleaned(*lines).body == body(*lines)


def test_announcements_in_the_middle_go() -> None:
    document = cleaned(P1, "ALSO READ | Ten things to know today", P2, "Story continues below", P3)
    assert document.body == body(P1, P2, P3)
    assert ids(document) == ["shape.announcement", "shape.cue_words"]


@pytest.mark.parametrize("copies", [2, 3])
def test_doubled_body(copies: int) -> None:
    document = cleaned(*[P1, P2.replace(" ", "\u00a0", 1), P3] * copies, "Post a comment")
    assert document.body == body(P1, P2, P3)
    assert ids(document) == ["doubling.paragraph"] * 3 * (copies - 1) + ["test.comments"]


def test_doubled_from_the_middle_with_a_line_in_one_copy() -> None:
    document = cleaned("Harbour Reopens", f"MOSCOW – {P1}", P2, "Our weekend special", P3, P2, P3)
    assert document.body == body(P1, P2, P3)
    assert "doubling.in_one_copy" in ids(document)


def test_doubled_with_broken_lines() -> None:
    broken = P2.replace("for the town", "for\nthe town")
    document = cleaned(P1, P2, P3, P1, broken, P3)
    assert document.body == body(P1, P2, P3)


def test_doubled_inside_one_paragraph() -> None:
    text = " ".join(f"Sentence number {number} of the report says something new." for number in range(9))
    document = cleaned(f"{text} {text}")
    assert document.body == text
    assert ids(document) == ["doubling.inside_paragraph"]


def test_leftovers_on_the_last_line_are_stretches() -> None:
    document = cleaned(
        f"{P1} {P2} NA/PA \u00a0   All Content by Example News Agency is licensed under CC BY 4.0."
    )  # fmt: skip
    assert document.body == f"{P1} {P2}"
    assert [(span.text, span.category) for span in document.removed] == [
        ("NA/PA", Category.SIGN_OFF),
        ("All Content by Example News Agency is licensed under CC BY 4.0.", Category.LICENSE),
    ]
    assert document.sign_offs == ("NA/PA",)
    assert document.license_lines == ("All Content by Example News Agency is licensed under CC BY 4.0.",)


def test_offsets_hold_where_spelling_changed() -> None:
    document = cleaned(f"MOSCOW\u00a0– \u200bﬁrst  of\u00a0all: {P1} NA/PA")
    assert document.body == f"first of all: {P1}"
    assert [span.text for span in document.removed] == ["MOSCOW\u00a0– \u200b", "NA/PA"]


def test_broken_lines_are_rejoined_and_noted() -> None:
    document = cleaned(P1.replace("that lasted", "that\nlasted"), P2)
    assert document.body == body(P1, P2)
    assert document.normalizations == (Normalization.LINES_JOINED,)


def test_rules_of_another_language_hold_unless_the_language_is_known() -> None:
    assert cleaned(P1, "Zum Thema", P2).body == body(P1, P2)
    assert cleaned(P1, "Zum Thema", P2, language="de-AT").body == body(P1, P2)
    assert cleaned(P1, "Zum Thema", P2, language="fr").body == body(P1, "Zum Thema", P2)


def test_numbered_lines_are_text() -> None:
    lines = [f"Line {number}" for number in range(1, 6)]
    assert clean(parsed("\n".join(lines)), BUILT_IN).body == "\n".join(lines)


@pytest.mark.parametrize(
    "line",
    [
        "This video is also available in Spanish.",
        "The report is also available in French and German.",
        "The full text is available on the council website.",
        "Example Town Library, 12 Main Street",
        "• Town Hall, 1 Market Square",
        "Oak Hall, 45 Oak Street, 555-0134",
        "Saturday: 10 a.m. to 4 p.m., Town Hall, 3 River Road",
    ],
)
def test_sentences_and_addresses_in_the_middle_stay(line: str) -> None:
    assert line in clean(parsed("\n\n".join((P1, line, P2, P3))), BUILT_IN).body.split("\n")


def test_the_copy_without_dateline_goes_too() -> None:
    document = clean(parsed("\n".join(("OLD TOWN – " + P1, P2, P3, P1, P2, P3))), BUILT_IN)
    assert document.body == "\n".join((P1, P2, P3))


def test_nothing_left_is_an_error() -> None:
    with pytest.raises(RecordError) as caught:
        clean(parsed("Advertisement\nADVERTISEMENT"), RULES)
    assert caught.value.code is RejectCode.NO_BODY


def test_a_single_line_is_the_body() -> None:
    assert cleaned("Harbour reopens").body == "Harbour reopens"


# Pages: blocks that structure has already judged


def page(blocks: Sequence[tuple[BlockKind, str, Cut | None]], headline: str | None = None) -> ParsedDocument:
    text, made = "", []
    for kind, line, cut in blocks:
        made.append(Block(len(text), len(text) + len(line), kind, cut=cut))
        text += line + "\n"
    source = RawDocument("a.html", "a.html", SourceFormat.HTML, Payload.HTML, text.encode())
    candidates = (Candidate(headline, "og:title"),) if headline else ()
    return ParsedDocument(source, "utf-8", text, tuple(made), PageMetadata(headline=candidates))


PARAGRAPH, HEADING = BlockKind.PARAGRAPH, BlockKind.HEADING
CAPTION = Cut("page.caption", Category.CAPTION)


def test_cuts_of_the_page_are_kept_and_rules_hold_for_the_rest() -> None:
    document = clean(
        page(
            [
                (BlockKind.HEADLINE, "Harbour Reopens", None),
                (BlockKind.STANDFIRST, "A storm had closed it for three days.", None),
                (BlockKind.CAPTION, "The harbour on Monday", CAPTION),
                (PARAGRAPH, P1, None),
                (HEADING, "What the mayor says", None),
                (PARAGRAPH, P2, None),
                (BlockKind.LIST_ITEM, "Water", None),
                (PARAGRAPH, P3, None),
                (PARAGRAPH, "Post a comment", None),
                (HEADING, "Around the web", None),
            ],
            "Harbour Reopens",
        ),
        RULES,
    )
    check_promise(document)
    assert document.body == body(
        "A storm had closed it for three days.", P1, "What the mayor says", P2, "Water", P3
    )  # fmt: skip
    assert document.standfirst == "A storm had closed it for three days."
    assert document.headline == "Harbour Reopens"
    assert ids(document) == ["headline.line", "page.caption", "test.comments", "shape.heading_without_text"]


def test_the_standfirst_can_be_kept_out_of_the_body() -> None:
    rules = clean_rules((), standfirst_in_body=False)
    document = clean(page([(BlockKind.STANDFIRST, "A storm had closed it.", None), (PARAGRAPH, P1, None)]), rules)
    check_promise(document)
    assert (document.body, document.standfirst) == (P1, "A storm had closed it.")


def test_short_lines_of_pages_are_not_judged_by_shape() -> None:
    blocks = [(PARAGRAPH, P1, None), (BlockKind.LIST_ITEM, "Water", None), (PARAGRAPH, "Anna Example", None)]
    assert clean(page(blocks), RULES).body == body(P1, "Water", "Anna Example")


def test_rules_survive_pickling() -> None:
    again = pickle.loads(pickle.dumps(RULES))
    assert again == RULES
    assert clean(parsed(body(P1, "Advertisement")), again).body == P1


LINES = [P1, P2, P3, "Advertisement", "Share", "Harbour Reopens", "By Maria Keller", "Updated: 14:05 GMT", "is fighting",
         f"MOSCOW – {P1}", f"{P2} NA/PA", "well-", "known", "\u200b", " \u00a0x\u00ad", "- item", "北京，", "好的。", "ﬁ\u0301", "---",
         "Most visited", "\x07", "12 – 13", "“quoted”", "who is the"]  # fmt: skip


@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=12)), min_size=1, max_size=14),
    st.sampled_from(["\n", "\n\n", "\r\n", "\n \n", "\u2028"]),
)
@settings(derandomize=True, deadline=None, max_examples=250)
def test_body_and_removed_rebuild_any_text(lines: Sequence[str], gap: str) -> None:
    text = gap.join(lines)
    try:
        document = clean(parsed(text), RULES)
    except RecordError:
        return
    check_promise(document)
    assert document == clean(parsed(text), RULES)
    assert all(line.strip() for line in document.body.split("\n"))


def test_a_cut_behind_character_references_is_at_its_place() -> None:
    document = cleaned(P1, P2, f"Tom &amp;amp; Ana said &quot;yes&quot;. {P3} NA/PA")
    assert document.body.endswith(f'Tom & Ana said "yes". {P3}')
    assert document.removed[-1].text == "NA/PA"
    assert Normalization.HTML_ENTITIES in document.normalizations


def test_glued_paragraphs_are_separated_and_rebuild_the_text() -> None:
    document = cleaned(P1 + P2 + P3 + "NA/PA")
    assert document.body.split("\n")[:2] == [P1, P2]
    assert Normalization.PARAGRAPHS_SPLIT in document.normalizations


def test_of_several_headline_lines_the_plainest_is_the_headline() -> None:
    document = cleaned("Harbour reopens after storm | Example News", "Harbour reopens after storm", P1, P2)
    assert document.headline == "Harbour reopens after storm"
    assert document.body == f"{P1}\n{P2}"


def test_broken_chinese_paragraphs_are_joined_and_the_last_one_stays() -> None:
    paragraphs = (
        "港口委员会星期二批准了三班夜间渡轮，此前居民们已经等待了好几个月。",
        "两岸居民自今年春天大桥关闭以来一直要求提供这项服务，有四千人签名。",
        "批评者警告说，船员已经人手不足，加班费用会给镇上带来沉重的负担。",
    )
    text = "\n\n".join(["港口委员会批准夜间渡轮", *(f"{one[:17]}\n{one[17:]}" for one in paragraphs)])
    document = clean(parsed(text), RULES)
    assert document.headline == "港口委员会批准夜间渡轮"
    assert document.body.split("\n") == list(paragraphs)
    check_promise(document)


def test_a_chinese_line_with_a_comma_is_no_leftover_by_shape() -> None:
    sentences = ("港口委员会星期二批准了三班夜间渡轮。", "两岸居民自今年春天以来一直要求提供这项服务。")
    document = cleaned(*sentences, "批评者警告说，船员已经人手不足，加")
    assert document.body.endswith("加")
    assert cleaned(*sentences, "加入我们的群组").body.endswith("服务。")


def test_the_time_of_a_live_blogs_entry_is_a_date_line() -> None:
    document = clean(parsed("\n".join([P1, "14:05", P2, "13:40", P3])), BUILT_IN)
    assert [(cut.text, cut.category) for cut in document.removed] == [
        ("14:05", Category.DATE_LINE),
        ("13:40", Category.DATE_LINE),
    ]
    assert document.body == f"{P1}\n{P2}\n{P3}"
