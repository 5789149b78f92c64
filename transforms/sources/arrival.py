"""One input of a stream: a file that was found, or a message with its bytes.

Before: a message with key "harbour-17" of topic "articles". After: `Arrival(InputFile("kafka://articles/harbour-17", "articles/harbour-17",
5120, "9f2c…"), 1700000000000000, b"…")`. The same name and bytes are the same input, however often they are delivered.
"""

from __future__ import annotations

import hashlib
import time
from typing import NamedTuple
from urllib.parse import quote

from schemas.records import InputFile

_LONGEST_NAME = 500
"""Characters; what is longer is a text that somebody took for a key."""


class Arrival(NamedTuple):
    """`event_time` decides the window: microseconds since 1970. `content` holds a message's bytes and is None for a file, whose bytes
    stay where they are; `url` is the page's address where the message states it."""

    file: InputFile
    event_time: int
    content: bytes | None = None
    url: str | None = None


def message(root: str, name: str, content: bytes, event_time: int, url: str | None = None) -> Arrival:
    """A message called `name` of the queue `root` ("kafka://articles"). The name is quoted so that it can't reach beyond the queue. One
    whose queue states no time (0 or less) arrives now: in the window of 1970 it would be too late."""
    scheme, _, queue = root.partition("://")
    said = name if len(name) <= _LONGEST_NAME else hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    parts = quote(said, safe="/-_.~", errors="surrogatepass").split("/")
    safe = "/".join(part for part in parts if part not in ("", ".", "..")) or "unnamed"
    digest = hashlib.sha256(content).hexdigest()
    file = InputFile(f"{scheme}://{queue}/{safe}", f"{queue}/{safe}", len(content), digest)
    return Arrival(file, event_time if event_time > 0 else time.time_ns() // 1000, content, url)
