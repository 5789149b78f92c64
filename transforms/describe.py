"""Describes a cleaned document: fills the article's row and the rows of what was removed.

Before: `CleanedDocument(body="The bridge …", dateline=Dateline("TEHRAN (Tasnim) –", "TEHRAN", "Tasnim"), …)`. After:
`Description(Article(headline="…", dateline="TEHRAN", dateline_country="IR", agencies=(Tasnim,), language="en", …), …)`.
`schemas.tables` says what each field means. Each field has its own pure function; this module only puts them together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import apache_beam as beam

from schemas.codes import DateSource, Stage
from schemas.records import (
    Agency,
    Article,
    Author,
    Candidate,
    CleanedDocument,
    PageMetadata,
    Quality,
    Reject,
    Removed,
    SuppliedFields,
)
from transforms.agencies import AgencyRules, agencies_in, find_agency
from transforms.counters import Counters
from transforms.dateline import DatelineRules, dateline_country
from transforms.language import UNKNOWN, LanguageRules, identify
from transforms.license import LicenseRules, copyright_notice_of, spdx_of
from transforms.metadata.authors import choose_authors, choose_byline
from transforms.metadata.dates import DateContext, choose_modified, choose_published
from transforms.metadata.headline import choose_headline
from transforms.metadata.rules import MetadataRules
from transforms.metadata.urls import absolute_url, canonical_url, host_of
from transforms.step import Step
from transforms.word_count import word_count

ID_LENGTH = 32
"""Hexadecimal digits of `article_id` and `work_id`: 128 bits."""

_MAX_SECTION = 100
_MAX_KEYWORDS = 100


@dataclass(frozen=True, slots=True)
class DescribeRules:
    """What describing is told from outside; picklable."""

    language: LanguageRules
    dateline: DatelineRules
    agencies: AgencyRules
    license: LicenseRules

    @classmethod
    def load(cls, language: LanguageRules | None = None) -> DescribeRules:
        """The built-in rules, with other thresholds for the language if given. Raises UsageError for a bad rule file."""
        return cls(language or LanguageRules.load(), DatelineRules.load(), AgencyRules.load(), LicenseRules.load())


class Description(NamedTuple):
    """One article and its removed stretches in the order of the source text."""

    article: Article
    removed: tuple[Removed, ...]


def describe(cleaned: CleanedDocument, rules: DescribeRules) -> Description:
    """The article's row and its `removed` rows. Depends on the record alone: no clock, no network, no earlier record."""
    parsed = cleaned.parsed
    source, metadata = parsed.source, parsed.metadata
    supplied = source.supplied
    language = identify(cleaned.body, rules.language)
    fetched = source.url or supplied.url
    canonical = choose_canonical_url(metadata, supplied, source.url)
    context = DateContext(
        language=date_language(language.tag, metadata, supplied),
        url=canonical or fetched,
        fetched_at=source.fetched_at,
        date_lines=cleaned.date_lines,
        countries=tuple(candidate.value for candidate in metadata.country),
        locales=tuple(candidate.value for candidate in metadata.language),
        dateline=cleaned.dateline.date if cleaned.dateline else None,
        file_name=source.name,
        last_modified=source.last_modified,
    )
    published = choose_published(metadata.published, metadata.modified, supplied.published, context)
    modified = choose_modified(metadata.modified, supplied.modified, context)
    month = f"{published.date.at:%Y-%m}" if published else None
    chosen = choose_headline(metadata, supplied)
    headline = chosen.headline or cleaned.headline
    byline = choose_byline(metadata, supplied, cleaned.byline)
    authors = choose_authors(metadata, supplied, cleaned.byline)
    place = (cleaned.dateline.place or None) if cleaned.dateline else None
    article = Article(
        article_id=_article_id(source.name, source.raw),
        work_id=_digest((canonical or source.name).encode("utf-8", "surrogatepass")),
        source_sha256=hashlib.sha256(source.raw).hexdigest(),
        content_sha256=hashlib.sha256(f"{headline or ''}\n{cleaned.body}".encode("utf-8", "surrogatepass")).hexdigest(),
        source_uri=source.source_uri,
        source_format=source.format,
        charset=parsed.charset,
        host=host_of(canonical) or host_of(fetched),
        url=fetched,
        canonical_url=canonical,
        publisher=choose_publisher(metadata, supplied),
        headline=headline,
        alternative_headline=chosen.alternative,
        standfirst=cleaned.standfirst or supplied.standfirst,
        description=supplied.description or _first(metadata.description),
        body=cleaned.body,
        authors=authors,
        byline=byline,
        dateline=place,
        dateline_country=dateline_country(place, rules.dateline) if place else None,
        agencies=find_agencies(cleaned, byline, authors, rules.agencies),
        section=supplied.section or _section(metadata),
        keywords=choose_keywords(metadata, supplied),
        published_at=published.date.at if published else None,
        modified_at=modified.date.at if modified else None,
        published_raw=published.raw if published else None,
        published_source=published.source if published else DateSource.NONE,
        published_precision=published.date.precision if published else None,
        published_confidence=published.date.confidence if published else None,
        published_timezone=published.timezone if published else None,
        published_timezone_source=published.zone_source if published else None,
        published_calendar=published.date.calendar if published else None,
        fetched_at=source.fetched_at,
        language=language.tag,
        language_confidence=language.confidence,
        license=_license(cleaned, supplied, rules.license),
        copyright_notice=_copyright(cleaned),
        word_count=word_count(cleaned.body),
        lead_image_url=_lead_image(metadata, supplied, canonical or fetched),
        is_accessible_for_free=_is_free(metadata),
        quality=Quality(),
        normalizations=cleaned.normalizations,
        text_fingerprint=cleaned.fingerprint,
        published_month=month,
    )
    return Description(article, _removed_rows(cleaned, article))


def _article_id(name: str, raw: bytes) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass") + b"\0")
    digest.update(raw)  # apart: joined, the bytes would be copied
    return digest.hexdigest()[:ID_LENGTH]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:ID_LENGTH]


def _first(candidates: Iterable[Candidate]) -> str | None:
    return next((candidate.value for candidate in candidates), None)


def _removed_rows(cleaned: CleanedDocument, article: Article) -> tuple[Removed, ...]:
    return tuple(
        Removed(
            article_id=article.article_id,
            seq=seq,
            field=span.field,
            start=span.start,
            end=span.end,
            text=span.text,
            body_offset=span.body_offset,
            rule_id=span.rule_id,
            category=span.category,
            scope=span.scope,
            action=span.action,
            language=article.language,
            published_month=article.published_month,
        )
        for seq, span in enumerate(cleaned.removed)
    )


def choose_canonical_url(metadata: PageMetadata, supplied: SuppliedFields, fetched: str | None) -> str | None:
    """The article's own address, normalised: link rel=canonical, og:url, JSON-LD, then where it was fetched.

    A stated address without a path is the outlet's front page (a common mistake of templates) and only taken if nothing
    else is stated.
    """
    base = fetched or supplied.url
    ranked = sorted(
        metadata.url,
        key=lambda c: ("link:canonical", "og:url").index(c.source) if c.source in ("link:canonical", "og:url") else 2,
    )
    stated = [candidate.value for candidate in ranked]
    stated.extend(address for address in (supplied.url, fetched) if address)
    front_page = None
    for address in stated:
        normal = canonical_url(absolute_url(address, base))
        if normal is None:
            continue
        if normal.count("/") > 3 or "?" in normal or not normal.endswith("/"):
            return normal
        front_page = front_page or normal
    return front_page


def date_language(tag: str, metadata: PageMetadata, supplied: SuppliedFields) -> str | None:
    """The tag that dates are read with: the text's own language, with the region that the page states for it.

    A stated language alone is a weak hint (templates say "en" everywhere), so it counts only where the text tells none.
    """
    stated = ([supplied.language] if supplied.language else []) + [candidate.value for candidate in metadata.language]
    tags = [value.strip().replace("_", "-") for value in stated if 2 <= len(value.strip()) <= 12]
    if tag == UNKNOWN:
        return tags[0] if tags else None
    return next((value for value in tags if "-" in value and value.split("-")[0].lower() == tag.split("-")[0]), tag)


def choose_publisher(metadata: PageMetadata, supplied: SuppliedFields) -> str | None:
    """The outlet's name as stated: the container's, the article's publisher, og:site_name, the site's own object."""
    stated = [supplied.publisher] if supplied.publisher else []
    stated.extend(candidate.value for candidate in metadata.publisher)
    by_source = {candidate.source: candidate.value for candidate in reversed(metadata.site_name)}
    stated.extend(
        by_source[source]
        for source in sorted(by_source, key=lambda s: (s != "og:site_name", not s.startswith("json_ld"), s))
    )
    for name in stated:
        text = " ".join(name.split())
        if 0 < len(text) <= 150 and not text.startswith(("http://", "https://", "@")):
            return text
    return None


def find_agencies(
    cleaned: CleanedDocument, byline: str | None, authors: tuple[Author, ...], rules: AgencyRules
) -> tuple[Agency, ...]:
    """The agencies that dateline, byline, authors, sign-offs, licence and copyright lines name, each once, in that order.

    A dateline's agency that no rule knows is kept as written.
    """
    found: dict[str, Agency] = {}
    if cleaned.dateline and cleaned.dateline.agency:
        written = cleaned.dateline.agency
        agency = find_agency(written, rules) or Agency(written, written, None)
        found[agency.name] = agency
    for text in (byline or "", *cleaned.sign_offs, *cleaned.license_lines, *cleaned.copyright_lines):
        for agency in agencies_in(text, rules) if text else ():
            found.setdefault(agency.name, agency)
    for author in authors:
        named = find_agency(author.name, rules)
        if named:
            found.setdefault(named.name, named)
    return tuple(found.values())


def choose_keywords(metadata: PageMetadata, supplied: SuppliedFields) -> tuple[str, ...]:
    """The keywords of the first source that states any, each once (case folded); a single string is split at commas."""
    if supplied.keywords:
        return _unique_keywords(supplied.keywords)
    sources = list(dict.fromkeys(candidate.source for candidate in metadata.keywords))
    for source in sources:
        found = _unique_keywords(c.value for c in metadata.keywords if c.source == source)
        if found:
            return found
    return ()


def _unique_keywords(values: Iterable[str]) -> tuple[str, ...]:
    stated = list(values)
    if len(stated) == 1:
        mark = next((m for m in (",", ";", "，", "、", "،", "|") if m in stated[0]), None)
        stated = stated[0].split(mark) if mark else stated
    kept: dict[str, str] = {}
    for keyword in stated:
        text = " ".join(keyword.split())
        if 0 < len(text) <= 100:
            kept.setdefault(text.casefold(), text)
    return tuple(kept.values())[:_MAX_KEYWORDS]


def _section(metadata: PageMetadata) -> str | None:
    for candidate in metadata.section:
        if len(candidate.value) <= _MAX_SECTION and not candidate.value.startswith(("http://", "https://", "/")):
            return candidate.value
    return None


def _license(cleaned: CleanedDocument, supplied: SuppliedFields, rules: LicenseRules) -> str | None:
    """The first licence that can be told: the text's own lines, the container's field, then the page's links."""
    lines = [*cleaned.license_lines, *cleaned.copyright_lines]
    stated = [supplied.license] if supplied.license else []
    page = [candidate.value for candidate in cleaned.parsed.metadata.license]
    return next((found for text in lines + stated + page if (found := spdx_of(text, rules))), None)


def _copyright(cleaned: CleanedDocument) -> str | None:
    lines = [*cleaned.copyright_lines, *(c.value for c in cleaned.parsed.metadata.copyright)]
    noticed = (notice for line in lines if (notice := copyright_notice_of(line)))
    return next(noticed, lines[0] if lines else None)


def _lead_image(metadata: PageMetadata, supplied: SuppliedFields, base: str | None) -> str | None:
    stated = ([supplied.image_url] if supplied.image_url else []) + [
        candidate.value for candidate in metadata.image_url
    ]
    return next((found for value in stated if (found := absolute_url(value, base))), None)


def _is_free(metadata: PageMetadata) -> bool | None:
    rules = MetadataRules.load()
    for candidate in metadata.is_accessible_for_free:
        value = candidate.value.lower()
        if value in rules.free or value in rules.locked:
            return value in rules.free
    return None


@dataclass
class Describe(beam.PTransform):
    """CleanedDocument → Description; rejects pass."""

    rules: DescribeRules

    def expand(self, records: beam.PCollection) -> beam.PCollection:
        """One record in, one out."""
        return records | beam.ParDo(Step(Stage.DESCRIBE, CleanedDocument, partial(describe, rules=self.rules)))


class _Rows(beam.DoFn):
    """Splits a Description into its rows and counts rows for the live progress."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def process(self, element: Any) -> Iterator[Any]:
        if isinstance(element, Description):
            self._counters.add("articles")
            self._counters.add("removed", len(element.removed))
            yield element.article
            yield from element.removed
        else:
            if isinstance(element, Reject):
                self._counters.add("rejects")
            yield element


@dataclass
class Rows(beam.PTransform):
    """Description → Article and its Removed; rejects and counts pass."""

    counters: Counters

    def expand(self, described: beam.PCollection) -> beam.PCollection:
        """One record in, all its rows out."""
        return described | beam.ParDo(_Rows(self.counters))
