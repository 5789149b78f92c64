"""Normalises the spelling of text without changing what it says, and proves that nothing else was changed.

Before: "TEHRAN\u00a0(Tasnim)\u200b  – ﬁrst"  After: "TEHRAN (Tasnim) – first", noting nbsp, zero_width, whitespace, ligatures.

`fingerprint` hashes what normalisation, line joining and cutting leave unchanged: the text's skeleton. `rebuild` puts the
removed stretches back into a body; the fingerprints of source text and rebuilt text are equal (contract, promise 5).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from schemas.codes import Field, Normalization
from transforms.character_references import decode_references

# A character or run that normalisation might touch. Texts without any are returned as they are.
_UNUSUAL_BUT_CONTROLS = (
    "\x7f-\xa0\xad\u034f\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    "\ufb00-\ufb06\ufb13-\ufb17\ufb50-\ufbb1\ufbd3-\ufbff\ufe70-\ufe72\ufe74-\ufefc\ufeff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\ufff9-\ufffc"
)
_UNUSUAL = re.compile(f"[\x00-\x1f{_UNUSUAL_BUT_CONTROLS}]")
_UNUSUAL_NOT_SPACE = re.compile(f"[\x00-\x08\x0e-\x1f{_UNUSUAL_BUT_CONTROLS}]")
_NBSP = frozenset("\xa0\u202f\u2007")
_JOINING = (
    "\u0590-\u167f\u1681-\u180d\u180f-\u1fff\u2190-\u2fff\u3001-\ufaff\ufe0e\ufe0f\uff00-\ufff0\U00010000-\U000e0fff"
)
# The joiners U+200C and U+200D are spelling in Persian, Indic scripts and emoji: they stay between two such characters.
# At a word's end they are spelling behind a virama (Malayalam, Sinhala, Bengali), U+200D behind an Arabic letter too.
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039"
_ARABIC = "\u0620-\u064a\u066e-\u06d3"
_ZERO_WIDTH = re.compile(
    "[\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
    f"|(?<![{_JOINING}])[\u200c\u200d]+|(?<![{_VIRAMA}])(?:\u200c|(?<![{_ARABIC}])\u200d)[\u200c\u200d]*(?![{_JOINING}\u200c\u200d])"
)
_SOFT_HYPHEN = re.compile("\xad")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufff9-\ufffc]")
_LIGATURE = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb50-\ufbb1\ufbd3-\ufbff\ufe70-\ufe72\ufe74-\ufefc]")

# Full-width letters and digits are normal beside Chinese characters, kana and Hangul only.
_FULL_WIDTH_WORD = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u2e80-\u2fff\u3001-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uffdc]")

_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u02bc"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\xab\xbb\u301d\u301e\u301f"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_QUOTE_TABLE = str.maketrans({**dict.fromkeys(_SINGLE_QUOTES, "'"), **dict.fromkeys(_DOUBLE_QUOTES, '"')})
_DASH_TABLE = str.maketrans(dict.fromkeys(_DASHES, "-"))
_PLAIN_MARKS = {
    **dict.fromkeys(_SINGLE_QUOTES, "'"),
    **dict.fromkeys(_DOUBLE_QUOTES, '"'),
    **dict.fromkeys(_DASHES, "-"),
    "…": "...",
}

# What the skeleton leaves out: white space, control and format characters, in classes that `_UNUSUAL` covers.
_IGNORED = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u034f\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f\u2060-\u206f\u3000\ufeff\ufff9-\ufffc]+"
)
_ASCII = bytes(range(0x80))
# In UTF-8 the bytes of ASCII characters are part of no other character.
_ASCII_IGNORED = bytes((*range(0x21), 0x7F))
_FEW_KINDS = 24
"""Kinds of characters beyond ASCII up to which it is faster to replace each kind than to decompose the whole text."""
# A hyphen between two letters may be a word broken at a line end that was joined; U+0300–U+036F are accents in NFD.
# The hyphen stands first, so that the search can jump from one to the next.
_INNER_HYPHEN = re.compile(r"-(?<=[^\W\d_]-|[\u0300-\u036f]-)(?=[^\W\d_])")


class Removal(Protocol):
    """What `rebuild` needs of a removed stretch; `schemas.records.RemovedSpan` and `Removed` both have it."""

    @property
    def field(self) -> Field: ...
    @property
    def text(self) -> str: ...
    @property
    def body_offset(self) -> int: ...


@dataclass(frozen=True, slots=True)
class NormalizeSettings:
    """`ascii_quotes` and `ascii_dashes`: write typographic quotes and dashes as ' " and -. Both off by default."""

    ascii_quotes: bool = False
    ascii_dashes: bool = False


KEEP_MARKS = NormalizeSettings()
_ALL_NOTES = tuple(Normalization)


def normalize_text(text: str, settings: NormalizeSettings = KEEP_MARKS) -> tuple[str, tuple[Normalization, ...]]:
    """`text` as one line in normal spelling, and the changes made, in the order of the enum.

    White space runs become one space, none at the ends; NFC. Idempotent. Empty where nothing visible is left.
    """
    if "&" in text and (decoded := decode_references(text)) is not text:
        plain, notes = normalize_text(decoded, settings)
        return plain, in_order({*notes, Normalization.HTML_ENTITIES})
    if settings.ascii_quotes or settings.ascii_dashes:
        return _with_ascii_marks(text, settings)
    if text.isascii():
        if text.isprintable() and "  " not in text:
            return text.strip(), ()
    elif "  " not in text:
        if _is_surely_usual(text):  # NFKC, so NFC as well, and a part of it too.
            return text.strip(), ()
        if _UNUSUAL.search(text):
            return _repair(text)
        stripped = text.strip()
        if unicodedata.is_normalized("NFC", stripped):
            return stripped, ()
    return _repair(text)


def _is_surely_usual(text: str) -> bool:
    """Whether `text` has no character of `_UNUSUAL`, told quickly; False where that takes a search.

    Most of them are not printable, ligatures are not NFKC; two are neither.
    """
    return (
        text.isprintable() and unicodedata.is_normalized("NFKC", text) and "\u034f" not in text and "\ufffc" not in text
    )


def _with_ascii_marks(text: str, settings: NormalizeSettings) -> tuple[str, tuple[Normalization, ...]]:
    plain, notes = normalize_text(text)
    found = set(notes)
    if settings.ascii_quotes and (mapped := plain.translate(_QUOTE_TABLE)) != plain:
        plain = mapped
        found.add(Normalization.QUOTES)
    if settings.ascii_dashes and (mapped := plain.translate(_DASH_TABLE)) != plain:
        plain = mapped
        found.add(Normalization.DASHES)
    return plain, in_order(found)


def _repair(text: str) -> tuple[str, tuple[Normalization, ...]]:
    found: set[Normalization] = set()
    unusual = _UNUSUAL_NOT_SPACE.search(text)
    if unusual is not None:
        text = _without_unusual(text, found)
    # Removing characters can bring a letter and its accent together, so NFC comes after it.
    if not unicodedata.is_normalized("NFC", text):
        composed = unicodedata.normalize("NFC", text)
        if composed != text:
            found.add(Normalization.UNICODE_NFC)
            text = composed
    stripped = text.strip()
    text = " ".join(stripped.split())
    if text != stripped:
        found.add(Normalization.WHITESPACE)
    if "&" in text and (decoded := decode_references(text)) is not text:  # A soft hyphen stood in the reference.
        text, notes = normalize_text(decoded)
        found.update(notes, (Normalization.HTML_ENTITIES,))
    return text, in_order(found)


def _without_unusual(text: str, found: set[Normalization]) -> str:
    """`text` without no-break spaces, ligatures and invisible characters; adds to `found` what there was."""
    kinds = set(_UNUSUAL_NOT_SPACE.findall(text))
    spaces = kinds & _NBSP
    if spaces:
        found.add(Normalization.NBSP)
        for space in sorted(spaces):
            text = text.replace(space, " ")
        if kinds == spaces:
            return text
    text, count = _LIGATURE.subn(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    if count:
        found.add(Normalization.LIGATURES)
    if _FULL_WIDTH_WORD.search(text) and not _EAST_ASIAN.search(text):
        text = _FULL_WIDTH.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
        found.add(Normalization.FULL_WIDTH)
    for note, pattern in (
        (Normalization.CONTROL_CHARACTERS, _CONTROL),
        (Normalization.SOFT_HYPHEN, _SOFT_HYPHEN),
        (Normalization.ZERO_WIDTH, _ZERO_WIDTH),
    ):
        text, count = pattern.subn("", text)
        if count:
            found.add(note)
    return text


def in_order(notes: set[Normalization] | frozenset[Normalization]) -> tuple[Normalization, ...]:
    """`notes` in the order of the enum, so that rows don't depend on the order of discovery."""
    if len(notes) < 2:
        return tuple(notes)
    return tuple(note for note in _ALL_NOTES if note in notes)


def skeleton(text: str) -> str:
    """What of `text` normalisation, line joining and moving of stretches keep.

    Character references are decoded, as often as it takes; then what `_bare` does. The order in which references, white space
    and hyphens are dealt with makes no difference: none of them contains or overlaps the others.
    """
    bare = _bare(text)
    while "&" in bare and (decoded := decode_references(bare)) is not bare:
        bare = _bare(decoded)
    return bare


def _bare(text: str) -> str:
    """`text` without what is spelling only.

    Left out: white space, zero-width, control and soft-hyphen characters, hyphens between letters (a word broken at a
    line end loses its hyphen when it is joined). Compatibility forms are decomposed (NFKD); quotes and dashes are ASCII.
    NFKD and not NFKC: decomposing works character by character, so it doesn't depend on what stands beside.
    """
    data = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_IGNORED)
    text = data.decode("utf-8", "surrogatepass")
    others = data.translate(None, _ASCII)
    if others:
        kinds = sorted(set(others.decode("utf-8", "surrogatepass")))
        for mark in kinds:
            if mark in _PLAIN_MARKS:
                text = text.replace(mark, _PLAIN_MARKS[mark])
        kinds = [kind for kind in kinds if kind not in _PLAIN_MARKS]
        if len(kinds) <= _FEW_KINDS and all(_stands_alone(kind) for kind in kinds):
            for kind in kinds:
                text = text.replace(kind, _decomposed(kind))
        else:
            # Accents that stood apart may stand together now: a second time brings them into canonical order.
            text = unicodedata.normalize("NFKD", _decomposed(text))
    return _INNER_HYPHEN.sub("", text)


def _decomposed(text: str) -> str:
    """`text` in compatibility forms, without white space, control and format characters."""
    return _IGNORED.sub("", unicodedata.normalize("NFKD", text))


@lru_cache(maxsize=4096)
def _stands_alone(character: str) -> bool:
    """Whether the character's decomposed form is the same whatever stands beside it: it begins with no accent."""
    return unicodedata.combining(unicodedata.normalize("NFKD", character)[0]) == 0


def fingerprint(text: str) -> str:
    """SHA-256 of the skeleton of `text`, hexadecimal (64 characters)."""
    return hashlib.sha256(skeleton(text).encode("utf-8", "surrogatepass")).hexdigest()


def rebuild(body: str, removed: Sequence[Removal]) -> str:
    """The source text up to spelling: every removed stretch of field `body` put back at its `body_offset`, in order.

    `fingerprint` of the result equals the article's `text_fingerprint`. Stretches of other fields are left out.
    """
    parts: list[str] = []
    done = 0
    for span in removed:
        if span.field is not Field.BODY:
            continue
        parts.append(body[done : span.body_offset])
        parts.append(span.text)
        done = span.body_offset
    parts.append(body[done:])
    # A line break between the parts: white space that the skeleton leaves out.
    return "\n".join(parts)
