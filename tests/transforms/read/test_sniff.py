from __future__ import annotations

import pytest

from schemas.codes import SourceFormat
from transforms.read.fields import field_names
from transforms.read.sniff import sniff

NAMES = field_names()


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"The harbour reopened.\n", "a.txt", SourceFormat.TEXT),
        (b"The harbour reopened.\n", "a.html", SourceFormat.TEXT),
        (b"<!DOCTYPE html><html><body>x", "a.txt", SourceFormat.HTML),
        (b"\xef\xbb\xbf\n<html>", "a", SourceFormat.HTML),
        (b"<p>The harbour</p>", "a.txt", SourceFormat.HTML),
        (b"Warning: old\n<html><head>", "x.html", SourceFormat.HTML),
        (b"<!-- saved --><div>x</div>", "x", SourceFormat.HTML),
        (b"The <b>harbour</b> reopened.", "a.htm.gz", SourceFormat.HTML),
        (b"<3 the harbour. << back", "a.txt", SourceFormat.TEXT),
        (
            b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="http://www.w3.org/1999/xhtml">',
            "a.xml",
            SourceFormat.HTML,
        ),
        (b'<?xml version="1.0"?><!-- c --><rss version="2.0"><channel>', "a.html", SourceFormat.RSS),
        (b'<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/">', "a", SourceFormat.RSS),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', "a", SourceFormat.ATOM),
        (b'{"text": "a"}\n{"text": "b"}\n', "a.txt", SourceFormat.JSONL),
        (b"not json\n", "a.jsonl", SourceFormat.JSONL),
        (b'[{"text": "a"}]', "a.html", SourceFormat.JSONL),
        (b"[Correction] The harbour\n", "a.txt", SourceFormat.TEXT),
        (b"{brackets} in a text\n", "a.txt", SourceFormat.TEXT),
        (b"title,text\na,b\n", "a.csv", SourceFormat.CSV),
        (b"title\ttext\na\tb\n", "a", SourceFormat.CSV),
        (b"Title, Body and Soul\nThe film was shown.\n", "a.txt", SourceFormat.TEXT),
        (b"Ferry held\rin port, again\nThe ferry was held.\n", "a.txt", SourceFormat.TEXT),
        (b"WARC/1.0\r\nWARC-Type: warcinfo", "a.html", SourceFormat.WARC),
        (b"PAR1\x15\x04", "a.txt", SourceFormat.PARQUET),
        ("Der Hafen öffnet".encode("utf-16"), "a.txt", SourceFormat.TEXT),
        ("<html><body>Hafen</body>".encode("utf-16-le"), "a.html", SourceFormat.HTML),
        ("Порт открыт снова. Город рад.\n".encode("cp1251"), "a.txt", SourceFormat.TEXT),
        ("Порт открыт снова. Город рад.\n".encode("utf-16-be"), "a.txt", SourceFormat.TEXT),
    ],
)
def test_formats(head: bytes, name: str, expected: SourceFormat) -> None:
    assert sniff(head, name, NAMES).format is expected


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a WebP image"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04\x14\0\0\0\0\0word/document.xml", "a Word document"),
        (b"PK\x03\x04\x14\0\0\0\0\0a.txt", "a ZIP archive"),
        (b"\x7fELF\x02\x01", "an ELF program"),
        (b"MZ\x90\0\x03\0", "a Windows program"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"a.txt" + b"\0" * 252 + b"ustar\0", "a tar archive"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">', "an SVG image"),
        (b'<?xml version="1.0"?><urlset>', "an XML sitemap"),
        (b'<?xml version="1.0"?><nitf><head/>', "XML with the root element <nitf>"),
        (bytes(range(256)) * 20, "binary"),
        (b"From: x\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", "a MIME message or web archive"),
    ],
)
def test_what_is_not_read_is_named(head: bytes, what: str) -> None:
    told = sniff(head, "page.html", NAMES) if not head.startswith(b"<svg") else sniff(head, "logo", NAMES)
    assert (told.format, told.what) == (None, what)


@pytest.mark.parametrize(
    ("head", "name", "layout"),
    [
        (b'{"text": "a"}\n{"text": "b"}\n', "x.json", "lines"),
        (b'{"text": "a"}', "x.json", "lines"),
        (b'{"text": "a"}\nbroken\n{"text": "b"}\n', "x", "lines"),
        (b'{\n  "text": "a"\n}\n', "x.json", "object"),
        (b'[\n  {"text": "a"}\n]', "x.json", "array"),
        (b'{"text": "' + b"a" * 65536, "x.json", "lines"),
    ],
)
def test_json_layouts(head: bytes, name: str, layout: str) -> None:
    assert sniff(head[:65536], name, NAMES).layout == layout


def test_words_that_binary_formats_start_with_are_text() -> None:
    for start in (
        b"ORCHARDS bloom early this year.\n",
        b"ID3 tags are old.\n",
        b"MZ is a code.\n",
        b"BMW opens a plant.\n",
    ):
        assert sniff(start, "a.txt", NAMES).format is SourceFormat.TEXT
