"""`copydesk inspect`: every record of one file, as text or as JSON."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from pipeline.inspect import RECORDS_SHOWN, inspect_file, outcome_json
from pipeline.settings import default_settings
from schemas.codes import (
    Action,
    AuthorKind,
    Calendar,
    Category,
    DatePrecision,
    DateSource,
    Field,
    Normalization,
    Payload,
    RejectCode,
    Scope,
    SourceFormat,
    Stage,
)
from schemas.entities import NO_MENTIONS, Mentions
from schemas.errors import UsageError
from schemas.records import (
    Agency,
    Article,
    Author,
    Candidate,
    PageMetadata,
    ParsedDocument,
    Quality,
    RawDocument,
    Reject,
    Removed,
)
from transforms.rejects import make_reject

SOURCE = "Bridge Reopens | The Harbour Post\nBy Ana Ruiz\nOSLO (Example) - The bridge reopened.\nShare\nCars crossed it. EX/PL"
BODY = "The bridge reopened.\nCars crossed it."


def _removed(seq: int, text: str, offset: int, rule: str, category: Category, **changes: object) -> Removed:
    start = SOURCE.index(text)
    made = Removed(
        article_id="a1",
        seq=seq,
        field=Field.BODY,
        start=start,
        end=start + len(text),
        text=text,
        body_offset=offset,
        rule_id=rule,
        category=category,
        scope=Scope.GLOBAL,
        action=Action.REMOVED,
        language="en",
        published_month="2021-03",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


REMOVED = (
    _removed(0, " | The Harbour Post", 14, "headline.site", Category.SITE_TEMPLATE, field=Field.HEADLINE),
    _removed(1, "By Ana Ruiz", 0, "byline.line", Category.BYLINE, action=Action.MOVED),
    _removed(2, "OSLO (Example) - ", 0, "dateline.head", Category.DATELINE, action=Action.MOVED),
    _removed(3, "Share", 21, "share.prompt", Category.SHARE),
    _removed(4, " EX/PL", 37, "sign_off.codes", Category.SIGN_OFF),
)

ARTICLE = Article(
    article_id="a1",
    work_id="w1",
    source_sha256="00",
    content_sha256="11",
    source_uri="pages/bridge.html",
    source_format=SourceFormat.HTML,
    charset="utf-8",
    host="harbour.example",
    url=None,
    canonical_url="https://harbour.example/bridge",
    publisher="The Harbour Post",
    headline="Bridge Reopens",
    alternative_headline=None,
    standfirst=None,
    description=None,
    body=BODY,
    authors=(Author("Ana Ruiz", AuthorKind.PERSON),),
    byline="Ana Ruiz",
    dateline="OSLO",
    dateline_country="NO",
    agencies=(Agency("Example Agency", "Example", None),),
    section=None,
    keywords=("bridge", "port"),
    published_at=datetime(2021, 3, 4, tzinfo=timezone.utc),
    modified_at=None,
    published_raw="4 March 2021",
    published_source=DateSource.META,
    published_precision=DatePrecision.DAY,
    published_confidence=0.9,
    published_timezone=None,
    published_timezone_source=None,
    published_calendar=Calendar.GREGORIAN,
    fetched_at=None,
    language="en",
    language_confidence=0.97,
    license=None,
    copyright_notice=None,
    word_count=6,
    lead_image_url=None,
    is_accessible_for_free=None,
    quality=Quality(),
    normalizations=(Normalization.NBSP,),
    text_fingerprint="ff",
    published_month="2021-03",
)

RAW = RawDocument("pages/bridge.html", "bridge.html", SourceFormat.HTML, Payload.HTML, b"<html>")
PARSED = ParsedDocument(
    RAW,
    "utf-8",
    SOURCE,
    (),
    PageMetadata(
        headline=(Candidate("Bridge Reopens | The Harbour Post", "title"), Candidate("Bridge  reopens", "h1")),
        authors=(Candidate("Ana Ruiz", "meta:author"),),
        publisher=(Candidate("The Harbour Post", "og:site_name"),),
    ),
)
REJECT = make_reject(
    source_uri="pages/photo.html",
    name="photo.html",
    stage=Stage.READ,
    code=RejectCode.UNSUPPORTED_FORMAT,
    message="a PNG image named photo.html",
    raw=b"\x89PNG\r\n\x1a\n",
)


@dataclass(frozen=True)
class _Described:
    article: Article
    removed: tuple[Removed, ...]
    parsed: ParsedDocument
    mentions: Mentions = NO_MENTIONS


DESCRIBED = _Described(ARTICLE, REMOVED, PARSED)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


Chain = Callable[..., list[str]]


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch) -> Chain:
    """Puts a stand-in in place of the pure chain that gives these outcomes; the list tells which records were read."""

    def give(*outcomes: _Described | Reject) -> list[str]:
        read: list[str] = []

        def read_all(path: str, rules: object) -> Iterator[RawDocument | Reject]:
            for number, outcome in enumerate(outcomes):
                read.append(f"{Path(path).name} {number}")
                yield outcome if isinstance(outcome, Reject) else RAW

        described = iter([outcome for outcome in outcomes if not isinstance(outcome, Reject)])
        module = ModuleType("pipeline.chain")
        module.read_all = read_all  # type: ignore[attr-defined]
        module.run_record = lambda record, rules: next(described)  # type: ignore[attr-defined]
        module.Rules = SimpleNamespace(load=lambda settings: None)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "pipeline.chain", module)
        return read

    return give


@pytest.fixture
def page(tmp_path: Path) -> str:
    (tmp_path / "bridge.html").write_text("<html>")
    return str(tmp_path / "bridge.html")


def _shown(page: str, stream: io.StringIO | None = None, **options: bool) -> str:
    stream = stream or io.StringIO()
    inspect_file(page, default_settings(), stream, **options)
    return stream.getvalue()


def test_the_text_comes_in_reading_order_with_each_removal_in_its_place(chain: Chain, page: str) -> None:
    chain(DESCRIBED)
    lines = _shown(page).splitlines()
    assert lines[:3] == ["pages/bridge.html", "Bridge Reopens", "- | The Harbour Post  [headline.site]"]
    start = lines.index("> By Ana Ruiz  [byline.line, moved]")
    assert lines[start + 1 : start + 4] == [
        "  [-OSLO (Example) --] [dateline.head, moved] The bridge reopened.",
        "- Share  [share.prompt]",
        "  Cars crossed it. [-EX/PL-] [sign_off.codes]",
    ]
    assert lines[-1].startswith("kept 6 words; removed 5 stretches, 58 characters: byline 1, dateline 1, share 1")


def test_metadata_come_with_source_and_confidence(chain: Chain, page: str) -> None:
    chain(DESCRIBED)
    facts = {line.split("  ")[0]: line.split("  ", 1)[1].strip() for line in _shown(page).splitlines() if "  " in line}
    assert facts["headline"] == "Bridge Reopens  (h1, title)"
    assert facts["authors"] == "Ana Ruiz [person]  (meta:author)"
    assert facts["dateline"] == "OSLO [NO]"
    assert facts["agencies"] == "Example Agency"
    # A day was stated, so no time of day is shown.
    assert facts["published"] == '2021-03-04  (meta, "4 March 2021", confidence 0.90)'
    assert facts["publisher"] == "The Harbour Post  (og:site_name)"
    assert facts["language"] == "en  (confidence 0.97)"
    assert facts["read as"] == "html, utf-8  (nbsp)"
    assert "licence" not in facts


def test_piped_text_has_no_colour_and_unbroken_lines(chain: Chain, page: str) -> None:
    long = "word " * 100 + "end."
    chain(replace(DESCRIBED, article=replace(ARTICLE, body=long), removed=()))
    text = _shown(page)
    assert "\x1b" not in text
    assert f"  {long}" in text.splitlines()
    assert text.splitlines()[-1] == "kept 6 words; nothing removed"


def test_a_terminal_gets_colour(chain: Chain, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    chain(DESCRIBED)
    text = _shown(page, _Terminal())
    # dim (2), strikethrough (9), red (31)
    assert "\x1b[2;9;31mShare\x1b[0m" in text
    assert "\x1b[36mBy Ana Ruiz\x1b[0m" in text


def test_escape_sequences_of_a_page_never_reach_the_terminal(chain: Chain, page: str) -> None:
    bad = "\x1b]0;owned\x07"
    chain(
        replace(DESCRIBED, article=replace(ARTICLE, body=f"a{bad}b", headline=f"h{bad}", keywords=(bad,)), removed=())
    )
    text = _shown(page)
    assert "\x1b" not in text
    assert "a\\x1b]0;owned\\x07b" in text


def test_long_removals_are_cut_and_say_so(chain: Chain, page: str) -> None:
    chain(replace(DESCRIBED, removed=(replace(REMOVED[3], text=("menu " * 500).strip()),)))
    line = next(line for line in _shown(page).splitlines() if line.startswith("- "))
    assert len(line) < 400
    assert line.endswith("[share.prompt, 2,499 characters]")


def test_rejects_say_why_and_how_they_begin(chain: Chain, page: str) -> None:
    chain(REJECT)
    lines = _shown(page).splitlines()
    assert lines[:3] == [
        "pages/photo.html",
        "rejected at read: unsupported_format",
        "a PNG image named photo.html. The content is none of the formats that copydesk reads.",
    ]
    assert lines[3] == "8 B at byte 0, beginning: \\x89PNG \\x1a"


def test_a_container_shows_its_first_records(chain: Chain, page: str) -> None:
    read = chain(*[REJECT] * (RECORDS_SHOWN + 5))
    text = _shown(page)
    assert text.count("rejected at read") == RECORDS_SHOWN
    assert f"The first {RECORDS_SHOWN} records; --all shows every one." in text
    # One more was looked at to know that there are more; the rest was not read.
    assert len(read) == RECORDS_SHOWN + 1
    chain(*[REJECT] * (RECORDS_SHOWN + 5))
    assert _shown(page, every_record=True).count("rejected at read") == RECORDS_SHOWN + 5
    chain(*[REJECT] * RECORDS_SHOWN)
    assert "--all" not in _shown(page)
    chain()
    assert _shown(page) == "The file holds no record.\n"


def test_json_is_one_object_a_record(chain: Chain, page: str) -> None:
    chain(DESCRIBED, REJECT)
    first, second = (json.loads(line) for line in _shown(page, as_json=True).splitlines())
    assert first["article"]["body"] == BODY
    assert first["article"]["published_at"] == "2021-03-04T00:00:00+00:00"
    assert first["article"]["authors"] == [{"name": "Ana Ruiz", "kind": "person"}]
    assert first["article"]["normalizations"] == ["nbsp"]
    assert [each["rule_id"] for each in first["removed"]] == [each.rule_id for each in REMOVED]
    assert first["removed"][1]["action"] == "moved"
    assert first["removed_by_category"]["share"] == 1
    assert second["reject"]["code"] == "unsupported_format"
    assert second["reject"]["raw_start"] == "\\x89PNG\r\n\x1a\n"


def test_json_stays_valid_with_lone_surrogates() -> None:
    text = outcome_json(replace(DESCRIBED, article=replace(ARTICLE, headline="\ud800")))
    assert json.loads(text.encode("ascii"))["article"]["headline"] == "\ud800"


def test_a_missing_file_is_a_usage_error(page: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"bridge\.htm: no such file; did you mean bridge\.html\?"):
        _shown(page[:-1])
    with pytest.raises(UsageError, match="is a folder; inspect shows one file"):
        _shown(str(tmp_path))
    with pytest.raises(UsageError, match="no such file"):
        _shown("\0")
