"""Takes the reporters' names out of a dateline, where papers put the byline into it.

Before: "本报北京3月4日电（记者 王小明 李红）", "（中央社記者王小明台北4日電）", "(서울=뉴스) 김민수 기자 =", "By JANE ROE, LONDON (EXA) -".
After: "王小明、李红"; "王小明"; "김민수"; "JANE ROE". The words for a reporter are in configs/datelines.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from configs.toml import read_toml, text_list
from schemas.records import Dateline

_HAN = "\u3400-\u9fff"
_MARKS = re.compile(r"[、，,;；/\s]+")
_NAME = re.compile(rf"[{_HAN}]{{2,4}}|[{_HAN}]{{1,8}}(?:[·・][{_HAN}]{{1,8}}){{1,3}}")
_APART = re.compile(rf"(?<![{_HAN}·])([{_HAN}])[ \u3000]+([{_HAN}])(?![{_HAN}·])")
"""A name of two characters is set as wide as one of three: "李　红"."""

_KOREAN = re.compile(r"[)\]］】]\s*((?:[\uac00-\ud7a3]{2,4}(?:[·, ]+|(?= ?기자)))+) ?기자 *=")
_JAPANESE = re.compile(rf"[\[［【][^=\[\]【】]{{1,12}}[=＝]([{_HAN}\u30a0-\u30ff、 ]{{2,20}})[\]］】]")
_ENGLISH = re.compile(r"(?:By|BY) ((?:[^\W\d_][\w.'’-]* ){1,3}[^\W\d_][\w.'’-]*),? ?$")


@dataclass(frozen=True, slots=True)
class ReporterRules:
    """`bracketed` finds what stands behind a word for a reporter in brackets, `titled` such a word."""

    bracketed: re.Pattern[str]
    titled: re.Pattern[str]

    @staticmethod
    def load() -> ReporterRules:
        """The built-in list (cached)."""
        return _load()


def dateline_byline(dateline: Dateline | None, rules: ReporterRules | None = None) -> str | None:
    """The reporters whom `dateline` names, as a byline: without titles, several with "、" between; None without one."""
    if dateline is None:
        return None
    loaded = rules or ReporterRules.load()
    text = dateline.text
    bracketed = loaded.bracketed.search(text)
    if bracketed:
        return _han_names(bracketed.group(1), loaded)
    before, place, _ = text.partition(dateline.place) if dateline.place else (text, "", "")
    titled = loaded.titled.search(before)
    if titled and place:
        return _han_names(before[titled.end() :], loaded)
    korean = _KOREAN.search(text)
    if korean:
        return ", ".join(name for name in re.split(r"[·, ]+", korean.group(1)) if name) or None
    japanese = _JAPANESE.search(text) if not dateline.agency else None
    if japanese:
        return japanese.group(1).strip(" 、") or None
    english = _ENGLISH.match(before) if place else None
    return english.group(1) if english else None


def _han_names(written: str, rules: ReporterRules) -> str | None:
    """The names of "王小明 实习生李　红", or None where something else stands among them."""
    text = _APART.sub(r"\1\2", rules.titled.sub(" ", written))
    names = [name for name in _MARKS.split(text.strip(" :：")) if name]
    return "、".join(names) if names and all(map(_NAME.fullmatch, names)) else None


@lru_cache(maxsize=1)
def _load() -> ReporterRules:
    words = "|".join(
        re.escape(word)
        for word in sorted(text_list(read_toml("datelines.toml"), "reporter_words"), key=lambda w: (-len(w), w))
    )
    return ReporterRules(re.compile(rf"[(（]\s*(?:{words})\s*[:：]?\s*([^()（）]{{2,60}})[)）]"), re.compile(words))
