"""Finds the author of a page that names nobody near its heading: under the article, or in links all over the page.

Before: `<h2>Written by</h2><div>Jane Roe</div>` below the text, `<a href="/authors/jane-roe">Jane Roe</a>` twice, or
`<p style="text-align: right"><b>Jane Roe</b></p>` or `<p><i>Jane Roe</i></p>` as its last line. After: "Jane Roe".
Only an answer that the whole page agrees on counts: two names mean teasers of other articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from schemas.codes import AuthorKind
from transforms.metadata.author_names import kind_of
from transforms.metadata.element_text import element_text
from transforms.metadata.lines import lines_from
from transforms.metadata.rules import MetadataRules
from transforms.metadata.visible import cut_names, is_author_path

_MAX_TEXT = 60
_MAX_FOUND = 20
_RIGHT = re.compile(r"text-align\s*:\s*right", re.IGNORECASE)


def find_page_author(elements: Sequence[Any], after: int, rules: MetadataRules) -> str | None:
    """The one name that labels ("Written by"), else author links, else signatures agree on, or None.

    `elements` are the page's in document order; `after` is the place of the heading, in front of which nothing counts.
    """
    behind = elements[after:]
    for names in (_labelled(behind, rules), _linked(behind, rules), _signed(behind, rules)):
        distinct = list(dict.fromkeys(names))
        if len(distinct) == 1:
            return distinct[0]
    return None


def _labelled(elements: Sequence[Any], rules: MetadataRules) -> Iterator[str]:
    for element in elements:
        text = element.text
        if not text or len(text) > _MAX_TEXT or text.lstrip()[:2].lower() not in rules.by_starts:
            continue
        if not rules.may_open(text.lstrip()):
            continue
        label = " ".join(text.split())
        if element.tag in ("script", "style", "option") or not rules.by_pattern.fullmatch(label):
            continue
        lines = lines_from(element, None, 2, inside=True)
        # On one line with the label or on the next.
        rest = lines[0].text[len(label) :].strip() if lines else ""
        name = _person(rest or (lines[1].text if len(lines) > 1 else ""), rules)
        if name:
            yield name


def _linked(elements: Sequence[Any], rules: MetadataRules) -> Iterator[str]:
    found = 0
    for element in elements:
        if element.tag == "a" and is_author_path(element.get("href") or "", rules):
            name = _person(element_text(element)[:_MAX_TEXT], rules)
            if name:
                found += 1
                yield name
            if found == _MAX_FOUND:
                return


def _signed(elements: Sequence[Any], rules: MetadataRules) -> Iterator[str]:
    for element in elements:
        if element.tag not in ("p", "div") or not (_is_set_right(element) or _is_italic(element)):
            continue
        text = element_text(element)
        name = _person(text, rules)
        if name or (len(text.split()) <= 2 and kind_of(text, rules) is AuthorKind.STAFF):
            yield name or text


def _is_set_right(element: Any) -> bool:
    style = element.get("style")
    return bool(style and _RIGHT.search(style)) or element.get("align") == "right"


def _is_italic(element: Any) -> bool:
    """Whether all that a paragraph says stands in one italic element."""
    if element.tag != "p" or len(element) != 1 or element[0].tag not in ("em", "i"):
        return False
    return not (element.text or "").strip() and not (element[0].tail or "").strip()


def _person(text: str, rules: MetadataRules) -> str | None:
    """`text` where all of it looks like one person's name of two to four words."""
    if not 2 <= len(text.split()) <= 4 or len(text) > _MAX_TEXT:
        return None
    names = cut_names(text, rules)
    if names != text or any(word.lower() in rules.organization_words for word in names.split()):
        return None
    capital = all(word[:1].isupper() or word.lower() in rules.particles for word in names.split())
    return names if capital else None
