"""Judges the blocks of the chosen part by their text, place and neighbours: headline, standfirst, lines of the head, links.

Before: h1, "3 May 2024, 10:15", a bold introduction, "Home · Sport" (all links), paragraphs.
After: headline; cut as a date line; standfirst; cut as page.link_only; paragraphs.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from schemas.codes import BlockKind, Category
from schemas.records import Cut
from transforms.fold import fold_text
from transforms.html.blocks import Draft
from transforms.html.outline import count_words
from transforms.html.rules import PageRules, spell_labels

LINK_ONLY = Cut("page.link_only", Category.RELATED)
HEAD_LINE = Cut("page.head_line", Category.PAGE_CHROME)
LINK_TAIL = Cut("page.link_tail", Category.RELATED)
BARE_HEADING = Cut("page.bare_heading", Category.RELATED)
DATE_LINE = Cut("page.date_line", Category.DATELINE)
HEADLINE_REPEAT = Cut("page.headline_repeat", Category.HEADLINE_REPEAT)
AUTHOR_BIO = Cut("page.author_bio", Category.BYLINE)
COPY = Cut("page.copy", Category.BODY_REPEAT)

# A year, a time of day, a numeric date, or a date in East Asian script. Lines are capped before they are searched.
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b[0-2]?\d[:.h][0-5]\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{1,2}[月월]\s?\d{1,2}[日일]"
)
_SENTENCE_END = re.compile("[.!?\u2026\u3002\uff01\uff1f\u061f\u0964][\"'\u201d\u2019\u00bb)]*$")
_LINE_CAP = 300


class Verdict(NamedTuple):
    """What a block is, and why it is no body text (None: it is)."""

    kind: BlockKind
    cut: Cut | None


def judge_blocks(
    drafts: list[Draft], titles: frozenset[str], rules: PageRules, authors: frozenset[str] = frozenset()
) -> list[Verdict]:
    """One verdict a draft, in order. `titles` and `authors` are what the page's metadata states, folded."""
    words = [count_words(draft.text) for draft in drafts]
    headline = _find_headline(drafts, words, titles, rules)
    opening = _first_paragraph(drafts, words, headline, rules)
    verdicts = []
    stated = [set(_WORDS.findall(title)) for title in sorted(titles)[:_MANY]]
    series = _linked_series(drafts, words, rules)
    for index, draft in enumerate(drafts):
        if draft.piece is not None:
            verdicts.append(Verdict(BlockKind.CHROME, None))
        elif index == headline:
            verdicts.append(Verdict(BlockKind.HEADLINE, None))
        elif index < min(opening, _MANY) and draft.kind is BlockKind.HEADING and _says_title(draft.text, stated):
            verdicts.append(Verdict(draft.kind, HEADLINE_REPEAT))
        elif headline is not None and index < headline:
            verdicts.append(Verdict(draft.kind, HEAD_LINE))
        elif headline is not None and index < opening:
            verdicts.append(_judge_head(draft, words[index], rules))
        elif index in series:
            verdicts.append(Verdict(draft.kind, None))
        else:
            verdicts.append(Verdict(draft.kind, _judge_body(draft, words[index], rules)))
    _judge_tail(drafts, verdicts, words, rules)
    _judge_copy(drafts, verdicts, words, rules)
    _judge_bio(drafts, verdicts, authors)
    return verdicts


def _find_headline(drafts: list[Draft], words: list[int], titles: frozenset[str], rules: PageRules) -> int | None:
    """The block that the pruner found, else the first line near the top that the metadata states as headline."""
    seen = 0
    for index, draft in enumerate(drafts):
        if draft.role == "headline":
            return index
    for index, draft in enumerate(drafts):
        if draft.piece is not None:
            continue
        if len(draft.text) <= _LINE_CAP and fold_text(draft.text) in titles:
            return index
        seen += words[index]
        if seen > rules.limits.head_max_words:
            break
    return None


def _says_title(text: str, titles: list[set[str]]) -> bool:
    """Whether a heading says what a stated headline says, with a label before it or the site's name left out.

    Compared word by word: pages set the label and the headline without a space between them, or add soft hyphens.
    """
    if len(text) > _LINE_CAP:
        return False
    words = set(_WORDS.findall(fold_text(text)))
    if len(words) < _TITLE_WORDS:
        return False
    for stated in titles:
        common = len(words & stated)
        if common >= _TITLE_WORDS and common >= _TITLE_SHARE * min(
            len(words), max(len(stated), len(words) - _LABEL_WORDS)
        ):
            return True
    return False


_WORDS = re.compile(r"\w+")
_MANY = 100
_TITLE_WORDS = 4
_TITLE_SHARE = 0.75
_LABEL_WORDS = 5


def _first_paragraph(drafts: list[Draft], words: list[int], headline: int | None, rules: PageRules) -> int:
    """Where the head ends: the first block in the container that reads like a paragraph."""
    limits = rules.limits
    for index, draft in enumerate(drafts):
        if headline is not None and index <= headline:
            continue
        if draft.piece is not None or draft.role == "head" or draft.kind is BlockKind.HEADING:
            continue
        if (
            words[index] >= limits.paragraph_min_words
            and draft.link_density <= limits.paragraph_max_links
            and not _is_date_line(draft, words[index], rules)
        ):
            return index
    return 0


def _judge_head(draft: Draft, words: int, rules: PageRules) -> Verdict:
    limits = rules.limits
    if _is_date_line(draft, words, rules):
        return Verdict(draft.kind, DATE_LINE)
    if draft.link_density > limits.paragraph_max_links:
        return Verdict(draft.kind, LINK_ONLY if draft.role != "head" else HEAD_LINE)
    if words >= limits.standfirst_min_words:
        labelled = bool(rules.standfirst.search(spell_labels(" ".join(draft.labels))))
        if labelled or draft.role == "head" or draft.kind is BlockKind.HEADING:
            return Verdict(BlockKind.STANDFIRST, None)
    elif draft.role == "head":
        return Verdict(draft.kind, HEAD_LINE)
    return Verdict(draft.kind, None)


def _is_date_line(draft: Draft, words: int, rules: PageRules) -> bool:
    text = draft.text
    limits = rules.limits
    most = limits.date_item_max_words if draft.kind is BlockKind.LIST_ITEM else limits.date_line_max_words
    if words > most or len(text) > _LINE_CAP or draft.kind is BlockKind.HEADING:
        return False
    return bool(_DATE.search(text)) and not _SENTENCE_END.search(text)


def _judge_body(draft: Draft, words: int, rules: PageRules) -> Cut | None:
    if draft.link_density <= rules.limits.link_only_share or draft.kind is BlockKind.LIST_ITEM:
        return None
    if draft.kind is BlockKind.HEADING and words < rules.limits.linked_heading_min_words:
        return None  # short headings of guides link to what they speak of; linked headlines are longer
    return LINK_ONLY


def _linked_series(drafts: list[Draft], words: list[int], rules: PageRules) -> frozenset[int]:
    """The linked headings that each stand over a paragraph, all in the same place of the tree: the parts of a list of
    products, trails or books. Headings of other articles mostly stand in boxes of their own, and are fewer."""
    limits = rules.limits
    found: dict[str, list[int]] = {}
    for index in range(len(drafts) - 1):
        draft, after = drafts[index], drafts[index + 1]
        if (
            draft.kind is BlockKind.HEADING
            and draft.link_density > limits.link_only_share
            and after.kind is BlockKind.PARAGRAPH
            and words[index + 1] >= _SERIES_TEXT
            and after.link_density <= limits.paragraph_max_links
        ):
            found.setdefault(draft.path, []).append(index)
    return frozenset(index for group in found.values() if len(group) >= _SERIES for index in group)


_SERIES = 3
_SERIES_TEXT = 15


def _judge_tail(drafts: list[Draft], verdicts: list[Verdict], words: list[int], rules: PageRules) -> None:
    """Cuts, in place, what stands after the last block of text: lists of links, and headings over nothing."""
    limits = rules.limits
    linked = _linked_tail(drafts, verdicts, words, rules)
    for index in range(len(drafts) - 1, -1, -1):
        draft, verdict = drafts[index], verdicts[index]
        if draft.piece is not None or verdict.cut is not None:
            continue
        if index in linked or (draft.link_density > limits.link_only_share and draft.kind is BlockKind.LIST_ITEM):
            verdicts[index] = Verdict(verdict.kind, LINK_TAIL)
        elif verdict.kind is BlockKind.HEADING:
            verdicts[index] = Verdict(verdict.kind, BARE_HEADING)
        elif words[index] >= limits.paragraph_min_words or verdict.kind is BlockKind.HEADLINE:
            return


def _linked_tail(drafts: list[Draft], verdicts: list[Verdict], words: list[int], rules: PageRules) -> frozenset[int]:
    """The list items that end the text, where each of them has a link and links are much of them: other articles."""
    found: list[int] = []
    for index in range(len(drafts) - 1, -1, -1):
        draft = drafts[index]
        if draft.piece is not None or verdicts[index].cut is not None:
            continue
        if draft.kind is not BlockKind.LIST_ITEM or not draft.links:
            break
        found.append(index)
    long_enough = sum(words[index] for index in found) >= _TAIL_ITEM_WORDS * len(found)
    linked = sum(drafts[index].links for index in found)
    share = linked / max(1, sum(len(drafts[index].text) for index in found))
    if len(found) >= _TAIL_ITEMS and long_enough and share >= rules.limits.paragraph_max_links:
        return frozenset(found)
    return frozenset()


_TAIL_ITEMS = 3
_TAIL_ITEM_WORDS = 6


def _judge_copy(drafts: list[Draft], verdicts: list[Verdict], words: list[int], rules: PageRules) -> None:
    """Cuts, in place, one long block that says again what many other blocks say: the text for a player or a reader app."""
    kept = [index for index, draft in enumerate(drafts) if draft.piece is None and verdicts[index].cut is None]
    total = sum(words[index] for index in kept)
    if len(kept) < _COPY_PARTS:
        return
    longest = max(kept, key=words.__getitem__)
    if words[longest] < rules.limits.copy_min_share * total:
        return
    text = _spaceless(drafts[longest].text)
    others = [index for index in kept if index != longest and words[index] >= rules.limits.paragraph_min_words]
    if len(others) > _COPY_MOST:  # no article has so many paragraphs, and each would be looked for in the whole text
        return
    said = [index for index in others if _spaceless(drafts[index].text)[:_COPY_CAP] in text]
    if len(said) >= _COPY_PARTS and sum(words[index] for index in said) >= rules.limits.copy_min_said * words[longest]:
        verdicts[longest] = Verdict(verdicts[longest].kind, COPY)


def _spaceless(text: str) -> str:
    return "".join(_WORDS.findall(text))


_COPY_PARTS = 3
_COPY_CAP = 80
_COPY_MOST = 400


def _judge_bio(drafts: list[Draft], verdicts: list[Verdict], authors: frozenset[str]) -> None:
    """Cuts, in place, what the article ends with about its author: a last block that opens with the stated name."""
    names = [name for name in authors if 1 <= name.count(" ") <= _NAME_SPACES and len(name) <= _NAME_CAP]
    left = _BIO_BLOCKS if names else 0
    for index in range(len(drafts) - 1, -1, -1):
        if not left:
            return
        if drafts[index].piece is not None or verdicts[index].cut is not None:
            continue
        left -= 1
        if drafts[index].kind is BlockKind.QUOTE:
            continue
        opening = fold_text(drafts[index].text[: 2 * _NAME_CAP])
        if any(0 <= opening.find(name) <= _BIO_LEAD for name in names):
            verdicts[index] = Verdict(verdicts[index].kind, AUTHOR_BIO)


_BIO_BLOCKS = 2
_BIO_LEAD = 14
_NAME_SPACES = 3
_NAME_CAP = 40
