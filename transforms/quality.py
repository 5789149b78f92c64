"""Measures a body by the signals that web corpora are filtered by; nothing is dropped here (`--filter` can do that).

Before: "The bridge reopens.\\nThe bridge reopens." After: `Quality(mean_word_length=5.33, repeated_line_share=0.5, …)`.
The rules come from C4 (Raffel et al. 2020), Gopher (Rae et al. 2021, appendix A) and FineWeb (Penedo et al. 2024);
docs/quality-signals.md defines each signal, configs/quality.toml has the marks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from configs.toml import read_toml, text_list
from schemas.codes import Payload
from schemas.records import ParsedDocument, Quality
from transforms.language_rules import stop_words
from transforms.ngrams import repetition
from transforms.word_count import Words, is_dense, words_of

_SPACE, _UPPER, _LETTER, _DENSE, _DIGIT, _PUNCTUATION, _SYMBOL = range(7)
_CLASSES = {"Z": _SPACE, "C": _SYMBOL, "L": _LETTER, "M": _LETTER, "N": _DIGIT, "P": _PUNCTUATION, "S": _SYMBOL}
_TABLE_SIZE = 0x10000
_HAN_FROM, _HAN_TO = 0x20000, 0x3FFFF


@dataclass(frozen=True, slots=True)
class QualityRules:
    """What configs/quality.toml states."""

    end_marks: tuple[str, ...]
    closing_marks: str
    bullets: tuple[str, ...]
    ellipses: tuple[str, ...]
    symbols: str
    ngram_words: int

    @classmethod
    def load(cls) -> QualityRules:
        """The packaged rules; read once a process."""
        return _packaged_rules()


@lru_cache(maxsize=1)
def _packaged_rules() -> QualityRules:
    table = read_toml("quality.toml")
    return QualityRules(
        end_marks=text_list(table, "end_marks"),
        closing_marks="".join(text_list(table, "closing_marks")),
        bullets=text_list(table, "bullets"),
        ellipses=text_list(table, "ellipses"),
        symbols=str(table["symbols"]),
        ngram_words=int(str(table["ngram_words"])),
    )


def quality_of(body: str, language: str, parsed: ParsedDocument | None = None, words: Words | None = None) -> Quality:
    """The signals of `body`, each 0 to 1 but the mean word length; a share of nothing is None.

    `language` is the body's BCP 47 tag, `parsed` the page that it was cleaned from, `words` is `words_of(body)` where the
    caller has it. Linear in the length of the body; about 0.3 ms for an article of 700 words.
    """
    rules = QualityRules.load()
    classes = _class_counts(body)
    visible = sum(classes) - classes[_SPACE]
    letters = classes[_UPPER] + classes[_LETTER] + classes[_DENSE]
    lines = [stripped for line in body.split("\n") if (stripped := line.strip())]
    counted = words or words_of(body)
    total = len(counted.words)
    repeats = repetition(counted.words[: rules.ngram_words])
    return Quality(
        mean_word_length=_ratio(letters + classes[_DIGIT], total),
        symbol_share=_ratio(classes[_SYMBOL], visible),
        end_punctuation_line_share=_ratio(_ended(lines, rules), len(lines)),
        stop_word_share=_stop_word_share(counted.words, language),
        repeated_ngram_share=_rounded(repeats.repeated_5gram),
        upper_case_share=_ratio(classes[_UPPER], letters),
        link_density=None if parsed is None else link_density(parsed),
        alphabetic_word_share=_ratio(counted.with_letter, total),
        digit_share=_ratio(classes[_DIGIT], visible),
        bullet_line_share=_ratio(sum(line.startswith(rules.bullets) for line in lines), len(lines)),
        ellipsis_line_share=_ratio(sum(line.endswith(rules.ellipses) for line in lines), len(lines)),
        repeated_line_share=_ratio(len(lines) - len(set(lines)), len(lines)),
        top_2gram_share=_rounded(repeats.top_2gram),
        top_3gram_share=_rounded(repeats.top_3gram),
        top_4gram_share=_rounded(repeats.top_4gram),
        repeated_10gram_share=_rounded(repeats.repeated_10gram),
    )


def link_density(parsed: ParsedDocument) -> float | None:
    """The share of a page's characters that are inside links, 0 to 1, before cleaning; None for plain text.

    Text that parsing leaves outside the main content, or takes out whole, is one block without links, so its links don't count.
    """
    if parsed.source.payload is not Payload.HTML:
        return None
    linked = sum(block.link_density * (block.end - block.start) for block in parsed.blocks)
    return _ratio(linked, sum(block.end - block.start for block in parsed.blocks))


def _ended(lines: Sequence[str], rules: QualityRules) -> int:
    """Lines that end in a mark of the end of a sentence, with closing quotation marks or brackets behind it or not."""
    return sum(line.rstrip(rules.closing_marks).endswith(rules.end_marks) for line in lines)


def _stop_word_share(words: Sequence[str], language: str) -> float | None:
    listed = stop_words().get(language) or stop_words().get(language.split("-")[0])
    return _ratio(sum(map(listed.__contains__, words)), len(words)) if listed else None


def _class_counts(text: str) -> list[int]:
    """How many characters of each class (`_SPACE` to `_SYMBOL`; `_DENSE` letters belong to a script without spaces) `text` has."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    rare = codes[codes >= _TABLE_SIZE]
    common = codes[codes < _TABLE_SIZE] if len(rare) else codes
    counts: list[int] = np.bincount(_class_table()[common], minlength=_SYMBOL + 1).tolist()
    han = int(((rare >= _HAN_FROM) & (rare <= _HAN_TO)).sum())
    counts[_DENSE] += han
    counts[_SYMBOL] += len(rare) - han  # emoji, most of all
    return counts


@lru_cache(maxsize=1)
def _class_table() -> npt.NDArray[np.uint8]:
    """The class of each character of the basic plane; made once a process, in about 20 ms."""
    table = np.empty(_TABLE_SIZE, dtype=np.uint8)
    for code in range(_TABLE_SIZE):
        category = unicodedata.category(chr(code))
        table[code] = _UPPER if category == "Lu" else _CLASSES[category[0]]
        if table[code] == _LETTER and is_dense(chr(code)):
            table[code] = _DENSE
    table[[ord(character) for character in QualityRules.load().symbols]] = _SYMBOL
    table[[ord(character) for character in "\n\r\t"]] = _SPACE
    return table


def _ratio(part: float, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)
