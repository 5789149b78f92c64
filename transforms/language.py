"""Tells the language of a text: "Die Brücke bleibt gesperrt, bis …" -> Language("de", 0.99).

Naive Bayes over the profiles of langdetect (55 languages, n-grams of 1 to 3 letters; Shuyo 2010), with its own way of
normalising letters. langdetect walks over the n-grams at random until one language passes .99999; this sums over all of
them instead: the label that the walk converges to, the same every time, in a tenth of the time. Thresholds, the
confidence's calibration and the tags are in configs/language.toml.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain, compress, pairwise
from operator import add
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from langdetect.detector import Detector
from langdetect.utils.ngram import NGram
from langdetect.utils.unicode_block import UNICODE_LATIN_EXTENDED_ADDITIONAL, unicode_block

from schemas.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

UNKNOWN = "und"
"""BCP 47 for an undetermined language."""

_SMOOTHING = Detector.ALPHA_DEFAULT / Detector.BASE_FREQ
_MAX_CACHED = 40
"""Letters of a word whose n-grams are kept: longer ones, such as lines of Chinese, hardly come twice."""
_DENSE_FROM, _DENSE_TO = "\u2e80", "\ud7ff"


class Language(NamedTuple):
    """A BCP 47 tag and how sure it is, 0 to 1; `und` has no confidence."""

    tag: str
    confidence: float | None


@dataclass(frozen=True, slots=True)
class LanguageExample:
    """A text and the tag that it must get."""

    text: str
    tag: str


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """What configs/language.toml states; it explains each value. `tags` are (langdetect's label, BCP 47) pairs."""

    sample_characters: int
    min_letters: int
    dense_letter_weight: int
    min_known_share: float
    min_confidence: float
    confidence_scale: float
    confidence_power: float
    tags: tuple[tuple[str, str], ...] = ()
    examples: tuple[LanguageExample, ...] = ()

    def __post_init__(self) -> None:
        for name in ("sample_characters", "min_letters", "dense_letter_weight"):
            if getattr(self, name) < 1:
                raise UsageError(f"language.{name} is {getattr(self, name)}; allowed: 1 or more")
        for name in ("min_known_share", "min_confidence", "confidence_power"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"language.{name} is {getattr(self, name)}; allowed: 0 to 1")
        if self.confidence_scale <= 0:
            raise UsageError(f"language.confidence_scale is {self.confidence_scale}; allowed: more than 0")

    @classmethod
    def load(cls) -> LanguageRules:
        """The packaged rules; read once a process. Raises UsageError where a value is out of its range."""
        return _packaged_rules()


@lru_cache(maxsize=1)
def _packaged_rules() -> LanguageRules:
    table = tomllib.loads((files("configs") / "language.toml").read_text(encoding="utf-8"))
    return LanguageRules(
        sample_characters=int(table["sample_characters"]),
        min_letters=int(table["min_letters"]),
        dense_letter_weight=int(table["dense_letter_weight"]),
        min_known_share=float(table["min_known_share"]),
        min_confidence=float(table["min_confidence"]),
        confidence_scale=float(table["confidence_scale"]),
        confidence_power=float(table["confidence_power"]),
        tags=tuple((str(label), str(tag)) for label, tag in table["tags"].items()),
        examples=tuple(LanguageExample(str(row["text"]), str(row["tag"])) for row in table["example"]),
    )


class _Letters(dict[int, str]):
    """langdetect's normalisation of single characters as a table for str.translate, filled as characters turn up."""

    def __missing__(self, code: int) -> str:
        normal: str = NGram.normalize(chr(code))
        self[code] = normal
        return normal


class _Sides(dict[int, str]):
    """For each character "L" if langdetect counts it as Latin when it looks for a quoted script, "o" if as of another
    script, else a space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if "A" <= character <= "z":
            side = "L"
        elif character >= "\u0300" and unicode_block(character) != UNICODE_LATIN_EXTENDED_ADDITIONAL:
            side = "o"
        else:
            side = " "
        self[code] = side
        return side


class _Profiles(NamedTuple):
    """langdetect's profiles. `rows` maps an n-gram to its row of `log_likelihood`, which has a column a label."""

    labels: tuple[str, ...]
    rows: dict[str, int]
    log_likelihood: npt.NDArray[np.float32]


@lru_cache(maxsize=1)
def _profiles() -> _Profiles:
    """Reads the installed profiles: about 0.2 s and 20 MB, once a process."""
    folder = files("langdetect") / "profiles"
    rows: dict[str, int] = {}
    labels: list[str] = []
    columns: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]] = []
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.startswith((".", "__")):
            continue
        profile = json.loads(path.read_bytes())
        counts: dict[str, int] = profile["freq"]
        totals: list[int] = profile["n_words"]
        labels.append(str(profile["name"]))
        # setdefault sees len(rows) before the new n-gram is in, so rows are numbered from 0 without a gap.
        index = np.array([rows.setdefault(gram, len(rows)) for gram in counts])
        lengths = np.array([len(gram) for gram in counts])
        shares = np.array(list(counts.values())) / np.array(totals, dtype=np.float64)[lengths - 1]
        columns.append((index, shares))
    log_likelihood = np.full((len(rows), len(labels)), np.log(_SMOOTHING), dtype=np.float32)
    for column, (index, shares) in enumerate(columns):
        log_likelihood[index, column] = np.log(_SMOOTHING + shares)
    return _Profiles(tuple(labels), rows, log_likelihood)


_ASCII = bytes(range(128))
_LATIN = bytes(range(ord("A"), ord("z") + 1))
_LETTERS = _Letters()
_SIDES = _Sides()


def _sample(text: str, limit: int) -> str:
    """The first `limit` characters as langdetect sees them: no addresses, one space between words, no letters of a
    script that is only quoted, each letter normalised."""
    # Bounds before the patterns and loops run, so that a hostile text costs no more than a long one.
    text = text[: limit * 4]
    if "://" in text:
        text = Detector.URL_RE.sub(" ", text)
    if "@" in text:
        text = Detector.MAIL_RE.sub(" ", text)
    text = text[: limit * 2]
    if not text.isascii():
        text = _without_quoted_latin(NGram.normalize_vi(text))
    return " ".join(text.translate(_LETTERS).split())[:limit]


def _without_quoted_latin(text: str) -> str:
    """Latin letters taken out where they are fewer than half of the others, as langdetect does."""
    # Signs below U+0300 are on neither side, so the others can't be more than what is not ASCII.
    encoded = text.encode("utf-8", "replace")
    latin = len(encoded) - len(encoded.translate(None, _LATIN))
    if latin * 2 >= len(text) - len(encoded) + len(encoded.translate(None, _ASCII)):
        return text
    sides = text.translate(_SIDES)
    if sides.count("L") * 2 >= sides.count("o"):
        return text
    return "".join(character for character, side in zip(text, sides, strict=True) if side != "L")


def _found_rows(sample: str) -> npt.NDArray[np.int32]:
    """Rows of the known n-grams of `sample`, word by word: no n-gram of the profiles has a space inside, so words don't
    touch, and most words of a text were seen before."""
    words = sample.split(" ")
    last = words.pop()  # no space follows it
    found = [_rows_of_word(word) if len(word) <= _MAX_CACHED else _known_rows(f"{word} ") for word in words]
    return np.frombuffer(b"".join([*found, _known_rows(last)]), dtype=np.int32)


@lru_cache(maxsize=32_768)
def _rows_of_word(word: str) -> bytes:
    return _known_rows(f"{word} ")


def _known_rows(sample: str) -> bytes:
    """Rows (int32) of the known n-grams of `sample`, one for each place they stand at; inside words in capitals only the
    first letter's n-grams count, as in langdetect."""
    rows = _profiles().rows
    padded = f" {sample}"
    singles: Iterable[str] = sample
    pairs: Iterable[str] = list(map(add, padded, sample))
    triples: Iterable[str] = list(map(add, pairs, sample[1:]))
    capital = list(map(str.isupper, padded))
    # A place does not count where its letter and the one before are both capitals.
    counted = [not (before and here) for before, here in pairwise(capital)]
    if not all(counted):
        singles, pairs, triples = compress(sample, counted), compress(pairs, counted), compress(triples, counted[1:])
    return array("i", [row for row in map(rows.get, chain(singles, pairs, triples)) if row is not None]).tobytes()


@lru_cache(maxsize=8)
def _column_tags(tags: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The BCP 47 tag of each column of the profiles."""
    renamed = dict(tags)
    return tuple(renamed.get(label, label) for label in _profiles().labels)


def identify(text: str, rules: LanguageRules | None = None) -> Language:
    """The language of `text`, from its first `sample_characters`; `und` where it is too short or too uncertain.

    Deterministic; raises nothing on any text. About 0.5 ms; the first call of a process reads the profiles (0.2 s).
    """
    rules = rules or LanguageRules.load()
    sample = _sample(text, rules.sample_characters)
    profiles = _profiles()
    letters = known = weight = 0
    for character, count in Counter(sample).items():
        if character.isalpha():
            letters += count
            known += count if character in profiles.rows else 0
            weight += count * (rules.dense_letter_weight if _DENSE_FROM <= character <= _DENSE_TO else 1)
    if weight < rules.min_letters or known < rules.min_known_share * letters:
        return Language(UNKNOWN, None)
    found = _found_rows(sample)
    if not len(found):
        return Language(UNKNOWN, None)
    # Each row is fetched once: they lie all over 19 MB. In double precision, so that the order of the additions can't show
    # in the rounded confidence.
    distinct, times = np.unique(found, return_counts=True)
    weighted = profiles.log_likelihood.take(distinct, axis=0) * times.astype(np.float64)[:, np.newaxis]
    mean = weighted.sum(axis=0) / len(found)
    relative = np.exp((mean - mean.max()) * rules.confidence_scale * len(found) ** rules.confidence_power)
    by_tag: dict[str, float] = {}
    for tag, share in zip(_column_tags(rules.tags), relative.tolist(), strict=True):
        by_tag[tag] = by_tag.get(tag, 0.0) + share
    highest = max(by_tag.values())
    best = min(tag for tag, share in by_tag.items() if share == highest)
    # Four digits: more would be noise, and would differ between processors' exp().
    confidence = round(by_tag[best] / sum(by_tag.values()), 4)
    if confidence < rules.min_confidence:
        return Language(UNKNOWN, None)
    return Language(best, confidence)
