"""Finds the author and date lines that a reader sees around an article's heading.

Before: `<h1>Harbour reopens</h1><div class="meta">By <a href="/authors/roe">Jane Roe</a> · 3 March 2021</div>`.
After: authors "Jane Roe" (visible:by, visible:link) and published "3 March 2021" (visible:date).
Window and orders: measured on article fixtures of fundus and WCXB; a "By" line is right within 10 lines before and 30
lines after the heading, and mostly somebody else's beyond them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from schemas.records import Candidate
from transforms.metadata.author_names import without_places_between
from transforms.metadata.date_forms import find_date_expressions, is_month_and_year, read_date
from transforms.metadata.element_text import element_text
from transforms.metadata.lines import Line, lines_from
from transforms.metadata.rules import MetadataRules

_Dates = tuple[tuple[str, int], ...]
"""What `find_date_expressions` finds in a line."""

_MAX_LINE = 300
_MAX_TRIES = 60
_MAX_SCANNED = 5_000
_NO_LINES = frozenset(("script", "style", "noscript", "option", "a", "li", "td", "title", "textarea", "template"))
_DIGITS = re.compile(r"\d")
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_CUT = re.compile(
    r"\s*(?:[|•·⋅/–—\d(\[]|\s-\s|\b(?:on|for|in|at|from)\s|,?\s*\b(?:updated|published|posted|last|edited|reviewed|photos?|illustrations?)\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<![A-Z])[.!?。؟]\s[A-Z]|[!?:;。؟]$|[a-z]{3}\.$")
_BEFORE_BY = re.compile(r"[|•·⋅,;–—]\s+(?=\S)|\s-\s+(?=\S)")


class VisibleMetadata(NamedTuple):
    """Candidates in order of trust within each tuple; sources visible:by, visible:dated, visible:link, visible:class,
    visible:date, visible:month (a month and a year alone)."""

    authors: tuple[Candidate, ...]
    published: tuple[Candidate, ...]
    modified: tuple[Candidate, ...]


def find_visible(heading: Any, before: Any | None, rules: MetadataRules) -> VisibleMetadata:
    """The author and date candidates around `heading`; `before` is an element some way in front of it, if there is one."""
    after_lines = lines_from(heading, None, rules.lines_after, inside=False)
    before_lines = lines_from(before, heading, 400, inside=True)[-rules.lines_before :] if before is not None else []
    # What follows the heading is nearer to it than what stands above.
    ordered = after_lines + before_lines[::-1]
    # A class on a container of the heading says nothing about one line in it.
    around = frozenset(heading.iterancestors())
    seen: dict[Any, frozenset[str]] = {}
    by: list[Candidate] = []
    dated: list[Candidate] = []
    links: list[Candidate] = []
    classes: list[Candidate] = []
    published: list[tuple[int, Candidate]] = []
    modified: list[Candidate] = []
    months: list[Candidate] = []
    for position, line in enumerate(ordered):
        if len(line.text) > _MAX_LINE:
            continue
        following = ordered[position + 1].text if position + 1 < len(after_lines) else ""
        dates = find_date_expressions(line.text)
        by += [Candidate(name, "visible:by") for name in _by_line(line.text, following, dates, rules)]
        if dates and position < 8:
            dated += [Candidate(name, "visible:dated") for name in _before_date(line.text, dates, rules)]
        links += [Candidate(name, "visible:link") for name in _author_links(line, rules)]
        classes += [Candidate(name, "visible:class") for name in _by_class(line, around, seen, rules)]
        if not dates and line.text[-1:].isdecimal() and is_month_and_year(issue := _without_label(line.text, rules)):
            months.append(Candidate(issue, "visible:month"))
        for expression, start in dates:
            label = line.text[max(0, start - 40) : start]
            if rules.modified_pattern.search(label) and not rules.published_pattern.search(label):
                modified.append(Candidate(expression, "visible:date"))
            elif len(line.text) <= 120:
                # The nearest line to the heading comes first, whichever side it stands on.
                distance = position if position < len(after_lines) else position - len(after_lines)
                published.append((distance, Candidate(expression, "visible:date")))
    published.sort(key=lambda entry: entry[0])
    return VisibleMetadata(
        _unique(by + dated + links + classes),
        _unique([candidate for _, candidate in published] + months),
        _unique(modified),
    )


def find_by_class(elements: Sequence[Any], rules: MetadataRules, *, authors: bool, dates: bool) -> VisibleMetadata:
    """The first author and date on the page that only a class tells, for pages whose heading has none near it.

    Source visible:page; `authors` and `dates` say what is missed. Footers, comments and teasers are told by their classes.
    """
    names: list[Candidate] = []
    published: list[Candidate] = []
    tries = 0
    sought = (rules.byline_words if authors else frozenset()) | (rules.date_words if dates else frozenset())
    for element in elements if sought else ():
        classes = element.get("class")
        if not classes:
            continue
        words = _split_words(classes, element.get("id"), element.get("data-testid"))
        if words.isdisjoint(sought):
            continue
        is_author = authors and not names and not words.isdisjoint(rules.byline_words)
        is_date = dates and not published and not words.isdisjoint(rules.date_words)
        if not (is_author or is_date) or not words.isdisjoint(rules.date_not_words) or element.tag in ("body", "html"):
            continue
        tries += 1
        if tries > _MAX_TRIES:
            break
        lines = lines_from(element, _next_outside(element), 4, inside=True)
        if sum(len(line.text) for line in lines) > _MAX_LINE:
            continue
        for line in lines:
            if is_author and not names:
                found = _by_line(line.text, "", find_date_expressions(line.text), rules) or (
                    [n] if (n := cut_names(line.text, rules)) and " " in n else []
                )
                names.extend(Candidate(name, "visible:page") for name in found[:1])
            if is_date and not published and not rules.modified_pattern.search(line.text):
                published.extend(Candidate(e, "visible:page") for e, _ in find_date_expressions(line.text)[:1])
        if (names or not authors) and (published or not dates):
            break
    return VisibleMetadata(tuple(names), tuple(published), ())


def find_first_date(elements: Sequence[Any], rules: MetadataRules) -> tuple[Candidate, ...]:
    """The first line that is a date with a time of day and little else, for pages that state no date in any other way.

    Source visible:page. Lines of teasers, comments and the like are told by the classes around them.
    """
    for element in elements[:_MAX_SCANNED]:
        text = element.text
        if not text or len(text) > _MAX_LINE or element.tag in _NO_LINES or not _DIGITS.search(text):
            continue
        line = " ".join(text.split())
        for expression, start in find_date_expressions(line)[:1]:
            before = line[:start]
            if len(before.split()) > 3 or rules.modified_pattern.search(before):
                continue
            date = read_date(expression, None)
            around = [element, *list(element.iterancestors())[:3]]
            if date and date.has_time and not any(class_words(node) & rules.date_not_words for node in around):
                return (Candidate(expression, "visible:page"),)
    return ()


def _without_label(text: str, rules: MetadataRules) -> str:
    """ "Published: March 2021" without its label; empty where the line is too long to be a date."""
    if len(text) > 60:
        return ""
    match = rules.published_pattern.match(text)
    return text[match.end() :] if match else text


def _next_outside(element: Any) -> Any | None:
    """The element that follows `element` and all that is in it, in document order."""
    node = element
    while node is not None:
        if node.getnext() is not None:
            return node.getnext()
        node = node.getparent()
    return None


def _unique(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    return tuple(dict.fromkeys(candidates))


def cut_names(text: str, rules: MetadataRules) -> str | None:
    """The names at the start of a byline's rest, or None where it doesn't look like names.

    "Jane Roe | 3 March 2021" gives "Jane Roe"; "the end of the year, the army" gives None.
    """
    text = without_places_between(text, rules)
    match = _CUT.search(text, 1)
    end = match.start() if match else len(text)
    dates = find_date_expressions(text)
    if dates:
        end = min(end, dates[0][1])
    names = text[:end].strip(" ,;:-–—|•·")
    if not 2 <= len(names) <= 150 or _SENTENCE_END.search(names) or any(c.isdigit() for c in names):
        return None
    words = names.split()
    if len(words) > 20 or names.lower() in rules.labels or words[0].lower() in rules.label_words:
        return None
    if words[0].lower() == "the" and words[-1].lower() not in rules.staff_words:
        return None
    # In scripts with case every word of a name is capitalised but particles and joiners.
    for place, word in enumerate(words):
        first = word.lstrip("'\"“‘(")[:1]
        if place == 0 and word == "the":
            continue
        if first.islower() and word.lower().strip(",") not in rules.particles and not any(c.isupper() for c in word):
            # "Jane Roe, head of research": the name ends at the comma.
            head = " ".join(words[:place]).rpartition(",")[0].strip()
            return head if len(head.split()) >= 2 else None
        if place >= 2 and word.lower().strip(",.") in rules.roles:
            if words[place - 1][-1] == ",":
                return names
            # "Jane Roe, Chief Editor": one word between comma and role belongs to the role.
            taken = " ".join(words[:place]).rstrip(" ,&")
            head, _, last = taken.rpartition(", ")
            return head if len(head.split()) >= 2 and " " not in last else taken
    return None if words[0].islower() and len(words) == 1 else names


def _by_line(text: str, following: str, dates: _Dates, rules: MetadataRules) -> list[str]:
    """The names of "By Jane Roe", of "By" with the names on the next line, and of "3 March 2021 | By Jane Roe"."""
    starts = [0]
    if len(text) <= 160:
        starts.extend(match.end() for match in _BEFORE_BY.finditer(text))
        starts.extend(start + len(expression) for expression, start in dates)
    for start in starts:
        piece = text[start:].lstrip(" |•·,–—-")
        match = rules.by_pattern.match(piece) if rules.may_open(piece) else None
        if not match:
            continue
        rest = piece[match.end() :].strip()
        names = cut_names(rest or following, rules)
        # One word may be a name only if nothing else stands in the line ("By Staff", not "By Friday the river …").
        if names and (len(names.split()) > 1 or names == (rest or following) or len(names) > 12 or not names.isascii()):
            return [names]
    return []


def _before_date(text: str, dates: _Dates, rules: MetadataRules) -> list[str]:
    """The name of "Jane Roe | 3 March 2021": two to four capitalised words, a mark, and nothing but the date."""
    if len(text) > 120:
        return []
    head = text[: dates[0][1]].rstrip()
    if not head or head[-1] not in "|•·⋅,–—-/":
        return []
    names = cut_names(head, rules)
    if (
        names
        and names == head.rstrip(" |•·⋅,–—-/")
        and 2 <= len(names.split()) <= 4
        and not rules.by_pattern.match(names)
    ):
        return [names] if all(word[:1].isupper() for word in names.split()) else []
    return []


def _author_links(line: Line, rules: MetadataRules) -> list[str]:
    found = []
    for element in line.elements:
        link = element
        for _ in range(3):
            if link is None or link.tag == "a":
                break
            link = link.getparent()
        if link is None or link.tag != "a":
            continue
        if is_author_path(link.get("href") or "", rules) or "author" in (link.get("rel") or ""):
            names = cut_names(element_text(link)[:_MAX_LINE], rules)
            if names:
                found.append(names)
    return found


def is_author_path(href: str, rules: MetadataRules) -> bool:
    """Whether a link leads to an author's own page: a path segment of the list with something after it."""
    # Taking an address apart costs more than all else here, and most have no such segment.
    if rules.author_paths.isdisjoint(href.lower().replace(":", "/").split("/")):
        return False
    try:
        segments = [s for s in urlsplit(href).path.lower().split("/") if s]
    except ValueError:
        return False
    # "/licenses/by/4.0" is an attribution of another kind.
    return "licenses" not in segments and any(segment in rules.author_paths for segment in segments[:-1])


def class_words(element: Any) -> frozenset[str]:
    """The words of an element's class, id and data-testid, lower case, split at hyphens, underscores and humps."""
    get = element.get
    return _split_words(get("class"), get("id"), get("data-testid"))


@lru_cache(maxsize=8192)
def _split_words(*values: str | None) -> frozenset[str]:
    joined = " ".join(filter(None, values))[:400]
    return frozenset([word.lower() for word in _CLASS_WORD.findall(joined)])


def _by_class(line: Line, around: frozenset[Any], seen: dict[Any, frozenset[str]], rules: MetadataRules) -> list[str]:
    """The names in a line that a class on its elements, or two levels up, calls the author's; `seen` grows with each element's words."""
    if len(line.text) > 120:
        return []
    found = []
    for element in line.elements:
        node = element
        for _ in range(3):
            if node is None or node.tag in ("body", "main", "article", "html"):
                break
            words = seen.get(node)
            if words is None:
                words = seen[node] = class_words(node)
            if not words.isdisjoint(rules.byline_words):
                if not words & rules.byline_not_words and node not in around:
                    text = line.text
                    match = rules.by_pattern.match(text)
                    names = cut_names(text[match.end() :] if match else text, rules)
                    if names:
                        found.append(names)
                break
            node = node.getparent()
        if found:
            break
    return found
