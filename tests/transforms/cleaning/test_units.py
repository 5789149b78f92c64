from __future__ import annotations

from schemas.codes import BlockKind, Category, Normalization, Payload, SourceFormat
from schemas.records import Block, Cut, ParsedDocument, RawDocument
from schemas.rules import Match, Rule
from transforms.cleaning.clean_rules import clean_rules
from transforms.cleaning.cuts import STANDFIRST
from transforms.cleaning.units import Lines

RULES = clean_rules([Rule("a.share", Match.EXACT, Category.SHARE, ("Share",))])
LONG = "The harbour of the old town reopened on Monday after a"


def document(*blocks: tuple[BlockKind, str, Cut | None], gap: str = "\n") -> ParsedDocument:
    text, made = "", []
    for kind, line, cut in blocks:
        made.append(Block(len(text), len(text) + len(line), kind, cut=cut))
        text += line + gap
    return ParsedDocument(
        RawDocument("a", "a", SourceFormat.TEXT, Payload.TEXT, text.encode()), "utf-8", text, tuple(made)
    )


def test_lines_are_joined_and_paragraphs_of_pages_are_not() -> None:
    for kind, count in ((BlockKind.LINE, 1), (BlockKind.PARAGRAPH, 2)):
        lines = Lines(document((kind, LONG, None), (kind, "storm that lasted three days.", None)), RULES)
        assert len(lines.units) == count
        assert lines.is_plain == (kind is BlockKind.LINE)


def test_cuts_of_structure_are_kept() -> None:
    cut = Cut("page.nav", Category.NAVIGATION)
    lines = Lines(document((BlockKind.CHROME, "Menu", cut), (BlockKind.STANDFIRST, "A storm.", None)), RULES)
    assert [unit.cut for unit in lines.units] == [cut, None]
    kept_out = clean_rules([], standfirst_in_body=False)
    lines = Lines(document((BlockKind.STANDFIRST, "A storm.", None)), kept_out)
    assert [unit.cut for unit in lines.units] == [STANDFIRST]


def test_blocks_of_invisible_characters_are_noted_and_dropped() -> None:
    lines = Lines(document((BlockKind.LINE, LONG, None), (BlockKind.LINE, "\u200b", None), gap="\r\n\r\n"), RULES)
    assert len(lines.units) == 1
    assert lines.notes == {Normalization.ZERO_WIDTH, Normalization.NEWLINES}


def test_what_a_line_is_by_itself() -> None:
    lines = Lines(document((BlockKind.LINE, LONG, None)), RULES)
    assert [rule.id for rule in lines.rules_of("Share", 1)] == ["a.share"]
    assert lines.byline_of("By Maria Keller", 3) == "Maria Keller"
    assert lines.byline_of(LONG, 11) is None
    assert lines.is_date("3 March 2021", 3)
    assert lines.is_known("Share", 1)
    assert not lines.is_known(LONG, 11)
