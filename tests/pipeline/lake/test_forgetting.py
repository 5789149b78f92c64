from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.lake.forget_target import Target
from pipeline.lake.forgetting import Forgotten, forget, forgotten_text
from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify
from schemas.errors import UsageError


def run(root: Path, *, dry_run: bool = False, **by: str) -> Forgotten:
    target = Target.of(**{**dict.fromkeys(("source", "article", "host")), **by})
    return forget(str(root), target, pipeline_version="9.9.9", dry_run=dry_run)


def sources(root: Path, table: str = "articles") -> list[str]:
    return sorted(dataset(str(root), table).to_table(columns=["source_uri"]).column(0).to_pylist())


def holds_bytes(root: Path, text: str) -> list[str]:
    return [str(path) for path in root.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_a_file_is_gone_from_tables_lists_and_bytes(small_lake: Path) -> None:
    assert "in/0002.txt" in sources(small_lake)
    done = run(small_lake, source="in/0002.txt")
    assert (done.rows["articles"], done.left) == (1, {})
    assert "in/0002.txt" not in sources(small_lake)
    assert holds_bytes(small_lake, "0002.txt") == []
    assert verify(str(small_lake)) == ()


def test_it_does_not_come_back_not_even_by_force(small_lake: Path, kit: Any) -> None:
    run(small_lake, source="in/0002.txt")
    assert kit.write_run(small_lake, kit.inputs(20)) is None
    before = sources(small_lake)
    kit.write_run(small_lake, [each for each in kit.inputs(20) if each.file.name != "0002.txt"], force=True)
    assert sources(small_lake) == before
    assert verify(str(small_lake)) == ()


def test_a_record_of_a_container_stays_out_when_the_rest_is_read_again(small_lake: Path, kit: Any) -> None:
    rows = dataset(str(small_lake), "articles").to_table(columns=["article_id", "source_uri"]).to_pylist()
    gone = next(row for row in rows if row["source_uri"] == "in/0005.jsonl#2")
    done = run(small_lake, article=gone["article_id"])
    assert done.rows["articles"] == 1
    assert verify(str(small_lake)) == ()
    kit.write_run(small_lake, kit.inputs(20)[5:6], force=True)
    assert gone["source_uri"] not in sources(small_lake)
    assert "in/0005.jsonl#3" in sources(small_lake)
    assert verify(str(small_lake)) == ()
    assert [manifest.counts.forgotten for manifest in manifests(str(small_lake)) if manifest.replaces] == [1, 1]


def test_a_host_with_its_rejects(small_lake: Path, kit: Any) -> None:
    page = b'<html><link rel="canonical" href="https://www.ellery.example/a">'
    file = kit.input(90)
    reject = kit.reject(file.file.uri, raw=page)
    kit.write_run(small_lake, [kit.Input(file.file, (reject,), 1)])
    hosts = dataset(str(small_lake), "articles").to_table(columns=["host"]).column(0).to_pylist()
    done = run(small_lake, host="Ellery.example")
    assert done.rows["articles"] == hosts.count("ellery.example") > 0
    assert done.rows["rejects"] == 1
    assert set(dataset(str(small_lake), "articles").to_table(columns=["host"]).column(0).to_pylist()) == {None}
    assert verify(str(small_lake)) == ()
    kit.write_run(small_lake, kit.inputs(24)[20:])
    assert set(dataset(str(small_lake), "articles").to_table(columns=["host"]).column(0).to_pylist()) == {None}
    assert verify(str(small_lake)) == ()


def test_a_folder_and_a_glob(small_lake: Path, kit: Any) -> None:
    kit.write_run(small_lake, [kit.input(number, folder="other", version=1) for number in range(20)])
    assert run(small_lake, source="in/*.jsonl").rows["articles"] == 4 * 5
    assert run(small_lake, source="other").left == {}
    assert not [source for source in sources(small_lake) if source.startswith("other/") or ".jsonl" in source]
    assert holds_bytes(small_lake, "other/") == []
    assert verify(str(small_lake)) == ()


def test_everything_can_go(small_lake: Path) -> None:
    run(small_lake, source="in")
    assert (sources(small_lake), sources(small_lake, "rejects")) == ([], [])
    assert verify(str(small_lake)) == ()


def test_a_dry_run_and_what_is_not_there_change_nothing(small_lake: Path, kit: Any) -> None:
    before = kit.tree(small_lake)
    assert run(small_lake, source="in/0002.txt", dry_run=True).rows["articles"] == 1
    assert forgotten_text(run(small_lake, source="in/9999.txt")) == ["nothing in the lake is of this"]
    assert kit.tree(small_lake) == before


@pytest.mark.parametrize("by", [{"source": "**"}, {"article": "xyz"}, {"host": "https://ellery.example/"}])
def test_what_names_nothing_or_everything(by: dict[str, str], small_lake: Path) -> None:
    with pytest.raises(UsageError):
        run(small_lake, **by)
