"""SQL over a lake: every table, the same rows in each form, nothing outside within reach, each mistake one line."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.lake.read import dataset, manifests
from pipeline.query import views
from pipeline.query.command import run_query
from pipeline.query.views import connected, view_names
from pipeline.summary import Summary
from schemas.errors import UsageError
from schemas.tables import TABLES, Table

Run = tuple[Path, Summary]


class Screen(io.TextIOWrapper):
    """Standard output that remembers."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8")

    def text(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()


def ask(lake: Path, sql: str, form: str | None = None, output: Path | None = None) -> str:
    screen = Screen()
    run_query(str(lake), sql, form, str(output) if output else None, screen)
    return screen.text()


def test_every_table_is_a_view_with_the_lakes_rows(sample_run: Run) -> None:
    lake, _ = sample_run
    counts = [f"SELECT '{name}' AS name, count(*) AS rows FROM {name}" for name in view_names()]
    found = {
        row["name"]: row["rows"]
        for row in map(json.loads, ask(lake, " UNION ALL ".join(counts), "json").split("\n")[:-1])
    }
    for name in TABLES.keys() - {"entities"}:
        assert found[name] == dataset(str(lake), name).count_rows()
    assert found["runs"] == len(manifests(str(lake)))
    assert found["inputs"] == sum(each.counts.inputs for each in manifests(str(lake)))


def test_a_table_for_the_screen(sample_run: Run) -> None:
    lake, summary = sample_run
    lines = ask(
        lake, "SELECT language, count(*) AS rows, max(length(body)) AS longest FROM articles GROUP BY 1"
    ).splitlines()
    assert lines[0].split() == ["language", "rows", "longest"]
    assert {line.split()[0]: int(line.split()[1]) for line in lines[1:-1]} == dict(summary.articles_by_language)
    assert lines[-1] == f"{len(summary.articles_by_language)} rows"


def test_many_columns_stand_one_below_the_other_and_text_can_not_move_the_cursor(sample_run: Run) -> None:
    lake, _ = sample_run
    lines = ask(lake, "SELECT * REPLACE ('a' || chr(27) || '[2J' || chr(10) || 'b' AS headline) FROM articles LIMIT 1")
    assert "\x1b" not in lines
    assert r"a\x1b[2J b" in lines
    assert lines.startswith("row 1")
    assert {line.split(" ")[0] for line in lines.splitlines()} >= set(TABLES["articles"].schema.names)


def test_the_screen_shows_the_first_rows_and_says_so(sample_run: Run) -> None:
    lines = ask(sample_run[0], "SELECT * FROM range(250)").splitlines()
    assert len(lines) == 102
    assert lines[-1].startswith("the first 100 rows; --csv")


def test_the_same_rows_in_every_form(sample_run: Run, tmp_path: Path) -> None:
    lake, _ = sample_run
    sql = "SELECT article_id, published_at, word_count, authors, published_confidence, body FROM articles ORDER BY article_id"
    rows = pq.read_table(_written(lake, sql, tmp_path / "a.parquet")).to_pylist()
    assert len(rows) == dataset(str(lake), "articles").count_rows()
    lines = [json.loads(line) for line in _written(lake, sql, tmp_path / "a.jsonl").read_text().splitlines()]
    with _written(lake, sql, tmp_path / "a.csv").open(newline="") as stream:
        cells = list(csv.DictReader(stream))
    for row, line, cell in zip(rows, lines, cells, strict=True):
        moment = row["published_at"]
        text = moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
        assert (line["article_id"], line["word_count"], line["body"]) == (
            cell["article_id"],
            int(cell["word_count"]),
            cell["body"],
        )
        assert line["published_at"] == text == (cell["published_at"] or None)
        assert line["authors"] == json.loads(cell["authors"]) == row["authors"]
        assert line["body"] == row["body"]
    assert ask(lake, sql, "csv") == (tmp_path / "a.csv").read_text()
    assert ask(lake, sql, "json") == (tmp_path / "a.jsonl").read_text()


def _written(lake: Path, sql: str, target: Path) -> Path:
    assert ask(lake, sql, None, target) == ""
    assert [path.name for path in target.parent.iterdir() if path.name.startswith(".")] == []
    return target


def test_values_that_json_does_not_have(sample_run: Run) -> None:
    sql = (
        "SELECT sum(1) AS whole, 1.5::DECIMAL(4,2) AS part, encode('é') AS bytes, DATE '2024-03-01' AS day, TIME '08:30' AS time, "
        "'nan'::FLOAT AS nothing, {'x': [0.95::FLOAT]} AS short, {'a': [1, NULL]} AS nested, TIMESTAMP '2024-03-01 08:00' AS plain, NULL AS none"
    )
    assert json.loads(ask(sample_run[0], sql, "json")) == {
        "whole": 1,
        "part": 1.5,
        "bytes": "w6k=",
        "day": "2024-03-01",
        "time": "08:30:00",
        "nothing": None,
        "short": {"x": [0.95]},
        "nested": {"a": [1, None]},
        "plain": "2024-03-01T08:00:00",
        "none": None,
    }


@pytest.mark.parametrize(
    "sql",
    [
        "FROM '{outside}'",
        "SELECT * FROM read_parquet('{lake}/articles/**/*.parquet')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/*')",
        "COPY articles TO '{outside}.csv'",
        "COPY (SELECT 1) TO '{lake}/x.csv'",
        "EXPORT DATABASE '{outside}'",
        "ATTACH '{outside}.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET temp_directory = '/'",
        "FROM found",
        "FROM 'https://ellery.example/x.parquet'",
    ],
)
def test_nothing_but_the_lake_can_be_reached(sql: str, sample_run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "outside.parquet"
    pq.write_table(pa.table({"secret": [1]}), outside)
    with pytest.raises(UsageError, match=r"^query: "):
        ask(sample_run[0], sql.format(outside=outside, lake=sample_run[0]), "csv")
    assert [path.name for path in tmp_path.iterdir()] == ["outside.parquet"]


def test_mistakes_are_one_line(sample_run: Run, tmp_path: Path) -> None:
    lake, _ = sample_run
    nowhere = tmp_path / "nowhere" / "x.csv"
    for sql, form, output, message in (
        ("SELEC 1", None, None, 'Parser Error: syntax error at or near "SELEC"'),
        ("FROM article", None, None, f"The tables are {', '.join(view_names())}."),
        ("SELECT bodi FROM articles", None, None, 'Binder Error: Referenced column "bodi" not found'),
        ("SELECT 'x'::INT", "csv", None, "Conversion Error"),
        ("FROM articles", "parquet", None, "needs a file: -o FILE"),
        ("FROM articles", None, tmp_path / "x.txt", "say --csv, --json or --parquet"),
        ("FROM articles", "csv", lake / "x.csv", "lies in the lake"),
        ("FROM articles", "csv", lake / "articles" / "x.csv", "lies in the lake"),
        ("FROM articles", "csv", nowhere, "its folder does not exist"),
        ("SELECT INTERVAL 1 DAY AS i", None, tmp_path / "x.parquet", "query: "),
    ):
        with pytest.raises(UsageError) as caught:
            ask(lake, sql, form, output)
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError, match="there is no lake"):
        ask(tmp_path / "none", "FROM articles")
    (tmp_path / "pages").mkdir()
    with pytest.raises(UsageError, match="no run has been committed"):
        ask(tmp_path / "pages", "FROM articles")


def test_a_query_that_fails_leaves_the_file_that_was_there(sample_run: Run, tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("before")
    with pytest.raises(UsageError, match="Conversion Error"):
        ask(
            sample_run[0], "SELECT CASE WHEN range = 200000 THEN 'x' ELSE '1' END::INT FROM range(300000)", None, target
        )
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_without_duckdb_it_says_what_to_install(sample_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError, match=r"pip install 'copydesk\[query\]'"):
        ask(sample_run[0], "FROM articles")


def test_a_query_follows_manifests(sample_run: Run, tmp_path: Path) -> None:
    import shutil

    lake = tmp_path / "lake"
    shutil.copytree(sample_run[0], lake)
    before = ask(lake, "SELECT count(*) FROM articles", "csv")
    part = next((lake / "articles").rglob("*.parquet"))
    part.with_name("part-00000000deadbeef-00000.parquet").write_bytes(part.read_bytes())
    assert ask(lake, "SELECT count(*) FROM articles", "csv") == before


def test_rows_of_entities_are_summed_over_runs(sample_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"articles": pa.int64(), "mentions": pa.int64(), "first_seen": pa.date32(), "last_seen": pa.date32()}
    names = ("entity_id", "canonical_name", "articles", "mentions", "first_seen", "last_seen", "run_id")
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    table = Table("entities", "", schema, (), ("entity_id",))
    rows: list[tuple[Any, ...]] = [
        ("Q1", "Ellery", 2, 3, 19000, 19002, "a"),
        ("Q1", "Port Ellery", 4, 9, 18999, None, "b"),
        ("Q2", "Elswick", 1, 1, None, None, "a"),
    ]
    content = pa.table(
        [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)],
        schema=schema,
    )
    monkeypatch.setitem(TABLES, "entities", table)
    monkeypatch.setattr(views, "dataset", lambda lake, name, _: content if name == "entities" else dataset(lake, name))
    with connected(str(sample_run[0])) as connection:
        found = connection.sql("FROM entities ORDER BY entity_id")
        assert found.columns == ["entity_id", "canonical_name", "articles", "mentions", "first_seen", "last_seen"]
        assert [(*row[:4], str(row[4]), str(row[5])) for row in found.fetchall()] == [
            ("Q1", "Port Ellery", 6, 12, "2022-01-07", "2022-01-10"),
            ("Q2", "Elswick", 1, 1, "None", "None"),
        ]
        assert connection.sql("SELECT count(*) FROM entities_by_run").fetchall() == [(3,)]
