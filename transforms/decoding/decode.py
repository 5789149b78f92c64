"""Turns a record's bytes into text.

Before: a RawDocument whose raw bytes are b"caf\\xc3\\x83\\xc2\\xa9". After: a DecodedDocument with text "café", charset "utf-8" and the
note `mojibake`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import apache_beam as beam

from schemas.codes import Normalization, Payload, RejectCode, Stage
from schemas.errors import RecordError
from schemas.records import DecodedDocument, RawDocument
from transforms.decoding.charset import Decoded, check_text, decode_bytes
from transforms.decoding.escapes import read_escapes
from transforms.decoding.mojibake import repair_mojibake
from transforms.step import Step

_MARK = b"\xef\xbb\xbf"
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class DecodeSettings:
    """`repair_mojibake`: whether wrongly decoded stretches are repaired (noted as `mojibake`)."""

    repair_mojibake: bool = True


_DEFAULT = DecodeSettings()


def _holds_nul(document: RawDocument, decoded: Decoded) -> bool:
    # Bytes are searched ten times as fast as text with letters beyond Latin-1.
    if document.content is None and decoded.charset == "utf-8" and not decoded.replaced:
        return b"\0" in document.raw
    return "\0" in decoded.text


def decode(document: RawDocument, settings: DecodeSettings | None = None) -> DecodedDocument:
    """The record's text: `content` where its container gave it, else its raw bytes decoded as `transforms.decoding.charset` says.

    Line ends stay as they are. NUL characters and the byte order mark are dropped, lone surrogates become U+FFFD, mojibake is repaired; each is
    noted. Raises RecordError: undecodable_text where the result is no text, no_text where it is only white space.
    """
    chosen = settings or _DEFAULT
    notes: list[Normalization] = []
    if document.content is not None:
        decoded = Decoded(document.content.removeprefix("\ufeff"), "utf-8")
    else:
        decoded = decode_bytes(document.raw, document.declared_charset, markup=document.payload is Payload.HTML)
    text = decoded.text
    check_text(text)
    if _holds_nul(document, decoded):
        text = text.replace("\0", "")
        notes.append(Normalization.CONTROL_CHARACTERS)
    replaced = decoded.replaced
    if document.content is not None and _SURROGATE.search(text):  # JSON can say them, charsets can't
        text = _joined_surrogates(text)
        replaced = replaced or "�" in text
    same = document.content is None and decoded.charset == "utf-8" and not (replaced or notes)
    encoded = document.raw.removeprefix(_MARK) if same else None
    if chosen.repair_mojibake and not text.isascii():
        repaired = repair_mojibake(text, encoded)
        if repaired is not text:
            text = repaired
            notes.append(Normalization.MOJIBAKE)
    if "\\" in text and document.payload is not Payload.HTML:
        read = read_escapes(text)
        if read is not text:
            text = read
            notes.append(Normalization.ESCAPES)
    if replaced:
        notes.append(Normalization.REPLACED_BYTES)
    if not text or text.isspace():
        raise RecordError(RejectCode.NO_TEXT, "the record holds white space only")
    return DecodedDocument(document, text, decoded.charset, tuple(notes), None if notes else encoded)


def _joined_surrogates(text: str) -> str:
    """Surrogate pairs as the characters they stand for, lone surrogates as U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@dataclass
class Decode(beam.PTransform):
    """RawDocument → DecodedDocument; rejects pass."""

    def expand(self, records: beam.PCollection) -> beam.PCollection:
        """One record in, one out."""
        return records | beam.ParDo(Step(Stage.DECODE, RawDocument, decode))
