"""Tells a byline from a sentence and takes the names out of it.

Before: "By Daniel Reyes, Staff Writer"  After: `parse_byline` "Daniel Reyes, Staff Writer", `authors_of` person Daniel Reyes.
Staff and agencies without a name ("By Staff, Agencies") are a byline with no authors. Wordings: configs/bylines.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from configs.toml import read_toml, text_list
from schemas.codes import AuthorKind
from schemas.records import Author
from transforms.agencies import AgencyRules, find_agency
from transforms.author_words import AuthorWords
from transforms.fold import fold_characters, fold_line, fold_text
from transforms.inverted_name import turn_around

MAX_BYLINE = 160
"""Characters: no byline is longer."""
_MAX_WORDS = 18
_MAX_NAME_WORDS = 6
_SENTENCE_END = re.compile(r"(?<![A-Z])(?<!\b(?:Dr|Mr|Ms|Jr|Sr|St))(?<!\bMrs)(?<!\bProf)[.!?。](?:\s|$)")
_ADDRESS = re.compile(r"\s*[(<\[|,]?\s*(?:[\w.+-]+@[\w-]+\.[\w.-]+|@\w+|https?://\S+)\s*[)>\]]?")
_TWO_NAMES = re.compile(r"\s*[|/]\s*")
_ARTICLES = ("the ", "a ", "an ")
_INITIAL = re.compile(r"\s[A-Z]\s")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class BylineRules:
    """Openings ("by", "author:"), folded word lists, and the expressions made of them."""

    opening: re.Pattern[str]
    reporter: re.Pattern[str]
    not_first: re.Pattern[str]
    staff: frozenset[str]
    roles: frozenset[str]
    role_place: re.Pattern[str]
    joiner: re.Pattern[str]
    small_words: frozenset[str]
    outlet_words: frozenset[str]
    organization_words: frozenset[str]
    stamp: re.Pattern[str]
    degrees: frozenset[str]
    words: AuthorWords

    @staticmethod
    def load() -> BylineRules:
        """The built-in list (cached)."""
        return _load()


def parse_byline(line: str, rules: BylineRules | None = None) -> str | None:
    """The byline in `line` as written, without the leading "By", where the whole line is a byline; else None.

    Dates, times, addresses and handles after the names are left out. "NAME / Outlet" and "NAME, Staff Writer" without
    an opening count when the name is followed by a known outlet word, agency or role, and so do "홍길동 기자" and "記者 山田太郎".
    """
    loaded = rules or BylineRules.load()
    text = " ".join(line[: MAX_BYLINE + 80].split()).strip()
    if not text or len(text) > MAX_BYLINE or len(text.split()) > _MAX_WORDS + 8:
        return None
    folded = fold_characters(text)
    opened = loaded.opening.match(folded)
    if opened is None and loaded.reporter.fullmatch(without_address := _ADDRESS.sub("", text).strip()):
        return without_address
    if opened is None and not ("," in folded or "/" in folded or "|" in folded):
        return None  # Nothing that could part a name from an outlet or a role.
    rest = text[opened.end() :] if opened else text
    if "@" in rest or "://" in rest:
        rest = _ADDRESS.sub("", rest)
    rest = loaded.stamp.sub("", rest).strip(" ,;|-–—:")
    if not rest or len(rest.split()) > _MAX_WORDS:
        return None
    if opened is None:
        return rest if _names_with_outlet(rest, loaded) else None
    plain = fold_characters(rest)
    sentence = _SENTENCE_END.search(plain.rstrip(".")) or loaded.not_first.match(plain) or plain.startswith(_ARTICLES)
    # A byline of the staff may begin like a sentence: "By our correspondent", "by the editorial board".
    if (sentence or not _all_names(plain, loaded)) and not _is_staff(plain, loaded):
        return None
    return rest.removesuffix(".") if not re.search(r"\b[A-Z]\.$|\b(?:Jr|Sr)\.$", rest) else rest


def authors_of(byline: str, rules: BylineRules | None = None) -> tuple[Author, ...]:
    """The authors that `byline` (without its "By") names, in order, each once: persons and organisations.

    Roles, places and outlets after a person's comma are left out ("Daniel Reyes, Staff Writer"). Staff and agencies named
    only as such ("Staff, Agencies") and news agencies ("Reuters", which stand in `agencies`) give no author.
    """
    loaded = rules or BylineRules.load()
    text = turn_around(_ADDRESS.sub("", " ".join(byline[: MAX_BYLINE * 2].split())), loaded.words)
    found: dict[str, Author] = {}
    for part in _parts(text, loaded):
        name = re.sub(r"\s*\([^()]*\)\s*$", "", part).strip(" .,;|") if not part.endswith("Jr.") else part.strip(" ,;|")
        folded = fold_line(name)
        if not folded or folded in loaded.staff or _is_role(folded, loaded):
            continue
        if found and part.lower().replace(".", "") in loaded.degrees:
            last, author = found.popitem()
            found[last] = author._replace(name=f"{author.name}, {part}")
            continue
        if found and all(word in loaded.words.occupations for word in folded.split()):
            continue
        if loaded.words.leading_place.match(folded):
            continue
        if find_agency(re.sub(r"(?i)\s+staff$", "", name), AgencyRules.load()) is not None:
            continue
        # "in Lagos", "for Example News" after a name say where and for whom.
        name = loaded.words.behind_name.sub("", name)
        words = fold_line(name).split()
        organization = any(word.strip(".") in loaded.organization_words for word in words)
        if not organization and found and len(words) == 1 and not _CJK.search(name):
            continue  # a single word after a name is a place or a part of the outlet
        kind = AuthorKind.ORGANIZATION if organization else AuthorKind.PERSON
        if organization and any(author.kind is AuthorKind.PERSON for author in found.values()):
            continue
        found.setdefault(fold_line(name), Author(name, kind))
    return tuple(found.values())


def _parts(text: str, rules: BylineRules) -> list[str]:
    """The stretches between commas, slashes, dashes and joining words."""
    parts: list[str] = []
    for piece in re.split(r"\s*[,;、，/|]\s*|\s+[-–—]\s+", text):
        joined = [part.strip() for part in rules.joiner.split(piece) if part.strip()]
        # "Daniel E Reyes" is one name, "DANIEL REYES E ANA POE" are two.
        is_initial = _INITIAL.search(piece) and not all(" " in part for part in joined)
        parts += [piece.strip()] if is_initial else joined
    return parts


def _is_staff(text: str, rules: BylineRules) -> bool:
    return all(fold_line(part) in rules.staff for part in _parts(text, rules))


def _all_names(text: str, rules: BylineRules) -> bool:
    """Whether every part could be a name, a role, a place or an outlet: capitalised words and particles only."""
    parts = _parts(text, rules)
    return bool(parts) and all(_could_be_name(part, rules) for part in parts)


def _could_be_name(part: str, rules: BylineRules) -> bool:
    folded = fold_line(part)
    if folded in rules.staff or _is_role(folded, rules):
        return True
    part = re.sub(r"\s*\([^()]*\)$", "", part)
    words = part.split()
    if len(words) > _MAX_NAME_WORDS or re.search(r"\d{3,}", part):
        return False
    capitals = 0
    for word in words:
        letters = word.strip("'\".()")
        if fold_text(letters) in rules.small_words:
            continue
        first = letters[:1]
        if first and first.isalpha() and (first.isupper() or first.lower() == first.upper()):
            capitals += 1
        elif not re.match(r"(?:d'|l'|al-|el-|ul-|ash-|as-|an-|o')[^\W\d_]", letters):
            return False
    return capitals > 0


def _is_role(folded: str, rules: BylineRules) -> bool:
    # "envoyée spéciale à Lyon" is a role with its place.
    return rules.role_place.split(folded, maxsplit=1)[0] in rules.roles or bool(
        folded in rules.roles
        or re.fullmatch(r"(?:[\w' &-]{2,30} )?(?:correspondent|editor|reporter|writer|columnist|bureau chief)", folded)
    )


def _names_with_outlet(text: str, rules: BylineRules) -> bool:
    """Whether a line without an opening is "NAME / Outlet", "NAME | Agency" or "Name, Staff Writer"."""
    plain = fold_characters(text)
    if _SENTENCE_END.search(plain):
        return False
    slashed = _TWO_NAMES.split(plain)
    if len(slashed) == 2:
        name, outlet = slashed
        words = fold_line(outlet).split()
        known = find_agency(outlet) is not None or fold_line(outlet) in rules.roles
        is_outlet = known or bool(words and words[-1] in rules.outlet_words)
        return is_outlet and _is_plain_name(name)
    name, comma, role = plain.partition(", ")
    return bool(comma) and (fold_line(role) in rules.roles or find_agency(role) is not None) and _is_plain_name(name)


def _is_plain_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 4 and all(word[0].isalpha() and word[0].isupper() for word in words)


@lru_cache(maxsize=1)
def _load() -> BylineRules:
    document = read_toml("bylines.toml")
    shared = AuthorWords.load()

    def words(key: str) -> tuple[str, ...]:
        return tuple(fold_text(word) for word in text_list(document, key))

    def alternation(values: tuple[str, ...]) -> str:
        return "|".join(re.escape(value).replace("\\ ", " +") for value in sorted(values, key=lambda v: (-len(v), v)))

    opening = (
        rf"[\s•·|*(–—-]*(?:(?:{alternation(shared.colon_openings)}) ?: ?"
        rf"|(?:{alternation(shared.openings)})(?: ?: ?| +))"
    )
    joiners = alternation(shared.joiners)
    return BylineRules(
        opening=re.compile(opening, re.IGNORECASE),
        reporter=_reporter(alternation(text_list(document, "east_asian_reporters"))),
        not_first=re.compile(rf"(?:{alternation(words('not_first'))})(?!\w)", re.IGNORECASE),
        staff=frozenset(fold_line(word) for word in words("staff")),
        roles=frozenset(words("roles")),
        role_place=re.compile(rf" (?:{alternation(words('role_places'))}) "),
        joiner=re.compile(rf"(?:^|\s+)(?:{joiners})\s+", re.IGNORECASE),
        small_words=frozenset((*words("particles"), *words("line_words"))),
        outlet_words=frozenset(words("outlet_words")),
        organization_words=frozenset((*words("outlet_words"), *words("institution_words"))),
        stamp=_stamp(alternation(text_list(document, "stamp_openings")), "|".join(text_list(document, "months"))),
        degrees=frozenset(degree.replace(".", "") for degree in shared.degrees),
        words=shared,
    )


def _reporter(words: str) -> re.Pattern[str]:
    """One to three Chinese, Japanese or Korean names with a word for a reporter behind them, or before them and a space."""
    han = "(?:[\u3400-\u9fff]{3,5}|[\u3400-\u9fff]{1,3} [\u3400-\u9fff]{1,3})"
    hangul = "[\uac00-\ud7a3]{2,4}"

    def list_of(name: str) -> str:
        return rf"{name}(?:(?: ?[·・、,/] ?| ){name}){{0,2}}"

    # In Korean the word stands behind the name: "기자 회견" is a press conference.
    return re.compile(rf"(?:{list_of(han)}|{list_of(hangul)}) ?(?:{words})|(?:{words}) {list_of(han)}")


def _stamp(openings: str, months: str) -> re.Pattern[str]:
    """A date, a time or another's credit behind the names, to the end of the line."""
    return re.compile(
        rf"\s*(?:[|•·/]|\s[-–—]\s|,)?\s*(?:(?:{openings})\b.*"
        rf"|(?:\d{{1,2}} )?(?:{months})[a-z]*\.? \d{{1,2}}(?:, ?\d{{4}})?\b.*"
        rf"|\d{{1,2}} (?:{months})[a-z]*\.?,? \d{{4}}\b.*"
        r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b.*|\d{4}-\d\d-\d\d\b.*|\d{1,2}:\d\d\b.*|on \d{1,2}.*)$",
        re.IGNORECASE,
    )
