"""Explains one record: how its page was read, what each line was judged by, what its metadata were chosen from.

Before: one record of a file.  After: `Explanation(page, lines, fields)`, which `copydesk inspect --why` prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import NamedTuple

from pipeline.chain import Rules
from pipeline.inspect_text import supplied_by
from schemas.codes import Payload
from schemas.errors import RecordError
from schemas.records import Article, Candidate, PageMetadata, ParsedDocument, RawDocument
from transforms.cleaning.explain import LineVerdict, explain_lines
from transforms.decoding.decode import decode
from transforms.describe import date_language
from transforms.html.block_model import BlockVerdict, explain, refine
from transforms.html.explain import PageChoice, explain_page
from transforms.html.witness import heed_witness
from transforms.license import spdx_of
from transforms.metadata.access import says_free
from transforms.metadata.dates import DateContext, choose_modified
from transforms.metadata.headline import SUPPLIED, choose_headline
from transforms.parse import parse_by_rules


class FieldCandidate(NamedTuple):
    """One answer that a record states for a metadata field, with its source; `is_chosen` where the article has it."""

    field: str
    value: str
    source: str
    is_chosen: bool


class Explanation(NamedTuple):
    """Why a record became what it became. `page` is None for text without markup; `lines` are in reading order."""

    page: PageChoice | None
    lines: tuple[LineVerdict, ...]
    fields: tuple[FieldCandidate, ...]


def explain_record(document: RawDocument, rules: Rules, article: Article | None) -> Explanation | None:
    """The explanation of one record, None where it has no text to explain; `article` is what became of it (None: a reject)."""
    try:
        decoded = decode(document)
        parsed = parse_by_rules(decoded, rules.page)
        page = explain_page(decoded, rules.page) if document.payload is Payload.HTML else None
    except RecordError:
        return None
    said: dict[int, str] = {}
    if page is not None and rules.model is not None:
        said = {parsed.blocks[each.block].start: _model_says(each) for each in explain(parsed, rules.model)}
        parsed = refine(parsed, rules.model)
    parsed = heed_witness(parsed, rules.page)
    lines = (
        each._replace(reasons=(*each.reasons, said[each.start])) if each.start in said else each
        for each in explain_lines(parsed, rules.clean)
    )
    return Explanation(page, tuple(lines), tuple(_candidates(parsed, article)))


def _model_says(verdict: BlockVerdict) -> str:
    """The block model's verdict in one sentence: the score, its limit, and what moved it most either way."""
    weights = [f"{group} {value:+.1f}" for group, value in verdict.contributions if abs(value) >= _WORTH_NAMING]
    moved = f" ({', '.join(weights)})" if weights else ""
    if verdict.limit is None:
        return f"The block model scores it {verdict.score:+.1f}{moved}, and has no say about such blocks."
    side = "below" if verdict.score < verdict.limit else "not below"
    spared = " It stays: too much of the page would go (max_share)." if side == "below" and not verdict.is_cut else ""
    return f"The block model scores it {verdict.score:+.1f}, {side} its limit {verdict.limit:+.1f}{moved}.{spared}"


_WORTH_NAMING = 0.3
"""Logits: what moves a score less is left out of the sentence."""


def _candidates(parsed: ParsedDocument, article: Article | None) -> Iterator[FieldCandidate]:
    """Every candidate of the container and the page, in the order of the fields."""
    supplied = parsed.source.supplied
    chosen_headline = choose_headline(parsed.metadata, supplied).source if article else None
    if chosen_headline == SUPPLIED:
        chosen_headline = supplied_by(parsed.source)
    for field in fields(PageMetadata):
        stated: list[Candidate] = []
        value = getattr(supplied, field.name, None)
        if value:
            source = supplied_by(parsed.source)
            stated += [Candidate(each, source) for each in ((value,) if isinstance(value, str) else value)]
        stated += getattr(parsed.metadata, field.name)
        first = _first_chosen(field.name, stated, parsed, article) if article else None
        chosen = _chosen_text(field.name, article) if article else ()
        for place, each in enumerate(stated):
            is_chosen = place == first if field.name in _READ_FIELDS else _says(each.value, chosen)
            if field.name == "headline":
                is_chosen = is_chosen and each.source == chosen_headline
            yield FieldCandidate(field.name, each.value, each.source, is_chosen)


_READ_FIELDS = frozenset(("license", "is_accessible_for_free", "modified"))
"""Fields whose value is read from a candidate, not taken as written: the first candidate that gives the article's is chosen."""


def _first_chosen(field: str, stated: Sequence[Candidate], parsed: ParsedDocument, article: Article) -> int | None:
    """The place of the candidate that the article's value was read from; None where none gives it (the text's own line did)."""
    values = [each.value for each in stated]
    if field == "license" and article.license:
        return next((place for place, value in enumerate(values) if spdx_of(value) == article.license), None)
    if field == "is_accessible_for_free" and article.is_accessible_for_free is not None:
        return next((place for place, value in enumerate(values) if says_free(value) is not None), None)
    if field == "modified" and article.modified_at:
        metadata, supplied = parsed.metadata, parsed.source.supplied
        context = DateContext(
            language=date_language(article.language, metadata, supplied),
            url=article.canonical_url or article.url,
            fetched_at=parsed.source.fetched_at,
            countries=tuple(each.value for each in metadata.country),
            locales=tuple(each.value for each in metadata.language),
        )
        found = choose_modified(metadata.modified, supplied.modified, context)
        return values.index(found.raw) if found and found.raw in values else None
    return None


def _chosen_text(field: str, article: Article) -> tuple[str, ...]:
    """What the article has for a field of `PageMetadata`, as far as it can be compared with what was stated."""
    if field in ("authors", "author_organizations"):
        return tuple(author.name for author in article.authors)
    if field == "keywords":
        return article.keywords
    columns = {"url": "canonical_url", "published": "published_raw", "copyright": "copyright_notice"}
    columns |= {"image_url": "lead_image_url", "site_name": "publisher"}
    value = getattr(article, columns.get(field, field), None)
    return (value,) if isinstance(value, str) else ()


def _says(stated: str, chosen: tuple[str, ...]) -> bool:
    folded = " ".join(stated.split()).casefold()
    return any(" ".join(each.split()).casefold() in folded for each in chosen if each)
