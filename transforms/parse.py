"""Makes a decoded record a parsed document: pages through the HTML tree, plain text line by line.

Before: "<article><h1>Bridge reopens</h1><p>The bridge ..." or "Bridge reopens\\nThe bridge ...". After: typed blocks of markup-free text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import apache_beam as beam

from schemas.codes import Payload, RejectCode, Stage
from schemas.errors import RecordError
from schemas.records import DecodedDocument, ParsedDocument
from transforms.html.block_model import BlockModel, refine
from transforms.html.page import parse_page
from transforms.html.rules import PageRules
from transforms.html.witness import heed_witness
from transforms.parsed_earlier import take
from transforms.step import Step
from transforms.text import parse_text


def parse(document: DecodedDocument, rules: PageRules, model: BlockModel | None) -> ParsedDocument:
    """The document's blocks; a page's also as `model` (None: switched off) and then its own JSON-LD judge them. Raises RecordError (no_text,
    too_deep, too_many_lines) where there is nothing to parse."""
    parsed = parse_by_rules(document, rules)
    if document.source.payload is not Payload.HTML:
        return parsed
    return heed_witness(parsed if model is None else refine(parsed, model), rules)


def parse_once(document: DecodedDocument, rules: PageRules, model: BlockModel | None) -> ParsedDocument:
    """What `parse` gives; not parsed again where the first pass of this run has done it."""
    return take(document) or parse(document, rules, model)


def parse_by_rules(document: DecodedDocument, rules: PageRules) -> ParsedDocument:
    """The document's blocks as rules alone have them. Raises what `parse` raises."""
    limit = rules.limits.max_lines
    if document.source.payload is not Payload.HTML:
        return parse_text(document, limit)
    parsed = parse_page(document, rules)
    if len(parsed.blocks) > limit:
        raise RecordError(
            RejectCode.TOO_MANY_LINES, f"the page has {len(parsed.blocks):,} blocks; the limit is {limit:,}"
        )
    return parsed


@dataclass
class Parse(beam.PTransform):
    """DecodedDocument → ParsedDocument; rejects pass."""

    rules: PageRules
    model: BlockModel | None

    def expand(self, records: beam.PCollection) -> beam.PCollection:
        """One record in, one out."""
        return records | beam.ParDo(
            Step(Stage.PARSE, DecodedDocument, partial(parse_once, rules=self.rules, model=self.model))
        )
