"""What the metadata promise, from the container to the row: dates by WARC and in other calendars, detectors, the filter's run."""

from __future__ import annotations

import importlib.util
import re
from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.chain import Described, Rules, read_all, run_record
from pipeline.lake.run_spec import run_id, settings_hash
from pipeline.settings import Flag, default_settings, load_settings, row_settings
from schemas.codes import Calendar, DatePrecision, DateSource
from schemas.records import Article, RawDocument

ROOT = Path(__file__).parent.parent
PAGE = """<!DOCTYPE html><html lang="{language}"><head><title>{headline}</title></head><body><article><h1>{headline}</h1>
<div class="meta">{date}</div><p>{text}</p><p>{text}</p></article></body></html>"""
ENGLISH = "The harbour board said on Tuesday that two more ferries would run at night from next week on, given enough walkers."
PERSIAN = (
    "هیئت بندر اعلام کرد که از هفته آینده دو کشتی دیگر شب‌ها رفت و آمد خواهند کرد و مردم شهر از این خبر خوشحال شدند."
)
ARABIC = "أعلنت هيئة الميناء أن سفينتين أخريين ستعملان ليلا ابتداء من الأسبوع المقبل، وقد رحب سكان المدينة بهذا الخبر."
THAI = "คณะกรรมการท่าเรือกล่าวเมื่อวันอังคารว่าเรือข้ามฟากอีกสองลำจะให้บริการในเวลากลางคืนตั้งแต่สัปดาห์หน้าเป็นต้นไป"


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.load(default_settings())


def article_of(path: Path, rules: Rules) -> Article:
    [record] = read_all(str(path), rules)
    assert isinstance(record, RawDocument)
    outcome = run_record(record, rules)
    assert isinstance(outcome, Described)
    return outcome.article


def _page(
    date: str, *, language: str = "en", headline: str = "Harbour board adds two night ferries", text: str = ENGLISH
) -> str:
    return PAGE.format(language=language, headline=headline, date=date, text=text)


def _warc(html: str, *, taken: str, header: str = "") -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{header}\r\n".encode() + html.encode()
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        f"WARC-Target-URI: https://www.harbourgazette.example/ferries\r\nWARC-Date: {taken}\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_the_warc_date_is_when_a_page_was_fetched_and_bounds_its_dates(rules: Rules, tmp_path: Path) -> None:
    file = tmp_path / "crawl.warc"
    file.write_bytes(_warc(_page("3 March 2021"), taken="2021-03-04T05:06:07Z"))
    article = article_of(file, rules)
    assert article.fetched_at == datetime(2021, 3, 4, 5, 6, 7, tzinfo=timezone.utc)
    assert article.published_at == datetime(2021, 3, 3, tzinfo=timezone.utc)
    file.write_bytes(_warc(_page("3 March 2021"), taken="2021-03-01T05:06:07Z"))
    assert article_of(file, rules).published_at is None  # two days after it was fetched
    file.write_bytes(_warc(_page("Region"), taken="2021-03-04T05:06:07Z"))
    assert article_of(file, rules).published_source is DateSource.NONE  # fetching is no publication


def test_http_says_when_a_page_changed_where_nothing_else_does(rules: Rules, tmp_path: Path) -> None:
    file = tmp_path / "crawl.warc"
    header = "Last-Modified: Wed, 03 Mar 2021 10:00:00 GMT\r\n"
    file.write_bytes(_warc(_page("Region"), taken="2021-03-04T05:06:07Z", header=header))
    article = article_of(file, rules)
    assert article.published_at == datetime(2021, 3, 3, 10, tzinfo=timezone.utc)
    assert article.published_source is DateSource.FILE
    assert article.published_confidence is not None
    assert article.published_confidence < 0.5


@pytest.mark.parametrize(
    ("date", "language", "text", "day", "calendar"),
    [
        ("۱۴ اسفند ۱۳۹۹", "fa", PERSIAN, "2021-03-04", Calendar.PERSIAN),
        ("۱۳۹۹/۱۲/۱۴", "fa", PERSIAN, "2021-03-04", Calendar.PERSIAN),
        ("20 رجب 1442", "ar", ARABIC, "2021-03-04", Calendar.ISLAMIC),
        ("4 มีนาคม 2564", "th", THAI, "2021-03-04", Calendar.BUDDHIST),
        ("04/03/2564", "th", THAI, "2021-03-04", Calendar.BUDDHIST),
        ("4 March 2021", "en", ENGLISH, "2021-03-04", Calendar.GREGORIAN),
    ],
)
def test_calendars(
    date: str, language: str, text: str, day: str, calendar: Calendar, rules: Rules, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text(_page(date, language=language, headline=text[:40], text=text), encoding="utf-8")
    article = article_of(file, rules)
    assert article.language == language
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == day
    assert (article.published_calendar, article.published_precision) == (calendar, DatePrecision.DAY)
    assert article.published_raw == date


def test_a_run_is_another_one_under_another_filter() -> None:
    def identity(expression: str) -> str:
        settings = load_settings(environment={}, flags=[Flag("--filter", "filter.expression", expression)])
        return run_id((), settings_hash(row_settings(settings)), "0.1.0")

    ids = [identity(expression) for expression in ("", "word_count > 3", "word_count > 4", "word_count > 3")]
    assert ids[1] == ids[3]
    assert len(set(ids)) == 3


@pytest.mark.parametrize("name", ["langdetect", "lingua", "py3langid"])
def test_another_detector_tells_the_language_of_a_record(name: str, tmp_path: Path) -> None:
    if name != default_settings().describe.language_detector and importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    settings = load_settings(environment={}, flags=[Flag("--set", "describe.language_detector", name)])
    (tmp_path / "a.html").write_text(_page("3 March 2021"), encoding="utf-8")
    assert article_of(tmp_path / "a.html", Rules.load(settings)).language == "en"


def test_the_reliability_of_the_language_is_documented() -> None:
    text = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    _, _, table = text.partition("| confidence | sentences | right | slices | right |\n|---|---|---|---|---|\n")
    rows = [re.findall(r"[^|]+", line) for line in table.split("\n\n")[0].splitlines()]
    assert len(rows) >= 8
    for column in (2, 4):
        right = [float(row[column]) for row in rows]
        assert right[-1] >= 0.99
        # Surer is righter; a hundredth is noise.
        assert all(later >= earlier - 0.01 for earlier, later in pairwise(right))
