"""Finds paragraphs in another language than the body's: an English quotation in a German article -> ("en", 0.18).

A cheap look picks the paragraphs that are worth identifying: those with clearly fewer of the language's small words than the
whole body, or of another script. Most bodies have none.
"""

from __future__ import annotations

from collections.abc import Collection

from schemas.records import LanguageShare
from transforms.language import UNKNOWN, identify
from transforms.language_rules import LanguageRules, stop_words

_MAX_PARAGRAPHS = 40
"""Paragraphs of one body that are identified, so that a hostile text costs no more than a long one."""
_BEGINNING = 250
"""Characters of each paragraph in which its small words are counted."""
_FEW = 0.4
"""A paragraph with less than this part of the body's share of small words is looked at."""


def other_languages(body: str, tag: str, rules: LanguageRules | None = None) -> tuple[LanguageShare, ...]:
    """Languages other than `tag` and their shares of the characters of `body` (0 to 1), the largest first.

    Empty for a body in one language, of one paragraph, or of unknown language. About 0.1 ms.
    """
    rules = rules or LanguageRules.load()
    paragraphs = [line for line in body.split("\n") if len(line) >= rules.other_min_letters]
    if tag == UNKNOWN or len(paragraphs) < 2:
        return ()
    characters: dict[str, int] = {}
    for paragraph in _unlike(paragraphs, stop_words().get(tag) or frozenset())[:_MAX_PARAGRAPHS]:
        found = identify(paragraph, rules)
        differs = found.tag.split("-")[0] != tag.split("-")[0] and found.tag != UNKNOWN
        if differs and (found.confidence or 0.0) >= rules.other_min_confidence:
            characters[found.tag] = characters.get(found.tag, 0) + len(paragraph)
    shares = [LanguageShare(other, round(count / len(body), 4)) for other, count in characters.items()]
    kept = [share for share in shares if share.share >= rules.other_min_share]
    return tuple(sorted(kept, key=lambda share: (-share.share, share.language)))


def _unlike(paragraphs: list[str], small_words: Collection[str]) -> list[str]:
    """The paragraphs that may be in another language than most of the text."""
    if not small_words:  # a language without a list, mostly of a script of its own
        return [paragraph for paragraph in paragraphs if paragraph.isascii()]
    shares = [_share(paragraph[:_BEGINNING], small_words) for paragraph in paragraphs]
    mean = sum(shares) / len(shares)
    return [paragraph for paragraph, share in zip(paragraphs, shares, strict=True) if share < _FEW * mean]


def _share(paragraph: str, small_words: Collection[str]) -> float:
    words = paragraph.lower().split()
    if len(words) * 15 < len(paragraph):  # no spaces between words
        return sum(map(small_words.__contains__, paragraph)) / len(paragraph)
    return sum(map(small_words.__contains__, words)) / len(words)
