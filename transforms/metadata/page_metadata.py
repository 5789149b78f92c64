"""Collects every candidate that a page states for each field of its metadata, in one walk; nothing is chosen here.

Before: an lxml tree with JSON-LD, `<meta property="og:title">` and an `<h1>`. After: `PageMetadata(headline=(
Candidate("Harbour reopens", "json_ld.NewsArticle"), Candidate("Harbour reopens | Example Times", "og:title"), …))`.
Sources are those of schema.org (JSON-LD, microdata), OpenGraph, Dublin Core and the common meta tags of news CMSs
(configs/metadata.toml), then what a reader sees: headings, `<time>`, byline and date lines near the heading.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schemas.codes import AuthorKind
from schemas.records import Candidate, PageMetadata
from transforms.metadata.agreement import CLEARLY_BETTER, agreement, squeeze
from transforms.metadata.author_names import kind_of
from transforms.metadata.element_text import element_text
from transforms.metadata.json_ld import Statements, fold_text, read_json_ld
from transforms.metadata.meta_tags import read_meta_tags
from transforms.metadata.microdata import read_microdata
from transforms.metadata.page_authors import find_page_author
from transforms.metadata.rules import ARTICLE, OTHER, PAGE, MetadataRules
from transforms.metadata.visible import class_words, find_by_class, find_first_date, find_visible

_MAX_HEADINGS = 40
_MAX_TIMES = 200
_DRAWN = ("svg", "path", "g", "use", "rect", "circle", "line", "polygon", "symbol", "defs", "source", "input", "option")
_NO_PROPERTIES = frozenset(("script", "style", "link", "title", "h1", "br", "hr", "noscript", "iframe", *_DRAWN))
"""Elements whose itemprop says nothing, or nothing that isn't read from them in another way. Asking an element for it takes
longer than all else that is asked of most."""

_WALKED = frozenset(("meta", "script", "link", "title", "h1", "time", "a"))
_MAX_VALUE = 5_000
_MAX_CANDIDATES = 300
_MAX_PROPERTIES = 1_000
_BEFORE = 80
"""Elements in front of the heading among which its lines are looked for."""

_TIME_WINDOW = (-80, 200)


class _Collector:
    """Growing lists of candidates by field, without repeats."""

    def __init__(self) -> None:
        self.fields: dict[str, dict[Candidate, None]] = {}

    def add(self, field: str, value: str | None, source: str) -> None:
        if value:
            text = fold_text(value)
            known = self.fields.setdefault(field, {}) if text and len(text) <= _MAX_VALUE else None
            if known is not None and len(known) < _MAX_CANDIDATES:
                known[Candidate(text, source)] = None

    def build(self) -> PageMetadata:
        return PageMetadata(**{field: tuple(values) for field, values in self.fields.items()})


class _Walk:
    """What one pass over the tree's elements has found."""

    def __init__(self) -> None:
        self.elements: Sequence[Any] = ()
        self.scripts: list[str] = []
        self.metas: list[Any] = []
        self.links: list[Any] = []
        self.titles: list[Any] = []
        self.headings: list[tuple[int, Any]] = []
        self.times: list[tuple[int, Any]] = []
        self.properties: list[tuple[int, Any]] = []
        self.author_links: list[Any] = []


def collect(tree: Any, url: str | None, elements: Sequence[Any] | None = None) -> PageMetadata:
    """Every candidate of the page. `tree` is the root of an lxml.html tree before pruning; it is not changed.

    `elements` are all elements of the tree in document order, where the caller has them.
    `url` is where the page was fetched from, if known; it becomes the last candidate for the URL. Values are folded to
    single spaces with entities resolved, otherwise as written. Raises nothing on odd pages: what can't be read is left out.
    """
    rules = MetadataRules.load()
    walk = _walk(list(tree.iter("*")) if elements is None else elements)
    found = _Collector()
    statements = read_json_ld(walk.scripts, rules)
    metas = read_meta_tags(walk.metas, rules)
    titles = [element_text(element) for element in walk.titles]
    headings = _headings(walk.headings, rules)
    known = [value for field, value, _ in metas if field == "headline"] + titles[:1]
    heading = _main_heading(headings, known)
    visible_heading = heading[2] if heading else ""
    page_urls = [value for field, value, _ in metas if field == "url"] + ([url] if url else [])

    _add_json_ld(found, _about_this_page(statements, [*known, visible_heading], page_urls))
    for field, value, source in metas:
        found.add(field, value, source)
    for _, _, text in headings:
        found.add("headline", text, "h1")
    if heading is None:
        heading = _matching_subheading(walk, known)
        if heading:
            found.add("headline", heading[2], heading[1].tag)
    for title in titles[:1]:
        found.add("headline", title, "title")
    anchor = heading[0] if heading else None
    for stated in read_microdata(walk.properties[:_MAX_PROPERTIES], anchor):
        found.add(stated.field, stated.value, stated.source)
    _add_links(found, walk, tree)
    _add_times(found, walk, anchor)
    if heading:
        before = walk.elements[max(0, heading[0] - _BEFORE)] if heading[0] else None
        visible = find_visible(heading[1], before, rules)
        for field, candidates in zip(("authors", "published", "modified"), visible, strict=True):
            for candidate in candidates:
                found.add(field, candidate.value, candidate.source)
    visible = find_by_class(
        walk.elements, rules, authors=not found.fields.get("authors"), dates=not found.fields.get("published")
    )
    for field, candidates in zip(("authors", "published", "modified"), visible, strict=True):
        for candidate in candidates:
            found.add(field, candidate.value, candidate.source)
    if not found.fields.get("published") and not found.fields.get("modified"):
        for candidate in find_first_date(walk.elements, rules):
            found.add("published", candidate.value, candidate.source)
    if _lacks_author(found):
        found.add("authors", find_page_author(walk.elements, anchor or 0, rules), "visible:page")
    if url:
        found.add("url", url, "fetched")
    return found.build()


def _lacks_author(found: _Collector) -> bool:
    """Whether nobody is named but accounts, addresses and the outlet itself."""
    outlet = {
        squeeze(c.value)
        for field in ("site_name", "publisher", "author_organizations")
        for c in found.fields.get(field, ())
    }
    rules = MetadataRules.load()
    return all(
        c.source == "twitter:creator"
        or c.value.startswith(("http", "@"))
        or squeeze(c.value) in outlet
        or kind_of(c.value, rules) is AuthorKind.ORGANIZATION
        for c in found.fields.get("authors", ())
    )


def _walk(elements: Sequence[Any]) -> _Walk:
    walk = _Walk()
    walk.elements = elements
    properties = walk.properties
    for index, element in enumerate(elements):
        tag = element.tag
        if tag not in _NO_PROPERTIES and element.get("itemprop"):
            properties.append((index, element))
        if tag not in _WALKED:
            continue
        if tag == "a":
            rel = element.get("rel")
            if rel:
                words = rel.lower().split()
                if "author" in words:
                    walk.author_links.append(element)
                if "license" in words:
                    walk.links.append(element)
        elif tag == "meta":
            walk.metas.append(element)
        elif tag == "script":
            if "ld+json" in (element.get("type") or "").lower():
                walk.scripts.append(element.text or "")
        elif tag == "link":
            walk.links.append(element)
        elif tag == "title":
            parent = element.getparent()
            if parent is not None and parent.tag != "svg" and not walk.titles:
                walk.titles.append(element)
        else:
            found, limit = (walk.headings, _MAX_HEADINGS) if tag == "h1" else (walk.times, _MAX_TIMES)
            if len(found) < limit:
                found.append((index, element))
    return walk


def _headings(found: list[tuple[int, Any]], rules: MetadataRules) -> list[tuple[int, Any, str]]:
    """(index, element, text) of every h1 that isn't the outlet's logo."""
    kept = []
    for index, element in found:
        text = element_text(element)
        if not text or len(text) > rules.max_headline:
            continue
        if _is_logo(element, rules):
            continue
        kept.append((index, element, text))
    return kept


def _is_logo(element: Any, rules: MetadataRules) -> bool:
    node = element
    for _ in range(2):
        if node is None or node.tag in ("body", "main", "article"):
            return False
        if class_words(node) & rules.logo_words:
            return True
        node = node.getparent()
    # A heading that is nothing but a link to the front page.
    links = element.findall(".//a")
    return len(links) == 1 and (links[0].get("href") or "").rstrip("/") in ("", "/", "#")


def _main_heading(headings: list[tuple[int, Any, str]], known: list[str]) -> tuple[int, Any, str] | None:
    """The h1 that agrees best with the stated titles; the first where none agrees."""
    if not headings:
        return None
    scores = [max((agreement(text, k) for k in known if k), default=0.0) for _, _, text in headings]
    # A later h1 must agree clearly better than an earlier one: teasers below the article are headings too.
    return headings[next(i for i, score in enumerate(scores) if score >= max(scores) - CLEARLY_BETTER)]


def _matching_subheading(walk: _Walk, known: list[str]) -> tuple[int, Any, str] | None:
    """Without an h1: the first h2 to h4 that says what a stated title says."""
    tried = 0
    for index, element in enumerate(walk.elements):
        if element.tag in ("h2", "h3", "h4"):
            text = element_text(element)
            if text and any(agreement(text, k) > 0.6 or squeeze(text) in squeeze(k) for k in known if len(text) > 15):
                return index, element, text
            tried += 1
            if tried == _MAX_HEADINGS:
                break
    return None


def _about_this_page(statements: tuple[Statements, ...], titles: list[str], urls: list[str]) -> list[Statements]:
    """Without other articles' objects: where several articles are stated, those that agree with this page's title or URL."""
    articles = [s for s in statements if s.rank == ARTICLE]
    own = articles
    if len(articles) > 1:
        own = [s for s in articles if _agrees(s, titles, urls)] or articles[:1]
    pages = [s for s in statements if s.rank == PAGE]
    return own + pages + [s for s in statements if s.rank not in (ARTICLE, PAGE)]


def _agrees(statements: Statements, titles: list[str], urls: list[str]) -> bool:
    stated = {u.split("#")[0].rstrip("/") for u in statements.url}
    if stated & {u.split("#")[0].rstrip("/") for u in urls}:
        return True
    return any(agreement(h, t) > 0.6 for h in statements.headline for t in titles if t)


_LD_FIELDS = (
    "alternative_headline",
    "description",
    "authors",
    "author_organizations",
    "published",
    "modified",
    "url",
    "publisher",
    "country",
    "section",
    "keywords",
    "license",
    "copyright",
    "image_url",
    "language",
    "is_accessible_for_free",
)


def _add_json_ld(found: _Collector, statements: list[Statements]) -> None:
    for s in statements:
        source = f"json_ld.{s.type}"
        if s.rank == ARTICLE:
            found.add("article_type", s.type, "json_ld")
            if s.article_body:  # folded already, and longer than other values may be
                found.fields.setdefault("article_body", {})[Candidate(s.article_body, "json_ld")] = None
        if s.rank == OTHER:
            # Other objects (a video, the organisation) say nothing about the article but perhaps its outlet's name.
            if s.type.endswith("Organization"):
                for value in s.name[:1]:
                    found.add("site_name", value, source)
                for value in s.country:
                    found.add("country", value, source)
            elif s.type == "WebSite":
                for value in s.name[:1] + s.alternative_headline[:1]:
                    found.add("site_name", value, source)
            continue
        for value in (s.headline or s.name)[:1]:
            found.add("headline", value, source)
        for field in _LD_FIELDS:
            for value in getattr(s, field):
                found.add(field, value, source)


def _add_links(found: _Collector, walk: _Walk, tree: Any) -> None:
    for element in walk.links:
        rel = (element.get("rel") or "").lower().split()
        href = element.get("href")
        if not href:
            continue
        if "canonical" in rel:
            found.add("url", href, "link:canonical")
        elif "license" in rel:
            found.add("license", href, "rel:license")
        elif "amphtml" not in rel and "image_src" in rel:
            found.add("image_url", href, "link:image_src")
    for element in walk.author_links[:10]:
        text = element_text(element)
        if 2 <= len(text) <= 100:
            found.add("authors", text, "rel:author")
    root = tree if tree.tag == "html" else tree.getroottree().getroot()
    found.add("language", root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"), "html:lang")


def _add_times(found: _Collector, walk: _Walk, anchor: int | None) -> None:
    def distance(entry: tuple[int, Any]) -> int:
        # What follows the heading is nearer to it than what stands the same way above.
        steps = entry[0] - (anchor or 0)
        return steps if steps >= 0 else -2 * steps

    for index, element in sorted(walk.times[:60], key=distance):
        value = element.get("datetime") or element_text(element)
        near = anchor is None or _TIME_WINDOW[0] <= index - anchor <= _TIME_WINDOW[1]
        own = {"updated", "modified", "update", "lastmod"} & class_words(element)
        found.add("modified" if own else "published", value, "time" if near else "time:far")
