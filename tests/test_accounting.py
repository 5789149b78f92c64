"""Every bad kind of input in one folder, beside good ones: each record is one article or one reject with the right code and bytes.

Before: 60 invented files, most of them broken in a way of their own. After: one run whose figures are known exactly.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from pipeline.lake.manifest import Manifest
from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify
from pipeline.run import ingest
from pipeline.settings import default_settings
from pipeline.summary import Summary
from schemas.codes import RejectCode
from tests.conftest import quiet

RAW_CAP = 64 * 1024
MAX_RECORD_BYTES = 2 * 1024 * 1024


class Lost(NamedTuple):
    """A reject that has to be there: its record id ("" for the file itself), its code, and the bytes it is of: the record's, or
    the file's as it lies on disk where nothing of the record can be told. None: as many as the decompressor gave (the bomb)."""

    record: str
    code: RejectCode
    raw: bytes | None = b""


class Case(NamedTuple):
    """One input file: its name as bytes, what is in it, the article records it gives, and its rejects."""

    name: bytes
    content: bytes
    articles: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()


def story(subject: str) -> str:
    """A short article without any leftover; each subject gives another one."""
    return (
        f"The {subject} of Elswick Bay will open again on Monday, the harbour board said after a long meeting. "
        f"Workers spent eleven weeks on the {subject} and found three old coins in its walls.\n\n"
        f"Visitors may see the {subject} free of charge until the end of the month, and children get a biscuit.\n"
    )


def page(subject: str) -> str:
    paragraphs = "".join(f"<p>{part}</p>" for part in story(subject).strip().split("\n\n"))
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>The {subject} opens</title></head>"
        f"<body><article><h1>The {subject} opens</h1>{paragraphs}</article></body></html>"
    )


def line(subject: str) -> bytes:
    return json.dumps({"title": f"The {subject} opens", "text": story(subject)}).encode()


def cut_short(packed: bytes) -> bytes:
    return packed[: len(packed) * 3 // 5]


def unpacked_start(packed: bytes) -> bytes:
    """What a cut gzip file still gives."""
    return zlib.decompressobj(wbits=31).decompress(packed)


def damaged(packed: bytes) -> bytes:
    """The same bytes with one of them changed, near the end."""
    place = len(packed) * 4 // 5
    return packed[:place] + bytes([packed[place] ^ 0x55]) + packed[place + 1 :]


def warc_record(kind: str, number: int, block: bytes, media_type: str = "application/http; msgtype=response") -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:record-{number}>\r\nWARC-Date: 2024-05-0{number}T06:00:00Z\r\n"
        f"WARC-Target-URI: https://news.example.org/{number}\r\nContent-Type: {media_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def http(status: str, media_type: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def rss(*subjects: str) -> str:
    items = "".join(
        f"<item><title>The {each} opens</title><description>{story(each)}</description></item>" for each in subjects
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Bay Post</title>{items}</channel></rss>'


def parquet(*subjects: str) -> bytes:
    out = io.BytesIO()
    table = pa.table({"title": [f"The {each} opens" for each in subjects], "text": [story(each) for each in subjects]})
    pq.write_table(table, out)
    return out.getvalue()


def zip_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("story.txt", (2024, 1, 1, 0, 0, 0)), story("archive"))
    return out.getvalue()


def compressed() -> list[Case]:
    gz, bz, zst = (
        pack(page(kind).encode())
        for kind, pack in (
            ("lock", lambda raw: gzip.compress(raw, mtime=0)),
            ("weir", bz2.compress),
            ("dyke", zstandard.ZstdCompressor(write_checksum=True).compress),
        )
    )
    lines = b"\n".join(line(f"pier {number}") for number in range(100)) + b"\n"
    cut = cut_short(gzip.compress(lines, mtime=0))
    kept = unpacked_start(cut)
    whole_lines = kept.count(b"\n")
    rest = kept[kept.rfind(b"\n") + 1 :]
    bomb = gzip.compress(b"a" * (8 << 20), mtime=0)
    return [
        Case(b"good/lock.html.gz", gz, ("",)),
        Case(b"good/weir.html.bz2", bz, ("",)),
        Case(b"good/dyke.html.zst", zst, ("",)),
        Case(b"good/two-members.txt.gz", gzip.compress(story("jetty").encode()) + gzip.compress(b"It rained."), ("",)),
        Case(
            b"bad/cut.html.gz",
            cut_short(gz),
            (),
            (Lost("", RejectCode.TRUNCATED_COMPRESSION, unpacked_start(cut_short(gz))),),
        ),
        Case(b"bad/cut.html.bz2", cut_short(bz), (), (Lost("", RejectCode.TRUNCATED_COMPRESSION, cut_short(bz)),)),
        Case(b"bad/cut.html.zst", cut_short(zst), (), (Lost("", RejectCode.TRUNCATED_COMPRESSION, cut_short(zst)),)),
        Case(b"bad/damaged.html.gz", damaged(gz), (), (Lost("", RejectCode.CORRUPT_COMPRESSION, damaged(gz)),)),
        Case(b"bad/damaged.html.bz2", damaged(bz), (), (Lost("", RejectCode.CORRUPT_COMPRESSION, damaged(bz)),)),
        Case(b"bad/damaged.html.zst", damaged(zst), (), (Lost("", RejectCode.CORRUPT_COMPRESSION, damaged(zst)),)),
        Case(
            b"bad/cut.jsonl.gz",
            cut,
            tuple(f"L{number}" for number in range(1, whole_lines + 1)),
            (Lost(f"B{kept.rfind(chr(10).encode()) + 1}", RejectCode.TRUNCATED_COMPRESSION, rest),),
        ),
        Case(b"bad/bomb.txt.gz", bomb, (), (Lost("", RejectCode.DECOMPRESSION_LIMIT, None),)),
        Case(
            b"bad/nothing-in-it.gz",
            gzip.compress(b"", mtime=0),
            (),
            (Lost("", RejectCode.EMPTY_INPUT, gzip.compress(b"", mtime=0)),),
        ),
    ]


def documents() -> list[Case]:
    image = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400
    pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
    deep = b"<html><body>" + b"<div>" * 10_000 + b"far down" + b"</div>" * 10_000 + b"</body></html>"
    lines = b"a\n" * 50_001
    wide = "\n".join(story(f"tower {number}") for number in range(3))
    menu = b'<html><body><nav><a href="/">Front page</a> <a href="/sport">Sport</a></nav></body></html>'
    return [
        Case(b"good/plain.txt", story("mole").encode(), ("",)),
        Case(b"good/page.html", page("quay").encode(), ("",)),
        Case(b"good/utf-16-le.txt", b"\xff\xfe" + wide.encode("utf-16-le"), ("",)),
        Case(b"good/utf-16-be.txt", b"\xfe\xff" + wide.encode("utf-16-be"), ("",)),
        Case(b"good/carriage-returns.txt", story("buoy").replace("\n", "\r").encode(), ("",)),
        Case(b"good/nul-bytes.txt", story("groyne").replace("Workers", "Wor\0kers\0").encode(), ("",)),
        Case(b"good/windows-1252.txt", story("café").encode("cp1252"), ("",)),
        Case(b"bad/empty.txt", b"", (), (Lost("", RejectCode.EMPTY_INPUT),)),
        Case(b"bad/blank.txt", b" \r\n\t\n", (), (Lost("", RejectCode.NO_TEXT, b" \r\n\t\n"),)),
        Case(b"bad/image.html", image, (), (Lost("", RejectCode.UNSUPPORTED_FORMAT, image),)),
        Case(b"bad/paper.txt", pdf, (), (Lost("", RejectCode.UNSUPPORTED_FORMAT, pdf),)),
        Case(b"bad/archive.txt", zip_file(), (), (Lost("", RejectCode.UNSUPPORTED_FORMAT, zip_file()),)),
        Case(
            b"bad/noise.txt",
            bytes(range(256)) * 40,
            (),
            (Lost("", RejectCode.UNSUPPORTED_FORMAT, bytes(range(256)) * 40),),
        ),
        Case(
            b"bad/sitemap.xml",
            b"<?xml version='1.0'?><urlset><url/></urlset>",
            (),
            (Lost("", RejectCode.UNSUPPORTED_FORMAT, b"<?xml version='1.0'?><urlset><url/></urlset>"),),
        ),
        Case(b"bad/deep.html", deep, (), (Lost("", RejectCode.TOO_DEEP, deep),)),
        Case(b"bad/lines.txt", lines, (), (Lost("", RejectCode.TOO_MANY_LINES, lines),)),
        Case(b"bad/menu.html", menu, (), (Lost("", RejectCode.NO_BODY, menu),)),
    ]


def containers() -> list[Case]:
    long_line = b'{"text": "' + b"x" * MAX_RECORD_BYTES + b'"}'
    surrogates = b'{"text": "%s \\ud800 and \\udc00\\ud83d\\ude00 again."}' % story("slip").strip().encode()[
        :200
    ].replace(b"\n", b" ")
    not_found = http("404 Not Found", "text/html", b"<html><body><p>There is no such page.</p></body></html>")
    picture = http("200 OK", "image/png", b"\x89PNG\r\n\x1a\n....")
    warc = (
        warc_record("warcinfo", 1, b"software: a crawler\r\n", "application/warc-fields")
        + warc_record(
            "request", 2, b"GET /2 HTTP/1.1\r\nHost: news.example.org\r\n\r\n", "application/http; msgtype=request"
        )
        + warc_record("response", 3, http("200 OK", "text/html; charset=utf-8", page("canal").encode()))
        + warc_record("response", 4, not_found)
        + warc_record("response", 5, picture)
    )
    last = warc_record("response", 6, http("200 OK", "text/html", page("sluice").encode()))
    broken = warc_record("response", 3, http("200 OK", "text/html", page("bridge").encode())) + last[:-300]
    open_block = broken[broken.rfind(b"HTTP/1.1 200") :]
    table = b'title,text\nThe wall opens,"%s"\nonly one cell\nThe gate opens,"%s",too many\n' % (
        story("wall").encode(),
        story("gate").encode(),
    )
    cut_table = parquet("liner")[:-40]
    broken_off = cut_short(gzip.compress(parquet("ketch"), mtime=0))
    feed = rss("crane", "dock").encode()
    cut_feed = feed[: feed.rfind(b"children")]
    return [
        Case(
            b"bad/lines.jsonl",
            b"\n".join(
                (line("ferry"), b'{"text": "never closed', b'["an array"]', b'{"title": "no text"}', b"", line("barge"))
            ),
            ("L1", "L6"),
            (
                Lost("L2", RejectCode.INVALID_JSON, b'{"text": "never closed'),
                Lost("L3", RejectCode.INVALID_JSON, b'["an array"]'),
                Lost("L4", RejectCode.MISSING_TEXT, b'{"title": "no text"}'),
            ),
        ),
        Case(
            b"bad/long-line.jsonl",
            line("raft") + b"\n" + long_line + b"\n" + line("skiff"),
            ("L1", "L3"),
            (Lost("L2", RejectCode.RECORD_TOO_LARGE, long_line + b"\n"),),
        ),
        Case(b"good/surrogates.jsonl", surrogates, ("L1",)),
        Case(
            b"bad/rows.csv",
            table,
            ("R1",),
            (
                Lost("R2", RejectCode.INVALID_ROW, b"only one cell\n"),
                Lost("R3", RejectCode.INVALID_ROW, table[table.index(b"The gate") :]),
            ),
        ),
        Case(
            b"bad/crawl.warc",
            warc,
            ("record-3",),
            (
                Lost("record-4", RejectCode.HTTP_ERROR_STATUS, not_found),
                Lost("record-5", RejectCode.UNSUPPORTED_MEDIA_TYPE, picture),
            ),
        ),
        Case(b"bad/cut.warc", broken, ("record-3",), (Lost("record-6", RejectCode.CORRUPT_CONTAINER, open_block),)),
        Case(b"good/rows.parquet", parquet("launch", "tug"), ("R1", "R2")),
        Case(b"bad/cut.parquet", cut_table, (), (Lost("R1", RejectCode.CORRUPT_CONTAINER, cut_table),)),
        Case(
            b"bad/cut.parquet.gz",
            gzip.compress(cut_table, mtime=0),
            (),
            (Lost("R1", RejectCode.CORRUPT_CONTAINER, gzip.compress(cut_table, mtime=0)),),
        ),
        Case(
            b"bad/broken-off.parquet.gz",
            broken_off,
            (),
            (Lost(f"B{len(unpacked_start(broken_off))}", RejectCode.TRUNCATED_COMPRESSION, broken_off),),
        ),
        Case(b"good/feed.xml", feed, ("I1", "I2")),
        Case(
            b"bad/cut-feed.xml",
            cut_feed,
            ("I1",),
            (Lost("I2", RejectCode.CORRUPT_CONTAINER, cut_feed[cut_feed.rfind(b"<item>") :]),),
        ),
        Case(
            b"bad/no-feed.xml",
            b'<?xml version="1.0"?><rss><channel><item></wrong></rss',
            (),
            (Lost("I1", RejectCode.CORRUPT_CONTAINER, b"<item></wrong></rss"),),
        ),
    ]


ODD_NAMES = (
    b"odd/new\nline.txt",
    b"odd/caf\xe9.txt",
    b"odd/#L1 and ?x=%20.txt",
    b"odd/-flag.txt",
    b"odd/quotes'\".txt",
    b"odd/tab\t and \\backslash.txt",
    "odd/東京 🚢.txt".encode(),
    b"odd/star*[a].txt",
)


def odd_names() -> list[Case]:
    return [Case(name, story(f"lamp {number}").encode(), ("",)) for number, name in enumerate(ODD_NAMES)]


NO_FILES = (
    Case(b"special/pipe.txt", b"", (), (Lost("", RejectCode.NOT_A_REGULAR_FILE),)),
    Case(b"special/dangling.txt", b"", (), (Lost("", RejectCode.UNREADABLE_FILE),)),
    Case(b"special/self.txt", b"", (), (Lost("", RejectCode.UNREADABLE_FILE),)),
)
LOCKED = Case(b"special/locked.txt", b"", (), (Lost("", RejectCode.UNREADABLE_FILE),))


class Outcome(NamedTuple):
    """The one run: its folder of inputs, its lake, its summary and what was to be expected."""

    inbox: Path
    lake: Path
    summary: Summary
    manifest: Manifest
    cases: tuple[Case, ...]

    def uri(self, case: Case, record: str) -> str:
        """Bytes of a name that are no UTF-8 stand in a uri as %XX."""
        name = "".join(
            f"%{ord(letter) - 0xDC00:02X}" if "\udc80" <= letter <= "\udcff" else letter
            for letter in case.name.decode("utf-8", "surrogateescape")
        )
        return f"{self.inbox}/{name}" + (f"#{record}" if record else "")

    def lost(self) -> dict[str, Lost]:
        return {self.uri(case, lost.record): lost for case in self.cases for lost in case.lost}

    def rejects(self) -> dict[str, dict[str, object]]:
        rows: Sequence[dict[str, object]] = dataset(str(self.lake), "rejects").to_table().to_pylist()
        return {str(row["source_uri"]): row for row in rows}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    root = tmp_path_factory.mktemp("accounting")
    inbox = root / "in"
    cases = [*compressed(), *documents(), *containers(), *odd_names()]
    for case in cases:
        path = os.path.join(os.fsencode(inbox), case.name)  # noqa: PTH118 - pathlib knows no bytes
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        Path(os.fsdecode(path)).write_bytes(case.content)
    special = inbox / "special"
    special.mkdir()
    os.mkfifo(special / "pipe.txt")
    (special / "dangling.txt").symlink_to("nowhere.txt")
    (special / "self.txt").symlink_to("self.txt")
    (special / "round").symlink_to("..")
    cases += NO_FILES
    if os.geteuid() != 0:  # root may read it
        (special / "locked.txt").write_text(story("safe"))
        (special / "locked.txt").chmod(0)
        cases.append(LOCKED)
    lake = root / "lake"
    settings = default_settings()
    settings = replace(settings, input=replace(settings.input, max_record_bytes=MAX_RECORD_BYTES))
    summary = ingest([str(inbox)], str(lake), settings, force=False, dry_run=False, progress=quiet())
    (manifest,) = manifests(str(lake))
    return Outcome(inbox, lake, summary, manifest, tuple(cases))


def test_every_good_record_is_an_article_and_nothing_else_is(outcome: Outcome) -> None:
    expected = {outcome.uri(case, record) for case in outcome.cases for record in case.articles}
    rows = dataset(str(outcome.lake), "articles").to_table(columns=["source_uri"]).to_pydict()["source_uri"]
    assert Counter(rows) == Counter(expected)


def test_every_bad_record_is_one_reject_with_its_code(outcome: Outcome) -> None:
    rows = dataset(str(outcome.lake), "rejects").to_table(columns=["source_uri", "code"]).to_pylist()
    seen = sorted((row["source_uri"], row["code"]) for row in rows)
    assert seen == sorted((uri, lost.code.value) for uri, lost in outcome.lost().items())


def test_summary_manifest_and_rows_say_the_same(outcome: Outcome) -> None:
    articles = sum(len(case.articles) for case in outcome.cases)
    codes = Counter(lost.code.value for lost in outcome.lost().values())
    rejects = sum(codes.values())
    summary, counts = outcome.summary, outcome.manifest.counts
    assert (summary.read, summary.articles, summary.rejects) == (articles + rejects, articles, rejects)
    assert (counts.read, counts.articles, counts.rejects) == (articles + rejects, articles, rejects)
    assert dataset(str(outcome.lake), "articles").count_rows() == articles
    assert dataset(str(outcome.lake), "rejects").count_rows() == rejects
    assert summary.removed == counts.removed == dataset(str(outcome.lake), "removed").count_rows()
    assert dict(summary.rejects_by_code) == counts.by_code == codes
    assert summary.files_matched == summary.files_new == counts.inputs == len(outcome.cases)


# Codes that a folder of files can't bring about: a file that changes during the run, bytes for which no charset is found
# although they look like text, a filter that nobody gave, a stream's windows, limits that take long to reach (tests/transforms/isolation), and copydesk's own failures.
OUT_OF_REACH = {
    "changed_while_reading",
    "undecodable_text",
    "filtered",
    "internal_error",
    "too_slow",
    "too_much_memory",
    "too_much_output",
    "parser_crashed",
    "too_late",
}


def test_every_code_that_a_file_can_cause_was_caused(outcome: Outcome) -> None:
    assert {code.value for code in RejectCode} - outcome.manifest.counts.by_code.keys() == OUT_OF_REACH


def test_the_lake_keeps_its_promises(outcome: Outcome) -> None:
    assert verify(str(outcome.lake)) == ()


def test_a_reject_keeps_the_bytes_of_its_record(outcome: Outcome) -> None:
    rows = outcome.rejects()
    for uri, lost in outcome.lost().items():
        row = rows[uri]
        raw = row["raw"]
        assert isinstance(raw, bytes)
        if lost.raw is None:
            assert (len(raw), row["raw_size"]) == (min(RAW_CAP, int(str(row["raw_size"]))), row["raw_size"]), uri
            continue
        assert (row["raw_size"], row["raw_sha256"]) == (len(lost.raw), hashlib.sha256(lost.raw).hexdigest()), uri
        assert raw == lost.raw[:RAW_CAP], uri


def test_a_bombs_reject_holds_what_came_out_before_the_limit(outcome: Outcome) -> None:
    row = outcome.rejects()[f"{outcome.inbox}/bad/bomb.txt.gz"]
    size = int(str(row["raw_size"]))
    assert 1 << 20 <= size < 8 << 20
    assert row["raw"] == b"a" * RAW_CAP
    assert row["raw_sha256"] == hashlib.sha256(b"a" * size).hexdigest()


def test_a_reject_says_in_one_line_what_to_do(outcome: Outcome) -> None:
    for uri, row in outcome.rejects().items():
        message = str(row["message"])
        assert "\n" not in message, uri
        assert message.endswith("."), uri
        assert len(message) < 400, uri


def test_the_odd_text_arrives_whole(outcome: Outcome) -> None:
    rows = dataset(str(outcome.lake), "articles").to_table(columns=["source_uri", "body", "charset"]).to_pylist()
    by_name = {row["source_uri"].rpartition("/")[2]: row for row in rows}
    assert by_name["utf-16-le.txt"]["body"] == by_name["utf-16-be.txt"]["body"]
    assert by_name["utf-16-le.txt"]["charset"] == "utf-16"
    assert "\r" not in by_name["carriage-returns.txt"]["body"]
    assert "Workers spent" in by_name["nul-bytes.txt"]["body"]
    assert "the café" in by_name["windows-1252.txt"]["body"]
    assert "� and �😀 again." in by_name["surrogates.jsonl#L1"]["body"]
