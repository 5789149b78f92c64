"""Explains one record: how its page was read, what each line was judged by, what its metadata were chosen from.

Before: one record of a file.  After: `Explanation(page, lines, fields)`, which `copydesk inspect --why` prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import NamedTuple

from pipeline.chain import Rules
from schemas.codes import Payload
from schemas.errors import RecordError
from schemas.records import Article, Candidate, PageMetadata, ParsedDocument, RawDocument
from transforms.cleaning.explain import LineVerdict, explain_lines
from transforms.decoding.decode import decode
from transforms.html.block_model import BlockVerdict, explain, refine
from transforms.html.explain import PageChoice, explain_page
from transforms.html.witness import heed_witness
from transforms.metadata.headline import choose_headline
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
    headline_source = choose_headline(parsed.metadata, supplied).source if article else None
    for field in fields(PageMetadata):
        stated: list[Candidate] = []
        value = getattr(supplied, field.name, None)
        if value:
            stated += [Candidate(each, "supplied") for each in ((value,) if isinstance(value, str) else value)]
        stated += getattr(parsed.metadata, field.name)
        chosen = _chosen_text(field.name, article) if article else ()
        for each in stated:
            is_chosen = _says(each.value, chosen)
            if field.name == "headline":
                is_chosen = is_chosen and each.source == headline_source
            yield FieldCandidate(field.name, each.value, each.source, is_chosen)


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
