from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generator import make_story
from schemas.codes import BlockKind, Payload, SourceFormat
from schemas.records import Block, CleanedDocument, ParsedDocument, RawDocument
from transforms.learned.sample import ID_LENGTH, edges_of, line_id, may_be_learned, sample_article
from transforms.learned.thresholds import thresholds

LIMITS = thresholds()
PARAGRAPHS = [text for number in range(8) for text in make_story(number, seed=4, language="en").paragraphs][:40]


def cleaned(*lines: str, headline: str | None = None, headings: tuple[str, ...] = ()) -> CleanedDocument:
    source = RawDocument("a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, b"", url="https://example.org/a")
    text, blocks = "", []
    for heading in headings:
        blocks.append(Block(len(text), len(text) + len(heading), BlockKind.HEADING))
        text += heading + "\n"
    parsed = ParsedDocument(source, "utf-8", text, tuple(blocks))
    return CleanedDocument(parsed, "\n".join(lines), (), (), "f", headline=headline)


def ids(document: CleanedDocument) -> dict[str, bool]:
    sampled = sample_article(document, LIMITS)
    assert sampled is not None
    assert {line.id for line in sampled.article.lines} == set(sampled.texts)
    return {sampled.texts[line.id]: line.at_edge for line in sampled.article.lines}


def test_short_lines_count_wherever_they_stand_and_long_ones_at_the_edges() -> None:
    long = " ".join(["word"] * 30)
    lines = [
        long + " a",
        *PARAGRAPHS[:8],
        "Swipe on for more pictures",
        *PARAGRAPHS[8:16],
        long + " b",
        *PARAGRAPHS[16:32],
    ]
    found = ids(cleaned(*lines, "The desk is at 12 Mill Lane"))
    assert found["The desk is at 12 Mill Lane"]
    assert found[long + " a"]
    assert found["Swipe on for more pictures"] is False
    assert long + " b" not in found


def test_the_headline_headings_and_lines_without_letters_do_not_count() -> None:
    document = cleaned(
        "THE FERRY RUNS", "* * *", *PARAGRAPHS, "Pros:", "Last line here", headline="The ferry runs", headings=("Pros",)
    )
    found = ids(document)
    assert "Last line here" in found
    assert not {"THE FERRY RUNS", "* * *", "Pros:"} & set(found)


def test_a_label_above_a_paragraph_is_a_subhead() -> None:
    words = [12, 20, 2, 20, 2, 6]
    assert edges_of(words, LIMITS.lines) == (True, True, False, True, True, True)


def test_edges_are_the_first_lines_and_at_most_the_latter_half() -> None:
    assert edges_of([20] * 4, LIMITS.lines) == (True,) * 4
    flags = edges_of([20] * 40, LIMITS.lines)
    assert [index for index, at_edge in enumerate(flags) if at_edge] == [0, 1, 2, *range(30, 40)]
    assert edges_of([], LIMITS.lines) == ()


def test_an_article_that_can_not_be_told_from_others_is_not_sampled() -> None:
    assert sample_article(cleaned("Sign in", "Home", "About us"), LIMITS) is None


def test_a_line_is_the_same_whatever_its_spelling_but_not_on_another_site() -> None:
    assert line_id("a.example", "• The DESK is here …") == line_id("a.example", "The desk is here")
    assert line_id("a.example", "The desk is here") != line_id("b.example", "The desk is here")


def test_a_list_of_many_short_lines_does_not_push_the_tail_out() -> None:
    rows = [f"Row number {number} of it" for number in range(200)]
    found = ids(cleaned(*PARAGRAPHS, *rows, *PARAGRAPHS[:12], "The desk is at 12 Mill Lane"))
    assert found["The desk is at 12 Mill Lane"]
    assert len(found) == LIMITS.lines.per_article


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=80), max_size=30))
@settings(derandomize=True, max_examples=80, deadline=None)
def test_any_body_gives_each_line_once(lines: list[str]) -> None:
    sampled = sample_article(cleaned(*PARAGRAPHS[:3], *lines), LIMITS)
    assert sampled is not None
    found = [line.id for line in sampled.article.lines]
    assert found == sorted(set(found))
    assert len(found) <= LIMITS.lines.per_article
    assert all(len(identity) == ID_LENGTH for identity in found)
    assert all(may_be_learned(text, 1, LIMITS.lines) for text in sampled.texts.values())
