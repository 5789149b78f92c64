"""The summary adds up, prints without colour, and is one JSON object."""

from __future__ import annotations

import dataclasses
import io
import json

import pytest
from rich.console import Console

from pipeline.summary import ROWS_SHOWN, Summary, Tally, print_summary, size_text, tallies

SUMMARY = Summary(
    run_id="0123456789abcdef",
    lake="my lake",
    files_matched=1_000,
    files_new=900,
    files_skipped=100,
    read=1_000,
    articles=988,
    rejects=12,
    removed=4_321,
    rejects_by_code=tallies({"empty_input": 2, "no_text": 10}),
    removed_by_category=tallies({"share": 4_000, "comments": 321}),
    articles_by_language=tallies({"en": 900, "fa": 88}),
    articles_by_format=tallies({"html": 988}),
    bytes_in=12_345_678,
    seconds=12.5,
)


def _printed(summary: Summary, width: int = 100) -> str:
    stream = io.StringIO()
    print_summary(summary, Console(file=stream, width=width))
    return stream.getvalue()


def test_tallies_are_sorted_and_added_up() -> None:
    assert tallies({"b": 2, "a": 2, "c": 5, "none": 0}) == (Tally("c", 5), Tally("a", 2), Tally("b", 2))
    assert tallies([("x", 1), ("y", 1), ("x", 1)]) == (Tally("x", 2), Tally("y", 1))


def test_table_is_aligned_and_has_no_colour_codes() -> None:
    text = _printed(SUMMARY)
    assert "\x1b" not in text
    lines = text.splitlines()
    assert lines[0].strip() == "Done."
    numbers = {line.split()[0]: line.split()[1] for line in lines[1:6]}
    assert numbers == {"files": "900", "read": "1,000", "articles": "988", "rejects": "12", "removed": "4,321"}
    assert len({line.index(numbers[line.split()[0]]) + len(numbers[line.split()[0]]) for line in lines[1:6]}) == 1
    assert "100 more already in the lake" in text
    assert "80.0 a second" in text
    assert "1.2% of what was read" in text
    assert "lake my lake  run 0123456789abcdef" in text


def test_rejects_come_with_advice() -> None:
    assert any("no_text" in line and "The input holds no text." in line for line in _printed(SUMMARY).splitlines())


def test_long_breakdowns_are_cut_in_the_table_only() -> None:
    many = tallies({f"x{number:02}": 100 - number for number in range(30)})
    summary = dataclasses.replace(SUMMARY, articles_by_language=many)
    shown = [line for line in _printed(summary).splitlines() if line.startswith("x")]
    assert len(shown) == ROWS_SHOWN
    rest = sum(tally.number for tally in many[ROWS_SHOWN:])
    assert ["18", "more", f"{rest:,}"] in [line.split() for line in _printed(summary).splitlines()]
    assert len(json.loads(summary.to_json())["articles_by_language"]) == 30


def test_json_is_one_object_with_all_figures() -> None:
    text = SUMMARY.to_json()
    assert "\n" not in text
    figures = json.loads(text)
    assert figures["read"] == figures["articles"] + figures["rejects"] == 1_000
    assert figures["rejects_by_code"] == {"no_text": 10, "empty_input": 2}
    assert figures["reject_share"] == pytest.approx(0.012)
    assert (figures["nothing_new"], figures["dry_run"], figures["lake"]) == (False, False, "my lake")
    in_json = set(figures) - {"nothing_new", "reject_share"}
    assert in_json == {field.name for field in dataclasses.fields(Summary)}


def test_a_run_without_new_files_says_so() -> None:
    empty = Summary("r", "L", 3, 0, 3, 0, 0, 0, 0)
    assert empty.nothing_new
    assert empty.reject_share == 0
    assert _printed(empty).splitlines()[0] == "Nothing new: all 3 files are already in L."
    assert json.loads(empty.to_json())["nothing_new"] is True


def test_a_dry_run_tells_the_files_only() -> None:
    planned = Summary("", "L", 5, 3, 2, 0, 0, 0, 0, bytes_in=1_500, dry_run=True)
    lines = [line.rstrip() for line in _printed(planned).splitlines()]
    assert lines[0] == "Dry run: these files would be read; nothing was read or written."
    assert lines[1].split() == ["files", "3", "2", "more", "already", "in", "the", "lake,", "1.5", "kB"]
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (999_999, "1.0 MB"), (12e9, "12.0 GB"), (5e15, "5,000.0 TB")],
)
def test_sizes(size: float, text: str) -> None:
    assert size_text(size) == text
