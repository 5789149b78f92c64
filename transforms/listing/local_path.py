"""Between a local file's path and the URI that rows show for it."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote_to_bytes, urlsplit

_SURROGATE = re.compile("[\udc80-\udcff]")
_ESCAPED_BYTE = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")


def local_path(uri: str) -> str:
    """The path on this machine that an InputFile's uri means: a file:// URI undone; bytes that are no UTF-8, which a uri shows as
    %XX, put back where no file has the literal name."""
    if uri.startswith("file://"):
        return os.fsdecode(unquote_to_bytes(urlsplit(uri.replace("#", "%23").replace("?", "%3F")).path))
    if _ESCAPED_BYTE.search(uri) and not os.path.lexists(uri):
        raw = _ESCAPED_BYTE.sub(lambda match: chr(0xDC00 + int(match[0][1:], 16)), uri)
        if os.path.lexists(raw):
            return raw
    return uri


def shown(path: str) -> str:
    """A path as text that can be written as UTF-8."""
    if path.isascii() or not _SURROGATE.search(path):
        return path
    return _SURROGATE.sub(lambda match: f"%{ord(match[0]) - 0xDC00:02X}", path)
