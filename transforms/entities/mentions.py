"""Finds what an article's body names: people, organisations, places …, dates, and who said what.

Before: an article whose body says "Hatami told Tasnim on Sunday …". After: rows of `mentions` ("Hatami" → Amir Hatami, "Tasnim" → the
agency, "on Sunday" → 2020-08-23) and, where asked for, of `quotes`.

Each finder is a pure function of its own; here they are put in order. The text is cut into tokens once. Where a name and a date
overlap the longer one stays ("the 2015 Paris Agreement"), of equal ones the name of a list, then the date, then an unknown name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone, tzinfo
from functools import lru_cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

import apache_beam as beam

from schemas.codes import DatePrecision, Stage
from schemas.entities import (
    AliasKind,
    DateAnchor,
    EntityType,
    FoundDate,
    FoundName,
    FoundQuantity,
    FoundQuote,
    Mention,
    MentionMethod,
    Mentions,
    Quote,
)
from schemas.records import Article, Description
from transforms.entities.aliases import find_aliases
from transforms.entities.chunks import find_chunks
from transforms.entities.links import link_names
from transforms.entities.mention_rules import MentionRules
from transforms.entities.name_tiers import SPACY
from transforms.entities.quotes import find_quotes
from transforms.entities.spacy_names import find_spacy_names
from transforms.entities.tokens import tokenize
from transforms.metadata.zones import stated_zone
from transforms.step import Step
from transforms.temporal.find_dates import TemporalRules, find_dates
from transforms.temporal.quantities import find_quantities

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIMELESS = (DatePrecision.MONTH, DatePrecision.YEAR)


class _Found(NamedTuple):
    """A name, date or quantity with its rank among those that overlap: the longest first, then by `preference`."""

    start: int
    end: int
    preference: int
    found: FoundName | FoundDate | FoundQuantity


def find_mentions(article: Article, dateline_date: str | None, rules: MentionRules) -> Mentions:
    """The rows of `mentions` and `quotes` for `article`, in the order of its body; no two mentions overlap.

    `dateline_date` is the date as its dateline writes it, if it does. Depends on the arguments alone.
    """
    body, language = article.body, article.language
    published = published_day(article)
    tokens = tokenize(body)
    aliases = find_aliases(tokens, language, rules.store, published, rules.aliases)
    find_names = find_spacy_names if rules.wanted.ner == SPACY else find_chunks
    chunks = find_names(tokens, language, aliases, rules.chunks)
    names = link_names((*aliases, *chunks), tokens, language, rules.store, rules.links)
    anchor = date_anchor(published, dateline_date, language, rules)
    dates = find_dates(body, language, anchor, rules.dates, tokens) if rules.wanted.dates else ()
    quantities = find_quantities(body, language, rules.quantities) if rules.wanted.quantities else ()
    kept = _apart(names, dates, quantities)
    quotes: tuple[FoundQuote, ...] = ()
    if rules.wanted.quotes:
        quotes = find_quotes(tokens, language, [each for each in kept if isinstance(each, FoundName)], rules.quotes)
    return Mentions(
        tuple(_mention(article, seq, each, rules) for seq, each in enumerate(kept)),
        tuple(_quote(article, seq, each) for seq, each in enumerate(quotes)),
    )


def published_day(article: Article) -> date | None:
    """The day of publication by the clock that it was stated in; None where no day is known."""
    if article.published_at is None or article.published_precision in _TIMELESS:
        return None
    return article.published_at.astimezone(_zone(article.published_timezone)).date()


@lru_cache(maxsize=512)
def _zone(name: str | None) -> tzinfo:
    stated = stated_zone(name)
    if stated is not None:
        return stated[0]
    try:
        return ZoneInfo(name) if name else timezone.utc
    except (OSError, ValueError):
        return timezone.utc


def date_anchor(published: date | None, written: str | None, language: str, rules: MentionRules) -> DateAnchor:
    """What "on Sunday" is relative to: the day that the dateline writes, if it is near the publication; else that."""
    if not written:
        return DateAnchor(published)
    day = _dateline_day(written, language, published, rules.dates)
    if day is None or (published is not None and abs((published - day).days) > rules.dateline_days):
        return DateAnchor(published)
    return DateAnchor(day)


def _dateline_day(written: str, language: str, published: date | None, rules: TemporalRules) -> date | None:
    for found in find_dates(written, language, DateAnchor(published), rules):
        if _DAY.fullmatch(found.value):
            try:
                return datetime.strptime(found.value, "%Y-%m-%d").date()
            except ValueError:
                return None
    return None


def _apart(
    names: Sequence[FoundName], dates: Sequence[FoundDate], quantities: Sequence[FoundQuantity]
) -> list[FoundName | FoundDate | FoundQuantity]:
    """All of them, sorted, without those that overlap a longer one; each of the three is sorted and without overlaps itself."""
    found = [_Found(name.start, name.end, 2 if name.method is MentionMethod.CHUNK else 0, name) for name in names]
    found += [_Found(each.start, each.end, 1, each) for each in dates]
    found += [_Found(each.start, each.end, 3, each) for each in quantities]
    found.sort(key=lambda each: (each.start, each.preference))
    kept: list[_Found] = []
    for each in found:
        while kept and kept[-1].end > each.start:
            last = kept[-1]
            if (last.start - last.end, last.preference) <= (each.start - each.end, each.preference):
                break
            kept.pop()
        else:
            kept.append(each)
    return [each.found for each in kept]


def _mention(article: Article, seq: int, found: FoundName | FoundDate | FoundQuantity, rules: MentionRules) -> Mention:
    if isinstance(found, FoundName):
        entity, kind, method, value = found.type, found.kind, found.method, None
        named = found.entity
    else:
        quantity = isinstance(found, FoundQuantity)
        entity = EntityType.QUANTITY if quantity else EntityType.DATE
        kind, value, named = AliasKind.NAME, found.value, None
        method = MentionMethod.QUANTITY if quantity else MentionMethod.DATE
    return Mention(
        article.article_id,
        seq,
        found.start,
        found.end,
        found.surface,
        named.id if named else None,
        entity,
        named.name if named else None,
        named.wikidata_id if named else None,
        named.iso_code if named else None,
        method,
        kind,
        rules.confidence[method],
        value,
        article.published_at,
        article.language,
        article.published_month,
    )


def _quote(article: Article, seq: int, found: FoundQuote) -> Quote:
    return Quote(
        article.article_id,
        seq,
        found.start,
        found.end,
        found.quote,
        found.speaker.id if found.speaker else None,
        article.body[found.speaker_start : found.speaker_end],
        article.language,
        article.published_month,
    )


def with_mentions(description: Description, rules: MentionRules) -> Description:
    """`description` with what its article's body names."""
    dateline = description.cleaned.dateline
    return description._replace(mentions=find_mentions(description.article, dateline.date if dateline else None, rules))


@dataclass
class FindMentions(beam.PTransform):
    """Description → Description with mentions; rejects pass. Without rules nothing is looked for."""

    rules: MentionRules | None

    def expand(self, described: beam.PCollection) -> beam.PCollection:
        """One record in, one out."""
        if self.rules is None:
            return described
        return described | beam.ParDo(Step(Stage.MENTIONS, Description, partial(with_mentions, rules=self.rules)))
