"""Where Iceberg tables are: recorded once, kept by later runs, and every mistake one line."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.iceberg.catalog import check_place, opened
from pipeline.lake.iceberg.place import Place, choose_place, location, named_place, read_place, reason, write_place
from pipeline.lake.iceberg.snapshots import keep_up
from pipeline.lake.layout import LakePaths
from schemas.errors import UnfinishedError, UsageError

FS = LocalFileSystem()
OWN = Place("", "", "copydesk")


def test_the_first_place_stays(tmp_path: Path) -> None:
    paths = LakePaths(str(tmp_path))
    assert choose_place(FS, paths, None) is None
    assert choose_place(FS, paths, OWN) == OWN
    assert read_place(FS, paths) is None
    write_place(FS, paths, OWN)
    assert read_place(FS, paths) == OWN
    assert choose_place(FS, paths, None) == OWN
    with pytest.raises(
        UsageError, match="the lake's tables are in the lake's own catalog, namespace 'copydesk', not in the"
    ):
        choose_place(FS, paths, Place("prod", "s3://b/w", "news"))
    (tmp_path / "_iceberg" / "place.json").write_text("[]")
    with pytest.raises(UsageError, match="does not say where the Iceberg tables are"):
        read_place(FS, paths)


def test_a_namespace_is_names_joined_by_dots() -> None:
    assert named_place("", "", "desk.news_1").identifier("articles") == ("desk", "news_1", "articles")
    for wrong in ("", "a..b", "a b", "a/b"):
        with pytest.raises(UsageError, match=r"\[iceberg\] namespace"):
            named_place("", "", wrong)


def test_places_that_can_not_be_are_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't hold # or"):
        check_place(LakePaths(f"{tmp_path}/a#b"), OWN)
    with pytest.raises(UsageError, match="a lake on an object store needs a catalog"):
        check_place(LakePaths("s3://bucket/lake"), OWN)
    with pytest.raises(UsageError, match="'nowhere' can't be opened"):
        check_place(LakePaths(str(tmp_path)), Place("nowhere", "", "copydesk"))
    assert list(tmp_path.iterdir()) == []


def test_files_are_named_by_uri() -> None:
    assert location(LakePaths("/data/lake"), "articles/language=x%2Fy/p.parquet") == (
        "file:///data/lake/articles/language=x%2Fy/p.parquet"
    )
    assert location(LakePaths("s3://bucket/lake"), "rejects/p.parquet") == "s3://bucket/lake/rejects/p.parquet"


def test_a_catalog_of_pyicebergs_configuration_holds_several_lakes(
    tmp_path: Path, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYICEBERG_CATALOG__DESK__TYPE", "sql")
    monkeypatch.setenv("PYICEBERG_CATALOG__DESK__URI", f"sqlite:///{tmp_path}/shared.db")
    from pyiceberg import catalog

    monkeypatch.setattr(catalog, "_ENV_CONFIG", type(catalog._ENV_CONFIG)())
    for name in ("first", "second"):
        paths = LakePaths(str(tmp_path / name))
        kit.write_run(paths.root, kit.inputs(3))
        write_place(FS, paths, Place("desk", str(tmp_path / "warehouse"), name))
        assert keep_up(FS, paths)
    with opened(FS, paths, Place("desk", "", "first")) as shared:
        table = shared.load_table("first.articles")
        assert table.location() == f"file://{tmp_path}/warehouse/first/articles"
        assert table.properties["copydesk.lake"] == f"file://{tmp_path}/first"
    third = LakePaths(str(tmp_path / "third"))
    kit.write_run(third.root, kit.inputs(3))
    write_place(FS, third, Place("desk", str(tmp_path / "warehouse"), "first"))
    with pytest.raises(UnfinishedError, match=r"first\.articles is the table of another lake"):
        keep_up(FS, third)


def test_no_error_tells_a_password() -> None:
    told = reason(ValueError("postgresql://desk:s3cret@db.example/iceberg\nis\tdown, and https://k:v@x.example too"))
    assert told == "ValueError: postgresql://…@db.example/iceberg is down, and https://…@x.example too"


def test_without_pyiceberg_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyiceberg.catalog", None)
    monkeypatch.delitem(sys.modules, "pipeline.lake.iceberg.catalog")
    with pytest.raises(UsageError, match=r"pip install 'copydesk\[iceberg\]'"):
        importlib.import_module("pipeline.lake.iceberg.catalog")
