"""The whole path on the bundled samples: what comes out, that it adds up, and that nothing depends on how it was run."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from pipeline.cli import main
from pipeline.lake.read import dataset
from pipeline.lake.verify import verify
from pipeline.run import ingest
from pipeline.settings import Flag, load_settings
from pipeline.summary import Summary
from schemas.errors import UsageError
from tests.conftest import quiet

GOLDEN = Path(__file__).parent / "golden" / "samples.json"
GOLDEN_MENTIONS = GOLDEN.with_name("mentions.json")


def run(inputs: list[str], lake: Path, *, workers: int = 1, force: bool = False, dry_run: bool = False) -> Summary:
    settings = load_settings(environment={}, flags=[Flag("--workers", "run.workers", str(workers))])
    return ingest(inputs, str(lake), settings, force=force, dry_run=dry_run, progress=quiet())


def contents(lake: Path) -> dict[str, str]:
    """Every file of a lake by its SHA-256."""
    return {
        path.relative_to(lake).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(lake.rglob("*"))
        if path.is_file()
    }


def test_every_record_is_an_article_or_a_reject(sample_run: tuple[Path, Summary]) -> None:
    lake, summary = sample_run
    assert summary.read == summary.articles + summary.rejects
    assert summary.articles == dataset(str(lake), "articles").count_rows()
    assert summary.rejects == dataset(str(lake), "rejects").count_rows()
    assert summary.removed == dataset(str(lake), "removed").count_rows()


def test_the_lake_keeps_its_promises(sample_run: tuple[Path, Summary]) -> None:
    assert verify(str(sample_run[0])) == ()


def test_articles_are_as_reviewed(sample_run: tuple[Path, Summary]) -> None:
    """tests/golden/samples.json holds what a person has read and found right; a change there needs a reading too.

    `UPDATE_GOLDEN=1 pytest tests/test_end_to_end.py -k reviewed` writes it anew; read the difference before you commit it.
    """
    rows = golden_rows(sample_run[0])
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert rows == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_mentions_are_as_reviewed(sample_run: tuple[Path, Summary]) -> None:
    """tests/golden/mentions.json has every mention of the samples, by article; made anew and to be read as samples.json is."""
    rows = golden_mentions(sample_run[0])
    if os.environ.get("UPDATE_GOLDEN"):
        lines = (
            f" {json.dumps(name)}: [\n"
            + ",\n".join(f"  {json.dumps(line, ensure_ascii=False)}" for line in found)
            + "\n ]"
            for name, found in rows.items()
        )
        GOLDEN_MENTIONS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    assert rows == json.loads(GOLDEN_MENTIONS.read_text(encoding="utf-8"))


def golden_mentions(lake: Path) -> dict[str, list[str]]:
    """By article "start-end surface · type · method · kind · what it means" of each mention, in order."""
    columns = ["article_id", "source_uri"]
    names = {
        row["article_id"]: _name(row["source_uri"])
        for row in dataset(str(lake), "articles").to_table(columns).to_pylist()
    }
    found: dict[str, list[tuple[int, str]]] = {}
    for row in dataset(str(lake), "mentions").to_table().to_pylist():
        means = row["value"] or row["entity_id"] or "-"
        line = f"{row['start']}-{row['end']} {row['surface']} · {row['entity_type']} · {row['method']} · {row['kind']} · {means}"
        found.setdefault(names[row["article_id"]], []).append((row["seq"], line))
    return {name: [line for _, line in sorted(lines)] for name, lines in sorted(found.items())}


def golden_rows(lake: Path) -> dict[str, dict[str, object]]:
    """Articles and rejects by their names below the samples folder, with the fields that people look at."""
    rows: dict[str, dict[str, object]] = {}
    for row in dataset(str(lake), "articles").to_table().to_pylist():
        rows[_name(row["source_uri"])] = {
            "headline": row["headline"],
            "byline": row["byline"],
            "authors": [author["name"] for author in row["authors"] or ()],
            "dateline": row["dateline"],
            "agencies": [agency["name"] for agency in row["agencies"] or ()],
            "license": row["license"],
            "language": row["language"],
            "published": row["published_at"].isoformat() if row["published_at"] else None,
            "precision": row["published_precision"],
            "charset": row["charset"],
            "body": row["body"].split("\n"),
        }
    for row in dataset(str(lake), "rejects").to_table().to_pylist():
        rows[_name(row["source_uri"])] = {"stage": row["stage"], "code": row["code"]}
    return dict(sorted(rows.items()))


def _name(uri: str) -> str:
    return uri.partition("/samples/")[2]


def test_workers_and_order_change_no_byte(samples: Path, sample_run: tuple[Path, Summary], tmp_path: Path) -> None:
    folders = sorted((path for path in samples.iterdir()), reverse=True)
    backwards = tmp_path / "backwards"
    names = [f"{folder}/*" for folder in folders if folder.is_dir()]
    one = run(names, backwards)
    other = tmp_path / "other"
    two = run(list(reversed(names)), other, workers=2)
    assert one.run_id == two.run_id
    assert contents(backwards) == contents(other)


def test_a_second_run_writes_nothing_and_says_so(samples: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    run([str(samples / "text")], lake)
    before = contents(lake)
    again = run([str(samples / "text")], lake)
    assert again.nothing_new
    assert again.read == 0
    assert contents(lake) == before


def test_more_input_is_added_and_force_replaces(samples: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    inbox = tmp_path / "inbox"
    shutil.copytree(samples / "text", inbox)
    first = run([str(inbox)], lake)
    (inbox / "late.txt").write_text("The last ferry left at nine on Monday, with two passengers and a goat on board.\n")
    second = run([str(inbox)], lake)
    assert (second.files_new, second.files_skipped, second.articles) == (1, first.files_new, 1)
    forced = run([str(inbox)], lake, force=True)
    assert forced.articles == first.articles + 1
    assert dataset(str(lake), "articles").count_rows() == first.articles + 1
    assert ds.dataset(lake / "articles", partitioning="hive").count_rows() == first.articles + 1
    assert verify(str(lake)) == ()


def test_an_input_that_cannot_be_opened_is_known_wherever_its_folder_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "gone.html").symlink_to(tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    assert run(["inbox"], tmp_path / "lake").rejects == 1
    before = contents(tmp_path / "lake")
    assert run([str(tmp_path / "inbox")], tmp_path / "lake").nothing_new
    assert contents(tmp_path / "lake") == before


def test_a_bad_filter_stops_before_anything_is_read(samples: Path, tmp_path: Path) -> None:
    settings = load_settings(environment={}, flags=[Flag("--filter", "filter.expression", "word_cont > 3")])
    with pytest.raises(UsageError, match="no such column word_cont; did you mean word_count"):
        ingest([str(samples)], str(tmp_path / "lake"), settings, force=False, dry_run=False, progress=quiet())
    assert not (tmp_path / "lake").exists()


def test_a_dry_run_makes_no_lake(samples: Path, tmp_path: Path) -> None:
    summary = run([str(samples)], tmp_path / "lake", dry_run=True)
    assert summary.files_new > 20
    assert not (tmp_path / "lake").exists()


def test_a_dry_run_leaves_what_another_run_is_doing_alone(sample_run: tuple[Path, Summary], tmp_path: Path) -> None:
    lake, _ = sample_run
    work = shutil.copytree(lake, tmp_path / "lake") / "_staging" / "of-another-run"
    work.mkdir(parents=True)
    (tmp_path / "new.txt").write_text("The ferry was held in port.")
    assert run([str(tmp_path / "new.txt")], tmp_path / "lake", dry_run=True).files_new == 1
    assert work.is_dir()


@pytest.mark.parametrize("after", [0.6, 1.4, 2.0])
def test_a_killed_run_leaves_a_lake_that_the_next_makes_whole(
    after: float, samples: Path, sample_run: tuple[Path, Summary], tmp_path: Path
) -> None:
    """SIGKILL at some moment; the same command again; then every byte as if nothing had happened."""
    lake = tmp_path / "lake"
    command = [sys.executable, "-m", "pipeline.cli", "ingest", str(samples), "--lake", str(lake), "--quiet"]
    root = Path(__file__).parent.parent
    running = subprocess.Popen(command, cwd=root)
    time.sleep(after)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert run([str(samples)], lake).lake
    assert contents(lake) == contents(sample_run[0])


def test_only_files_changed_since_a_time_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, day in (("old", 1), ("new", 20)):
        path = tmp_path / "in" / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"The {name} bridge over the river was opened again on Monday by the mayor of the town.")
        os.utime(path, (datetime(2024, 3, day, tzinfo=timezone.utc).timestamp(),) * 2)
    lake = str(tmp_path / "lake")
    command = ["ingest", str(tmp_path / "in"), "--lake", lake, "--json", "--quiet"]
    assert main([*command, "--since", "2024-03-10"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["files_new"], summary["files_older"]) == (1, 1)
    assert main([*command, "--since", "yesterday"]) == 2
    assert "'yesterday' is no time; write 2026-03-01" in capsys.readouterr().err
    assert main(command) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["files_new"], summary["files_skipped"]) == (1, 1)
