"""Tells lines that say the headline again.

Before: headline "Harbour reopens after storm", lines "HARBOUR REOPENS AFTER STORM | Example News", "Harbour reopens…",
"Harbour reopens" / "after storm"  After: all of them repeat it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from transforms.cleaning.clean_settings import HeadlineRepeat
from transforms.fold import fold_line, fold_text, with_plain_marks

_SEPARATOR = re.compile(r"\s*[|·•»]\s*|\s+[-\"]\s+")
# Folding has made a quotation mark of "»"; a single one between spaces opens no quotation.
_BAR = re.compile(r"\s*[|·•»]\s*|^(?P<stem>[^\"]+)\s\"\s(?=[^\"]+$)")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FRONT = re.compile(r"(?:[|·•»:]|\s[-\"])\s*$")
_QUOTES = re.compile(r"[\"'「」『』]|(?<=\s)-\s|\s+(?=\s)")
_DOTS = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])$")
_LONGEST_DOTS = len("[...]")
_ENDS_OF_DOTS = ("…", ".", "]")
_ASCII_WORD = re.compile("[a-z0-9]+")


def repeats_headline(line: str, headline: str, limits: HeadlineRepeat) -> bool:
    """Whether `line` says the headline again: in another case or quote style, with the site's name or a section before or
    behind it after a separator, without the site's name that the headline has, or cut short with dots.

    `headline` is already folded with `fold_line`; shorter than `min_letters` it must be equal.
    """
    if _says_again(line, headline, limits):
        return True
    stem = _without_site(headline, limits)
    return stem is not None and len(line) <= len(stem) + limits.max_quotes and fold_line(line) == stem


def _says_again(line: str, headline: str, limits: HeadlineRepeat) -> bool:
    if len(line) > len(headline) + limits.max_longer:
        return False
    is_cut_short = _DOTS.search(line, max(0, len(line) - _LONGEST_DOTS)) if line[-1:] in _ENDS_OF_DOTS else None
    if is_cut_short is None and _surely_says_else(line, headline, limits.max_quotes):
        return False
    folded = fold_line(line[: is_cut_short.start()] if is_cut_short else line)
    if folded == headline:
        return True
    if min(len(headline), len(folded)) < limits.min_letters:
        return False
    if folded.startswith(headline):
        rest = folded[len(headline) :]
        separator = _SEPARATOR.match(rest)
        return separator is not None and 0 < len(rest[separator.end() :].split()) <= limits.max_site_words
    if folded.endswith(headline):
        front = folded[: -len(headline)]
        mark = _FRONT.search(front)
        # A dash stands in subheads as well: "Background – the harbour".
        enough = limits.min_behind_dash if mark is not None and "-" in mark.group() else limits.min_front
        return mark is not None and len(headline) >= enough and _is_name(front, limits.max_front_words)
    if headline.startswith(folded):
        return is_cut_short is not None and len(folded) >= limits.min_share * len(headline)
    # Only now, because it is rare: without quotes.
    if abs(len(folded) - len(headline)) > limits.max_quotes:
        return False
    return _QUOTES.sub("", folded) == _QUOTES.sub("", headline)


@lru_cache(maxsize=256)
def _without_site(headline: str, limits: HeadlineRepeat) -> str | None:
    """The headline up to a bar or a dot behind which a site's name stands; None where there is none.

    A dash or a colon may be the headline's own: "Harbour reopens after the storm – but not for ferries".
    """
    bar = _BAR.search(headline)
    if bar is None:
        return None
    stem, rest = bar["stem"] or headline[: bar.start()], headline[bar.end() :]
    enough = limits.min_letters if _CJK.search(stem) else limits.min_front
    is_site = 0 < len(rest.split()) <= limits.max_site_words and len(rest) < len(stem)
    return stem if is_site and sum(map(str.isalnum, stem)) >= enough else None


def _surely_says_else(line: str, headline: str, max_quotes: int) -> bool:
    """Whether `line`, which isn't cut short, lacks a word of the headline, told without folding all of it; False where
    that is not sure. In ASCII folding changes no letters but their case, and no line but one with quotes grows by it."""
    plain = line if line.isascii() else with_plain_marks(line)
    if not plain.isascii():
        return False
    if len(plain) < len(headline) - max_quotes:
        return True
    letters = plain.lower()
    for quote in "'\"`":
        if quote in letters:
            letters = letters.replace(quote, "")
    return _longest_word(headline) not in letters


@lru_cache(maxsize=256)
def _longest_word(headline: str) -> str:
    """The longest run of ASCII letters and digits in the headline without its quotes; it may be empty."""
    return max(_ASCII_WORD.findall(_QUOTES.sub("", headline)), key=len, default="")


def _is_name(front: str, max_words: int) -> bool:
    """Whether the words before a headline can be a site or a section, and no dateline: "OSLO (Example) - "."""
    return "(" not in front and 0 < len(front.split()) <= max_words


def find_split_headlines(texts: Sequence[str], headline: str, limits: HeadlineRepeat) -> tuple[range, ...]:
    """Where two or three neighbours of `texts` together are the headline (folded with `fold_line`), which was broken."""
    found: list[range] = []
    end = 0
    for index, text in enumerate(texts):
        if index < end or len(text) >= len(headline) or len(headline) < limits.min_letters:
            continue
        if text[:2].isascii() and text[:1].isalnum() and text[0].lower() != headline[0]:
            continue  # Folding leaves the first letter as it is.
        so_far = fold_text(text)
        if not headline.startswith(so_far[: max(1, len(so_far) - 1)]):
            continue
        for parts in range(2, limits.max_parts + 1):
            lines = texts[index : index + parts]
            if len(lines) == parts and headline in (fold_line(" ".join(lines)), fold_line("".join(lines))):
                end = index + parts
                found.append(range(index, end))
                break
    return tuple(found)
