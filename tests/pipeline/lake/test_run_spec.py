from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from pipeline.lake.lake import begin
from pipeline.lake.run_spec import prepare, run_id, settings_hash


def test_the_id_depends_on_name_size_content_settings_version_and_replaced_runs(kit: Any) -> None:
    files = [item.file for item in kit.inputs(5)]
    base = run_id(files, "s", "1")
    assert len(base) == 16
    assert int(base, 16) >= 0
    assert run_id(files[::-1], "s", "1") == base
    assert run_id([file._replace(uri="/moved/" + file.name) for file in files], "s", "1") == base
    others = {
        run_id([files[0]._replace(name="x"), *files[1:]], "s", "1"),
        run_id([files[0]._replace(size=1), *files[1:]], "s", "1"),
        run_id([files[0]._replace(sha256="x"), *files[1:]], "s", "1"),
        run_id(files[1:], "s", "1"),
        run_id(files, "t", "1"),
        run_id(files, "s", "2"),
        run_id(files, "s", "1", ["0123"]),
    }
    assert len(others) == 7
    assert base not in others


def test_the_order_of_settings_does_not_matter() -> None:
    assert settings_hash({"a": 1, "b": {"c": 2, "d": 3}}) == settings_hash({"b": {"d": 3, "c": 2}, "a": 1})
    assert settings_hash({"a": 1}) != settings_hash({"a": 2})


def test_the_spec_travels_to_workers(tmp_path: Path, kit: Any) -> None:
    odd = kit.input(1).file._replace(uri="in/a#b.txt")
    with begin(str(tmp_path)) as lake:
        spec = prepare(lake, [odd], settings={"a": 1}, pipeline_version="1")
        assert (tmp_path / spec.staging).is_dir()
        assert spec.uris_with_hash == ("in/a#b.txt",)
        assert pickle.loads(pickle.dumps(spec)) == spec
    assert list(tmp_path.iterdir()) == []
