"""The fixed lists of codes: every reason, category, kind and repair that a row of the lake can name.

A code is added here first; `docs/data-format.md` lists what each one means for a reader of the lake. Values are
written to the lake as they stand, so a value is never renamed, only added.
"""

from __future__ import annotations

from enum import Enum


class Code(str, Enum):
    """A string enum whose members print and serialise as their value."""

    def __str__(self) -> str:
        return str(self.value)

    # A member equals its value, so it hashes like it; the hash of Enum would be that of the name, and slow.
    __hash__ = str.__hash__


class SourceFormat(Code):
    """What an input was told to be, by its content first and its name second."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"
    WARC = "warc"
    WET = "wet"
    CSV = "csv"
    PARQUET = "parquet"
    RSS = "rss"
    ATOM = "atom"


class Payload(Code):
    """What a record's own bytes are, once it is out of its container."""

    TEXT = "text"
    HTML = "html"


class Stage(Code):
    """The step of the graph in which a record became a reject."""

    MATCH = "match"
    READ = "read"
    DECODE = "decode"
    PARSE = "parse"
    CLEAN = "clean"
    DESCRIBE = "describe"
    MENTIONS = "mentions"
    WRITE = "write"


class RejectCode(Code):
    """Why a record is a reject. Each has one sentence of advice in `REJECT_ADVICE`."""

    EMPTY_INPUT = "empty_input"
    UNREADABLE_FILE = "unreadable_file"
    NOT_A_REGULAR_FILE = "not_a_regular_file"
    CHANGED_WHILE_READING = "changed_while_reading"
    CORRUPT_COMPRESSION = "corrupt_compression"
    TRUNCATED_COMPRESSION = "truncated_compression"
    DECOMPRESSION_LIMIT = "decompression_limit"
    RECORD_TOO_LARGE = "record_too_large"
    UNSUPPORTED_FORMAT = "unsupported_format"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    HTTP_ERROR_STATUS = "http_error_status"
    CORRUPT_CONTAINER = "corrupt_container"
    INVALID_JSON = "invalid_json"
    INVALID_ROW = "invalid_row"
    MISSING_TEXT = "missing_text"
    UNDECODABLE_TEXT = "undecodable_text"
    TOO_DEEP = "too_deep"
    TOO_MANY_LINES = "too_many_lines"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOO_MUCH_OUTPUT = "too_much_output"
    PARSER_CRASHED = "parser_crashed"
    NO_TEXT = "no_text"
    NO_BODY = "no_body"
    FILTERED = "filtered"
    TOO_LATE = "too_late"
    INTERNAL_ERROR = "internal_error"


REJECT_ADVICE: dict[RejectCode, str] = {
    RejectCode.EMPTY_INPUT: "The input has no bytes; remove it or fetch it again.",
    RejectCode.UNREADABLE_FILE: "The file could not be opened; check its permissions and that it still exists.",
    RejectCode.NOT_A_REGULAR_FILE: "Pipes, sockets and devices are not read; give a regular file.",
    RejectCode.CHANGED_WHILE_READING: "The file changed during the run; run again once it is complete.",
    RejectCode.CORRUPT_COMPRESSION: "The compressed stream is damaged; fetch the file again.",
    RejectCode.TRUNCATED_COMPRESSION: "The compressed stream ends early; what came before the cut was read.",
    RejectCode.DECOMPRESSION_LIMIT: "The file unpacks to more than the limits allow; raise input.max_file_bytes or input.max_ratio if it is trusted.",
    RejectCode.RECORD_TOO_LARGE: "The record is larger than input.max_record_bytes; raise it if the record is trusted.",
    RejectCode.UNSUPPORTED_FORMAT: "The content is none of the formats that copydesk reads.",
    RejectCode.UNSUPPORTED_MEDIA_TYPE: "The record's media type is neither HTML nor text.",
    RejectCode.HTTP_ERROR_STATUS: "The server answered with an error, so the record holds no article.",
    RejectCode.CORRUPT_CONTAINER: "The container is damaged from this place on; records before it were read.",
    RejectCode.INVALID_JSON: "The line is not one JSON object.",
    RejectCode.INVALID_ROW: "The row does not fit the table's header.",
    RejectCode.MISSING_TEXT: "No field holds the article's text; name it in the settings under [input.fields].",
    RejectCode.UNDECODABLE_TEXT: "No charset makes text of these bytes.",
    RejectCode.TOO_DEEP: "The markup is nested deeper than input.max_depth.",
    RejectCode.TOO_MANY_LINES: "The text has more lines than input.max_lines; no article has so many. Raise it if the record is trusted.",
    RejectCode.TOO_SLOW: "The record is made, or happens, to be slow; raise limits.seconds if it is trusted.",
    RejectCode.TOO_MUCH_MEMORY: "The record needs more than its share of memory; raise limits.memory_mib if it is trusted.",
    RejectCode.TOO_MUCH_OUTPUT: "The record makes more than it should; raise limits.output_mib if it is trusted.",
    RejectCode.PARSER_CRASHED: "A parser ended the process that worked on the record; please report it with the record.",
    RejectCode.NO_TEXT: "The input holds no text.",
    RejectCode.NO_BODY: "Nothing is left after cleaning; see `copydesk inspect` for what was removed.",
    RejectCode.FILTERED: "filter.expression keeps it out; change the expression if it should be in the lake.",
    RejectCode.TOO_LATE: "It came after its window had closed for good; `copydesk replay` brings it in, or raise stream.lateness_seconds.",
    RejectCode.INTERNAL_ERROR: "copydesk failed on this record; please report it with the record.",
}

RETRYABLE: frozenset[RejectCode] = frozenset(
    {
        RejectCode.UNREADABLE_FILE,
        RejectCode.CHANGED_WHILE_READING,
        RejectCode.TRUNCATED_COMPRESSION,
        RejectCode.INTERNAL_ERROR,
        RejectCode.TOO_SLOW,
        RejectCode.TOO_MUCH_MEMORY,
        RejectCode.PARSER_CRASHED,
        RejectCode.TOO_LATE,
    }
)


class BlockKind(Code):
    """The typed blocks that a document is made of."""

    HEADLINE = "headline"
    HEADING = "heading"
    STANDFIRST = "standfirst"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CAPTION = "caption"
    TABLE_ROW = "table_row"
    PREFORMATTED = "preformatted"
    LINE = "line"
    CHROME = "chrome"


class Category(Code):
    """What a removed stretch of text was."""

    COMMENTS = "comments"
    NAVIGATION = "navigation"
    MOST_READ = "most_read"
    SHARE = "share"
    NEWSLETTER = "newsletter"
    RELATED = "related"
    ADVERTISEMENT = "advertisement"
    LICENSE = "license"
    COPYRIGHT = "copyright"
    SIGN_OFF = "sign_off"
    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    DATELINE = "dateline"
    DATE_LINE = "date_line"
    HEADLINE_REPEAT = "headline_repeat"
    BODY_REPEAT = "body_repeat"
    SITE_TEMPLATE = "site_template"
    CAPTION = "caption"
    COOKIE = "cookie"
    PAGE_CHROME = "page_chrome"
    OTHER = "other"


class Scope(Code):
    """How widely the rule that removed a stretch holds."""

    GLOBAL = "global"
    LANGUAGE = "language"
    SITE = "site"
    LEARNED = "learned"


class Action(Code):
    """`moved`: the text lives on in a column of its own (headline, byline, dateline …)."""

    REMOVED = "removed"
    MOVED = "moved"


class Field(Code):
    """Which text a removed stretch was taken from."""

    BODY = "body"
    HEADLINE = "headline"


class Normalization(Code):
    """Changes of spelling that are not removals; `articles.normalizations` lists those that happened."""

    NEWLINES = "newlines"
    WHITESPACE = "whitespace"
    NBSP = "nbsp"
    ZERO_WIDTH = "zero_width"
    SOFT_HYPHEN = "soft_hyphen"
    CONTROL_CHARACTERS = "control_characters"
    LINES_JOINED = "lines_joined"
    HYPHENS_JOINED = "hyphens_joined"
    PARAGRAPHS_SPLIT = "paragraphs_split"
    SPACES_ADDED = "spaces_added"
    UNICODE_NFC = "unicode_nfc"
    LIGATURES = "ligatures"
    FULL_WIDTH = "full_width"
    QUOTES = "quotes"
    DASHES = "dashes"
    MOJIBAKE = "mojibake"
    HTML_ENTITIES = "html_entities"
    ESCAPES = "escapes"
    REPLACED_BYTES = "replaced_bytes"


class AuthorKind(Code):
    """Who a name in `articles.authors` is."""

    PERSON = "person"
    ORGANIZATION = "organization"
    STAFF = "staff"


class DateSource(Code):
    """Where `published_at` came from, in falling order of trust."""

    JSON_LD = "json_ld"
    META = "meta"
    TIME = "time"
    URL = "url"
    TEXT = "text"
    FILE = "file"
    NONE = "none"


class DatePrecision(Code):
    """The finest unit that the source stated; nothing finer is invented."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class ZoneSource(Code):
    """What told the time zone of `published_at`; null where only a day is stated."""

    STATED = "stated"
    PAGE = "page"
    COUNTRY = "country"
    ASSUMED = "assumed"


class Calendar(Code):
    """The calendar that a date was written in, by the names of Unicode CLDR."""

    GREGORIAN = "gregorian"
    PERSIAN = "persian"
    ISLAMIC = "islamic"
    BUDDHIST = "buddhist"
    JAPANESE = "japanese"
    ROC = "roc"
