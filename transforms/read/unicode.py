"""Finds UTF-16 and UTF-32, whose bytes look binary to everything else.

Before: b"\\xff\\xfeH\\0i\\0". After: "utf-16". Without a byte order mark the places of the NUL bytes tell: ASCII letters, or where
the text has none, its spaces and line ends.
"""

from __future__ import annotations

_LOOKED_AT = 64 * 1024
_COMMON = " \n\r\t.,0123456789"
_PRINTABLE = bytes(range(32, 127)) + b"\t\n\r"
MIN_NUL_SHARE = 0.01
MAX_PRINTABLE_SHARE = 0.85
"""Share of printable ASCII among the bytes that are not NUL: 0.95 and more in narrow English text, 0.2
to 0.8 in UTF-16 that is not ASCII (Japanese, whose high byte is the digit 0, is highest)."""
MIN_COMMON_SHARE = 0.02
"""Share of spaces, digits and line ends that a UTF-16 text without a mark must show. Read in the wrong byte order these become
U+2000, U+0A00 and the like, so their share is near 0."""


def wide_charset(head: bytes) -> str | None:
    """ "utf-16", "utf-32" (with a mark) or "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be" (without), or None.

    `head` is the start of a file, 64 KiB of it are looked at.
    """
    if head[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "utf-32"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    head = head[:_LOOKED_AT]
    if len(head) < 4 or b"\0" not in head:
        return None
    if head.count(b"\0") > 0.4 * len(head):
        quarter = head[: len(head) // 4 * 4]
        for charset in ("utf-32-le", "utf-32-be"):
            try:
                text = quarter.decode(charset)  # 17 of 65,536 high halves are valid, so chance hardly gets here
            except UnicodeDecodeError:
                continue
            return charset if text.count("\0") <= len(text) // 100 else None
    pairs = head[: len(head) // 2 * 2]
    half = len(pairs) // 2
    for charset, zeros, others in (("utf-16-le", pairs[1::2], pairs[::2]), ("utf-16-be", pairs[::2], pairs[1::2])):
        if zeros.count(0) > 0.7 * half and others.count(0) < 0.05 * half:
            return charset  # mostly ASCII
    # Text in other scripts has NUL bytes at its spaces only: regularly, on one side, and between bytes that are mostly no ASCII. A
    # narrow text with a stray NUL shows none of this.
    nuls = head.count(b"\0")
    uneven = max(pairs[::2].count(0), pairs[1::2].count(0)) >= 0.7 * pairs.count(0)
    printable = len(head) - len(head.translate(None, _PRINTABLE))
    if nuls < max(2, MIN_NUL_SHARE * len(head)) or not uneven or printable > MAX_PRINTABLE_SHARE * (len(head) - nuls):
        return None
    best, best_share = None, MIN_COMMON_SHARE
    for charset in ("utf-16-le", "utf-16-be"):
        text = pairs.decode(charset, "replace")
        if text.count("�") > 1 or any(text.count(control) > len(text) // 100 for control in "\0\1\2\3\4"):
            continue
        share = sum(text.count(letter) for letter in _COMMON) / len(text)
        if share > best_share:
            best, best_share = charset, share
    return best
