"""Chooses the charset of bytes and decodes them.

Before: b"caf\\xe9", nothing declared. After: `Decoded("café", "windows-1252", replaced=False)`. The order was measured on the
development pages of fundus and WCXB (all of them UTF-8, some without a declaration or with a wrong one): byte order mark, strict UTF-8,
almost valid UTF-8, what is declared, detection, windows-1252. Charset names and what they mean follow the WHATWG Encoding Standard.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

from schemas.codes import RejectCode
from schemas.errors import RecordError
from transforms.read.unicode import wide_charset

DECLARATION_WINDOW = 16 * 1024
"""Bytes in which a page's own declaration is looked for. HTML asks for the first 1,024; 29 of 429 measured pages declare it later."""
_DETECTION_WINDOW = 64 * 1024
_MIN_SEQUENCES = 3
MIN_UTF8_SHARE = 0.9
"""Share of the bytes over 127 that must lie in well-formed UTF-8 sequences for UTF-8 with replacements to win over a declaration.
Text in other charsets reaches a few percent."""
MAX_REPLACED_SHARE = 0.01
"""Share of undecodable characters up to which a declared charset is still believed."""
MAX_CONTROL_SHARE = 0.05
"""Share of control characters above which decoded bytes are no text."""

_META = re.compile(
    rb"""<meta\s[^>]{0,500}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:+-]{2,40})""",
    re.IGNORECASE,
)
_XML = re.compile(rb"""\A\s{0,100}<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})["']""")
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_TAG = re.compile(rb"<(?:script|style)\b.{0,200000}?</(?:script|style)>|<[^<>]{0,5000}>", re.IGNORECASE | re.DOTALL)
_ISO_2022 = re.compile(rb"\x1b(?:\$[@AB]|\([BIJ])")
_CONTROLS = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_HIGH_CONTROLS = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")  # U+0080 to U+009F without the line end U+0085, in UTF-8
_ASCII = bytes(range(128))
_SHARED_SIGNS = b"\x82\x84\x85\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9b\xa0\xa7\xa9\xab\xad\xae\xb0\xb7\xbb"
# Quotes, dashes and signs that stand at the same place in every windows-125x charset, so they tell nothing.
_HIGH_RUN = re.compile(rb"[\x80-\xff]{3}")
MIN_HIGH_LETTERS = 0.005
"""Share of bytes over 127 (signs left out) below which a text is taken for windows-1252 without detection, if they never stand three in
a row: English with quotes and an accent now and then. German, Spanish, Polish and the like have 1.5 % and more."""

# Labels whose WHATWG meaning differs from Python's: browsers read latin-1 as windows-1252, GB 2312 and GBK as GB 18030, and the
# East Asian standards with their vendors' extensions.
_WHATWG: dict[str, str] = {
    **dict.fromkeys(
        ("iso8859-1", "latin-1", "latin1", "ascii", "us-ascii", "ansi_x3.4-1968", "l1", "cp819", "ibm819"), "cp1252"
    ),
    **dict.fromkeys(
        ("gb2312", "gbk", "gb_2312-80", "x-gbk", "chinese", "cp936", "ms936", "euc-cn", "csgb2312", "hz-gb-2312"),
        "gb18030",
    ),
    **dict.fromkeys(
        ("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "ms932", "windows-31j", "csshiftjis"), "cp932"
    ),
    **dict.fromkeys(
        ("euc-kr", "euckr", "ks_c_5601-1987", "ks_c_5601-1989", "korean", "ksc5601", "ksc_5601", "windows-949"), "cp949"
    ),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "x-x-big5", "csbig5"), "big5hkscs"),
    **dict.fromkeys(("x-euc-jp", "euc-jp", "eucjp"), "euc_jp"),
    **dict.fromkeys(("iso8859-9", "latin5", "latin-5", "l5"), "cp1254"),
    **dict.fromkeys(("iso8859-11", "tis-620", "dos-874"), "cp874"),
    **dict.fromkeys(("unicode-1-1-utf-8", "utf8", "utf-8", "unicode11utf8", "x-unicode20utf8"), "utf-8"),
    **dict.fromkeys(("x-cp1250", "x-cp1251", "x-cp1252"), ""),
    "koi": "koi8-r",
    "koi8": "koi8-r",
    "koi8-ru": "koi8-u",
    "x-mac-cyrillic": "mac-cyrillic",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
}
# Codecs of Python that are no charset of text (rot13, base64 …) or that no page is written in.
_TEXT_CODECS = re.compile(
    r"(?:utf[-_]?8(?:[-_]sig)?|cp\d+|windows-\d+|iso8859-\d+|koi8-[rut]|mac-\w+|gb18030|gbk|gb2312|big5(?:hkscs)?|shift_jis(?:_?\w+)?|"
    r"euc_\w+|iso2022_\w+|johab|tis-620|kz1048|ptcp154|hp-roman8|ascii)$"
)


class Decoded(NamedTuple):
    """Text, the charset it was read with (IANA's or WHATWG's name, lower case), and whether bytes were replaced by U+FFFD."""

    text: str
    charset: str
    replaced: bool = False


@lru_cache(maxsize=1024)
def codec_of(label: str | None) -> str | None:
    """Python's codec for a declared label, as browsers read it; None for a label that is unknown or no charset of text.

    "ISO-8859-1" is "cp1252", "gb2312" "gb18030", "x-sjis" "cp932", "utf-16" None (HTML: bytes that declare it in ASCII are not).
    """
    if not label:
        return None
    name = label.strip(" \t\r\n\"';").lower()
    if name.startswith(("x-cp", "x-windows-")):
        name = "windows-" + name.rsplit("-", 1)[-1].removeprefix("cp")
    if name.startswith("unicode"):
        name = "utf-8"
    if name.startswith("iso") and not name.startswith("iso-2022") and not name.startswith("iso2022"):
        name = re.sub(r"^iso[-_]?8859[-_]?(\d+)(?:[-_:].*)?$", r"iso8859-\1", name)
    known = _WHATWG.get(name, name)
    try:
        codec = codecs.lookup(known).name
    except (LookupError, ValueError):
        return None
    codec = _WHATWG.get(codec, codec)
    return codec if _TEXT_CODECS.match(codec) else None


@lru_cache(maxsize=256)
def public_name(codec: str) -> str:
    """The name under which a codec is written into the lake: "cp1252" is "windows-1252", "cp932" "shift_jis"."""
    fixed = {"cp932": "shift_jis", "cp949": "euc-kr", "big5hkscs": "big5", "cp874": "windows-874", "cp866": "ibm866"}
    if codec in fixed:
        return fixed[codec]
    if re.match(r"cp125\d$", codec):
        return "windows-" + codec[2:]
    if codec.startswith("iso8859"):
        return "iso-8859" + codec[7:]
    if codec.startswith("iso2022"):
        return codec.replace("_", "-").replace("iso2022", "iso-2022")
    return codec.replace("_", "-") if codec.startswith("euc") else codec


def stated_charset(raw: bytes) -> str | None:
    """The label that a page states itself: XML declaration, `<meta charset>` or the http-equiv form, in its first 16 KiB."""
    window = raw[:DECLARATION_WINDOW]
    match = _XML.search(window) or _META.search(window)
    return match[1].decode("ascii") if match else None


def decode_bytes(raw: bytes, declared: str | None = None, *, markup: bool = False) -> Decoded:
    """`raw` as text. `declared` is what HTTP or a container says; with `markup` a page's own declaration counts after it.

    The byte order mark is dropped, line ends stay. Never raises: windows-1252 with replacements is the last resort.
    """
    marked = _by_mark(raw)
    if marked is not None:
        return marked
    if b"\x1b" in raw and _ISO_2022.search(raw):
        try:
            return Decoded(raw.decode("iso2022_jp_2"), "iso-2022-jp")
        except UnicodeDecodeError:
            pass
    try:
        return Decoded(raw.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    share = _utf8_share(raw)
    if share >= MIN_UTF8_SHARE:
        return Decoded(raw.decode("utf-8", "replace"), "utf-8", True)
    for label in (declared, stated_charset(raw) if markup else None):
        codec = codec_of(label)
        if codec is None or codec.startswith("utf"):
            continue
        decoded = _declared(raw, codec)
        if decoded is not None:
            return decoded
    if share >= 0.5:
        return Decoded(raw.decode("utf-8", "replace"), "utf-8", True)
    codec = detect_codec(raw, markup=markup)
    decoded = _declared(raw, codec) if codec else None
    return decoded or _western(raw)


def _by_mark(raw: bytes) -> Decoded | None:
    """Text with a byte order mark, and UTF-16 or UTF-32 that has none but shows its NUL bytes."""
    if raw[:3] == b"\xef\xbb\xbf":
        try:
            return Decoded(raw[3:].decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            # A mark before text in another charset: a UTF-8 template around old content.
            return None if _utf8_share(raw[3:]) < 0.5 else Decoded(raw[3:].decode("utf-8", "replace"), "utf-8", True)
    wide = wide_charset(raw) if b"\0" in raw[: 64 * 1024] or raw[:2] in (b"\xff\xfe", b"\xfe\xff") else None
    if wide is None:
        return None
    text = raw.decode(wide, "replace").removeprefix("\ufeff")
    return Decoded(text, wide[:6], "�" in text)


def _utf8_share(raw: bytes) -> float:
    """Share of the bytes over 127 that lie in well-formed UTF-8 sequences; 0 where there are under 3 sequences."""
    high = len(raw.translate(None, _ASCII))
    sequences = _UTF8_SEQUENCE.findall(raw)
    return sum(map(len, sequences)) / high if high and len(sequences) >= _MIN_SEQUENCES else 0.0


def _declared(raw: bytes, codec: str) -> Decoded | None:
    """`raw` in a charset that was declared or detected; None where it doesn't fit."""
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        text = raw.decode(codec, "replace")
        high = len(raw.translate(None, _ASCII))
        if text.count("�") > max(1, MAX_REPLACED_SHARE * high):
            return None
        return Decoded(text, public_name(codec), True)
    if codec != "cp1252" and sum("\x80" <= letter < "\xa0" for letter in text) > MAX_REPLACED_SHARE * len(text):
        return None  # C1 controls: windows text that was declared as ISO 8859
    return Decoded(text, public_name(codec))


def _western(raw: bytes) -> Decoded:
    try:
        return Decoded(raw.decode("cp1252"), "windows-1252")
    except UnicodeDecodeError:
        return Decoded(raw.decode("cp1252", "replace"), "windows-1252", True)


def detect_codec(raw: bytes, *, markup: bool = False) -> str | None:
    """Python's codec for what the bytes look like (chardet 7), or None.

    chardet 7.7 told 78 of 78 articles written for this test right (26 pairs of language and charset, 100 to 3,000 letters, 3.6 ms),
    charset-normalizer 3.5 66 of 78. Markup is taken out first: it is ASCII and dilutes the evidence.
    """
    import chardet

    sample = raw[: 4 * _DETECTION_WINDOW]
    if markup:
        sample = _TAG.sub(b" ", sample)
    lines = [line for line in sample.splitlines() if line.translate(None, _ASCII)]
    evidence = b"\n".join(lines)[:_DETECTION_WINDOW]
    if not evidence:
        return None
    letters = len(evidence.translate(None, _ASCII + _SHARED_SIGNS))
    if letters < MIN_HIGH_LETTERS * len(evidence) and not _HIGH_RUN.search(evidence):
        return "cp1252"
    found = chardet.detect(evidence)["encoding"]
    codec = codec_of(found)
    return None if codec is None or codec.startswith("utf") else codec


def choose_charset(head: bytes) -> str:
    """The codec for a file that is decoded line by line, from its first bytes (their end may be cut inside a character)."""
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head, final=False)
    except UnicodeDecodeError:
        if _utf8_share(head) < 0.5:
            return detect_codec(head) or "cp1252"
    return "utf-8"


def decode_line(line: bytes, codec: str) -> str:
    """One line of such a file: strict UTF-8 where it is that, else `codec` with replacements."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252" if codec == "utf-8" and _utf8_share(line) < 0.5 else codec, "replace")


def check_text(text: str) -> None:
    """Raises RecordError undecodable_text where so many control characters are left that it can't be text."""
    sample = text[: 64 * 1024]
    # Counted in bytes, which takes a tenth of the time.
    encoded = sample.encode("utf-8", "surrogatepass")
    controls = len(encoded) - len(encoded.translate(None, _CONTROLS))
    if len(encoded) > len(sample):
        controls += len(_HIGH_CONTROLS.findall(encoded.translate(None, _ASCII)))
    if controls > 8 and controls > MAX_CONTROL_SHARE * len(sample):
        share = 100 * controls / len(sample)
        raise RecordError(RejectCode.UNDECODABLE_TEXT, f"{share:.0f} % of the characters are control characters")
