"""Makes broken input out of whole: seeds of each kind, cut, repeated, mixed and sprinkled with what tends to hurt.

Before: b"By Ana Ruiz, 3 March 2024". After: b"By Ana Ruiz, 3 3 3 3 March \\xff\\x0020&#x24;", another one for each state of the generator.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from functools import cache

_PROSE = "The harbour board of Elswick said on Tuesday that two more ferries would run at night from next week on."
_TEXT = (
    "Ferries will run at night\nBy Ana Ruiz and Tom Okafor\nELSWICK, March 3 (Bay Press) - "
    f"{_PROSE}\n\nRead more: Harbour news\n{_PROSE} {_PROSE}\n\n“We waited,” the mayor said.\n\nShare this\nFollow us\n"
    "Copyright 2024 Bay Post. All rights reserved.\nReporting by Ana Ruiz; editing by Tom Okafor\n"
)
_PAGE = (
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>Ferries | Bay Post</title>"
    '<meta property="article:published_time" content="2024-03-03T10:00:00+01:00"><link rel=canonical href="https://news.example.org/a">'
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferries","author":[{"name":"Ana Ruiz"}],'
    '"datePublished":"2024-03-03","articleBody":"The harbour"}</script></head><body><nav><a href=/>Home</a></nav><article><h1>Ferries will run'
    f"</h1><p class=byline>By Ana Ruiz</p><time datetime=2024-03-03>3 March</time><p>{_PROSE}</p><table><tr><td colspan=2>x</td></tr></table>"
    f"<p>{_PROSE} &amp; &nbsp;</p><ul><li><a href=/b>More</a></li></ul></article><footer>© 2024</footer></body></html>"
)
_DATES = (
    "3 March 2024, 10:15 CET",
    "2024-03-03T10:00:00.123+01:00",
    "03/04/2024",
    "Published on Sunday, 3rd of March 2024 at 10.15 p.m. (GMT+2)",
    "١٤ مارس ٢٠٢٤",
    "۱۴۰۲/۱۲/۱۳",
    "令和6年3月3日",
    "2024年3月3日 10时15分",
    "yesterday",
    "1709460000",
    "13 พฤษภาคม 2567",
    "Mon, 04 Mar 2024 09:00:00 GMT",
    "last updated 5 hours ago",
    "3. März 2024 um 10 Uhr",
    "Feb 30, 0000",
)
_NAMES = (
    "President Joe Biden met Angela Merkel in Paris on Tuesday. Mr. Biden said: “We will not wait for NATO.” The U.N. Security Council "
    "(UNSC) and Bay Shipping Ltd. agreed, Merkel told the Bay Post. The 2015 Paris Agreement cost $3.4 billion, or 5 per cent.\n"
    "“It is late,” said Tom Okafor, a spokesman of O'Neill & Sons; van der Berg's son Jean-Pierre disagreed.",
    "Bundeskanzlerin Angela Merkel sagte am Dienstag in Berlin: „Wir warten nicht“, so die CDU-Politikerin. Die EU zahlt 5,2 Mrd. Euro.",
    "El presidente de España, Pedro Sánchez, dijo: «No esperamos». La ONU y el Banco Central Europeo se reunieron el 3 de marzo de 2021.",
    "Президент Владимир Путин заявил: «Мы не ждём». В Москве во вторник собрался Совет Безопасности ООН; 5 млрд рублей.",
    'رئيس الوزراء محمد بن سلمان قال يوم الأحد إن الأمم المتحدة "لن تنتظر" في الرياض، ٣ مليارات دولار.',
    "وزیر امور خارجه محمدجواد ظریف روز یکشنبه در تهران گفت: «ما منتظر نمی‌مانیم.»",
    "中国国家主席习近平星期二在北京说：“我们不会等待。”联合国安理会表示支持，涉及50亿美元。",
    "岸田文雄首相は3月3日、東京で「待たない」と述べた。国連安全保障理事会は50億円を支持した。",
    "Cumhurbaşkanı Recep Tayyip Erdoğan salı günü Ankara'da “Beklemeyeceğiz” dedi. İstanbul'daki NATO toplantısı 5 milyar dolar tuttu.",
    "प्रधानमंत्री नरेंद्र मोदी ने मंगलवार को दिल्ली में कहा, “हम इंतज़ार नहीं करेंगे।”",
)
_RECORDS = "\n".join(
    json.dumps({"title": f"Pier {number}", "text": _PROSE, "date": _DATES[number], "author": "Ana Ruiz"})
    for number in range(4)
)
_TABLE = f'title;text;date\n"Pier";"{_PROSE}";2024-03-03\nQuay;"{_PROSE}\nmore ""said""";\n'
_FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Bay Post</title><item><title>Pier</title>'
    f"<pubDate>Mon, 04 Mar 2024 09:00:00 GMT</pubDate><description><![CDATA[<p>{_PROSE}</p>]]></description></item></channel></rss>"
)
_RESPONSE = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n{len(_PAGE):x}\r\n{_PAGE}\r\n0\r\n\r\n"
_WARC = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-03-03T10:00:00Z\r\nContent-Type: application/http\r\n"
    f"Content-Length: {len(_RESPONSE)}\r\n\r\n{_RESPONSE}\r\n\r\n"
)

_WRITTEN = tuple(
    piece.encode("utf-8", "surrogatepass")
    for piece in (
        *(
            "\0",
            "\r",
            "\r\n",
            "\n\n\n",
            "\t",
            "\x1b[2J",
            "\ufeff",
            "\u200b",
            "\u202e",
            "\u2028",
            "\x85",
            "\ud800",
            "\udfff",
        ),
        *(
            "\U0001f6a2",
            "e\u0301\u0301\u0301",
            "ﷺ",
            "İ",
            "ß",
            "１２",
            "²",
            "٣",
            "ก็็็็",
            "&",
            "&#0;",
            "&#xD800;",
            "&#99999999999;",
        ),
        *(
            "&lt;",
            "<",
            ">",
            "</p>",
            "<p>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<script>",
            "</script>",
            "<svg>",
            "<math>",
            "<template>",
        ),
        *(
            "<table>",
            "<select>",
            "<plaintext>",
            "<frameset>",
            '<td colspan="9007199254740993">',
            "<a href='",
            '"',
            "'",
            "\\",
            "\\u",
        ),
        *(
            "{",
            "}",
            "[",
            "]",
            "[[[[[[[[",
            ":",
            ",",
            ";",
            "1e999",
            "-0",
            "NaN",
            "99999999999999999999",
            "0x",
            "%00",
            "%",
            "../../",
            "://",
        ),
        *(
            "By ",
            "by by by ",
            "Reuters",
            "(AP) - ",
            "—",
            "- ",
            "© ",
            "Read more: ",
            "CC BY 4.0",
            "2024",
            "13/13/13",
            "24:60",
            "UTC+99",
        ),
        *(
            "Monday ",
            "am pm ",
            "T00:00:00Z",
            "年",
            "月",
            "日",
            "=?utf-8?q?",
            "\r\n--",
            "HTTP/1.1 200 OK\r\n\r\n",
            "WARC/1.0\r\n",
        ),
        *(
            "Content-Length: -1\r\n",
            "Content-Length: 99999999999999\r\n",
            "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;",
        ),
    )
)
_SHARP = (
    *_WRITTEN,
    b"\xff",
    b"\xfe\xff",
    b"\xff\xfe",
    b"\x80",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x1f\x8b",
    b"\x1b$B",
    b"\x00" * 9,
)


@cache
def seeds_of(target: str) -> tuple[bytes, ...]:
    """Whole input for a target."""
    texts = {
        "dates": _DATES,
        "decode": (_TEXT, _PAGE, *_DATES, "Ã©tÃ© Ãœber \\u00e9\\n naïve “x”"),
        "parse": (_PAGE,),
        "rules": (_TEXT, _PROSE, "\n".join(_DATES)),
        "read": (_RECORDS, f"[{_RECORDS.replace(chr(10), ',')}]", _TABLE, _FEED, _WARC, _TEXT, _PAGE),
        "chain": (_PAGE, _TEXT),
        "lines": (
            *_TEXT.split("\n"),
            *_DATES,
            "ELSWICK, March 3 (Bay Press) - The",
            "https://news.example.org:80/a/../b?utm_source=x#y",
        ),
        "http": (_RESPONSE,),
        "entities": (*_NAMES, _TEXT),
        "temporal": (
            *_DATES,
            _TEXT,
            "On Tuesday, two weeks ago, in the 1990s, from 3 to 5 May 2021, 5,2 Milliarden Euro, $3.4 million",
        ),
    }[target]
    seeds = [text.encode() for text in texts]
    if target == "read":
        seeds += [gzip.compress(seed, mtime=0) for seed in seeds[:5]]
    if target == "decode":
        seeds += [
            _TEXT.encode("utf-16"),
            "東京の港 ".encode("shift_jis") * 9,
            "порт Москва ".encode("koi8-r") * 9,
            _TEXT.encode("cp1252"),
        ]
    return tuple(seeds)


def mutate(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One seed after one to eight changes."""
    raw = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        kind = chance.randrange(8)
        at = chance.randrange(len(raw) + 1)
        to = min(len(raw), at + int(chance.paretovariate(0.6)))
        if kind == 0:
            raw = raw[:at] + raw[to:]
        elif kind == 1:
            raw = raw[:at] + raw[at:to] * chance.choice((2, 3, 10, 100)) + raw[to:]
        elif kind == 2:
            raw = raw[:at] + bytes((chance.randrange(256),)) + raw[at + 1 :]
        elif kind == 3:
            other = chance.choice(seeds)
            start = chance.randrange(len(other) + 1)
            raw = raw[:at] + other[start : start + int(chance.paretovariate(0.5))] + raw[at:]
        elif kind == 4:
            raw = raw[:at] + chance.choice(_SHARP) * chance.choice((1, 1, 1, 2, 30, 300)) + raw[at:]
        elif kind == 5:
            raw = raw[:at] + raw[at:to][::-1] + raw[to:]
        elif kind == 6:
            raw = raw[:at]
        else:
            raw = raw[:at] + chance.choice(_SHARP) + raw[to:]
        raw = raw[:_LONGEST]
    return raw


_LONGEST = 20_000
