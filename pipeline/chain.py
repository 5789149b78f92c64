"""The graph's steps as plain function calls, for one record: what `inspect`, tests and benchmarks use, without Beam.

Before: a file's name. After: `Described(article, removed, parsed, mentions)` for each record in it, or its `Reject`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import NamedTuple

from pipeline.entities.build import store_folder
from pipeline.rules import load_rules
from pipeline.settings import EntitySettings, Settings
from pipeline.supervisor import supervision
from schemas.codes import Stage
from schemas.entities import NO_MENTIONS, Mentions
from schemas.records import Article, CleanedDocument, Description, ParsedDocument, RawDocument, Reject, Removed
from schemas.units import MIB
from transforms.cleaning.clean import clean
from transforms.cleaning.clean_rules import CleanRules, clean_rules
from transforms.decoding.decode import decode
from transforms.describe import DescribeRules, Finished, describe
from transforms.entities.mention_rules import MentionRules, Wanted
from transforms.entities.mentions import with_mentions
from transforms.entities.name_tiers import check_tier
from transforms.html.block_model import BlockModel, built_in_model
from transforms.html.rules import PageRules
from transforms.isolation.limits import Limits, Suspicion
from transforms.language_rules import LanguageRules, check_detector
from transforms.match import match_inputs
from transforms.normalize import NormalizeSettings
from transforms.parse import parse
from transforms.read.fields import field_names
from transforms.read.records import read_file
from transforms.read.settings import ReadSettings
from transforms.row_filter import RowFilter
from transforms.step import apply


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that the steps are told from outside, compiled; picklable, so that workers get it as it is."""

    read: ReadSettings
    page: PageRules
    model: BlockModel | None
    clean: CleanRules
    describe: DescribeRules
    mentions: MentionRules | None

    @classmethod
    def load(cls, settings: Settings) -> Rules:
        """The rules that `settings` ask for. Raises UsageError (one line) for a bad rule file or field name."""
        check_detector(settings.describe.language_detector)
        names = settings.input.fields
        page = PageRules.load()
        own_names = {field.name: getattr(names, field.name) for field in fields(names)}
        return cls(
            read=ReadSettings(
                max_file_bytes=settings.input.max_file_bytes,
                max_ratio=settings.input.max_ratio,
                max_record_bytes=settings.input.max_record_bytes,
                csv_delimiter=settings.input.csv_delimiter or None,
                csv_quote=settings.input.csv_quote,
                fields=field_names({key: own for key, own in own_names.items() if own}),
            ),
            page=replace(
                page,
                limits=replace(page.limits, max_depth=settings.input.max_depth, max_lines=settings.input.max_lines),
            ),
            model=built_in_model() if settings.clean.block_model else None,
            clean=clean_rules(
                load_rules([Path(folder) for folder in settings.clean.rule_folders]),
                normalize=NormalizeSettings(settings.clean.quotes == "ascii", settings.clean.dashes == "ascii"),
                standfirst_in_body=settings.clean.standfirst_in_body,
            ),
            describe=DescribeRules.load(
                replace(
                    LanguageRules.load(),
                    min_letters=settings.describe.language_min_letters,
                    min_confidence=settings.describe.language_min_confidence,
                    detector=settings.describe.language_detector,
                ),
                RowFilter(settings.filter.expression),
            ),
            mentions=_mention_rules(settings.entities),
        )


def _mention_rules(settings: EntitySettings) -> MentionRules | None:
    if not settings.enabled:
        return None
    check_tier(settings.ner)
    return MentionRules.open(
        store_folder(settings.files), Wanted(settings.dates, settings.quotes, settings.quantities, settings.ner)
    )


def record_limits(settings: Settings) -> Limits:
    """What `[limits]` asks for."""
    given, supervised = settings.limits, supervision()
    return Limits(
        seconds=given.seconds,
        memory_bytes=given.memory_mib * MIB,
        output_bytes=given.output_mib * MIB,
        hang_seconds=given.hang_seconds,
        suspect=Suspicion(given.isolate_bytes, given.isolate_tags, given.isolate_references, given.isolate_line),
        deadly=supervised.deadly,
        journal=supervised.journal,
    )


class Described(NamedTuple):
    """A record that became an article."""

    article: Article
    removed: tuple[Removed, ...]
    parsed: ParsedDocument
    mentions: Mentions = NO_MENTIONS


def parse_record(document: RawDocument, rules: Rules) -> ParsedDocument | Reject:
    """The record's text in blocks, as a run has it before cleaning. Never raises: an exception is the reject of its step."""
    decoded = apply(document, Stage.DECODE, decode)
    if isinstance(decoded, Reject):
        return decoded
    return apply(decoded, Stage.PARSE, lambda record: parse(record, rules.page, rules.model))


def clean_record(document: RawDocument, rules: Rules) -> CleanedDocument | Reject:
    """The record's body, as a run has it. Never raises."""
    parsed = parse_record(document, rules)
    if isinstance(parsed, Reject):
        return parsed
    return apply(parsed, Stage.CLEAN, lambda record: clean(record, rules.clean))


def describe_record(document: RawDocument, rules: Rules) -> Description | Reject:
    """The record's article, by the steps that read what others wrote. Never raises."""
    cleaned = clean_record(document, rules)
    if isinstance(cleaned, Reject):
        return cleaned
    return apply(cleaned, Stage.DESCRIBE, lambda record: describe(record, rules.describe))


def finish_record(document: RawDocument, rules: Rules) -> Finished | Reject:
    """The record's article with its mentions, by all steps: what a child process does with a suspect one. Never raises."""
    described = describe_record(document, rules)
    mentions_of = rules.mentions
    if mentions_of is not None and not isinstance(described, Reject):
        described = apply(described, Stage.MENTIONS, lambda record: with_mentions(record, mentions_of))
    return described if isinstance(described, Reject) else Finished(described)


def run_record(document: RawDocument, rules: Rules) -> Described | Reject:
    """What becomes of one record. Never raises."""
    finished = finish_record(document, rules)
    if isinstance(finished, Reject):
        return finished
    described = finished.description
    return Described(described.article, described.removed, described.cleaned.parsed, described.mentions)


def read_all(path: str, rules: Rules) -> Iterator[RawDocument | Reject]:
    """The records of one file, in its order; what can't be read of it is a reject among them."""
    matched = match_inputs([path])
    yield from matched.rejects
    for file in matched.files:
        yield from read_file(file, rules.read)
