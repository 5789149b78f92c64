"""What strangers put into folders, files and pages: each ends as a reject or as the right article, and nothing leaves the lake.

Kinds of damage with a test of their own elsewhere: compression, WARC and feeds (tests/transforms/read), depth and attributes
(tests/transforms/html), slow texts (tests/transforms/cleaning/test_hostile.py), crashes and hangs (tests/transforms/isolation),
patterns of users (tests/pipeline/test_pattern_safety.py), 60 broken files in one run (tests/test_accounting.py).
"""

from __future__ import annotations

import gzip
import io
import os
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from pipeline.chain import Described, Rules, read_all, run_record
from pipeline.lake.read import dataset
from pipeline.lake.verify import verify
from pipeline.run import ingest
from pipeline.settings import default_settings
from schemas.codes import Payload, RejectCode, SourceFormat
from schemas.records import InputFile, RawDocument, Reject
from tests.conftest import quiet
from transforms.match import match_inputs
from transforms.normalize import fingerprint, rebuild
from transforms.read.records import read_file

STORY = (
    "The quay of Elswick Bay will open again on Monday, the harbour board said after a long meeting. Workers spent eleven "
    "weeks on the quay and found three old coins in its walls."
)


@lru_cache(maxsize=1)
def rules() -> Rules:
    return Rules.load(default_settings())


def page(head: str = "", body: str = "", language: str = "en") -> bytes:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset=utf-8>{head}</head><body><article><h1>The quay opens</h1>'
        f"<p>{STORY}</p>{body}</article></body></html>"
    ).encode("utf-8", "surrogatepass")


def outcome(raw: bytes, payload: Payload = Payload.HTML) -> Described | Reject:
    """What becomes of a record; its text must be accounted for, in at most five processor seconds."""
    kind = SourceFormat.HTML if payload is Payload.HTML else SourceFormat.TEXT
    started = time.process_time()
    result = run_record(RawDocument("in/a", "a", kind, payload, raw), rules())
    assert time.process_time() - started < 5
    if isinstance(result, Described):
        assert fingerprint(rebuild(result.article.body, result.removed)) == result.article.text_fingerprint
    else:
        assert result.code is not RejectCode.INTERNAL_ERROR, result.message
    return result


HOSTILE_PAGES = {
    "a colspan of 2^53": page(
        body='<table><tr><td colspan="9007199254740993" rowspan="-1">a</td><td colspan="x">b</td></tr></table>'
    ),
    "a list that starts at 2^63": page(body='<ol start="9223372036854775808"><li value="-1e999">one</li></ol>'),
    "300 levels": page(body="<div>" * 300 + "<p>far down</p>" + "</div>" * 300),
    "tables in tables": page(body="<table><tr><td>" * 400),
    "unclosed formatting": page(body="<b><i><a>" * 300),
    "empty elements": page(body="<p></p>" * 20_000),
    "references": page(body="<p>" + "&amp;" * 50_000),
    "a reference without end": page(body="<p>&" + "x" * 100_000),
    "numbers of no character": page(body="<p>&#0; &#xD800; &#x110000; &#99999999999999999999;"),
    "comments without end": page(body="<!--" * 20_000),
    "a script without end": page(head="<title>Quay</title>", body="<p>before</p><script>" + "</scrip" * 10_000),
    "JSON-LD in itself": page(head='<script type="application/ld+json">' + '{"a":[' * 5000 + "</script>"),
    "JSON-LD of many": page(
        head='<script type="application/ld+json">[' + '{"@type":"Person","name":"A"},' * 5000 + "{}]</script>"
    ),
    "meta elements": page(head='<meta name="author" content="Ana Ruiz">' * 5000),
    "dates": page(body="<time datetime='2024-03-03T25:61:61+99:99'>never</time>" * 2000),
    "zero width": page(body="<p>" + "\u200b\u200d\ufeff\u2060" * 20_000 + STORY),
    "directions": page(body="<p>" + "\u202e\u2066\u2069\u202c" * 10_000 + STORY),
    "marks on one letter": page(body="<p>e" + "\u0301" * 50_000),
    "lone surrogates": page(body="<p>\ud800 and \udc00 " + STORY),
    "NUL": page(body="<p>a\0b\0"),
    "one long word": page(body="<p>" + "x" * 500_000),
    "an address of 100 KB": page(
        head='<link rel="canonical" href="https://news.example.org/' + "a/../" * 20_000 + '">'
    ),
}


@pytest.mark.parametrize("name", list(HOSTILE_PAGES))
def test_a_hostile_page_is_an_article_with_its_text(name: str) -> None:
    result = outcome(HOSTILE_PAGES[name])
    assert isinstance(result, Described), result
    assert "found three old coins" in result.article.body


def test_only_carriage_returns() -> None:
    result = outcome(f"The quay opens\r\r{STORY}\r{STORY.replace('quay', 'pier')}\r".encode(), Payload.TEXT)
    assert isinstance(result, Described)
    assert "\r" not in result.article.body
    assert "the pier" in result.article.body


VALUES = (
    "../../../etc",
    "/etc",
    "en\0",
    "a" * 4096,
    "",
    "en/..",
    "a#b?c",
    "e\u0301n",
    "__HIVE_DEFAULT_PARTITION__",
    ".",
    "%2e%2e%2f",
)


def test_values_of_pages_never_name_a_folder_outside_the_lake(tmp_path: Path) -> None:
    """Whatever pages say their language and dates are, nothing but the lake's own folders comes of it."""
    inbox = tmp_path / "in"
    inbox.mkdir()
    for number, value in enumerate(VALUES):
        head = (
            f'<meta property="og:locale" content="{value}"><meta property="article:published_time" content="{value}">'
        )
        (inbox / f"{number}.html").write_bytes(page(head, language=value))
    before = set(tmp_path.rglob("*"))
    lake = tmp_path / "lake"
    ingest([str(inbox)], str(lake), default_settings(), force=False, dry_run=False, progress=quiet())
    outside = {path for path in tmp_path.rglob("*") if lake not in path.parents} - before
    assert outside == {lake}
    assert verify(str(lake)) == ()
    assert dataset(str(lake), "articles").count_rows() == len(VALUES)


def test_devices_pipes_and_loops_in_a_folder(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    (inbox / "deep").mkdir(parents=True)
    (inbox / "zero.txt").symlink_to("/dev/zero")
    (inbox / "random.html").symlink_to("/dev/urandom")
    (inbox / "terminal.txt").symlink_to("/dev/tty")
    os.mkfifo(inbox / "pipe.txt")
    (inbox / "deep" / "round").symlink_to("..")
    (inbox / "deep" / "self").symlink_to("self")
    (inbox / "story.txt").write_text(STORY)
    matched = match_inputs([str(inbox)])
    assert [file.name.rpartition("/")[2] for file in matched.files] == ["story.txt"]
    codes = {each.file.name.rpartition("/")[2]: each.reject.code for each in matched.unopened}
    irregular = RejectCode.NOT_A_REGULAR_FILE
    assert codes == {
        "zero.txt": irregular,
        "random.html": irregular,
        "terminal.txt": irregular,
        "pipe.txt": irregular,
        "self": RejectCode.UNREADABLE_FILE,
    }


def _gone(path: Path) -> None:
    path.unlink()


def _shrunk(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])


def _grown(path: Path) -> None:
    path.write_bytes(path.read_bytes() * 2)


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_gone, RejectCode.UNREADABLE_FILE),
        (_a_folder, RejectCode.UNREADABLE_FILE),
        (_shrunk, RejectCode.CHANGED_WHILE_READING),
        (_grown, RejectCode.CHANGED_WHILE_READING),
    ],
)
def test_a_file_that_changes_between_listing_and_reading(
    tmp_path: Path, change: Callable[[Path], None], code: RejectCode
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    (file,) = match_inputs([str(path)]).files
    change(path)
    (reject,) = read_file(file)
    assert isinstance(reject, Reject)
    assert (reject.code, reject.retryable) == (code, True)


def test_a_large_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes((b'{"text": "' + STORY.encode() + b'"}\n') * 40_000)
    (file,) = match_inputs([str(path)]).files
    found: list[RawDocument | Reject] = []
    for record in read_file(file):
        found.append(record)
        if len(found) == 10:
            os.truncate(path, 5_000_000)
    last = found[-1]
    assert isinstance(last, Reject)
    assert last.code is RejectCode.CHANGED_WHILE_READING


@pytest.mark.parametrize("name", ["line.txt", "line.jsonl", "line.csv", "page.html", "feed.xml"])
def test_a_line_without_end_takes_little_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    start = {
        "line.jsonl": b'{"text": "',
        "line.csv": b'title,text\nquay,"',
        "page.html": b"<html><p>",
        "feed.xml": b"<rss><channel><item>",
    }
    path.write_bytes(start.get(name, STORY.encode()))
    size = 1 << 30 if name == "line.jsonl" else 1 << 27  # hashing a gigabyte takes seconds; once is enough
    os.truncate(path, size)  # NULs that take no place on the disk
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (file,) = match_inputs([str(path)]).files
    found = list(read_file(file))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 300 * 1024
    assert found
    assert all(isinstance(record, Reject) for record in found)
    assert {record.code for record in found if isinstance(record, Reject)} <= {
        RejectCode.RECORD_TOO_LARGE,
        RejectCode.UNSUPPORTED_FORMAT,
        RejectCode.CORRUPT_CONTAINER,
        RejectCode.INVALID_ROW,
    }


FEED = '<?xml version="1.0"?>{}<rss version="2.0"><channel><title>Bay</title><item><title>{}</title><description>{}</description></item></channel></rss>'


def feeds(secret: Path) -> Iterator[bytes]:
    """Feeds that ask for a file, the network, or a billion words."""
    yield FEED.format(f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>', "&x;", STORY + " &x;").encode()
    yield FEED.format('<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/feed.dtd">', "Quay", STORY).encode()
    yield FEED.format(f'<!DOCTYPE rss [<!ENTITY % x SYSTEM "{secret.as_uri()}"> %x;]>', "Quay", STORY).encode()
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    yield FEED.format(f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]>', "&l12;", STORY + "&l12;").encode()
    yield FEED.format(
        "", "Quay", f'<xi:include href="{secret.as_uri()}" xmlns:xi="http://www.w3.org/2001/XInclude"/>' + STORY
    ).encode()


def test_feeds_read_nothing_local_or_remote_and_expand_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the harbour master's password")
    for number, feed in enumerate(feeds(secret)):
        path = tmp_path / f"{number}.xml"
        path.write_bytes(feed)
        started = time.process_time()
        for record in read_all(str(path), rules()):
            result = run_record(record, rules()) if isinstance(record, RawDocument) else record
            seen = repr(result)
            assert "password" not in seen
            assert len(seen) < 100_000
        assert time.process_time() - started < 5


def test_an_archive_is_refused_whatever_it_is_called(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../escape.txt", "out")
        archive.writestr("bomb.txt", b"0" * (50 << 20))
    for name in ("story.txt", "page.html", "lines.jsonl", "table.csv", "rows.parquet"):
        (tmp_path / name).write_bytes(out.getvalue())
    found = [record for name in sorted(tmp_path.iterdir()) for record in read_all(str(name), rules())]
    assert {record.code for record in found if isinstance(record, Reject)} <= {
        RejectCode.UNSUPPORTED_FORMAT,
        RejectCode.CORRUPT_CONTAINER,
    }
    assert len(found) == 5


def test_a_warc_that_was_packed_again_keeps_its_records(tmp_path: Path) -> None:
    body = page()
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\nWARC-Date: 2024-03-03T10:00:00Z\r\n"
        b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    )
    whole = b"".join(gzip.compress(record % (number, len(response), response), mtime=0) for number in range(3))
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(gzip.compress(gzip.decompress(whole), mtime=0))  # one member around all records
    assert [type(each) for each in read_all(str(path), rules())] == [RawDocument] * 3
    path.write_bytes(gzip.compress(whole, mtime=0))  # and packed twice
    assert [type(each) for each in read_all(str(path), rules())] == [RawDocument] * 3


def test_a_file_that_has_become_a_pipe_does_not_hold_the_run(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    os.mkfifo(path)
    (found,) = read_file(InputFile(str(path), "a.txt", 5, "0" * 64))
    assert isinstance(found, Reject)
    assert found.code is RejectCode.CHANGED_WHILE_READING
