"""Takes the outlet's name, its sections and its address off a page's title.

Before: "Harbour reopens - Weather - Example Times". After: "Harbour reopens".
A tail is cut where it is one of the outlet's stated names, or where another source of the page states the rest alone.
"""

from __future__ import annotations

import re

from schemas.records import PageMetadata, SuppliedFields
from transforms.metadata.agreement import fold_title, squeeze
from transforms.metadata.rules import MetadataRules
from transforms.metadata.urls import host_of


def site_names(metadata: PageMetadata, supplied: SuppliedFields) -> tuple[str, ...]:
    """The outlet's names as stated (og:site_name, publisher, WebSite) and the labels of the host, in falling order of trust."""
    names = [c.value for c in (*metadata.site_name, *metadata.publisher) if len(c.value) <= 80]
    if supplied.publisher:
        names.append(supplied.publisher)
    for address in [c.value for c in metadata.url] + ([supplied.url] if supplied.url else []):
        host = host_of(address)
        if host:
            names.append(host)
            labels = host.split(".")
            names.extend(labels[-3:-1] if len(labels) > 2 else labels[:1])
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def section_names(metadata: PageMetadata, supplied: SuppliedFields) -> frozenset[str]:
    """The article's sections, squeezed: as stated, and the words of its address's path in front of its own name."""
    names = [squeeze(candidate.value) for candidate in metadata.section] + [squeeze(supplied.section or "")]
    for address in [c.value for c in metadata.url] + ([supplied.url] if supplied.url else []):
        path = address.partition("://")[2].partition("?")[0].split("/")[1:-1]
        names.extend(part.lower() for part in path if part.isalpha() and len(part) >= 4)
    return frozenset(names) - {""}


def strip_site(
    text: str,
    sites: tuple[str, ...],
    others: tuple[str, ...],
    rules: MetadataRules,
    sections: frozenset[str] = frozenset(),
) -> str:
    """`text` without a trailing or leading site name or section: cut where what is left equals one of `others` (folded
    titles) or where the tail is a known site name, one of `sections` (squeezed) or an address. Idempotent."""
    current = text.strip()
    if not (_LOOSE_MARK.search(current) or rules.separator_pattern.search(current)):
        return current
    known = {squeeze(site) for site in sites} - {""}
    for _ in range(4):
        cut = _cut_once(current, known, others, rules, sections)
        if cut is None:
            return current
        current = cut
    return current


def _cut_once(
    text: str, known: set[str], others: tuple[str, ...], rules: MetadataRules, sections: frozenset[str]
) -> str | None:
    marks = list(rules.separator_pattern.finditer(text))
    for mark in reversed(marks):
        head, tail = text[: mark.start()].strip(), text[mark.end() :].strip()
        if not head or not tail:
            continue
        if len(squeeze(head)) >= 4 and _is_furniture(tail, mark.group(), known, sections, rules):
            return head
        if ":" not in mark.group() and fold_title(head) in others and fold_title(head) != fold_title(text):
            return head
    for mark in _LOOSE_MARK.finditer(text):
        # Without spaces around it a mark is only trusted where another source confirms the rest ("…-Politics|Example").
        head, tail = text[: mark.start()].strip(), text[mark.end() :].strip()
        if ":" in mark.group():
            if len(tail) >= 10 and len(head.split()) <= 2 and fold_title(tail) in others:
                return tail
        elif len(head) >= 10 and tail and fold_title(head) in others:
            return head
    if marks:
        head, tail = text[: marks[0].start()].strip(), text[marks[0].end() :].strip()
        if (
            head
            and tail
            and len(head.split()) <= rules.max_site_words
            and _is_site(head, known, rules)
            and len(tail.split()) >= 3
        ):
            return tail
    return None


_LOOSE_MARK = re.compile(r"\s?[-|–—ㅣ｜:·»]\s?")


_ADDRESS = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,6}", re.IGNORECASE)


def _is_furniture(tail: str, mark: str, known: set[str], sections: frozenset[str], rules: MetadataRules) -> bool:
    """Whether the last piece of a title names the outlet, one of the article's stated sections or an address."""
    if len(tail.split()) > rules.max_site_words:
        return False
    if _is_site(tail, known, rules) or (":" not in mark and squeeze(tail) in sections):
        return True
    if "|" not in mark and "｜" not in mark:
        return False
    # An upright bar is hardly ever part of a headline, so less is needed: an address, or a name that begins alike.
    if _ADDRESS.fullmatch(tail):
        return True
    own, first = squeeze(tail), squeeze(tail.split()[0])
    return any(
        len(name) >= 5 and (own.startswith(name) or (len(first) >= 5 and name.startswith(first))) for name in known
    )


def _is_site(text: str, known: set[str], rules: MetadataRules) -> bool:
    """Whether a piece of a title is one of the known names, give or take an article or a domain's ending."""
    own = squeeze(text)
    if own in known or squeeze(rules.site_article_pattern.sub("", text)) in known:
        return True
    return any(
        len(name) >= 5 and (own.startswith(name) or own.endswith(name)) and len(own) <= 2 * len(name) for name in known
    )
