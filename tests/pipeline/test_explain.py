"""Explaining a record, and its layout."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.chain import Described, Rules, read_all, run_record
from pipeline.explain import Explanation, explain_record
from pipeline.explain_text import chosen_lines, verdict_name
from pipeline.inspect import inspect_file
from pipeline.settings import default_settings
from schemas.codes import BlockKind
from schemas.records import RawDocument

TEXT = """Harbour board adds two night ferries
The harbour board said on Tuesday that two more ferries would run at night from next week on.
Nine Lanterns of Elswick
The chairman said that the boats would pay for themselves within a year, given enough walkers.
Post a comment
"""


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.load(default_settings())


@pytest.fixture(scope="module")
def page(samples: Path) -> str:
    return str(samples / "pages" / "bridge.html")


def explained(path: str, rules: Rules) -> Explanation:
    [record] = read_all(path, rules)
    assert isinstance(record, RawDocument)
    outcome = run_record(record, rules)
    assert isinstance(outcome, Described)
    found = explain_record(record, rules, outcome.article)
    assert found is not None
    return found


@pytest.fixture
def text(tmp_path: Path) -> str:
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    return str(file)


def inspect(path: str, **options: object) -> str:
    stream = io.StringIO()
    inspect_file(path, default_settings(), stream, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def test_a_page_has_its_choice_its_lines_and_its_candidates(page: str, rules: Rules) -> None:
    found = explained(page, rules)
    assert found.page is not None
    assert found.page.containers[0].labels == "story"
    assert [verdict_name(each) for each in found.lines[:4]] == ["removed", "moved", "kept", "removed"]
    headlines = [each for each in found.fields if each.field == "headline"]
    assert [each.source for each in headlines if each.is_chosen] == ["json_ld.NewsArticle"]
    assert {each.source for each in headlines} >= {"h1", "og:title", "title"}
    assert all(each.is_chosen for each in found.fields if each.field == "authors")


def test_values_that_are_read_from_a_candidate_are_marked_too(rules: Rules, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(
        """<html lang="en"><head><title>Harbour board adds two night ferries</title>
<meta property="article:modified_time" content="2024-05-15T09:00:00+02:00">
<meta property="og:updated_time" content="2024-05-16T09:00:00+02:00">
<meta property="article:content_tier" content="unheard">
<meta name="isAccessibleForFree" content="False"><meta property="article:published_time" content="2024-05-14T09:00:00">
<link rel="license" href="https://example.org/terms">
<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/deed.de"></head>
<body><article><h1>Harbour board adds two night ferries</h1>
<p>The harbour board said on Tuesday that two more ferries would run at night from next week on.</p>
<p>The chairman said that the boats would pay for themselves within a year, given enough walkers.</p>
</article></body></html>""",
        encoding="utf-8",
    )
    found = explained(str(file), rules)
    marked = {each.field: each.value for each in found.fields if each.is_chosen and each.source != "h1"}
    assert marked["modified"] == "2024-05-15T09:00:00+02:00"
    assert marked["license"] == "https://creativecommons.org/licenses/by-sa/4.0/deed.de"
    assert marked["is_accessible_for_free"] == "False"
    assert sum(each.is_chosen for each in found.fields if each.field == "modified") == 1
    assert "+02:00 by the page's other times" in inspect(str(file))


def test_a_supplied_headline_says_which_container_it_came_from(rules: Rules, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    record = {"headline": "Harbour board adds two night ferries", "text": TEXT}
    file.write_text(json.dumps(record) + "\n", encoding="utf-8")
    headlines = [each for each in explained(str(file), rules).fields if each.field == "headline"]
    assert [(each.source, each.is_chosen) for each in headlines] == [("supplied by the jsonl object", True)]
    assert "(supplied by the jsonl object)" in inspect(str(file))


def test_a_record_without_text_has_no_explanation(rules: Rules, text: str) -> None:
    [record] = read_all(text, rules)
    assert isinstance(record, RawDocument)
    assert explain_record(replace(record, raw=b" ", content=" "), rules, None) is None


def test_lines_are_chosen_by_number_or_by_text(text: str, rules: Rules) -> None:
    lines = explained(text, rules).lines
    assert [each.number for each in chosen_lines(lines, "3")] == [3]
    assert [each.number for each in chosen_lines(lines, "nine  LANTERNS")] == [3]
    assert chosen_lines(lines, "nothing like it") == ()


def test_why_prints_verdicts_reasons_and_near_misses(text: str) -> None:
    printed = inspect(text, why=True)
    assert "   3  kept     body  line, 4 words\n        Nine Lanterns of Elswick\n" in printed
    assert "      · No sure prose: 4 words; prose.min_words = 8.\n" in printed
    assert "      ~ shape.tail [page_chrome] would take it in the tail; this line stands in the body\n" in printed
    assert "how the page was read" not in printed
    assert "\x1b" not in printed


def test_why_of_a_page_tells_how_it_was_read(page: str) -> None:
    printed = inspect(page, why=True)
    assert "  chosen                body > main > article [story]" in printed
    assert "  headline              * json_ld.NewsArticle: Old iron bridge to reopen for walkers\n" in printed
    assert "page.class.share: body > main > article > ul [share-tools]" in printed


def test_line_shows_it_with_its_neighbours_only(text: str) -> None:
    printed = inspect(text, line="lanterns")
    numbers = [row.split()[0] for row in printed.splitlines() if row[:4].strip().isdigit()]
    assert numbers == ["2", "3", "4"]
    assert printed.count("·") == 3
    assert "headline  " not in printed


def test_a_line_that_is_not_there_is_said(text: str) -> None:
    assert inspect(text, line="zeppelin") == "No line of this record holds “zeppelin”; it has 5 lines.\n"
    assert inspect(text, line="99") == "No line of this record has the number 99; it has 5 lines.\n"


def test_json_has_all_of_it(page: str, text: str) -> None:
    why = json.loads(inspect(page, why=True, as_json=True))["why"]
    assert why["page"]["steps"][0]["path"] == "body"
    assert why["lines"][1]["cut"]["rule_id"] == "headline.line"
    assert why["fields"][0]["field"] == "headline"
    chosen = json.loads(inspect(text, line="3", as_json=True))["why"]["lines"]
    assert [each["near_misses"][-1]["rule_id"] for each in chosen] == ["shape.tail"]


def test_a_reject_that_had_text_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "b.txt"
    file.write_text("Post a comment\nNo comments:\n", encoding="utf-8")
    printed = inspect(str(file), why=True)
    assert "rejected at clean: no_body" in printed
    assert "   1  removed" in printed


def test_without_why_nothing_is_explained(text: str) -> None:
    assert "why each line" not in inspect(text)


def test_the_block_model_says_its_score_and_its_limit(page: str, rules: Rules) -> None:
    said = [reason for line in explained(page, rules).lines for reason in line.reasons if "block model" in reason]
    paragraphs = [line for line in explained(page, rules).lines if line.kind is BlockKind.PARAGRAPH and not line.cut]
    assert len(said) >= len(paragraphs) > 0
    assert all("The block model scores it" in line.reasons[-1] for line in paragraphs)
    assert any("not below its limit" in reason for reason in said)
