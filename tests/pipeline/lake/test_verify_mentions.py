"""Each test breaks one thing in a sound lake whose manifest agrees with the broken bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.lake.verify import verify


def rewrite(root: Path, table: str, edit: Callable[[list[dict[str, Any]]], object]) -> str:
    """Changes the rows of the first file of `table` that has three of them; gives its path."""
    part = next(p for p in sorted((root / table).rglob("part-*.parquet")) if pq.read_metadata(p).num_rows >= 3)
    held = pq.ParquetFile(part).read()
    rows = held.to_pylist()
    edit(rows)
    changed = pa.Table.from_pylist(rows, schema=held.schema)
    pq.write_table(changed, part)
    path = str(part.relative_to(root))
    manifest = next((root / "_runs").glob("*.json"))
    content = json.loads(manifest.read_text())
    for entry in content["files"]:
        if entry["path"] == path:
            entry["sha256"] = hashlib.sha256(part.read_bytes()).hexdigest()
            entry["bytes"], entry["rows"] = part.stat().st_size, changed.num_rows
    content.pop("manifest_sha256", None)
    manifest.write_text(json.dumps(content))
    return path


def setting(row: int, **values: object) -> Callable[[list[dict[str, Any]]], object]:
    return lambda rows: rows[row].update(values)


@pytest.mark.parametrize(
    ("edit", "promise", "message"),
    [
        (setting(0, surface="Harbour"), 7, "its text is not body["),
        (setting(1, start=0, end=3), 7, "before the end of the one before"),
        (setting(1, end=10_000), 7, "are no range in a body of"),
        (setting(1, seq=7), 7, "1 was expected"),
        (setting(0, article_id="0" * 32), 7, "no such article in the same partition"),
        (setting(0, published_at=datetime(1999, 1, 1, tzinfo=timezone.utc)), 7, "published_at is not the article's"),
        (setting(0, method="guess"), 7, "unknown method: guess"),
        (setting(0, confidence=1.5), 7, "a confidence is not between 0 and 1"),
        (setting(0, value="2024"), 7, "dates and quantities have a value, and nothing else has one"),
        (setting(0, entity_id=None), 7, "a row without entity_id has a canonical_name"),
        (setting(0, canonical_name=None), 7, "a row with entity_id has no canonical_name"),
        (setting(0, entity_id="Q1"), 7, "mentions name Q1, which is not among the entities"),
        (setting(0, entity_id="Q1"), 1, "are stated"),
        (lambda rows: rows.pop(), 1, "mentions: "),
    ],
)
def test_a_broken_mention(
    small_lake: Path, edit: Callable[[list[dict[str, Any]]], object], promise: int, message: str
) -> None:
    rewrite(small_lake, "mentions", edit)
    problems = verify(str(small_lake))
    assert any(each.promise == promise and message in each.message for each in problems), problems


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (setting(0, quote="harbour"), "its text is not body["),
        (setting(0, speaker_entity_id="Q1"), "quotes name Q1 as a speaker, whom no mention names"),
    ],
)
def test_a_broken_quote(small_lake: Path, edit: Callable[[list[dict[str, Any]]], object], message: str) -> None:
    rewrite(small_lake, "quotes", edit)
    assert any(each.promise == 7 and message in each.message for each in verify(str(small_lake)))


@pytest.mark.parametrize("column", ["articles", "mentions"])
def test_an_entity_that_counts_wrong(small_lake: Path, column: str) -> None:
    rewrite(small_lake, "entities", lambda rows: rows[1].update({column: rows[1][column] + 1}))
    (problem,) = verify(str(small_lake))
    assert (problem.promise, problem.path) == (1, "entities")
    assert "are stated" in problem.message


def test_an_article_that_a_read_cuts_is_whole(small_lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for rows in (1, 2, 7):
        monkeypatch.setattr("pipeline.lake.verify_mentions._READ_ROWS", rows)
        assert verify(str(small_lake)) == ()


def test_bodies_beyond_memory_are_gone_through_in_portions(small_lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.lake.verify_mentions._BODY_PORTION", 500)
    assert verify(str(small_lake)) == ()
    rewrite(small_lake, "mentions", setting(0, surface="Harbour"))
    assert [each.promise for each in verify(str(small_lake))] == [7]
