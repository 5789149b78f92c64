"""Heeds the text that a page's JSON-LD states as its article (`articleBody`), where that text is whole.

Before: paragraphs of the article, a poll without any label among them, and a witness that has all of them but the poll.
After: the poll is cut (`page.witness`).

A witness decides nothing by itself: many are cut short, some are of another page, and as the main source they lose against
the page's own blocks. It is heard where it has most of what is kept and the page shows all of it. Then what it lacks after its
first words is no running text of the article. Headings, quotes and tables are not asked for: feeds leave them out. What
rules cut stays cut, also where the witness has it: that is mostly captions and fact boxes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain

from schemas.codes import BlockKind, Category
from schemas.records import Block, Cut, ParsedDocument
from transforms.html.rules import PageRules

WITNESS = Cut("page.witness", Category.OTHER)
_ASKED = frozenset((BlockKind.PARAGRAPH, BlockKind.LIST_ITEM))
_WORDS = re.compile(r"\w+")
_EDGE = 40
"""Letters at each end of a line that are looked for: links set between them differ between page and witness."""


def heed_witness(parsed: ParsedDocument, rules: PageRules) -> ParsedDocument:
    """The page with its blocks judged by its whole witness, if it has one, and without the witness, which has served."""
    stated = parsed.metadata.article_body
    if not stated:
        return parsed
    parsed = replace(parsed, metadata=replace(parsed.metadata, article_body=()))
    said = _letters(stated[0].value)
    if len(said) < rules.limits.witness_min_letters or stated[0].value.endswith(_CUT_SHORT):
        return parsed
    if len(said) * sum(1 + parsed.text.count("\n", b.start, b.end) for b in parsed.blocks) > _MOST:
        return parsed
    kept = [i for i, b in enumerate(parsed.blocks) if b.cut is None and b.kind is not BlockKind.HEADLINE]
    lines = {i: _lines(parsed, parsed.blocks[i]) for i in kept}
    known = [i for i in kept if all(_has(said, line) for line in lines[i])]
    if not known or not _is_whole(said, parsed, lines, known, rules):
        return parsed
    blocks = list(parsed.blocks)
    for i in kept:
        if i > known[0] and blocks[i].kind in _ASKED and _lacks(said, lines[i], rules):
            blocks[i] = replace(blocks[i], cut=WITNESS)
    return replace(parsed, blocks=tuple(blocks))


_MOST = 30_000_000
"""Lines times letters of the witness: more is no article, and each line is looked for in all of it."""

_CUT_SHORT = ("...", "\u2026", "[...]", "[\u2026]")


def _letters(text: str) -> str:
    """The letters and digits of a text alone: a witness often has no space where a paragraph ends."""
    return "".join(_WORDS.findall(text.casefold()))


def _lines(parsed: ParsedDocument, block: Block) -> list[str]:
    return [_letters(line) for line in parsed.text[block.start : block.end].split("\n")]


def _has(said: str, line: str) -> bool:
    return line[:_EDGE] in said and line[-_EDGE:] in said


def _lacks(said: str, lines: list[str], rules: PageRules) -> bool:
    """Whether neither the start nor the end of any line is in the witness; short lines may be ornaments."""
    return sum(map(len, lines)) >= rules.limits.witness_line_letters and not any(
        line[:_EDGE] in said or line[-_EDGE:] in said for line in lines
    )


def _is_whole(
    said: str, parsed: ParsedDocument, lines: dict[int, list[str]], known: list[int], rules: PageRules
) -> bool:
    """Whether the witness has most of what is kept (`lines`, by block), the page shows all of it, and it ends where a line ends."""
    limits = rules.limits
    if sum(len(line) for i in known for line in lines[i]) < limits.witness_min_cover * sum(
        len(line) for each in lines.values() for line in each
    ):
        return False
    missing = limits.witness_min_shown * len(said)
    is_ended = False
    # What is kept shows most of it; the rest of the page is only read where that is not enough.
    others = (_lines(parsed, block) for i, block in enumerate(parsed.blocks) if i not in lines)
    for each in chain(lines.values(), others):
        missing -= sum(len(line) for line in each if _has(said, line))
        is_ended = is_ended or any(line.endswith(said[-_EDGE // 2 :]) for line in each)
        if missing <= 0 and is_ended:
            return True
    return False
