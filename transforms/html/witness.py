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

from schemas.codes import BlockKind, Category
from schemas.records import Cut, ParsedDocument
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
    lines = [[_letters(line) for line in parsed.text[b.start : b.end].split("\n")] for b in parsed.blocks]
    has = [[_has(said, line) for line in each] for each in lines]
    kept = [i for i, b in enumerate(parsed.blocks) if b.cut is None and b.kind is not BlockKind.HEADLINE]
    known = [i for i in kept if all(has[i])]
    if not known or not _is_whole(said, lines, has, kept, known, rules):
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


def _has(said: str, line: str) -> bool:
    return line[:_EDGE] in said and line[-_EDGE:] in said


def _lacks(said: str, lines: list[str], rules: PageRules) -> bool:
    """Whether neither the start nor the end of any line is in the witness; short lines may be ornaments."""
    return sum(map(len, lines)) >= rules.limits.witness_line_letters and not any(
        line[:_EDGE] in said or line[-_EDGE:] in said for line in lines
    )


def _is_whole(
    said: str, lines: list[list[str]], has: list[list[bool]], kept: list[int], known: list[int], rules: PageRules
) -> bool:
    """Whether the witness has most of what is kept, the page shows all of it, and it ends where a line ends."""
    limits = rules.limits
    letters = [sum(map(len, each)) for each in lines]
    if sum(letters[i] for i in known) < limits.witness_min_cover * sum(letters[i] for i in kept):
        return False
    shown = sum(
        len(line) for each, had in zip(lines, has, strict=True) for line, is_in in zip(each, had, strict=True) if is_in
    )
    if shown < limits.witness_min_shown * len(said):
        return False
    return any(line.endswith(said[-_EDGE // 2 :]) for each in lines for line in each)
