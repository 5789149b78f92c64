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
    Article,
    Candidate,
    CleanedDocument,
    Description,
    PageMetadata,
    Reject,
    Removed,
    SuppliedFields,
)
from transforms.agencies import AgencyRules
from transforms.counters import Counters
from transforms.dateline import DatelineRules, dateline_country
from transforms.dateline_reporter import dateline_byline
from transforms.language import UNKNOWN, LanguageRules
from transforms.language_detectors import detect
from transforms.license import LicenseRules
from transforms.metadata.access import is_accessible_for_free
from transforms.metadata.address import choose_canonical_url, choose_lead_image
from transforms.metadata.authors import choose_authors, choose_byline
from transforms.metadata.dates import DateContext, choose_modified, choose_published
from transforms.metadata.headline import choose_headline
from transforms.metadata.keywords import choose_keywords
from transforms.metadata.named_agencies import find_agencies
from transforms.metadata.publisher import choose_publisher, choose_section
from transforms.metadata.rights import choose_copyright, choose_license
from transforms.metadata.urls import host_of, normal_key
from transforms.other_languages import other_languages
from transforms.quality import quality_of
from transforms.row_filter import KEEP_ALL, RowFilter
from transforms.step import Step
from transforms.word_count import word_count, words_of

ID_LENGTH = 32
"""Hexadecimal digits of `article_id` and `work_id`: 128 bits."""


@dataclass(frozen=True, slots=True)
class DescribeRules:
    """What describing is told from outside; picklable."""

    language: LanguageRules
    dateline: DatelineRules
    agencies: AgencyRules
    license: LicenseRules
    keep: RowFilter = KEEP_ALL

    @classmethod
    def load(cls, language: LanguageRules | None = None, keep: RowFilter | None = None) -> DescribeRules:
        """The built-in rules, with other thresholds for the language and a filter if given. Raises UsageError for a bad rule
        file."""
        return cls(
            language or LanguageRules.load(),
            DatelineRules.load(),
            AgencyRules.load(),
            LicenseRules.load(),
            keep or KEEP_ALL,
        )


class Finished(NamedTuple):
    """A description with which all steps are done: the remaining ones let it pass, and its rows are written."""

    description: Description


def describe(cleaned: CleanedDocument, rules: DescribeRules) -> Description:
    """The article's row and its `removed` rows. Depends on the record alone: no clock, no network, no earlier record.

    Raises RecordError (filtered) where `rules.keep` does not keep the article.
    """
    parsed = cleaned.parsed
    source, metadata = parsed.source, parsed.metadata
    supplied = source.supplied
    language = detect(cleaned.body, rules.language, stated_languages(metadata, supplied))
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
    in_text = cleaned.byline or dateline_byline(cleaned.dateline)
    byline = choose_byline(metadata, supplied, in_text)
    authors = choose_authors(metadata, supplied, in_text)
    place = (cleaned.dateline.place or None) if cleaned.dateline else None
    words = words_of(cleaned.body)
    source_sha256 = hashlib.sha256(source.raw).hexdigest()
    article = Article(
        article_id=_article_id(source.name, source_sha256),
        work_id=_digest((normal_key(canonical) or source.name).encode("utf-8", "surrogatepass")),
        source_sha256=source_sha256,
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
        section=choose_section(metadata, supplied),
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
        license=choose_license(cleaned, supplied, rules.license),
        copyright_notice=choose_copyright(cleaned, rules.license),
        word_count=word_count(words),
        lead_image_url=choose_lead_image(metadata, supplied, canonical or fetched),
        is_accessible_for_free=is_accessible_for_free(metadata),
        quality=quality_of(cleaned.body, language.tag, parsed, words),
        normalizations=cleaned.normalizations,
        text_fingerprint=cleaned.fingerprint,
        published_month=month,
        other_languages=other_languages(cleaned.body, language.tag, rules.language),
    )
    rules.keep.check(article)
    return Description(article, _removed_rows(cleaned, article), cleaned)


def _article_id(name: str, source_sha256: str) -> str:
    # From the digest of the raw bytes: hashing them takes longer than most fields, so they are hashed once.
    return _digest(f"{name}\0{source_sha256}".encode("utf-8", "surrogatepass"))


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


def stated_languages(metadata: PageMetadata, supplied: SuppliedFields) -> list[str]:
    """The language tags that the container and the page state, as written, the container's first."""
    return ([supplied.language] if supplied.language else []) + [candidate.value for candidate in metadata.language]


def date_language(tag: str, metadata: PageMetadata, supplied: SuppliedFields) -> str | None:
    """The tag that dates are read with: the text's own language, with the region that the page states for it.

    A stated language alone is a weak hint (templates say "en" everywhere), so it counts only where the text tells none.
    """
    stated = stated_languages(metadata, supplied)
    tags = [value.strip().replace("_", "-") for value in stated if 2 <= len(value.strip()) <= 12]
    if tag == UNKNOWN:
        return tags[0] if tags else None
    return next((value for value in tags if "-" in value and value.split("-")[0].lower() == tag.split("-")[0]), tag)


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
        if isinstance(element, Finished):
            element = element.description
        if isinstance(element, Description):
            self._counters.add("articles")
            self._counters.add("removed", len(element.removed))
            yield element.article
            yield from element.removed
            yield element.mentions
        else:
            if isinstance(element, Reject):
                self._counters.add("rejects")
            yield element


@dataclass
class Rows(beam.PTransform):
    """Description → Article, its Removed and its Mentions; rejects and counts pass."""

    counters: Counters

    def expand(self, described: beam.PCollection) -> beam.PCollection:
        """One record in, all its rows out."""
        return described | beam.ParDo(_Rows(self.counters))
