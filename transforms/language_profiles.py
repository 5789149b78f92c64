"""Reads langdetect's profiles and scores a text by them: "Die Brücke …" -> ("de", 0.0), ("nl", -4.1), ….

Naive Bayes over n-grams of 1 to 3 letters (Shuyo 2010) with langdetect's own way of normalising letters. langdetect walks
over the n-grams at random until one language passes .99999; this sums over all of them instead: the label that the walk
converges to, the same every time, in a tenth of the time. Only languages of one script are compared with each other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from langdetect.detector import Detector
from langdetect.utils.ngram import NGram

from transforms.language_scripts import main_script

_SMOOTHING = Detector.ALPHA_DEFAULT / Detector.BASE_FREQ
_CODE_BITS = 21
"""Bits of a code point: three of them fit into 64."""

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
    """The profiles of one script. `keys` are its n-grams as `_keys` gives them, ascending; `log_likelihood` has a row for each
    and a column a label."""

    labels: tuple[str, ...]
    keys: npt.NDArray[np.int64]
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
    if profiles is None or not sample:
        return ProfileScores((), [], 0)
    # Each n-gram is looked up once, in ascending order: the rows lie all over some MB.
    distinct, times = np.unique(_keys(sample), return_counts=True)
    places = np.minimum(np.searchsorted(profiles.keys, distinct), len(profiles.keys) - 1)
    known = profiles.keys[places] == distinct
    times = times[known]
    ngrams = int(times.sum())
    if not ngrams:
        return ProfileScores((), [], 0)
    # In double precision, so that the order of the additions can't show in the rounded confidence.
    mean = times.astype(np.float64) @ profiles.log_likelihood.take(places[known], axis=0).astype(np.float64) / ngrams
    return ProfileScores(profiles.labels, mean.tolist(), ngrams)


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
    keys = _numbers(list(rows))
    order = np.argsort(keys)
    return _Profiles(tuple(label for label, _, _ in columns), keys[order], log_likelihood[order])


def _keys(sample: str) -> npt.NDArray[np.int64]:
    """The n-grams of `sample`, one for each place they stand at, each as one number: its code points, 21 bits each.

    Inside words in capitals only the first letter's n-grams count, as in langdetect.
    """
    padded = f" {sample}"
    codes = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    pairs = (codes[:-1] << _CODE_BITS) | codes[1:]
    triples = (pairs[:-1] << _CODE_BITS) | codes[2:]
    capital = np.fromiter(map(str.isupper, padded), dtype=np.bool_, count=len(padded))
    # A place does not count where its letter and the one before are both capitals.
    counted = ~(capital[:-1] & capital[1:])
    return np.concatenate((codes[1:][counted], pairs[counted], triples[counted[1:]]))


def _numbers(grams: Sequence[str]) -> npt.NDArray[np.int64]:
    """The numbers that `_keys` gives the n-grams."""
    numbers = np.zeros(len(grams), dtype=np.int64)
    lengths = np.fromiter(map(len, grams), dtype=np.int64, count=len(grams))
    for length in np.unique(lengths).tolist():
        places = np.flatnonzero(lengths == length)
        joined = "".join([grams[place] for place in places.tolist()])
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
        for letters in codes.reshape(-1, length).T:
            numbers[places] = numbers[places] << _CODE_BITS | letters
    return numbers
