from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline import submit as module
from pipeline.lake.lake import open_paths
from pipeline.lake.layout import LOCK
from pipeline.lake.lock import LakeBusyError
from pipeline.lake.read import dataset
from pipeline.lake.seen_files import read_seen
from pipeline.lake.verify import verify
from pipeline.settings import default_settings
from pipeline.submit import Submitted, submit
from schemas.errors import UsageError
from transforms.match import match_inputs
from transforms.storage.object_filesystem import ObjectFileSystem

Bucket = tuple[ObjectFileSystem, str]

HERE = PipelineOptions(["--runner=FnApiRunner", "--no_pipeline_type_check"])


@pytest.fixture
def filled(bucket: Bucket, samples: Path) -> Bucket:
    fs, root = bucket
    if root.startswith("gs:"):
        pytest.skip("the emulator knows no preconditions")
    with fs.open_write(f"{root}/raw/river-accord.txt") as stream:
        stream.write((samples / "text" / "river-accord.txt").read_bytes())
    return fs, root


def started(root: str, *, force: bool = False) -> Submitted:
    settings = default_settings()
    # Faster:
    settings = replace(settings, learn=replace(settings.learn, enabled=False))
    settings = replace(settings, entities=replace(settings.entities, enabled=False))
    return submit([f"{root}/raw"], f"{root}/lake", settings, HERE, force=force)


def test_the_job_commits_and_frees_the_lake(filled: Bucket) -> None:
    fs, root = filled
    first = started(root)
    assert (first.files_matched, first.files_new) == (1, 1)
    assert str(first) == f"run {first.run_id}: 1 of 1 files are new; the job reads and commits them"
    assert not fs.exists(f"{root}/lake/{LOCK}")
    assert verify(f"{root}/lake") == ()
    assert dataset(f"{root}/lake", "articles").count_rows() == 1
    assert match_inputs([f"{root}/raw"], seen=read_seen(fs, open_paths(f"{root}/lake"))).files == ()
    again = started(root)
    assert (again.run_id, again.files_new) == ("", 0)
    assert not fs.exists(f"{root}/lake/{LOCK}")
    assert started(root, force=True).files_new == 1, "with force what the lake has seen is read again"
    assert dataset(f"{root}/lake", "articles").count_rows() == 1


def test_a_job_that_fails_leaves_nothing_and_keeps_others_out(filled: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    fs, root = filled
    with monkeypatch.context() as patch:
        patch.setattr(
            module, "build", lambda pipeline, *_: pipeline | module.beam.Create([])
        )  # a job that died halfway
        started(root)
    assert fs.exists(f"{root}/lake/{LOCK}")
    with pytest.raises(LakeBusyError):
        started(root)


def test_an_engine_that_takes_no_graph_leaves_the_lake_free(filled: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    fs, root = filled

    def refuse(_: object) -> None:
        raise RuntimeError("no such project")

    monkeypatch.setattr(module.beam.Pipeline, "run", refuse)
    with pytest.raises(RuntimeError, match="no such project"):
        started(root)
    assert not fs.exists(f"{root}/lake/{LOCK}")


@pytest.mark.parametrize(
    ("inputs", "lake", "message"),
    [("raw", "gs://b/lake", "raw: lies on this machine's disk"), ("gs://b/raw", "lake", "lake: lies on this")],
)
def test_what_workers_do_not_see_is_refused(inputs: str, lake: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        submit([inputs], lake, default_settings(), HERE)
