from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipeline.lake.manifest import CHECKSUM
from pipeline.lake.verify import PROBLEMS_PER_FILE, Problem, verify
from schemas.errors import UsageError


def manifest_of(root: Path) -> Path:
    return next((root / "_runs").glob("*.json"))


def first_part(root: Path, table: str, rows: int = 3) -> Path:
    return next(
        part for part in sorted((root / table).rglob("part-*.parquet")) if pq.read_metadata(part).num_rows >= rows
    )


def edit_manifest(root: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    path = manifest_of(root)
    content = json.loads(path.read_text())
    edit(content)
    content.pop(CHECKSUM, None)
    path.write_text(json.dumps(content, sort_keys=True, indent=2))


def rewrite(root: Path, part: Path, edit: Callable[[pa.Table], pa.Table]) -> str:
    """Changes a file's rows and makes the manifest agree with the new bytes, so that only the rows give it away."""
    table = edit(pq.ParquetFile(part).read())
    pq.write_table(table, part)
    path = str(part.relative_to(root))

    def update(content: dict[str, Any]) -> None:
        for entry in content["files"]:
            if entry["path"] == path:
                entry["sha256"] = hashlib.sha256(part.read_bytes()).hexdigest()
                entry["bytes"] = part.stat().st_size
                entry["rows"] = table.num_rows

    edit_manifest(root, update)
    return path


def set_value(table: pa.Table, column: str, row: int, value: Any) -> pa.Table:
    index = table.schema.get_field_index(column)
    values = table.column(column).to_pylist()
    values[row] = value
    field = table.schema.field(column)
    array = pa.array(values, field.type.value_type if pa.types.is_dictionary(field.type) else field.type)
    return table.set_column(index, field, array.cast(field.type))


def found(root: Path, promise: int, path: str, text: str) -> bool:
    problems = verify(str(root))
    return any(
        problem.promise == promise and path in problem.path and text in problem.message for problem in problems
    ) or pytest.fail(f"not found among {problems}")


def test_a_sound_lake_has_no_problem(small_lake: Path) -> None:
    assert verify(str(small_lake)) == ()


@pytest.mark.parametrize("name", [".", "none"])
def test_no_lake_is_an_unusable_argument(tmp_path: Path, name: str) -> None:
    """An empty folder keeps no promise either: most likely it is the wrong one."""
    with pytest.raises(UsageError, match="there is no lake"):
        verify(str(tmp_path / name))


def test_a_cut_manifest(small_lake: Path) -> None:
    manifest = manifest_of(small_lake)
    manifest.write_bytes(manifest.read_bytes()[:-40])
    assert found(small_lake, 2, manifest.name, "not a manifest")


def test_a_manifest_of_another_run(small_lake: Path) -> None:
    manifest = manifest_of(small_lake)
    manifest.rename(manifest.with_name("00000000deadbeef.json"))
    assert found(small_lake, 2, "00000000deadbeef", "is the manifest of run")


def test_a_manifest_that_does_not_add_up(small_lake: Path) -> None:
    edit_manifest(small_lake, lambda content: content["counts"].update(articles=1))
    assert found(small_lake, 1, "_runs/", "≠ 1 articles")


def test_a_manifest_whose_kinds_do_not_add_up(small_lake: Path) -> None:
    edit_manifest(small_lake, lambda content: content["counts"]["by_code"].update(no_text=1))
    assert found(small_lake, 1, "_runs/", "by kind")


def test_a_missing_file(small_lake: Path) -> None:
    part = first_part(small_lake, "removed")
    part.unlink()
    assert found(small_lake, 2, str(part.relative_to(small_lake)), "is missing")


def test_a_flipped_bit(small_lake: Path) -> None:
    part = first_part(small_lake, "articles")
    raw = bytearray(part.read_bytes())
    raw[len(raw) // 3] ^= 4
    part.write_bytes(raw)
    assert found(small_lake, 3, part.name, "sha256 differs")


def test_a_cut_file(small_lake: Path) -> None:
    part = first_part(small_lake, "articles")
    part.write_bytes(part.read_bytes()[:100])
    assert found(small_lake, 3, part.name, "has 100 bytes instead of")


def test_a_file_that_no_manifest_names(small_lake: Path) -> None:
    part = first_part(small_lake, "articles")
    part.with_name("part-00000000deadbeef-00000.parquet").write_bytes(part.read_bytes())
    assert found(small_lake, 2, "00000000deadbeef", "no manifest names it")


def test_a_damaged_list_of_inputs(small_lake: Path) -> None:
    inputs = next((small_lake / "_runs").glob("*.inputs.parquet"))
    inputs.write_bytes(inputs.read_bytes()[:-1] + b"x")
    assert found(small_lake, 3, inputs.name, "sha256 differs")


def test_a_replaced_file_that_is_still_there(small_lake: Path, kit: Any) -> None:
    part = first_part(small_lake, "articles", 1)
    raw = part.read_bytes()
    kit.write_run(small_lake, kit.inputs(20), force=True)
    part.write_bytes(raw)
    assert found(small_lake, 4, part.name, "a later run replaced it")


def test_rows_out_of_order(small_lake: Path) -> None:
    part = first_part(small_lake, "articles")
    path = rewrite(small_lake, part, lambda table: table.take(list(range(table.num_rows))[::-1]))
    assert found(small_lake, 3, path, "out of order by published_at, article_id")


def test_a_column_that_disagrees_with_the_folder(small_lake: Path) -> None:
    part = first_part(small_lake, "articles")
    path = rewrite(small_lake, part, lambda table: set_value(table, "published_month", 1, "1999-01"))
    assert found(small_lake, 2, path, "1 rows have another published_month")


def test_another_schema(small_lake: Path) -> None:
    part = first_part(small_lake, "articles")
    path = rewrite(small_lake, part, lambda table: table.drop_columns(["byline"]))
    assert found(small_lake, 3, path, "not of the table's schema: byline")


def test_a_lost_row(small_lake: Path) -> None:
    rewrite(small_lake, first_part(small_lake, "rejects"), lambda table: table.slice(1))
    assert found(small_lake, 1, "_runs/", "rejects: its inputs gave")


def test_a_lost_removal(small_lake: Path) -> None:
    path = rewrite(small_lake, first_part(small_lake, "removed"), lambda table: table.slice(0, table.num_rows - 1))
    assert found(small_lake, 1, "_runs/", "removed:")
    assert found(small_lake, 5, path.partition("/")[2].rpartition("/")[0], "do not rebuild")


def test_a_doubled_row(small_lake: Path) -> None:
    path = rewrite(
        small_lake, first_part(small_lake, "articles"), lambda table: pa.concat_tables([table.slice(0, 1), table])
    )
    assert found(small_lake, 4, path, "same published_at, article_id")
    assert found(small_lake, 4, "articles", "stands in more than one row")


def test_a_changed_body(small_lake: Path) -> None:
    part = first_part(small_lake, "articles")
    path = rewrite(small_lake, part, lambda table: set_value(table, "body", 0, "Another story."))
    assert found(small_lake, 5, path, "do not rebuild what came in")


def test_a_changed_removal(small_lake: Path) -> None:
    part = first_part(small_lake, "removed")
    path = rewrite(small_lake, part, lambda table: set_value(table, "text", 0, "x"))
    assert found(small_lake, 5, path, "for a text of 1")


def test_removals_that_overlap(small_lake: Path) -> None:
    part = first_part(small_lake, "removed")

    def overlap(table: pa.Table) -> pa.Table:
        row = table.column("seq").to_pylist().index(1)
        table = set_value(table, "start", row, 1)
        return set_value(table, "end", row, 1 + len(table.column("text")[row].as_py()))

    path = rewrite(small_lake, part, overlap)
    assert found(small_lake, 5, path, "inside or before the one that ends at")


def test_a_gap_in_seq(small_lake: Path) -> None:
    part = first_part(small_lake, "removed")
    path = rewrite(small_lake, part, lambda table: set_value(table, "seq", table.column("seq").to_pylist().index(1), 4))
    assert found(small_lake, 5, path, "where 1 was expected")


def test_a_removal_of_an_unknown_article(small_lake: Path) -> None:
    part = first_part(small_lake, "removed")
    path = rewrite(small_lake, part, lambda table: set_value(table, "article_id", table.num_rows - 1, "f" * 32))
    assert found(small_lake, 5, path, "no such article")


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("code", "gremlins", "unknown code 'gremlins'"),
        ("stage", "lunch", "unknown stage 'lunch'"),
        ("message", "", "has no message"),
        ("raw", b"y" * 70_000, "raw has 70000 bytes"),
        ("raw", b"changed!!", "less than the 9 bytes kept"),
        ("raw_sha256", "0" * 64, "raw_sha256 is not that of raw"),
    ],
)
def test_a_broken_reject(small_lake: Path, column: str, value: Any, text: str) -> None:
    path = rewrite(small_lake, first_part(small_lake, "rejects"), lambda table: set_value(table, column, 0, value))
    assert found(small_lake, 6, path, text)


def test_many_problems_of_one_file_are_counted(tmp_path: Path, kit: Any) -> None:
    kit.write_run(tmp_path, kit.inputs(130))
    part = first_part(tmp_path, "rejects")
    rewrite(
        tmp_path,
        part,
        lambda table: table.set_column(
            table.schema.get_field_index("message"),
            table.schema.field("message"),
            pc.replace_substring_regex(table.column("message"), ".*", ""),
        ),
    )
    problems = [problem for problem in verify(str(tmp_path)) if problem.promise == 6]
    assert len(problems) == PROBLEMS_PER_FILE + 1
    assert problems[-1] == Problem(6, str(part.relative_to(tmp_path)), problems[-1].message)
    assert "more problems" in problems[-1].message


def test_a_list_of_inputs_that_lacks_a_row(small_lake: Path) -> None:
    inputs = next((small_lake / "_runs").glob("*.inputs.parquet"))
    pq.write_table(pq.read_table(inputs).slice(1), inputs)

    def agree(content: dict[str, Any]) -> None:
        content["inputs"].update(
            rows=19, bytes=inputs.stat().st_size, sha256=hashlib.sha256(inputs.read_bytes()).hexdigest()
        )

    edit_manifest(small_lake, agree)
    assert found(small_lake, 1, inputs.name, "19 inputs are listed for run")


def test_staging_that_was_left(small_lake: Path) -> None:
    (small_lake / "_staging" / "left").mkdir(parents=True)
    (small_lake / "_staging" / "left" / "rows.arrow").write_bytes(b"rows")
    assert found(small_lake, 2, "_staging/left", "was left by an interrupted run")


def test_a_turned_digit_in_a_manifest(small_lake: Path) -> None:
    manifest = manifest_of(small_lake)
    content = manifest.read_text()
    manifest.write_text(content.replace('"quotes": "keep"', '"quotes": "kelp"'))
    assert found(small_lake, 2, manifest.name, "its own checksum differs")
