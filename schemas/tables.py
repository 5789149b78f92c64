"""The tables' contract in code: Arrow schemas with a description and a source term for every column.

`docs/data-format.md` is its public form and `copydesk schema` prints it. Columns may be added (raise SCHEMA_VERSION's
minor number); a column is never renamed and its type never changed without a new major number.
"""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

from schemas.records import Quality

SCHEMA_VERSION = "1.2"
"""major.minor; stands in every row of `articles` and in every file's metadata."""

HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"

_DICT = pa.dictionary(pa.int32(), pa.string())
_TIME = pa.timestamp("us", tz="UTC")


class Table(NamedTuple):
    """A table: its name, Arrow schema, partition columns (Hive, outermost first) and sort columns."""

    name: str
    description: str
    schema: pa.Schema
    partition_by: tuple[str, ...]
    sort_by: tuple[str, ...]


def _column(name: str, kind: pa.DataType, description: str, term: str = "", nullable: bool = True) -> pa.Field:
    metadata = {"description": description}
    if term:
        metadata["term"] = term
    return pa.field(name, kind, nullable=nullable, metadata=metadata)


def _schema(*columns: pa.Field) -> pa.Schema:
    return pa.schema(columns, metadata={"copydesk.schema_version": SCHEMA_VERSION})


# Inside a list a plain string: pyarrow can't read nested dictionaries from files of more than one row group. The files
# encode it with a dictionary all the same.
_AUTHOR = pa.struct([pa.field("name", pa.string()), pa.field("kind", pa.string())])
_AGENCY = pa.struct(
    [pa.field("name", pa.string()), pa.field("as_written", pa.string()), pa.field("wikidata_id", pa.string())]
)
_LANGUAGE_SHARE = pa.struct([pa.field("language", pa.string()), pa.field("share", pa.float32())])
_ALIAS = pa.struct([pa.field("text", pa.string()), pa.field("language", pa.string()), pa.field("count", pa.int64())])
_QUALITY = pa.struct([pa.field(signal, pa.float32()) for signal in Quality._fields])

ARTICLES = Table(
    "articles",
    "One row for each article: its text without leftovers, and what is known about it.",
    _schema(
        _column(
            "article_id",
            pa.string(),
            "Hash of the record's name relative to its input and of its raw bytes; unique in this table.",
            "schema:identifier",
            False,
        ),
        _column(
            "work_id",
            pa.string(),
            "Hash of canonical_url, else of the relative name; the same for all versions of one article.",
            "",
            False,
        ),
        _column("source_sha256", pa.string(), "SHA-256 of the record's raw bytes, hexadecimal.", "", False),
        _column(
            "content_sha256",
            pa.string(),
            "SHA-256 of headline, a newline and body as in this row, hexadecimal.",
            "",
            False,
        ),
        _column(
            "source_uri",
            pa.string(),
            "Where the record was read, as given; `<container>#<record id>` for a container's record.",
            "schema:archivedAt",
            False,
        ),
        _column(
            "source_format",
            _DICT,
            "What the input was told to be: text, html, jsonl, warc, wet, csv, parquet, rss, atom.",
            "schema:encodingFormat",
            False,
        ),
        _column("charset", _DICT, "The charset that the bytes were decoded with.", "", False),
        _column("host", _DICT, "Host of the article's URL, lower case, without a leading www.", ""),
        _column("url", pa.string(), "The URL that the record was fetched from, as stated.", "schema:url"),
        _column("canonical_url", pa.string(), "The article's own URL, normalised.", "schema:mainEntityOfPage"),
        _column("publisher", _DICT, "Who published it, as stated by the page.", "schema:publisher"),
        _column("headline", pa.string(), "The headline, without the site's name.", "schema:headline"),
        _column(
            "alternative_headline",
            pa.string(),
            "A second headline that the page states, such as the one for sharing.",
            "schema:alternativeHeadline",
        ),
        _column("standfirst", pa.string(), "The introduction that stands above the body.", "iptc:standfirst"),
        _column(
            "description", pa.string(), "The page's own summary for search engines and sharing.", "schema:description"
        ),
        _column(
            "body",
            pa.large_string(),
            "The article's text: paragraphs joined by one newline.",
            "schema:articleBody",
            False,
        ),
        _column(
            "authors",
            pa.list_(_AUTHOR),
            "Names from the byline or the metadata; kind is person, organization or staff.",
            "schema:author",
        ),
        _column("byline", pa.string(), "The byline as written, without the leading 'By'.", "iptc:by"),
        _column(
            "dateline",
            pa.string(),
            "The dateline's place as written, without agency, date and dash.",
            "schema:dateline",
        ),
        _column("dateline_country", pa.string(), "ISO 3166-1 alpha-2 code of the dateline's country.", "iso3166-1"),
        _column(
            "agencies",
            pa.list_(_AGENCY),
            "News agencies named in dateline, byline, sign-off or licence line.",
            "schema:sourceOrganization",
        ),
        _column("section", _DICT, "The section of the outlet, as stated.", "schema:articleSection"),
        _column("keywords", pa.list_(pa.string()), "The page's keywords, in its order.", "schema:keywords"),
        _column(
            "published_at",
            _TIME,
            "When it was published; the start of the stated day, month or year where no more is known.",
            "schema:datePublished",
        ),
        _column("modified_at", _TIME, "When it was last changed, as stated.", "schema:dateModified"),
        _column("published_raw", pa.string(), "The text that published_at was read from.", ""),
        _column("published_source", _DICT, "Where it stood: json_ld, meta, time, url, text, file or none.", "", False),
        _column("published_precision", _DICT, "The finest unit stated: second, minute, day, month or year.", ""),
        _column("published_confidence", pa.float32(), "How sure published_at is, 0 to 1.", ""),
        _column(
            "published_timezone",
            _DICT,
            "The zone of the clock that published_at was read from: UTC, an offset or an IANA name.",
        ),
        _column(
            "published_timezone_source",
            _DICT,
            "What told that zone: stated, page, country, or assumed (UTC); null where no time is stated.",
        ),
        _column("published_calendar", _DICT, "The calendar that the date was written in."),
        _column("fetched_at", _TIME, "When the page was fetched, as its container states.", ""),
        _column(
            "language",
            pa.string(),
            "BCP 47 tag of the body's language; `und` where it can't be told.",
            "schema:inLanguage",
            False,
        ),
        _column("language_confidence", pa.float32(), "How sure language is, 0 to 1.", ""),
        _column("license", pa.string(), "SPDX identifier of the licence stated.", "schema:license"),
        _column("copyright_notice", pa.string(), "The copyright line as written.", "schema:copyrightNotice"),
        _column(
            "word_count",
            pa.int32(),
            "Words in body; a CJK, Thai or similar character counts as one.",
            "schema:wordCount",
            False,
        ),
        _column("lead_image_url", pa.string(), "The article's main image, as stated.", "schema:image"),
        _column(
            "is_accessible_for_free",
            pa.bool_(),
            "False where the page says that it stands behind a paywall.",
            "schema:isAccessibleForFree",
        ),
        _column(
            "quality",
            _QUALITY,
            "Named signals about the body, null where one does not apply; see docs/quality-signals.md.",
            "",
        ),
        _column(
            "normalizations", pa.list_(pa.string()), "Changes of spelling made to the text that are no removals.", ""
        ),
        _column(
            "text_fingerprint",
            pa.string(),
            "Hash of the markup-free text before cleaning; body and removed rebuild it.",
            "",
            False,
        ),
        _column("published_month", pa.string(), "Partition: month of published_at in UTC, YYYY-MM.", ""),
        _column(
            "other_languages",
            pa.list_(_LANGUAGE_SHARE),
            "Languages that other paragraphs of the body are in, with their share of its characters, 0 to 1.",
            "",
        ),
        _column("run_id", pa.string(), "The run that wrote the row.", "", False),
        _column("schema_version", pa.string(), "The contract's version.", "", False),
        _column("pipeline_version", pa.string(), "copydesk's version.", "", False),
    ),
    ("language", "published_month"),
    ("published_at", "article_id"),
)

REMOVED = Table(
    "removed",
    "One row for each stretch of text that was taken out of an article.",
    _schema(
        _column("article_id", pa.string(), "The article it was taken from.", "", False),
        _column("seq", pa.int32(), "Order within the article, from 0.", "", False),
        _column("field", _DICT, "body or headline.", "", False),
        _column("start", pa.int32(), "First code point in the decoded, markup-free text.", "", False),
        _column("end", pa.int32(), "Code point after the last one.", "", False),
        _column("text", pa.string(), "The text taken out, unchanged.", "", False),
        _column(
            "body_offset", pa.int32(), "Code point in the finished body (or headline) at which it stood.", "", False
        ),
        _column("rule_id", pa.string(), "The rule that decided; `copydesk rules list` shows it.", "", False),
        _column("category", _DICT, "What it was.", "", False),
        _column("scope", _DICT, "How widely the rule holds: global, language, site or learned.", "", False),
        _column("action", _DICT, "removed, or moved to a column of its own.", "", False),
        _column("language", pa.string(), "The article's language (partition).", "", False),
        _column("published_month", pa.string(), "The article's month (partition).", ""),
        _column("run_id", pa.string(), "The run that wrote the row.", "", False),
    ),
    ("language", "published_month"),
    ("article_id", "seq"),
)

REJECTS = Table(
    "rejects",
    "One row for each record that became no article.",
    _schema(
        _column("reject_id", pa.string(), "Hash of the record's name, bytes, stage and code.", "", False),
        _column("source_uri", pa.string(), "Where the record was read, as given.", "", False),
        _column("byte_offset", pa.int64(), "Where the record starts in its (decompressed) file, in bytes.", "", False),
        _column("stage", _DICT, "The step that refused it.", "", False),
        _column("code", _DICT, "Why, from a fixed list.", "", False),
        _column("message", pa.string(), "Why, for a person, and what to do.", "", False),
        _column("raw", pa.binary(), "The record's bytes, the first 64 KiB.", "", False),
        _column("raw_size", pa.int64(), "All its bytes.", "", False),
        _column("raw_sha256", pa.string(), "SHA-256 of all its bytes, hexadecimal.", "", False),
        _column("retryable", pa.bool_(), "Whether trying again may help.", "", False),
        _column("run_id", pa.string(), "The run that wrote the row.", "", False),
    ),
    (),
    ("source_uri", "byte_offset", "reject_id"),
)

MENTIONS = Table(
    "mentions",
    "One row for each name and date in an article's body; no two of one article overlap.",
    _schema(
        _column("article_id", pa.string(), "The article in whose body it stands.", "schema:mentions", False),
        _column("seq", pa.int32(), "Order within the article, from 0.", "", False),
        _column("start", pa.int32(), "First code point in the article's body.", "nif:beginIndex", False),
        _column("end", pa.int32(), "Code point after the last one.", "nif:endIndex", False),
        _column("surface", pa.string(), "The text as written: always body[start:end].", "nif:anchorOf", False),
        _column(
            "entity_id",
            pa.string(),
            "Whom or what it names: a Wikidata id where one is known, else `local:…`; null for dates, quantities and names "
            "that could be several.",
            "itsrdf:taIdentRef",
        ),
        _column(
            "entity_type", _DICT, "What this mention is; mostly its entity's type, `group` for demonyms.", "", False
        ),
        _column("canonical_name", pa.string(), "The entity's name in full.", "schema:name"),
        _column("wikidata_id", pa.string(), "Its Wikidata id, where one is known.", "schema:sameAs"),
        _column("iso_code", pa.string(), "ISO 3166-1 alpha-2, for countries and territories.", "iso3166-1"),
        _column("method", _DICT, "How it was found.", "", False),
        _column(
            "kind", _DICT, "What the surface is to its entity: a name, acronym, demonym, metonym or event.", "", False
        ),
        _column("confidence", pa.float32(), "Measured precision of the method, 0 to 1.", "itsrdf:taConfidence", False),
        _column("value", pa.string(), "For dates EDTF (ISO 8601-2), for quantities a number and its unit.", ""),
        _column(
            "published_at",
            _TIME,
            "When the article was published, as in `articles`: to count over time.",
            "schema:datePublished",
        ),
        _column("language", pa.string(), "The article's language (partition).", "", False),
        _column("published_month", pa.string(), "The article's month (partition).", ""),
        _column("run_id", pa.string(), "The run that wrote the row.", "", False),
    ),
    ("language", "published_month"),
    ("article_id", "seq"),
)

QUOTES = Table(
    "quotes",
    "One row for each quotation in an article's body that says who spoke; written where the settings ask for it.",
    _schema(
        _column("article_id", pa.string(), "The article in whose body it stands.", "", False),
        _column("seq", pa.int32(), "Order within the article, from 0.", "", False),
        _column("start", pa.int32(), "First code point of the words in the article's body, after the mark.", "", False),
        _column("end", pa.int32(), "Code point after the last one, before the mark.", "", False),
        _column("quote", pa.string(), "The words as written: always body[start:end].", "schema:Quotation", False),
        _column(
            "speaker_entity_id",
            pa.string(),
            "Who said it, as in `entities`; null where that isn't known.",
            "schema:spokenByCharacter",
        ),
        _column(
            "speaker_surface", pa.string(), "The speaker as written beside the words: a name, or he or she.", "", False
        ),
        _column("language", pa.string(), "The article's language (partition).", "", False),
        _column("published_month", pa.string(), "The article's month (partition).", ""),
        _column("run_id", pa.string(), "The run that wrote the row.", "", False),
    ),
    ("language", "published_month"),
    ("article_id", "seq"),
)

ENTITIES = Table(
    "entities",
    "One row for each entity that a run's mentions name, with the run's own counts; sum over runs for the whole lake.",
    _schema(
        _column(
            "entity_id", pa.string(), "Wikidata id, else `local:…`; the same in every run.", "schema:identifier", False
        ),
        _column("canonical_name", pa.string(), "Its name in full.", "schema:name", False),
        _column("entity_type", _DICT, "What it is.", "", False),
        _column("wikidata_id", pa.string(), "Its Wikidata id, where one is known.", "schema:sameAs"),
        _column("iso_code", pa.string(), "ISO 3166-1 alpha-2, for countries and territories.", "iso3166-1"),
        _column(
            "aliases",
            pa.list_(_ALIAS),
            "How it was written, by language of the article: the commonest first, at most 50.",
            "schema:alternateName",
            False,
        ),
        _column("articles", pa.int64(), "Articles that name it.", "", False),
        _column("mentions", pa.int64(), "Mentions of it.", "", False),
        _column("first_seen", pa.date32(), "Earliest day (UTC) on which such an article was published.", ""),
        _column("last_seen", pa.date32(), "Latest such day.", ""),
        _column(
            "same_as",
            pa.string(),
            "The id of an entity that turned out to be the same; mentions keep the id they were given.",
            "owl:sameAs",
        ),
        _column("run_id", pa.string(), "The run that wrote the row.", "", False),
    ),
    (),
    ("entity_id",),
)

TABLES: dict[str, Table] = {table.name: table for table in (ARTICLES, REMOVED, MENTIONS, QUOTES, ENTITIES, REJECTS)}
"""The tables that this version writes. Those of the contract that are not here come with later versions."""
