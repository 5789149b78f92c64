"""The records that flow from step to step: InputFile → RawDocument → DecodedDocument → ParsedDocument → CleanedDocument
→ Article and Removed, or Reject.

All are frozen: a step makes a new record and never changes one. Offsets are Unicode code points, half open. Times are
aware datetimes in UTC. `None` means unknown; an empty tuple means known to be none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from schemas.codes import (
    Action,
    AuthorKind,
    BlockKind,
    Calendar,
    Category,
    DatePrecision,
    DateSource,
    Field,
    Normalization,
    Payload,
    RejectCode,
    Scope,
    SourceFormat,
    Stage,
    ZoneSource,
)
from schemas.entities import NO_MENTIONS, Mentions


class InputFile(NamedTuple):
    """One file to read. `uri` is as the user gave it; `name` is relative to its input and is the file's identity.

    `sha256` is the hex digest of the file's bytes as they lie on disk (compressed or not). `size` is in bytes. `held_at` is the path
    of a copy that is read instead where the bytes are no longer at `uri`.
    """

    uri: str
    name: str
    size: int
    sha256: str
    held_at: str = ""


class ReadCount(NamedTuple):
    """One input file, read to its end: how many records it gave. `size` is in bytes; `sha256` is empty where the file
    could not be read at all (its one reject is then its one record)."""

    name: str
    sha256: str
    uri: str
    size: int
    records: int


@dataclass(frozen=True, slots=True)
class SuppliedFields:
    """What a container states about its record (a JSON Lines object, a CSV or Parquet row, a feed item), as written."""

    headline: str | None = None
    standfirst: str | None = None
    description: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    url: str | None = None
    publisher: str | None = None
    language: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    license: str | None = None
    image_url: str | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One record as read. `raw` is what its identity is taken from: a file's bytes after decompression, a JSON line, a
    WARC record's payload.

    `source_uri` is `<container uri>#<record id>` for a container's record, else the file's uri; `name` likewise with the
    name relative to the input. `content` is the article's own text or markup when it differs from `raw` (the text field
    of a JSON object); it is then already decoded. `declared_charset` comes from HTTP or container headers, `last_modified` is HTTP's
    header as written.
    """

    source_uri: str
    name: str
    format: SourceFormat
    payload: Payload
    raw: bytes
    content: str | None = None
    byte_offset: int = 0
    declared_charset: str | None = None
    url: str | None = None
    fetched_at: datetime | None = None
    last_modified: str | None = None
    supplied: SuppliedFields = field(default_factory=SuppliedFields)


@dataclass(frozen=True, slots=True)
class DecodedDocument:
    """A record whose bytes have become text. `text` is what offsets of plain-text records refer to (line ends kept).

    `encoded` is `text` in UTF-8 where the record's bytes are that.
    """

    source: RawDocument
    text: str
    charset: str
    normalizations: tuple[Normalization, ...] = ()
    encoded: bytes | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """Why a stretch is not body text: the rule that decided and what the stretch is."""

    rule_id: str
    category: Category
    scope: Scope = Scope.GLOBAL
    action: Action = Action.REMOVED


@dataclass(frozen=True, slots=True)
class Block:
    """One typed block of a document: `text[start:end]` of its ParsedDocument, never overlapping, in reading order.

    `link_density` is the share of its characters inside links (0 to 1). `path` is the tag path from the chosen
    container, e.g. "article/div/p". `labels` are the class and id words around it, lower case. `boxes` number the elements
    it stands in, outermost of the last five first: blocks with the same number share that element. `cut` is set where the
    page's structure alone already decides that the block is no body text (navigation, captions, page chrome).
    """

    start: int
    end: int
    kind: BlockKind
    link_density: float = 0.0
    path: str = ""
    labels: tuple[str, ...] = ()
    cut: Cut | None = None
    boxes: tuple[int, ...] = ()


class Candidate(NamedTuple):
    """One source's answer for a metadata field, as written. `source` names the place: "json_ld", "og:title", "h1" …"""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """Every candidate that a page states for each field, in document order within a source; nothing is chosen yet.

    `article_body` is the text that JSON-LD states as the article's; it is left out once the blocks are judged by it.
    """

    headline: tuple[Candidate, ...] = ()
    alternative_headline: tuple[Candidate, ...] = ()
    description: tuple[Candidate, ...] = ()
    authors: tuple[Candidate, ...] = ()
    author_organizations: tuple[Candidate, ...] = ()
    published: tuple[Candidate, ...] = ()
    modified: tuple[Candidate, ...] = ()
    url: tuple[Candidate, ...] = ()
    publisher: tuple[Candidate, ...] = ()
    site_name: tuple[Candidate, ...] = ()
    section: tuple[Candidate, ...] = ()
    keywords: tuple[Candidate, ...] = ()
    country: tuple[Candidate, ...] = ()
    license: tuple[Candidate, ...] = ()
    copyright: tuple[Candidate, ...] = ()
    image_url: tuple[Candidate, ...] = ()
    language: tuple[Candidate, ...] = ()
    is_accessible_for_free: tuple[Candidate, ...] = ()
    article_type: tuple[Candidate, ...] = ()
    article_body: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """Markup-free text and its blocks. All of `text` outside blocks is white space."""

    source: RawDocument
    charset: str
    text: str
    blocks: tuple[Block, ...]
    metadata: PageMetadata = field(default_factory=PageMetadata)
    normalizations: tuple[Normalization, ...] = ()


@dataclass(frozen=True, slots=True)
class RemovedSpan:
    """A stretch taken out: `text` is exactly `source text[start:end]`.

    `body_offset` is the place in the finished body (or headline) at which it stood; spans are ordered by `start`.
    """

    field: Field
    start: int
    end: int
    text: str
    rule_id: str
    category: Category
    scope: Scope
    action: Action
    body_offset: int


@dataclass(frozen=True, slots=True)
class Dateline:
    """A parsed dateline: "LONDON, March 3 (Reuters) —". `text` is all of it as written."""

    text: str
    place: str
    agency: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class CleanedDocument:
    """The body that is left and everything that was taken out, with what the cleaning recognised on the way.

    `body` is paragraphs joined by one "\\n". `headline` is the headline found in or confirmed by the text, `byline`,
    `dates` and `licenses` the lines as written. `fingerprint` is `transforms.normalize.fingerprint` of the whole
    markup-free text, from which `verify` proves that body + removed rebuild what came in.
    """

    parsed: ParsedDocument
    body: str
    removed: tuple[RemovedSpan, ...]
    normalizations: tuple[Normalization, ...]
    fingerprint: str
    headline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    dateline: Dateline | None = None
    sign_offs: tuple[str, ...] = ()
    date_lines: tuple[str, ...] = ()
    license_lines: tuple[str, ...] = ()
    copyright_lines: tuple[str, ...] = ()


class Author(NamedTuple):
    """One name from the byline or the metadata."""

    name: str
    kind: AuthorKind


class Agency(NamedTuple):
    """A news agency: canonical name, the name as written here, Wikidata id."""

    name: str
    as_written: str
    wikidata_id: str | None


class LanguageShare(NamedTuple):
    """A language that paragraphs of the body are in and their share of its characters, 0 to 1."""

    language: str
    share: float


class Quality(NamedTuple):
    """Named signals about the body, each 0 to 1 unless it says otherwise; `transforms.quality` defines them.

    None where a signal does not apply: no list of small words for the language, too few words for an n-gram.
    """

    mean_word_length: float | None = None
    symbol_share: float | None = None
    end_punctuation_line_share: float | None = None
    stop_word_share: float | None = None
    repeated_ngram_share: float | None = None
    upper_case_share: float | None = None
    link_density: float | None = None
    alphabetic_word_share: float | None = None
    digit_share: float | None = None
    bullet_line_share: float | None = None
    ellipsis_line_share: float | None = None
    repeated_line_share: float | None = None
    top_2gram_share: float | None = None
    top_3gram_share: float | None = None
    top_4gram_share: float | None = None
    repeated_10gram_share: float | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One row of the table `articles`; `schemas.tables` says what each field means. `run_id` is set when it is written."""

    article_id: str
    work_id: str
    source_sha256: str
    content_sha256: str
    source_uri: str
    source_format: SourceFormat
    charset: str
    host: str | None
    url: str | None
    canonical_url: str | None
    publisher: str | None
    headline: str | None
    alternative_headline: str | None
    standfirst: str | None
    description: str | None
    body: str
    authors: tuple[Author, ...]
    byline: str | None
    dateline: str | None
    dateline_country: str | None
    agencies: tuple[Agency, ...]
    section: str | None
    keywords: tuple[str, ...]
    published_at: datetime | None
    modified_at: datetime | None
    published_raw: str | None
    published_source: DateSource
    published_precision: DatePrecision | None
    published_confidence: float | None
    published_timezone: str | None
    published_timezone_source: ZoneSource | None
    published_calendar: Calendar | None
    fetched_at: datetime | None
    language: str
    language_confidence: float | None
    license: str | None
    copyright_notice: str | None
    word_count: int
    lead_image_url: str | None
    is_accessible_for_free: bool | None
    quality: Quality
    normalizations: tuple[Normalization, ...]
    text_fingerprint: str
    published_month: str | None
    other_languages: tuple[LanguageShare, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """One row of the table `removed`."""

    article_id: str
    seq: int
    field: Field
    start: int
    end: int
    text: str
    body_offset: int
    rule_id: str
    category: Category
    scope: Scope
    action: Action
    language: str
    published_month: str | None


@dataclass(frozen=True, slots=True)
class Reject:
    """One row of the table `rejects`: a record that became no article, with its bytes (capped) and what to do."""

    reject_id: str
    source_uri: str
    byte_offset: int
    stage: Stage
    code: RejectCode
    message: str
    raw: bytes
    raw_size: int
    raw_sha256: str
    retryable: bool


class Unopened(NamedTuple):
    """An input file that could not even be opened when it was matched. `file` has size 0 and no sha256: there are no bytes to
    know it by."""

    file: InputFile
    reject: Reject


class Description(NamedTuple):
    """One article, its removed stretches in the order of the source text, what it was made from, and what its body names."""

    article: Article
    removed: tuple[Removed, ...]
    cleaned: CleanedDocument
    mentions: Mentions = NO_MENTIONS
