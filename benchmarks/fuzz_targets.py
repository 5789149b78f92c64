"""What is fuzzed: each target takes bytes, raises nothing but what it may, and says what is wrong with the outcome, if anything.

Before: bytes of any kind. After: None, or "3 records and rejects from 4 lines".
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timezone
from functools import lru_cache
from pathlib import Path

from pipeline.chain import Described, Rules, describe_record, run_record
from pipeline.settings import default_settings
from schemas.codes import DateSource, Payload, RejectCode, SourceFormat
from schemas.entities import DateAnchor, MentionMethod
from schemas.errors import RecordError
from schemas.records import Article, InputFile, RawDocument, Reject
from transforms.byline import authors_of, parse_byline
from transforms.cleaning.clean import clean
from transforms.dateline import find_dateline
from transforms.decoding.decode import decode
from transforms.entities.mentions import find_mentions
from transforms.license import copyright_notice_of, spdx_of
from transforms.metadata.date_forms import find_date_expressions, parse_date
from transforms.metadata.urls import absolute_url, canonical_url, host_of, work_key
from transforms.normalize import fingerprint, rebuild
from transforms.parse import parse
from transforms.read.http_message import decoded_body, parse_response
from transforms.read.records import read_file
from transforms.temporal.find_dates import TemporalRules, find_dates
from transforms.temporal.quantities import QuantityRules, find_quantities

Target = Callable[[bytes], str | None]

_NAMED_IN = ("en", "de", "fr", "es", "ru", "fa", "ar", "zh-Hans", "ja", "tr", "hi", "und")
_VALUED = frozenset({MentionMethod.DATE, MentionMethod.QUANTITY})
_LANGUAGES = (None, "en", "de", "fa", "ar", "ja", "th", "zh-Hans")


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The built-in rules."""
    return Rules.load(default_settings())


def _document(raw: bytes, payload: Payload, content: str | None = None) -> RawDocument:
    kind = SourceFormat.HTML if payload is Payload.HTML else SourceFormat.TEXT
    return RawDocument("in/a", "a", kind, payload, raw, content)


def _decode(raw: bytes) -> str | None:
    payload = Payload.HTML if raw[:1] == b"<" else Payload.TEXT
    try:
        decoded = decode(_document(raw, payload))
    except RecordError:
        return None
    decoded.text.encode("utf-8")
    return None if decoded.text.strip() else "white space only"


def _parse(raw: bytes) -> str | None:
    try:
        parsed = parse(decode(_document(raw, Payload.HTML)), rules().page, rules().model)
    except RecordError:
        return None
    last = 0
    for block in parsed.blocks:
        if not last <= block.start <= block.end <= len(parsed.text):
            return f"block {block.start}-{block.end} behind {last}"
        if parsed.text[last : block.start].strip():
            return "text outside blocks"
        last = block.end
    return "text behind blocks" if parsed.text[last:].strip() else None


def _rules(raw: bytes) -> str | None:
    try:
        parsed = parse(decode(_document(raw, Payload.TEXT)), rules().page, None)
        cleaned = clean(parsed, rules().clean)
    except RecordError:
        return None
    if fingerprint(rebuild(cleaned.body, cleaned.removed)) != cleaned.fingerprint:
        return "body and removed don't rebuild the text"
    return None


def _dates(raw: bytes) -> str | None:
    text = raw.decode("utf-8", "replace")
    find_date_expressions(text)
    for language in _LANGUAGES[len(raw) % 3 :: 3]:
        parse_date(text, language=language, source=DateSource.TEXT)
    return None


@lru_cache(maxsize=1)
def _temporal_rules() -> tuple[TemporalRules, QuantityRules]:
    return TemporalRules.load(), QuantityRules.load()


def _temporal(raw: bytes) -> str | None:
    """Dates and quantities of a text: their places hold what they say, in order."""
    text = raw.decode("utf-8", "replace")
    dates, quantities = _temporal_rules()
    for language in ("en", "de", "ar", "ja")[len(raw) % 2 :: 2]:
        anchor = DateAnchor(date(2024, 3, 3))
        for found in (*find_dates(text, language, anchor, dates), *find_quantities(text, language, quantities)):
            if text[found.start : found.end] != found.surface:
                return f"{found.surface!r} does not stand at {found.start}-{found.end}"
    return None


@lru_cache(maxsize=1)
def _article() -> Article:
    """An article whose body is put aside."""
    described = describe_record(
        _document(b"The pier opens\n\nThe pier of Elswick opens again today.\n", Payload.TEXT), rules()
    )
    if isinstance(described, Reject):
        raise RuntimeError(described.message)
    return replace(described.article, published_at=datetime(2024, 3, 3, tzinfo=timezone.utc))


def _entities(raw: bytes) -> str | None:
    """Names, dates, quantities and quotes of a body: in order, apart, each what stands at its place."""
    wanted = rules().mentions
    assert wanted is not None
    body = raw.decode("utf-8", "replace")
    language = _NAMED_IN[len(raw) % len(_NAMED_IN)]
    found = find_mentions(
        replace(_article(), body=body, language=language), "March 3" if len(raw) % 2 else None, wanted
    )
    for kind, places in (
        ("mention", [(each.seq, each.start, each.end, each.surface) for each in found.mentions]),
        ("quote", [(each.seq, each.start, each.end, each.quote) for each in found.quotes]),
    ):
        last = 0
        for number, (seq, start, end, surface) in enumerate(places):
            if seq != number or not last <= start < end <= len(body):
                return f"{kind} {seq} at {start}-{end} behind {last} in a body of {len(body)}"
            if body[start:end] != surface:
                return f"{kind} {surface!r} does not stand at {start}-{end}"
            last = end
    for each in found.mentions:
        if (each.value is None) != (each.method not in _VALUED):
            return f"{each.method.value} {each.surface!r} has the value {each.value!r}"
    return None


def _lines(raw: bytes) -> str | None:
    text = raw.decode("utf-8", "replace")
    find_dateline(text)
    byline = parse_byline(text)
    if byline:
        authors_of(byline)
    spdx_of(text)
    copyright_notice_of(text)
    canonical = canonical_url(text)
    host_of(text)
    work_key(text)
    absolute_url(text, "https://news.example.org/a/b")
    return "canonical is not canonical" if canonical and canonical_url(canonical) != canonical else None


def _http(raw: bytes) -> str | None:
    with suppress(RecordError):
        decoded_body(parse_response(raw), max_bytes=1 << 20, max_ratio=100)
    return None


def _read(raw: bytes) -> str | None:
    with tempfile.NamedTemporaryFile(prefix="copydesk-fuzz-") as file:
        Path(file.name).write_bytes(raw)
        given = InputFile(file.name, "a", len(raw), hashlib.sha256(raw).hexdigest())
        found = list(read_file(given, rules().read))
    names = [record.source_uri for record in found]
    if len(set(names)) < len(names):
        return "two records of one name"
    for record in found:
        if isinstance(record, Reject) and record.code is RejectCode.INTERNAL_ERROR:
            return record.message
    if raw.strip() == b"title;text;date":  # a table without rows
        return None
    if raw.strip(b" \t\r\n\0") and not found and b"WARC/" not in raw and raw[:2] != b"\x1f\x8b" and b"<" not in raw:
        return "no record and no reject"
    return None


def _chain(raw: bytes) -> str | None:
    payload = Payload.HTML if raw[:1] == b"<" else Payload.TEXT
    result = run_record(_document(raw, payload), rules())
    if isinstance(result, Described):
        if fingerprint(rebuild(result.article.body, result.removed)) != result.article.text_fingerprint:
            return "body and removed don't rebuild the text"
        return None
    return f"{result.stage}: {result.message}" if result.code is RejectCode.INTERNAL_ERROR else None


TARGETS: dict[str, Target] = {
    "decode": _decode,
    "parse": _parse,
    "rules": _rules,
    "dates": _dates,
    "temporal": _temporal,
    "entities": _entities,
    "lines": _lines,
    "http": _http,
    "read": _read,
    "chain": _chain,
}
SHARES = {
    "decode": 60,
    "parse": 6,
    "rules": 4,
    "dates": 300,
    "temporal": 50,
    "entities": 50,
    "lines": 200,
    "http": 298,
    "read": 30,
    "chain": 2,
}
"""Thousandths of the cases that a target gets: the quick ones more."""
