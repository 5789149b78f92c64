"""Chooses an article's headline from what the page and its container state, without the site's name.

Before: og:title "Harbour reopens | Example Times", h1 "Harbour reopens after storm". After: "Harbour reopens after
storm", alternative "Harbour reopens".
Order measured on article fixtures of fundus (news) and WCXB (blogs, guides): for news objects JSON-LD first, for all
else the h1; the exceptions at the end of `choose_headline` bought .047 on news and .027 on blogs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from schemas.records import Candidate, PageMetadata, SuppliedFields
from transforms.metadata.agreement import CLEARLY_BETTER, agreement, fold_title, squeeze
from transforms.metadata.rules import ARTICLE, MetadataRules
from transforms.metadata.urls import host_of


class HeadlineChoice(NamedTuple):
    """The headline, the source that it was taken from, and a second headline that says it differently (or None)."""

    headline: str | None
    source: str | None
    alternative: str | None


class _Titles(NamedTuple):
    """The cleaned candidates by kind; empty strings where a page has none."""

    json_ld: str
    json_ld_source: str
    is_news: bool
    h1: str
    og: str
    og_source: str
    twitter: str
    title: str
    other: str
    other_source: str


@lru_cache(maxsize=4)
def choose_headline(metadata: PageMetadata, supplied: SuppliedFields) -> HeadlineChoice:
    """The headline as a reader would quote it; all None for a record that states none.

    What the container supplies wins. `alternative` is another stated headline that is more than a variant in spelling.
    Remembered for a few records: cleaning and describing ask the same.
    """
    rules = MetadataRules.load()
    sites = site_names(metadata, supplied)
    if supplied.headline and supplied.headline.strip():
        own = strip_site(" ".join(supplied.headline.split()), sites, (), rules)
        return HeadlineChoice(own, "supplied", None)
    titles = _titles(metadata, sites, rules)
    headline, source = _choose(titles)
    if not headline:
        return HeadlineChoice(None, None, None)
    stated = [c.value for c in metadata.alternative_headline]
    alternatives = [*stated, titles.json_ld, titles.h1, titles.og, titles.title]
    return HeadlineChoice(headline, source, _alternative(headline, alternatives))


def _titles(metadata: PageMetadata, sites: tuple[str, ...], rules: MetadataRules) -> _Titles:
    raw = [c for c in metadata.headline if len(c.value) <= rules.max_headline]
    json_ld = _first_json_ld(raw, rules)
    by_source = {c.source: c.value for c in reversed(raw)}
    h1s = [c.value for c in raw if c.source in ("h1", "h2", "h3", "h4")]
    og_source = next((s for s in ("og:title", "twitter:title") if by_source.get(s)), "")
    og_raw = by_source.get(og_source, "")
    twitter_raw, title_raw = by_source.get("twitter:title", ""), by_source.get("title", "")
    ld_raw = json_ld.value if json_ld else ""
    h1_raw = _best_h1(h1s, [og_raw, title_raw, ld_raw], sites)
    rest = next((c for c in raw if c.source.startswith(("itemprop:", "meta:"))), None)
    every = [ld_raw, h1_raw, og_raw, twitter_raw, title_raw, rest.value if rest else ""]
    distinct = [text for text in dict.fromkeys(every) if text]
    # A site's name is often seen only as the tail that titles share; a source without it confirms the cut.
    others = tuple(
        dict.fromkeys(fold_title(t) for text in distinct for t in (text, strip_site(text, sites, (), rules)))
    )
    cleaned = {text: strip_site(text, sites, others, rules) for text in distinct}

    def clean(text: str) -> str:
        return cleaned.get(text, "")

    return _Titles(
        json_ld=clean(ld_raw),
        json_ld_source=json_ld.source if json_ld else "",
        is_news=json_ld is not None and rules.is_news(json_ld.source.partition(".")[2]),
        h1=clean(h1_raw),
        og=clean(og_raw),
        og_source=og_source,
        twitter=clean(twitter_raw),
        title=clean(title_raw),
        other=clean(rest.value) if rest else "",
        other_source=rest.source if rest else "",
    )


def _first_json_ld(candidates: Iterable[Candidate], rules: MetadataRules) -> Candidate | None:
    """The first headline of an article object; those of pages and other works are titles like any other."""
    for candidate in candidates:
        if candidate.source.startswith("json_ld.") and rules.type_rank(candidate.source[len("json_ld.") :]) == ARTICLE:
            return candidate
    return None


def _best_h1(h1s: list[str], others: list[str], sites: tuple[str, ...]) -> str:
    """The h1 that agrees best with the stated titles, the first among equals; one that is a site's name only if alone."""
    known = {squeeze(site) for site in sites}
    usable = [h for h in h1s if squeeze(h) not in known] or h1s
    if not usable:
        return ""
    scores = [max((agreement(h, o) for o in others if o), default=0.0) for h in usable]
    # A later h1 must agree clearly better than an earlier one: teasers below the article are headings too.
    return usable[next(i for i, score in enumerate(scores) if score >= max(scores) - CLEARLY_BETTER)]


def _choose(t: _Titles) -> tuple[str, str]:
    fold = fold_title
    if t.is_news and t.json_ld:
        headline, source = t.json_ld, t.json_ld_source
    elif t.h1 and not _says_something_else(t):
        headline, source = t.h1, "h1"
    elif t.json_ld:
        headline, source = t.json_ld, t.json_ld_source
    elif t.og:
        headline, source = t.og, t.og_source
    elif t.title:
        headline, source = t.title, "title"
    else:
        return t.other, t.other_source
    if source == "h1":
        # The same words from a structured source, without the spaces that markup leaves around a kicker's colon.
        same = next((text for text in (t.json_ld, t.og) if text and _unspaced(text) == _unspaced(headline)), "")
        if same and not same.isupper():
            headline = same
    if t.og and fold(t.og) != fold(headline):
        if t.is_news and t.h1 and fold(t.json_ld) == fold(t.h1) == fold(t.title):
            return t.og, t.og_source
        if not t.json_ld and t.twitter and fold(t.og) == fold(t.twitter) == fold(t.title):
            return t.og, t.og_source
    return headline, source


def _says_something_else(t: _Titles) -> bool:
    """Whether the h1 shares no word with a title that two sources state alike: then it heads a part of the page."""
    agreed = t.og if fold_title(t.og) in (fold_title(t.title), fold_title(t.json_ld)) else ""
    return bool(agreed) and agreement(t.h1, agreed) == 0.0


def _unspaced(text: str) -> str:
    return "".join(fold_title(text).split())


def _alternative(headline: str, candidates: Iterable[str]) -> str | None:
    own = squeeze(headline)
    for candidate in candidates:
        if candidate and squeeze(candidate) != own and len(candidate.split()) > 2:
            return candidate
    return None


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


def strip_site(text: str, sites: tuple[str, ...], others: tuple[str, ...], rules: MetadataRules) -> str:
    """`text` without a trailing or leading site name or section: cut where what is left equals one of `others` (folded
    titles) or where the tail is a known site name. Idempotent."""
    current = text.strip()
    if not (_LOOSE_MARK.search(current) or rules.separator_pattern.search(current)):
        return current
    known = {squeeze(site) for site in sites} - {""}
    for _ in range(4):
        cut = _cut_once(current, known, others, rules)
        if cut is None:
            return current
        current = cut
    return current


def _cut_once(text: str, known: set[str], others: tuple[str, ...], rules: MetadataRules) -> str | None:
    marks = list(rules.separator_pattern.finditer(text))
    for mark in reversed(marks):
        head, tail = text[: mark.start()].strip(), text[mark.end() :].strip()
        if not head or not tail:
            continue
        if len(tail.split()) <= rules.max_site_words and _is_site(tail, known, rules) and len(squeeze(head)) >= 4:
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


def _is_site(text: str, known: set[str], rules: MetadataRules) -> bool:
    """Whether a piece of a title is one of the known names, give or take an article or a domain's ending."""
    own = squeeze(text)
    if own in known or squeeze(rules.site_article_pattern.sub("", text)) in known:
        return True
    return any(
        len(name) >= 5 and (own.startswith(name) or own.endswith(name)) and len(own) <= 2 * len(name) for name in known
    )
