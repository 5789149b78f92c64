"""The forms in which news agencies and papers write datelines, as regular expressions over folded text.

Before: "PLACE, Region, date (Agency) dash"; "(Agency) - PLACE, date -"; "社 place 月日 電". After: `dateline_forms(…)`, the
compiled expressions with the groups place, region, date, mark, and the agency's under one of `AGENCY_GROUPS`.
Sources: the agencies' published style books and how their texts begin. Months are checked after the match, not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

AGENCY_GROUPS = ("agency", "slashed", "piped", "dashed", "comma")
"""Groups under which an agency stands, by what sets it off: brackets, slashes, bars, dashes, a comma or full stop."""

_LETTER = r"[^\W\d_]"
_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
"""Accents, Arabic and Indian vowel signs that stand as characters of their own: they belong to the word."""
_INNER = rf"(?:{_LETTER}|[{_MARKS}])"
_WORD = rf"(?:{_LETTER}\.)*{_LETTER}{_INNER}*(?:['’.\-]{_INNER}+)*\.?"
_PLACE = rf"(?P<place>{_WORD}(?:[ /]{{1,2}}{_WORD}){{0,5}})(?!{_LETTER})"
_NAME = r"[^()\[\]/\n]{2,40}(?:/[^()\[\]/\n]{2,30})?"
_DASH = r" ?(?P<mark>\.? ?-{1,3}|:|\.(?= ))"
_MONTH = rf"{_LETTER}{_INNER}{{2,11}}\.?"
_HAN = "\u3400-\u9fff"
_EAST_ASIAN_DATE = r"(?P<date>(?:\d{1,2}月)?\d{1,2}日)"
_REPORTER = r"(?:[\uac00-\ud7a3·, ]{2,40}기자 *= *)?"

EAST_ASIAN = (
    # 新华社北京3月3日电（记者李明） · 本报东京3月3日讯 · 本报讯
    rf"(?P<east_asian>(?:本报|本報|本网|本網|本台)|(?P<agency>[{_HAN}]{{2,6}}?(?:社|网|網|台)))"
    rf"(?:(?P<place>[{_HAN}]{{2,8}}?) ?(?:{_EAST_ASIAN_DATE}|(?=[电電]))|{_EAST_ASIAN_DATE.replace('?P<date>', '?:')})?"
    rf" ?[电電讯訊](?: ?\([^()]{{2,60}}\))? *:? *",
    # （中央社記者王小明台北3日電） · （中央社東京3日綜合外電報導）
    rf"\((?P<east_asian>(?P<agency>[{_HAN}]{{2,6}}?社))(?:記者|记者)?(?P<joined>[{_HAN}、]{{2,14}}?) ?{_EAST_ASIAN_DATE}"
    rf"(?:電|电|[{_HAN}]{{0,6}}[電电訊讯][{_HAN}]{{0,4}}) ?\) *",
    # 【ロイター】 · [東京 3日 ロイター] -
    rf"(?P<east_asian>[\[［【])(?:(?P<place>[{_HAN}\u30a0-\u30ff]{{1,12}}) {_EAST_ASIAN_DATE} )?(?P<agency>[^\[\]［］【】= ]{{2,20}})[\]］】] *(?:-+ *)?",
    # 【ニューヨーク共同】
    rf"(?P<east_asian>[\[［【])(?P<joined>[{_HAN}\u30a0-\u30ffA-Z]{{3,20}})[\]］】] *(?:-+ *)?",
    # 【ワシントン=山田太郎】
    rf"(?P<east_asian>[\[［【])(?P<place>[{_HAN}\u30a0-\u30ff]{{1,12}})=(?P<reporter>[{_HAN}\u30a0-\u30ff、 ]{{2,20}})[\]］】] *",
    # (서울=연합뉴스) 김민수 기자 = · 【서울=뉴시스】
    rf"[(\[［【](?P<east_asian>(?P<place>[\uac00-\ud7a3]{{2,10}}(?:[·,/][\uac00-\ud7a3]{{2,10}}){{0,3}}))=(?P<agency>[^()\[\]［］【】=\n]{{2,20}})[)\]］】] *{_REPORTER}",
)
"""Datelines in Chinese, Japanese and Korean. `joined` is several things without a space between them: a reporter's name
and the place, or the place and the agency."""


def dateline_forms(weekdays: Iterable[str], regions: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """The compiled forms, in the order in which they are tried. `weekdays` and `regions` are names as written."""
    weekday = f"(?:{'|'.join(re.escape(day) for day in _longest_first(weekdays))})"
    day = r"\d{1,2}(?:st|nd|rd|th|er|\.|º|ª)?"
    year = r"(?:,? ?(?:de )?\d{4})"
    date = (
        rf"(?:le |el |am |den )?(?P<date>(?:{weekday},? )?(?:{_MONTH} {day}(?: d\.)?|{day} (?:de )?{_MONTH}"
        rf"|\d{{1,2}}[./-]\d{{1,2}}){year}?|\d{{4}}\. {_MONTH} {day}(?:,? {weekday})?|{weekday}(?= ?[-(\[/])|\d{{1,2}}月\d{{1,2}}日)\.?"
    )
    unnamed = date.replace("?P<date>", "?:")
    lead = r"(?:\(?(?:UPDATE|REFILE|CORRECTED|WRAPUP|RECAST) ?\d? ?- ?)?"
    by = rf"(?:(?:By|BY) {_WORD}(?: {_WORD}){{1,3}},? )?"
    words = rf"(?![a-zß-öø-ÿа-яё]){_WORD}(?: {_WORD}){{0,2}}"
    longer = [name for name in _longest_first(regions) if not re.fullmatch(words, name)]
    named = f"(?:{'|'.join(map(re.escape, longer))})(?=[ ,(-])|" if longer else ""
    # A region begins with a capital, or in a script without them.
    region = rf"(?:, ?(?!{weekday}\b)(?P<region>{named}{words}(?![.]|{_LETTER})))?"
    place = rf"{lead}{by}{_PLACE}{region}"
    opening = rf"{place}(?:(?:,| -|\.)? ?{date},?|,)?"
    bracketed = rf"(?:\.? ?-{{0,2}} ?[(\[] ?(?P<agency>{_NAME}) ?[)\]])?(?:,? ?{unnamed},?)?{_DASH}"
    dated = rf" ?\({date}\)(?P<mark> ?-{{1,3}})"  # "WASHINGTON (March 3, 2021) - "
    slashed = rf"\.? ?/(?P<slashed>{_NAME})/\.?(?: ?-{{1,3}})?"
    # "Paris, France | AFP | ", "موسكو - تاس: ", "МОСКВА, 3 мар - РИА Новости. ", "Tehran, IRNA - "
    set_off = (
        r" ?(?:\| ?(?P<piped>[^()\[\]/|\n]{2,30}?) ?\| ?|-{1,2} ?(?P<dashed>[^()\[\]/|:\n-]{2,25}?) ?(?P<mark>:|-{1,2}|\.(?= ))"
        r"|[,.]? (?P<comma>[^()\[\]/|:,\n-]{2,30}?) ?-{1,2})"
    )
    return tuple(
        re.compile(expression)
        for expression in (
            rf"{opening}{set_off} *",
            # "دمشق-سانا "
            rf"{_PLACE} ?- ?(?P<dashed>{_WORD})(?= [\u0600-\u06ff]) *",
            # "(ANSA) - ROMA, 03 MAR - "
            rf"[(\[](?P<agency>[^()\[\]\n]{{2,40}})[)\]] ?- ?{_PLACE}(?:,? {date})? ?(?P<mark>-{{1,2}}) *",
            rf"{place}{dated} *",
            rf"{opening}(?:{bracketed}|{slashed}) *",
            rf"{opening} ?\((?P<agency>{_NAME})\)(?= [^\W\d_a-z]) *",
            rf"(?:{date},? ?)?[(\[](?P<agency>[^()\[\]\n]{{2,40}})[)\]]{_DASH} *",
            *EAST_ASIAN,
        )
    )


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=lambda name: (-len(name), name))
