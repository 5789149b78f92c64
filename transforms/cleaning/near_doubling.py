"""Finds second copies that are not letter for letter: a word corrected, other paragraphs, one line, cut off, fuller.

Before: paragraphs A B C and the line "A B C", or A B C A B′ C with a word of B changed  After: the copy's paragraphs repeat
the others; of two copies the one with more paragraphs, or with more text inside, is the article.

The texts are compared as one string of letters and digits. Stretches that stand in it twice are chained into runs; a run is
a copy only where it is dense and long and its differences are few, and where they change no number.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from itertools import accumulate

from transforms.cleaning.clean_settings import NearDoubling
from transforms.cleaning.same_stretches import Stretch, chain, find_stretches
from transforms.cleaning.shapes import ends_sentence

# White space, punctuation and marks, but no vowel signs, which \W would take out of Indic scripts and Thai.
_NOT_LETTERS = re.compile(
    "[\\s!-/:-@\\[-`{-~\x80-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\u2000-\u206f\u2e00-\u2e7f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\u060c\u061b\u061f\u06d4\u0964\u0965\ufeff]+"
)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_DOTS = ("…", "...", "…]", "...]")


def may_nearly_repeat(texts: Sequence[str], exact: Sequence[int | None], limits: NearDoubling) -> bool:
    """Whether `find_near_repeats` may find more than `exact`, told by sentences and by what stands beside exact repeats.

    Linear, and much faster than finding out.
    """
    rest = texts
    if any(
        text.endswith(_DOTS) and _is_opening(text, texts[index + 1 : index + 3], limits)
        for index, text in enumerate(texts)
    ):
        return True
    if any(original is not None for original in exact):
        if _is_beside(texts, exact, limits):
            return True
        rest = [text for text, original in zip(texts, exact, strict=True) if original is None]
    joined = " ".join(rest)
    sentences = _sentences(joined)
    if len(sentences) == len(set(sentences)):
        return False
    known: set[str] = set()
    again = 0
    for sentence in sentences:
        if sentence in known:
            again += len(sentence)
        elif len(sentence) >= limits.min_sentence:
            known.add(sentence)
    return again >= max(limits.min_run // 2, int(limits.min_share * len(joined)))


def _sentences(text: str) -> list[str]:
    if text.isascii():
        return text.split(". ")
    # Thai has spaces between clauses and no end marks; in Chinese a space is where a line was broken.
    if text.count(" ") * 20 < len(text):
        return text.replace(" ", "").split("。") if "。" in text else text.split(" ")
    return text.replace("।", ". ").replace("؟", ". ").split(". ")


def _is_opening(text: str, following: Sequence[str], limits: NearDoubling) -> bool:
    """Whether one of the `following` begins like `text`, which breaks off."""
    opening = text[: max(limits.min_sentence, len(text) // 2)]
    return any(other.startswith(opening) for other in following)


def _is_beside(texts: Sequence[str], exact: Sequence[int | None], limits: NearDoubling) -> bool:
    """Whether a paragraph beside an exact repeat is none itself, and could be one with a difference."""
    for index, original in enumerate(exact):
        if original is None:
            continue
        for copy, other in ((index - 1, original - 1), (index + 1, original + 1)):
            if not (0 <= copy < len(texts) and 0 <= other != copy) or exact[copy] is not None:
                continue
            if exact[other] is None and _begin_or_end_alike(texts[copy], texts[other], limits):
                return True
            beyond = 2 * copy - index
            inside = 0 <= beyond < len(texts) and exact[beyond] is not None
            if inside and len(texts[copy]) >= limits.min_paragraph and ends_sentence(texts[copy]):
                return True
    return False


def _begin_or_end_alike(one: str, other: str, limits: NearDoubling) -> bool:
    if min(len(one), len(other)) < limits.min_sentence:
        return False
    one, other = one.casefold(), other.casefold()
    alike = limits.alike_characters
    return one[:alike] == other[:alike] or one[-alike:] == other[-alike:]


def find_near_repeats(
    texts: Sequence[str], exact: Sequence[int | None], limits: NearDoubling
) -> tuple[int | None, ...]:
    """`exact` (see `find_repeats`) with near repeats added: for each text the one it repeats, which may also come later.

    Linear in the number of letters; texts of more than `max_letters` are left as they are.
    """
    letters = _Letters(texts, limits.min_stretch)
    repeats = list(exact)
    if not letters.all or len(letters.all) > limits.max_letters:
        return tuple(repeats)
    for stretches in chain(find_stretches(letters.all, letters.gram)):
        _decide(_Run(_with_ends(stretches, letters, limits), letters, limits), repeats)
    return tuple(repeats)


class _Letters:
    """The texts as one folded string without spaces and marks, and where each begins in it."""

    def __init__(self, texts: Sequence[str], min_stretch: int) -> None:
        self.texts = texts
        keys = [_NOT_LETTERS.sub("", text.casefold()) for text in texts]
        self.all = "".join(keys)
        self.starts = list(accumulate((len(key) for key in keys), initial=0))
        self.weight = 2 if 2 * len(_CJK.findall(self.all)) > len(self.all) else 1
        self.gram = min_stretch // self.weight

    def at(self, place: int) -> int:
        """The index of the text that letter `place` belongs to."""
        return bisect.bisect_right(self.starts, place) - 1

    def size(self, index: int) -> int:
        """How many letters text `index` has."""
        return self.starts[index + 1] - self.starts[index]


def _with_ends(stretches: list[Stretch], letters: _Letters, limits: NearDoubling) -> list[Stretch]:
    """`stretches` and what is the same behind a difference near the end of the last text, where no long stretch fits."""
    last = stretches[-1]
    copy_done, original_done = last.copy + last.length, last.original + last.length
    copy = letters.all[copy_done : letters.starts[letters.at(copy_done - 1) + 1]]
    original = letters.all[original_done : letters.starts[letters.at(original_done - 1) + 1]]
    if not copy or not original or max(len(copy), len(original)) > limits.max_edit:
        return stretches
    same = 0
    while same < min(len(copy), len(original)) and copy[-1 - same] == original[-1 - same]:
        same += 1
    if same < limits.min_end:
        return stretches
    end = Stretch(copy_done + len(copy) - same, original_done + len(original) - same, same)
    return [*stretches, end]


class _Run:
    """One run, seen from its texts."""

    def __init__(self, stretches: list[Stretch], letters: _Letters, limits: NearDoubling) -> None:
        first, last = stretches[0], stretches[-1]
        self.stretches = stretches
        self.letters = letters
        self.limits = limits
        self._copy_starts = [stretch.copy for stretch in stretches]
        # Nearly sorted as they are: two of the original may overlap by some letters.
        self._by_original = sorted(stretches, key=lambda part: part.original)
        self._original_starts = [stretch.original for stretch in self._by_original]
        self.long = limits.min_text // letters.weight
        self.copies = range(letters.at(first.copy), letters.at(last.copy + last.length - 1) + 1)
        self.originals = range(letters.at(first.original), letters.at(last.original + last.length - 1) + 1)
        self.in_copy = self._covered([(stretch.copy, stretch.length) for stretch in stretches])
        self.in_original = self._covered([(stretch.original, stretch.length) for stretch in stretches])
        self.same = tuple(index for index in self.copies if self._is_same(index))
        self.whole = tuple(
            index for index in self.originals if self.edit(index, self.in_original) <= self._leeway(index)
        )

    def _covered(self, parts: list[tuple[int, int]]) -> dict[int, int]:
        """For each text how many of its letters lie in the `parts` (start, length)."""
        covered: dict[int, int] = {}
        for start, length in parts:
            index = self.letters.at(start)
            while length > 0:
                here = min(length, self.letters.starts[index + 1] - start)
                covered[index] = covered.get(index, 0) + here
                start, length, index = start + here, length - here, index + 1
        return covered

    def edit(self, index: int, covered: dict[int, int]) -> int:
        """Letters of text `index` that the other copy doesn't have."""
        return self.letters.size(index) - covered.get(index, 0)

    def _leeway(self, index: int) -> float:
        return min(self.limits.max_edit, self.limits.edit_share * self.letters.size(index))

    def _is_same(self, index: int) -> bool:
        edit = self.edit(index, self.in_copy)
        if edit <= 0 or index not in self.in_copy:
            return index in self.in_copy
        return edit <= self._leeway(index) and self._is_text(index) and not self._changes_number(index)

    def _changes_number(self, index: int) -> bool:
        """Whether a digit stands where the copies of text `index` differ: that is another fact."""
        low, high = self.letters.starts[index], self.letters.starts[index + 1]
        done, before = low, None
        differing: list[str] = []
        for stretch in self.stretches[_around(self._copy_starts, low, high)]:
            if stretch.copy + stretch.length <= low or stretch.copy >= high:
                continue
            differing.append(self.letters.all[done : stretch.copy] if done < stretch.copy else "")
            if before is not None:
                differing.append(self.letters.all[before : stretch.original])
            done, before = stretch.copy + stretch.length, stretch.original + stretch.length
        differing.append(self.letters.all[done:high] if done < high else "")
        return any(letter.isdigit() for letter in "".join(differing))

    def is_copy(self) -> bool:
        """Whether the run is a second copy of a part of the article, and not a phrase or a refrain that comes back."""
        size, limits = self.letters.size, self.limits
        letters = sum(size(index) for index in self.same)
        if letters < limits.min_share * len(self.letters.all):
            return False
        if letters * self.letters.weight < limits.min_run or max(len(self.same), len(self.whole)) < 2:
            return False
        if sum(size(index) for index in self.same if size(index) >= self.long) < limits.text_share * letters:
            return False
        if sum(self.edit(index, self.in_copy) for index in self.same) > limits.run_edit_share * letters:
            return False
        # A summary made of sentences of the article is a text of its own: what was copied must be texts, not parts of one.
        if sum(self.in_original.values()) < limits.original_share * sum(size(index) for index in self.originals):
            return False
        first, last = self.stretches[0], self.stretches[-1]
        matched = sum(stretch.length for stretch in self.stretches)
        width = max(last.copy + last.length - first.copy, last.original + last.length - first.original)
        return matched >= limits.density * width

    def original_of(self, index: int) -> int:
        """The text that most of text `index` stands in."""
        low, high = self.letters.starts[index], self.letters.starts[index + 1]
        near = self.stretches[_around(self._copy_starts, low, high)]
        best = max(near, key=lambda part: min(part.copy + part.length, high) - max(part.copy, low))
        return self.letters.at(best.original + max(0, low - best.copy))

    def copy_of(self, index: int) -> int:
        """The other way round: the text of the second copy that most of text `index` stands in."""
        low, high = self.letters.starts[index], self.letters.starts[index + 1]
        near = self._by_original[_around(self._original_starts, low, high)]
        best = max(near, key=lambda part: min(part.original + part.length, high) - max(part.original, low))
        return self.letters.at(best.copy + max(0, low - best.original))

    def is_fuller(self) -> bool:
        """Whether the second copy is the better one: it has paragraphs where the first is one, whole ones where the first is
        broken, or sentences that the first lacks."""
        if len(self.whole) < len(self.originals) or self.copies.start - self.originals.stop > 1:
            return False
        if len(self.whole) == 1:
            return len(self.same) > 1
        limits = self.limits
        if (
            self._finished(self.copies) >= limits.finished_copy
            and self._finished(self.originals) < limits.broken_original
        ):
            return True
        same = frozenset(self.same)
        extra = (index for index in self.copies if index not in same)
        return any(self._is_text(index) for index in extra) and len(self.same) >= len(self.whole)

    def _finished(self, indices: range) -> float:
        """How many of the texts end like sentences, 0 to 1."""
        return sum(ends_sentence(self.letters.texts[index]) for index in indices) / len(indices)

    def _is_text(self, index: int) -> bool:
        """Whether text `index` is a sentence or more. Thai and Lao have no end marks."""
        text = self.letters.texts[index]
        return self.letters.size(index) >= self.long and (ends_sentence(text) or "\u0e00" <= text[-1] <= "\u0eff")

    def cut_short(self) -> int | None:
        """The text of the first copy that breaks off where the second goes on: "The first payments are due in…"."""
        last = self.stretches[-1]
        index, copy = self.originals[-1], self.copies[-1]
        text = self.letters.texts[index]
        if index not in self.whole or copy in self.same or self.letters.size(index) < self.long // 2:
            return None
        begins_alike = last.copy + last.length - self.letters.starts[
            copy
        ] >= self.limits.teaser_share * self.letters.size(index)
        breaks_off = text.endswith(_DOTS) or not ends_sentence(text)
        return index if begins_alike and breaks_off and last.copy >= self.letters.starts[copy] - last.length else None


def _around(starts: Sequence[int], low: int, high: int) -> slice:
    """Which stretches may reach into the letters `low` to `high`, and the next one on both sides."""
    return slice(max(0, bisect.bisect_left(starts, low) - 2), bisect.bisect_left(starts, high) + 1)


def _decide(run: _Run, repeats: list[int | None]) -> None:
    """Writes into `repeats` what `run` shows."""
    short, is_copy = run.cut_short(), run.is_copy()
    if short is not None and repeats[short] is None and repeats[run.copies[-1]] is None:
        is_teaser = run.copies[-1] - short <= 2 and run.letters.texts[short].endswith(_DOTS)
        if is_teaser or (is_copy and len(run.whole) > 1):
            repeats[short] = run.copies[-1]
    if not is_copy:
        return
    if run.is_fuller() and all(repeats[index] is None for index in run.originals):
        for index in run.copies:
            if repeats[index] in run.originals:
                repeats[index] = None
        for index in run.originals:
            repeats[index] = run.copy_of(index)
        return
    new = [(index, run.original_of(index)) for index in run.same if repeats[index] is None]
    # Where all is the same to the letter, `find_repeats` has decided: such a run comes back without being a copy.
    if any(run.letters.texts[index] != run.letters.texts[original] for index, original in new):
        for index, original in new:
            if original != index and repeats[original] != index:
                repeats[index] = original
