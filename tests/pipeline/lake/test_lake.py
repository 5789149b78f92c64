from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from pipeline.lake.lake import begin
from pipeline.lake.ledger import already_in
from pipeline.lake.read import manifests
from schemas.errors import UsageError


def message(path: str) -> str:
    with pytest.raises(UsageError) as caught:
        begin(path)
    text = str(caught.value)
    assert "\n" not in text
    assert path in text
    return text


def test_a_new_lake_is_an_empty_folder(tmp_path: Path) -> None:
    root = tmp_path / "a" / "lake"
    with begin(str(root)) as lake:
        assert lake.paths.root == str(root)
    assert list(root.iterdir()) == []
    with begin(f"file://{root}") as lake:
        assert lake.paths.root == str(root)


def test_a_file_is_no_lake(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("text")
    assert "is a file" in message(str(tmp_path / "lake"))
    assert "can't be made or opened" in message(str(tmp_path / "lake" / "below"))


def test_an_unwritable_folder_is_no_lake(tmp_path: Path) -> None:
    root = tmp_path / "lake"
    root.mkdir()
    root.chmod(0o500)
    try:
        if os.access(root, os.W_OK):
            pytest.skip("this user may write anywhere")
        assert "can't be written to" in message(str(root))
    finally:
        root.chmod(0o700)


def test_a_folder_without_room_for_work_is_no_lake(tmp_path: Path) -> None:
    (tmp_path / "_staging").write_text("a file where the folder of work in progress belongs")
    assert "can't be written to" in message(str(tmp_path))


@pytest.mark.parametrize(("lake", "told"), [("ftp://host/lake", "ftp:// is not supported"), ("s3://", "bucket")])
def test_a_place_that_can_not_be_a_lake_is_told_in_one_line(lake: str, told: str) -> None:
    assert told in message(lake)


def test_a_damaged_manifest_is_told_in_one_line(small_lake: Path) -> None:
    manifest = next((small_lake / "_runs").glob("*.json"))
    manifest.write_text(manifest.read_text()[:-50])
    with pytest.raises(UsageError, match=r"not a manifest.*copydesk verify"):
        manifests(str(small_lake))
    with begin(str(small_lake)) as lake, pytest.raises(UsageError, match=rf"{manifest.name}: not a manifest"):
        already_in(lake.fs, lake.paths, [])


def test_a_damaged_list_of_inputs_is_told_in_one_line(small_lake: Path, kit: Any) -> None:
    inputs = next((small_lake / "_runs").glob("*.inputs.parquet"))
    inputs.write_bytes(b"PAR1")
    with begin(str(small_lake)) as lake, pytest.raises(UsageError, match=rf"{inputs.name}: can't be read") as caught:
        already_in(lake.fs, lake.paths, [kit.input(1).file])
    assert "\n" not in str(caught.value)
