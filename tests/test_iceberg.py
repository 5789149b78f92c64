"""From raw files to Iceberg tables by the command line: what pyiceberg reads is what the lake holds, run after run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from pyiceberg.catalog.sql import SqlCatalog

from pipeline.cli import main
from pipeline.lake.iceberg import snapshots
from pipeline.lake.read import dataset, manifests
from pipeline.summary import Summary


def ingest(pages: Path, lake: Path, *flags: str) -> int:
    return main(["ingest", str(pages), "--lake", str(lake), "--quiet", "--no-learn", *flags])


def ids(lake: Path) -> list[str]:
    """Article ids as pyiceberg reads them, with nothing of copydesk."""
    catalog = SqlCatalog("copydesk", uri=f"sqlite:///{lake}/_iceberg/catalog.db", warehouse=f"file://{lake}/_iceberg")
    try:
        rows = catalog.load_table("copydesk.articles").scan(selected_fields=("article_id",)).to_arrow()
    finally:
        catalog.close()
    return sorted(rows.column("article_id").to_pylist())


def expected(lake: Path) -> list[str]:
    return sorted(dataset(str(lake), "articles").to_table(columns=["article_id"]).column("article_id").to_pylist())


@pytest.fixture
def pages(samples: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for path in sorted(path for path in samples.rglob("*.txt") if path.stat().st_size > 500)[:3]:
        shutil.copy(path, folder)
    return folder


def test_ingest_keeps_iceberg_tables_up_to_date(
    pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    assert ingest(pages, lake, "--table-format", "iceberg") == 0
    assert len(ids(lake)) == 3
    shutil.copy(next(pages.glob("*.txt")), pages / "again.txt")
    with monkeypatch.context() as broken:
        broken.setattr(snapshots, "_apply", lambda *_: (_ for _ in ()).throw(OSError("no route")))
        assert ingest(pages, lake) == 1
    error = capsys.readouterr().err
    assert error.startswith(
        "copydesk: every run is in the lake, but its Iceberg tables are not up to date (OSError: no route)"
    )
    assert error.count("\n") == 1
    assert len(manifests(str(lake))) == 2
    assert main(["verify", str(lake)]) == 1
    assert ingest(pages, lake) == 0  # nothing new to read, but the snapshot was missing
    assert ids(lake) == expected(lake)
    assert main(["verify", str(lake)]) == 0


def test_other_iceberg_settings_than_the_lakes_are_refused(
    pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    assert ingest(pages, lake, "--table-format", "iceberg") == 0
    monkeypatch.setenv("COPYDESK_ICEBERG__NAMESPACE", "elsewhere")
    assert ingest(pages, lake, "--table-format", "iceberg") == 2
    assert "namespace 'copydesk', not in the lake's own catalog, namespace 'elsewhere'" in capsys.readouterr().err
    assert ingest(pages, lake, "--table-format", "delta") == 2


def test_migrate_makes_iceberg_tables_of_a_lake_without(
    sample_run: tuple[Path, Summary], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(sample_run[0], lake)
    assert main(["migrate", str(lake), "--table-format", "iceberg", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["snapshots"] >= 3
    assert (done["run_id"], done["files"]) == ("", 0)
    assert ids(lake) == expected(lake)


def test_duckdb_reads_the_iceberg_table_where_its_extension_is_at_hand(
    sample_run: tuple[Path, Summary], tmp_path: Path
) -> None:
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    try:
        connection.execute("LOAD iceberg")
    except duckdb.Error as error:
        pytest.skip(f"DuckDB's extension iceberg is not installed: {str(error).splitlines()[0]}")
    lake = tmp_path / "lake"
    shutil.copytree(sample_run[0], lake)
    assert main(["migrate", str(lake), "--table-format", "iceberg"]) == 0
    metadata = max((lake / "_iceberg" / "articles" / "metadata").glob("*.metadata.json"))
    rows = connection.execute(f"SELECT article_id FROM iceberg_scan('{metadata}') ORDER BY 1").fetchall()
    assert [row[0] for row in rows] == expected(lake)


def test_query_prints_a_table_and_tells_mistakes_in_one_line(
    sample_run: tuple[Path, Summary], capsys: pytest.CaptureFixture[str]
) -> None:
    lake, summary = sample_run
    assert main(["query", str(lake), "SELECT count(*) AS articles FROM articles", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"articles": summary.articles}
    assert main(["query", str(lake), "SELECT nothing FROM articles"]) == 2
    assert capsys.readouterr().err.startswith("copydesk: error: query: Binder Error: ")
