from __future__ import annotations

import gzip
import time
from collections.abc import Callable

import pytest

from schemas.codes import Payload, SourceFormat
from schemas.records import RawDocument, Reject

Read = Callable[..., list[RawDocument | Reject]]

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Northern Courier</title><language>en-GB</language>
<item><title>Harbour &amp; town reopen</title><link>https://north.example/1</link><description>Short words.</description>
<content:encoded><![CDATA[<p>The harbour reopened.</p><!-- </item> -->]]></content:encoded><dc:creator>Ada Brook</dc:creator>
<dc:creator>Jo Marsh</dc:creator><pubDate>Fri, 01 Mar 2024 10:00:00 GMT</pubDate><category>Ports</category><category>Town</category>
<media:content url="https://north.example/1.jpg" medium="image"/></item>
<item><title>Caf&eacute; opens</title><guid isPermaLink="true">https://north.example/2</guid>
<description>&lt;p&gt;The caf&amp;eacute; opened.&lt;/p&gt;</description><author>desk@north.example (City Desk)</author></item>
<item><title>Nothing said</title><link>https://north.example/3</link></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Küstenbote</title>
<author><name>Redaktion</name></author>
<entry><title type="html">Hafen &lt;b&gt;offen&lt;/b&gt;</title><link rel="self" href="https://k.example/self"/>
<link href="https://k.example/1"/><published>2024-03-01T10:00:00Z</published><updated>2024-03-02T10:00:00Z</updated>
<summary>Kurz.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Der Hafen ist <em>offen</em>.</p></div></content>
<category term="Hafen"/><author><name>Käthe Möller</name></author></entry>
<entry><title>Zwei</title><link href="https://k.example/2"/><summary>Nur ein Satz: 3 &lt; 4.</summary></entry></feed>"""


def _documents(records: list[RawDocument | Reject]) -> list[RawDocument]:
    return [record for record in records if isinstance(record, RawDocument)]


def test_rss(read: Read) -> None:
    records = read(RSS.encode(), "feed.xml")
    assert len(records) == 3
    first, second = _documents(records)
    assert (first.name, first.format, first.payload) == ("feed.xml#I1", SourceFormat.RSS, Payload.HTML)
    assert first.content == "<p>The harbour reopened.</p><!-- </item> -->"
    assert first.url == "https://north.example/1"
    said = first.supplied
    assert said.headline == "Harbour & town reopen"
    assert said.description == "Short words."
    assert said.authors == ("Ada Brook", "Jo Marsh")
    assert said.published == "Fri, 01 Mar 2024 10:00:00 GMT"
    assert said.keywords == ("Ports", "Town")
    assert said.publisher == "Northern Courier"
    assert said.language == "en-GB"
    assert said.image_url == "https://north.example/1.jpg"
    assert first.raw.startswith(b"<item><title>Harbour")
    assert first.raw.endswith(b"</item>")
    assert RSS.encode()[first.byte_offset :].startswith(first.raw)
    assert second.supplied.headline == "Café opens"
    assert second.content == "<p>The caf&eacute; opened.</p>"
    assert second.supplied.authors == ("City Desk",)
    assert second.url == "https://north.example/2"
    missing = records[2]
    assert isinstance(missing, Reject)
    assert missing.code.value == "missing_text"
    assert missing.raw.startswith(b"<item><title>Nothing said")


def test_atom(read: Read) -> None:
    first, second = _documents(read(ATOM.encode(), "a.atom"))
    assert (first.format, first.payload) == (SourceFormat.ATOM, Payload.HTML)
    assert "<p>Der Hafen ist <em>offen</em>.</p>" in (first.content or "")
    assert first.supplied.headline == "Hafen offen"
    assert first.supplied.description == "Kurz."
    assert first.supplied.authors == ("Käthe Möller",)
    assert (first.supplied.published, first.supplied.modified) == ("2024-03-01T10:00:00Z", "2024-03-02T10:00:00Z")
    assert first.supplied.keywords == ("Hafen",)
    assert (first.url, first.supplied.language) == ("https://k.example/1", "de")
    assert (second.payload, second.content) == (Payload.TEXT, "Nur ein Satz: 3 < 4.")
    assert second.supplied.authors == ("Redaktion",)
    assert second.supplied.description is None


def test_rdf(read: Read) -> None:
    raw = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Old Post</title><items><rdf:Seq/></items></channel>
    <item rdf:about="u"><title>One</title><link>https://o.example/1</link><description>The harbour.</description>
    <dc:date>2004-03-01</dc:date></item></rdf:RDF>"""
    (record,) = _documents(read(raw, "x.rdf"))
    assert record.content == "The harbour."
    assert (record.supplied.published, record.supplied.publisher) == ("2004-03-01", "Old Post")


@pytest.mark.parametrize("charset", ["cp1251", "koi8-r", "utf-16"])
def test_charsets(read: Read, charset: str) -> None:
    text = "Порт снова открыт, сообщила городская газета в понедельник."
    xml = f'<?xml version="1.0" encoding="{charset}"?><rss><channel><item><title>Порт</title><description>{text}</description></item></channel></rss>'
    (record,) = _documents(read(xml.encode(charset), "a.rss"))
    assert (record.content, record.supplied.headline) == (text, "Порт")


def test_a_feed_that_breaks_off(read: Read) -> None:
    cut = RSS[: RSS.index("<pubDate>")].encode()
    records = read(cut, "a.xml")
    assert [type(record).__name__ for record in records] == ["Reject"]
    assert isinstance(records[0], Reject)
    assert records[0].code.value == "corrupt_container"
    cut = RSS[: RSS.index("<author>")].encode()
    assert [type(record).__name__ for record in read(cut, "b.xml")] == ["RawDocument", "Reject"]
    packed = gzip.compress(RSS.encode() + b" " * 3000 + bytes(range(256)))
    records = read(packed[:-150], "c.xml.gz")
    assert isinstance(records[-1], Reject)
    assert records[-1].code.value == "truncated_compression"


def test_entities_are_never_followed(read: Read) -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<rss><channel><item><title>t</title><description>words &b; and &f; end</description></item></channel></rss>"
    )
    (record,) = _documents(read(bomb.encode(), "a.xml"))
    assert "root:" not in (record.content or "")
    assert "aaaa" not in (record.content or "")


def test_hostile_shapes_end_soon(read: Read) -> None:
    started = time.monotonic()
    read(b"<rss><channel>" + b"<!DOCTYPE [" * 200_000, "d.xml")
    assert time.monotonic() - started < 5
    for raw in (
        b"<rss>" + b"<item>" * 30_000,
        b"<rss>" + b"<![CDATA[" * 30_000,
        b"<rss><channel>" + b"<item/>" * 20_000,
    ):
        records = read(raw, "a.xml")
        assert all(isinstance(record, Reject) for record in records)
        assert records or b"CDATA" in raw


@pytest.mark.parametrize("reference", ["&#xD800;", "&#xdFfF;", "&#55296;", "&#056320;", "&#57343;"])
def test_a_reference_to_no_character_costs_that_character_only(read: Read, reference: str) -> None:
    records = read(RSS.replace("Short words", f"Short{reference}words").replace("Caf", reference).encode(), "feed.xml")
    assert [isinstance(record, RawDocument) for record in records] == [True, True, False]
    first = records[0]
    assert isinstance(first, RawDocument)
    assert first.supplied.description == "Short\ufffdwords."
