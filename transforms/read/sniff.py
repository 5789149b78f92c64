"""Tells what a file is by its first bytes, and by its name only where the bytes fit more than one format.

Before: the first 64 KiB of `page.html` and its name. After: `Sniffed(HTML, ...)`, or for a picture that was saved under
that name `Sniffed(None, "a PNG image")`. Magic numbers follow the files' own specifications and the WHATWG MIME Sniffing Standard.
"""

from __future__ import annotations

import csv
import json
import re
from typing import NamedTuple

from schemas.codes import SourceFormat
from transforms.read.fields import FieldNames, known_columns
from transforms.read.markup import is_page
from transforms.read.unicode import wide_charset

HEAD_SIZE = 64 * 1024
"""Bytes that `sniff` wants to see."""


class Sniffed(NamedTuple):
    """What a file is: its format (None: one that is not read), that in words with an article ("a PNG image"), for JSON whether
    the file is lines, an array or one object, and the charset where it is UTF-16 or UTF-32."""

    format: SourceFormat | None
    what: str
    layout: str = ""
    wide: str | None = None


_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF87a", "a GIF image"),
    (0, b"GIF89a", "a GIF image"),
    (8, b"WEBP", "a WebP image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (0, b"8BPS", "a Photoshop image"),
    (0, b"\0\0\1\0", "a Windows icon"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"%!PS", "a PostScript document"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"PK\x05\x06", "an empty ZIP archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"\xfd7zXZ\0", "an XZ stream"),
    (0, b"\x04\x22\x4d\x18", "an LZ4 stream"),
    (0, b"\x1f\x9d", "a compress (.Z) stream"),
    (0, b"LZIP", "an lzip stream"),
    (257, b"ustar", "a tar archive"),
    (0, b"\x7fELF", "an ELF program"),
    (0, b"\xca\xfe\xba\xbe", "a Java class or macOS program"),
    (0, b"\xcf\xfa\xed\xfe", "a macOS program"),
    (0, b"\xce\xfa\xed\xfe", "a macOS program"),
    (0, b"\0asm", "a WebAssembly module"),
    (0, b"dex\n", "an Android program"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (0, b"\x93NUMPY", "a NumPy array"),
    (0, b"Obj\x01", "an Avro file"),
    (0, b"ORC", "an ORC file"),
    (0, b"ARROW1\0\0", "an Arrow IPC file"),
    (0, b"PARE", "an encrypted Parquet file"),
    (0, b"bplist", "a binary property list"),
    (0, b"ID3", "an MP3 recording"),
    (0, b"OggS", "an Ogg recording"),
    (0, b"fLaC", "a FLAC recording"),
    (8, b"WAVE", "a WAV recording"),
    (8, b"AVI ", "an AVI film"),
    (4, b"ftyp", "an MP4 film or HEIF image"),
    (0, b"\x1aE\xdf\xa3", "a Matroska or WebM film"),
    (0, b"FLV\x01", "a Flash film"),
    (0, b"wOFF", "a web font"),
    (0, b"wOF2", "a web font"),
    (0, b"\0\1\0\0\0", "a TrueType font"),
    (0, b"OTTO", "an OpenType font"),
)
_MAGIC_NEEDS: dict[bytes, bytes] = {b"WEBP": b"RIFF", b"WAVE": b"RIFF", b"AVI ": b"RIFF"}
_ZIP_CONTENTS: tuple[tuple[bytes, str], ...] = (
    (b"word/", "a Word document"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint file"),
    (b"mimetypeapplication/epub+zip", "an EPUB book"),
    (b"mimetypeapplication/vnd.oasis.opendocument", "an OpenDocument file"),
    (b"META-INF/", "a Java archive"),
)
_BINARY_CONTROLS = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
MAX_CONTROL_SHARE = 0.02
"""Share of control bytes above which a file is no text. Text in any 8-bit or multi-byte charset has none to speak of; random
bytes have 11 %."""
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s/>])[^<>]*>?")
_PROLOG = re.compile(
    r"\s*(?:<\?(?:[^?]|\?(?!>))*\?>|<!--(?:[^-]|-(?!->))*-->|<!doctype[^\[>]*(?:\[[^\]]*\]\s*)?>)", re.IGNORECASE
)
_XML_NAMED = {
    "svg": "an SVG image",
    "urlset": "an XML sitemap",
    "sitemapindex": "an XML sitemap index",
    "opml": "an OPML list of feeds",
}
_JSON_OBJECT = re.compile(r'\{\s*["}]')
_JSON_ARRAY = re.compile(r"\[\s*[\{\]]")
_SUFFIX = re.compile(r"(?:\.(?:gz|gzip|bz2|zst|zstd))+$")
_MIME_MESSAGE = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,30}content-type:\s*multipart/", re.IGNORECASE)


def sniff(head: bytes, name: str, names: FieldNames) -> Sniffed:
    """What a file is, from its first `HEAD_SIZE` bytes (unpacked, not empty) and its name.

    Content decides: a JSON file called page.html is JSON. The name decides between text, CSV and JSON Lines where a file's
    first lines could be each.
    """
    binary = _binary(head)
    if binary:
        return Sniffed(None, binary)
    if head[:4] == b"PAR1":
        return Sniffed(SourceFormat.PARQUET, "a Parquet file")
    if head[:5] == b"WARC/":
        return Sniffed(SourceFormat.WARC, "a WARC file")
    wide = wide_charset(head)
    text = head.decode(wide, "replace") if wide else head.decode("utf-8", "replace")
    text = text.lstrip("\ufeff")
    if not wide:
        controls = len(head) - len(head.translate(None, _BINARY_CONTROLS))
        if controls > MAX_CONTROL_SHARE * len(head) and not _iso_2022(head):
            return Sniffed(None, "binary")
    suffix = _suffix(name)
    return _text_format(text, suffix, len(head) < HEAD_SIZE, names)._replace(wide=wide)


def _suffix(name: str) -> str:
    base = _SUFFIX.sub("", name.rsplit("/", 1)[-1].lower())
    return base.rsplit(".", 1)[1] if "." in base else ""


def _iso_2022(head: bytes) -> bool:
    return b"\x1b$" in head or b"\x1b(" in head


def _binary(head: bytes) -> str | None:
    for offset, magic, what in _MAGIC:
        if head.startswith(magic, offset) and head.startswith(_MAGIC_NEEDS.get(magic, b"")):
            if magic == b"PK\x03\x04":
                return next((inner for mark, inner in _ZIP_CONTENTS if mark in head), what)
            if magic in (b"ORC", b"ID3", b"OggS", b"LZIP", b"bplist") and b"\0" not in head[:512]:
                continue  # a text may well start with these letters
            return what
    if head[:2] == b"MZ" and b"\0" in head[:64]:
        return "a Windows program"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "a BMP image"
    if head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2") and b"\0" in head[:512]:
        return "an MP3 recording"
    return None


def _text_format(text: str, suffix: str, whole: bool, names: FieldNames) -> Sniffed:
    start = text.lstrip()
    if start.startswith("<"):
        markup = _markup(start, suffix)
        if markup:
            return markup
    layout = _json_layout(start, suffix, whole)
    if layout:
        return Sniffed(SourceFormat.JSONL, "JSON", layout)
    if suffix in ("htm", "html", "xhtml", "shtml", "mhtml", "mht", "eml", "") or start[:5].lower() == "mime-":
        message = _MIME_MESSAGE.match(start[:8192])
        if message:
            return Sniffed(None, "a MIME message or web archive")
    if suffix in ("csv", "tsv", "tab") or _is_table(text, suffix, names):
        return Sniffed(SourceFormat.CSV, "a table of text")
    if is_page(text) or (suffix in ("htm", "html", "xhtml", "shtml", "php", "asp", "aspx", "jsp") and _has_tag(text)):
        return Sniffed(SourceFormat.HTML, "an HTML page")
    return Sniffed(SourceFormat.TEXT, "plain text")


def _has_tag(text: str) -> bool:
    return re.search(r"</?[A-Za-z][A-Za-z0-9]*[\s/>]", text) is not None


def _markup(start: str, suffix: str) -> Sniffed | None:
    """What a file that starts with `<` is; None for text ("<< back", "<3")."""
    place = 0
    while match := _PROLOG.match(start, place):
        place = match.end()
        if "doctype html" in match[0][:200].lower() and "xml" not in match[0][:5].lower():
            return Sniffed(SourceFormat.HTML, "an HTML page")
    declared = start.startswith("<?xml")
    root = _ROOT.match(start[place:].lstrip()[:65536])
    if root is None:
        return Sniffed(SourceFormat.HTML, "an HTML page") if is_page(start) else None
    local = root[1].lower()
    if local == "rss" or (local == "rdf" and ("purl.org/rss/" in start or "netscape.com/rdf" in start)):
        return Sniffed(SourceFormat.RSS, "an RSS feed")
    if local == "feed" and ("w3.org/2005/Atom" in start or "purl.org/atom" in start or declared):
        return Sniffed(SourceFormat.ATOM, "an Atom feed")
    if local in _XML_NAMED and (declared or local != "svg" or suffix not in ("htm", "html")):
        return Sniffed(None, _XML_NAMED[local])
    if is_page(start[place:]) or is_page(start[place:].lstrip()[:4096]):
        return Sniffed(SourceFormat.HTML, "an HTML page")
    if declared or suffix == "xml":
        return Sniffed(None, f"XML with the root element <{root[1][:60]}>")
    return None


def _json_layout(start: str, suffix: str, whole: bool) -> str:
    """ "lines", "array", "object", or "" for what is no JSON."""
    if _JSON_ARRAY.match(start):
        return "array" if suffix not in ("jsonl", "ndjson") else "lines"
    named = suffix in ("jsonl", "ndjson", "jsonlines", "ldjson")
    lines = [line for line in start.split("\n", 40) if line.strip()][:20]
    if len(lines) > 1 or whole:
        complete = sum(_is_object(line) for line in lines)
        if complete and (named or suffix == "json" or 2 * complete >= len(lines)):
            return "lines"
    if named:
        return "lines"
    if _JSON_OBJECT.match(start):
        first = lines[0].rstrip() if lines else ""
        # A first line that goes on past what is looked at is a record; one that ends open is a printed object.
        return "object" if len(lines) > 1 and not first.endswith("}") else "lines"
    return "array" if suffix == "json" and start.startswith("[") else "object" if suffix == "json" else ""


def _is_object(line: str) -> bool:
    line = line.strip()
    if not (line.startswith("{") and line.endswith("}")):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _is_table(text: str, suffix: str, names: FieldNames) -> bool:
    """Whether the first line is a header that names fields, under a name that says nothing (or .txt)."""
    if suffix not in ("", "txt", "dat", "text"):
        return False
    first = text.split("\n", 1)[0].strip()
    if "\n" not in text or len(first) > 2000:
        return False
    for delimiter in ",\t;|":
        if delimiter not in first:
            continue
        try:
            columns = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:  # a lone carriage return outside quotes
            continue
        if (
            len(columns) >= 2
            and all(0 < len(c.split()) <= 3 for c in columns)
            and known_columns(columns, names) >= max(2, (len(columns) + 1) // 2)
        ):
            return True
    return False
