"""Remakes the sample files that are no text: archives, compressed and broken ones, a Parquet table, an image.

Everything in `configs/samples` was written for this project; outlets, people and events are invented. The text and
markup samples are edited by hand; the files below are made from the articles in this script, with fixed dates, so that
running it again changes nothing.
"""

from __future__ import annotations

import bz2
import gzip
import io
import struct
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

SAMPLES = Path(__file__).parent.parent / "configs" / "samples"


def page(headline: str, published: str, paragraphs: list[str]) -> str:
    """A small news page with navigation, a share line and a footer around its paragraphs."""
    body = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline} - Kesten Wire</title>'
        f'<meta property="og:site_name" content="Kesten Wire"><meta property="article:published_time" content="{published}"></head>'
        '<body><nav><a href="/">Front page</a> <a href="/farms">Farms</a> <a href="/towns">Towns</a></nav>'
        f"<article><h1>{headline}</h1>\n{body}"
        '<p class="share">Share this story</p></article><footer>Kesten Wire, all rights reserved</footer></body></html>'
    )


STORK = page(
    "Storks return to the brewery chimney",
    "2024-03-17T08:00:00+00:00",
    [
        "A pair of storks has come back to the chimney of the old brewery in Kesten, eleven days earlier than last year.",
        "The brewery, which stopped brewing in 1994, keeps the chimney standing only for the birds, its owner said on Sunday.",
        "Ringed in 2016, the older bird has now crossed the sea at least fourteen times.",
    ],
)
MILL = page(
    "Watermill grinds its first flour since the flood",
    "2024-08-21T16:45:00+00:00",
    [
        "The watermill at Upper Kesten ground flour on Wednesday for the first time since the flood took its wheel two years ago.",
        "The new wheel was built by apprentices, who used larch from the same wood as the carpenters of 1790.",
        "The first forty bags go to the bakers who lent the mill their vans.",
    ],
)
MARKET = page(
    "Cheese market moves indoors for the winter",
    "2023-12-01T10:00:00+00:00",
    [
        "The weekly cheese market moves into the old riding hall from Friday, because the square is to be paved anew.",
        "Thirty-one traders have signed up, two more than the square could hold.",
        "The hall will be heated, though not much, since the cheese prefers it cold, the market office said.",
    ],
)
SCHOOL = page(
    "School bus gets its own lane",
    "2024-01-08T06:00:00+00:00",
    [
        "The school bus between Kesten and the lake villages has had a lane of its own since Monday morning.",
        "The ride now takes nineteen minutes, six fewer than before, by the driver's own watch.",
    ],
)


def warc_record(kind: str, number: int, uri: str, content_type: str, block: bytes) -> bytes:
    """One WARC/1.0 record with a fixed date and an id made from its number."""
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        "WARC-Date: 2024-09-01T00:00:00Z",
        *([f"WARC-Target-URI: {uri}"] if uri else []),
        f"Content-Type: {content_type}",
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def http(status: str, content_type: str, body: bytes) -> bytes:
    """An HTTP response as a crawler stores it."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def gzipped(content: bytes) -> bytes:
    """A gzip member without a time stamp."""
    return gzip.compress(content, mtime=0)


def png() -> bytes:
    """A grey image of one pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(b"\x00\x80")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def table() -> bytes:
    """Two articles as a Parquet file."""
    rows = pa.table(
        {
            "title": ["Ice rink opens a week early", "Night bus keeps its number"],
            "text": [
                "The ice rink in Kesten opens on Friday, a week early, because the nights have been colder than usual.\n\n"
                "Skates can be hired from noon. The band plays on Sundays, as it has done since 1958.",
                "The night bus to the harbour keeps the number 13 after a survey in which nobody asked for another one.\n\n"
                "The timetable changes all the same, by four minutes.",
            ],
            "url": ["https://kestenwire.example/rink", "https://kestenwire.example/night-bus"],
            "published_at": ["2023-11-24", "2024-02-05"],
        }
    )
    sink = io.BytesIO()
    pq.write_table(rows, sink, compression="zstd")
    return sink.getvalue()


def main() -> None:
    """Writes every file below into the samples folder."""
    html = "text/html; charset=utf-8"
    crawl = [
        warc_record(
            "warcinfo", 1, "", "application/warc-fields", b"software: hand-made\r\nformat: WARC File Format 1.0\r\n"
        ),
        warc_record(
            "response",
            2,
            "https://kestenwire.example/storks",
            "application/http; msgtype=response",
            http("200 OK", html, STORK.encode()),
        ),
        warc_record(
            "response",
            3,
            "https://kestenwire.example/gone",
            "application/http; msgtype=response",
            http("404 Not Found", html, b"<h1>Not found</h1>"),
        ),
        warc_record(
            "response",
            4,
            "https://kestenwire.example/mill",
            "application/http; msgtype=response",
            http("200 OK", html, MILL.encode()),
        ),
    ]
    text = (
        "Vineyard counts its snails\n\nA vineyard above Kesten has counted its snails for the tenth year and found 12,400 of them, "
        "all on the north side.\n\nThe count takes a day and ends with a meal at which nothing is wasted.\n\nPost a comment\n"
    )
    files: dict[str, bytes] = {
        "archives/crawl.warc.gz": b"".join(gzipped(record) for record in crawl),
        "archives/crawl.warc.wet": warc_record(
            "conversion", 5, "https://kestenwire.example/snails", "text/plain", text.encode()
        ),
        "archives/cheese-market.html.gz": gzipped(MARKET.encode()),
        "archives/school-bus.html.bz2": bz2.compress(SCHOOL.encode()),
        "archives/snails.txt.zst": zstandard.ZstdCompressor().compress(text.replace("snails", "bees").encode()),
        "archives/export.parquet": table(),
        "bad/cut-off.html.gz": gzipped(MILL.encode() * 8)[:400],
        "bad/photo.html": png(),
        "bad/navigation-only.html": b"<html><body><nav><a href='/'>Front page</a> <a href='/farms'>Farms</a></nav></body></html>\n",
    }
    for name, content in files.items():
        path = SAMPLES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{len(content):7d}  {name}")


if __name__ == "__main__":
    main()
