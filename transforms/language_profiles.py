"""Reads langdetect's profiles and scores a text by them: "Die Brücke …" -> ("de", 0.0), ("nl", -4.1), ….

Naive Bayes over n-grams of 1 to 3 letters (Shuyo 2010) with langdetect's own way of normalising letters. langdetect walks
over the n-grams at random until one language passes .99999; this sums over all of them instead: the label that the walk
converges to, the same every time, in a tenth of the time. Only languages of one script are compared with each other.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import chain, compress, pairwise
from operator import add
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from langdetect.detector import Detector
from langdetect.utils.ngram import NGram

from transforms.language_scripts import main_script

_SMOOTHING = Detector.ALPHA_DEFAULT / Detector.BASE_FREQ
_MAX_CACHED = 40
"""Letters of a word whose n-grams are kept: longer ones hardly come twice."""


_VIETNAMESE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
"""Tone marks that langdetect composes with the letters before them."""


class _Letters(dict[int, str]):
    """langdetect's normalisation of single characters as a table for str.translate, filled as characters turn up."""

    def __missing__(self, code: int) -> str:
        normal: str = NGram.normalize(chr(code))
        self[code] = normal
        return normal


_LETTERS = _Letters()


class ProfileScores(NamedTuple):
    """What the profiles say of a text: the mean log-likelihood per n-gram of each label, and over how many n-grams."""

    labels: tuple[str, ...]
    means: list[float]
    ngrams: int


class _Profiles(NamedTuple):
    """The profiles of one script. `rows` maps an n-gram to its row of `log_likelihood`, which has a column a label."""

    labels: tuple[str, ...]
    rows: dict[str, int]
    log_likelihood: npt.NDArray[np.float32]


def normalized(text: str) -> str:
    """`text` as langdetect's profiles see it: one space between words, marks left out, some letters made equal."""
    if any(mark in text for mark in _VIETNAMESE_MARKS):
        text = NGram.normalize_vi(text)
    return " ".join(text.translate(_LETTERS).split())


def without_addresses(text: str) -> str:
    """`text` with URLs and e-mail addresses replaced by spaces; its length must be bounded by the caller."""
    if "://" in text:
        text = Detector.URL_RE.sub(" ", text)
    if "@" in text:
        text = Detector.MAIL_RE.sub(" ", text)
    return text


def profile_scores(sample: str, script: str) -> ProfileScores:
    """The scores of `sample` (as `normalized` gives it) for each label whose language is written in `script`."""
    profiles = _profiles().get(script)
    found = _found_rows(sample, script) if profiles else None
    if profiles is None or found is None or not len(found):
        return ProfileScores((), [], 0)
    # Each row is fetched once: they lie all over some MB. In double precision, so that the order of the additions can't
    # show in the rounded confidence.
    distinct, times = np.unique(found, return_counts=True)
    mean = times.astype(np.float64) @ profiles.log_likelihood.take(distinct, axis=0).astype(np.float64) / len(found)
    return ProfileScores(profiles.labels, mean.tolist(), len(found))


@lru_cache(maxsize=1)
def _profiles() -> Mapping[str, _Profiles]:
    """The installed profiles by script: read in about 0.2 s, 15 MB, once a process."""
    by_script: dict[str, list[tuple[str, dict[str, int], list[int]]]] = {}
    for path in sorted((files("langdetect") / "profiles").iterdir(), key=lambda entry: entry.name):
        if path.name.startswith((".", "__")):
            continue
        profile = json.loads(path.read_bytes())
        counts: dict[str, int] = profile["freq"]
        letters = Counter({gram: count for gram, count in counts.items() if len(gram) == 1})
        by_script.setdefault(main_script(letters), []).append((str(profile["name"]), counts, profile["n_words"]))
    return {script: _matrix(profiles) for script, profiles in by_script.items()}


def _matrix(profiles: Iterable[tuple[str, dict[str, int], list[int]]]) -> _Profiles:
    rows: dict[str, int] = {}
    columns: list[tuple[str, npt.NDArray[np.int64], npt.NDArray[np.float64]]] = []
    for label, counts, totals in profiles:
        # setdefault sees len(rows) before the new n-gram is in, so rows are numbered from 0 without a gap.
        index = np.array([rows.setdefault(gram, len(rows)) for gram in counts])
        lengths = np.array([len(gram) for gram in counts])
        shares = np.array(list(counts.values())) / np.array(totals, dtype=np.float64)[lengths - 1]
        columns.append((label, index, shares))
    log_likelihood = np.full((len(rows), len(columns)), np.log(_SMOOTHING), dtype=np.float32)
    for column, (_, index, shares) in enumerate(columns):
        log_likelihood[index, column] = np.log(_SMOOTHING + shares)
    return _Profiles(tuple(label for label, _, _ in columns), rows, log_likelihood)


def _found_rows(sample: str, script: str) -> npt.NDArray[np.int32]:
    """Rows of the known n-grams of `sample`, word by word: no n-gram of the profiles has a space inside, so words don't
    touch, and most words of a text were seen before."""
    words = sample.split(" ")
    last = words.pop()  # no space follows it
    rows_of = _rows_by_word(script)
    found = [rows_of(word) if len(word) <= _MAX_CACHED else _known_rows(f"{word} ", script) for word in words]
    return np.frombuffer(b"".join([*found, _known_rows(last, script)]), dtype=np.int32)


@lru_cache(maxsize=8)
def _rows_by_word(script: str) -> Callable[[str], bytes]:
    """A word's rows, remembered; one cache a script, since a key of two parts is slower than all the rest."""
    return lru_cache(maxsize=32_768)(lambda word: _known_rows(f"{word} ", script))


def _known_rows(sample: str, script: str) -> bytes:
    """Rows (int32) of the known n-grams of `sample`, one for each place they stand at; inside words in capitals only the
    first letter's n-grams count, as in langdetect."""
    rows = _profiles()[script].rows
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
