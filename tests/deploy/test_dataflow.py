"""The flex template's launcher builds the whole graph for Dataflow, offline. `make test-engines` runs it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipeline.lake.layout import LOCK
from schemas.errors import UsageError
from transforms.storage.object_filesystem import ObjectFileSystem

Bucket = tuple[ObjectFileSystem, str]

pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings("default"),  # of Google's own libraries
]

IMAGE = "europe-west1-docker.pkg.dev/invented/copydesk/dataflow:0.1.0"
DATAFLOW = (
    "--runner=DataflowRunner",
    "--dry_run=True",
    "--no_auth",
    "--project=invented-project",
    "--region=europe-west1",
    "--temp_location=gs://invented-bucket/temp",
    "--staging_location=gs://invented-bucket/staging",
    "--job_name=copydesk-ingest",
)


@pytest.fixture(scope="module")
def launcher() -> ModuleType:
    reason = "Beam's part for Google Cloud is missing: pip install 'copydesk[gcp]'"
    pytest.importorskip("google.cloud.dataflow_v1beta3", reason=reason, exc_type=ImportError)
    path = Path(__file__).parent.parent.parent / "deploy/dataflow/main.py"
    spec = importlib.util.spec_from_file_location("copydesk_launcher", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def filled(bucket: Bucket, samples: Path) -> Bucket:
    fs, root = bucket
    if root.startswith("gs:"):
        pytest.skip("the emulator knows no preconditions")
    for path in sorted((samples / "text").glob("*.txt"))[:3]:
        with fs.open_write(f"{root}/raw/{path.name}") as stream:
            stream.write(path.read_bytes())
    with fs.open_write(f"{root}/copydesk.toml") as stream:
        stream.write(b"[learn]\nenabled = false\n")
    return fs, root


def launched(launcher: ModuleType, root: str, *more: str) -> Any:
    given = [f"--inputs={root}/raw", f"--lake={root}/lake", f"--config={root}/copydesk.toml", *DATAFLOW, *more]
    return launcher.launch(given)


def test_the_whole_graph_is_built(launcher: ModuleType, filled: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    fs, root = filled
    monkeypatch.setenv(launcher.IMAGE, IMAGE)
    submitted = launched(launcher, root)
    assert submitted.files_new == 3
    graph = submitted.result.job.proto_pipeline.components
    steps = {each.unique_name.split("/")[0] for each in graph.transforms.values()}
    expected = "Plan Read Isolate Decode Parse Clean Describe Mentions Rows Write GiveBack"
    assert set(expected.split()) <= steps
    images = {each.payload.decode(errors="replace") for each in graph.environments.values()}
    assert len(images) == 1
    assert IMAGE in images.pop()
    assert fs.exists(f"{root}/lake/{LOCK}"), "the job has it now"
    lock = json.loads(fs.read_bytes(f"{root}/lake/{LOCK}"))
    assert lock["seconds"] == 6 * 3600


def test_each_body_stays_where_it_was_read(launcher: ModuleType, filled: Bucket) -> None:
    """What crosses the network are the names of files, and descriptors of what was staged."""
    graph = launched(launcher, filled[1]).result.job.proto_pipeline.components
    shuffled = {
        each.unique_name.split("/")[0]
        for each in graph.transforms.values()
        if each.spec.urn == "beam:transform:group_by_key:v1"
    }
    assert shuffled == {"Plan", "Write"}


def test_the_launcher_leaves_the_jobs_description_and_ends(
    launcher: ModuleType, filled: Bucket, gcs_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from google.cloud import storage

    monkeypatch.setenv("STORAGE_EMULATOR_HOST", gcs_endpoint)
    monkeypatch.setenv(launcher.IMAGE, IMAGE)
    staging = storage.Client(project="invented-project").create_bucket("invented-bucket")
    given = [f"--inputs={filled[1]}/raw", f"--lake={filled[1]}/lake", *(set(DATAFLOW) - {"--dry_run=True"})]
    monkeypatch.setattr("sys.argv", ["main.py", *given, "--template_location=gs://invented-bucket/launch/job_object"])
    assert launcher.main() == 0
    names = {each.name.rpartition("/")[2] for each in staging.list_blobs()}
    # Where pip is at hand, Beam notes for its log what is installed here.
    assert names - {"submission_environment_dependencies.txt"} == {"job_object", "pipeline.pb"}
    job = json.loads(staging.blob("launch/job_object").download_as_bytes())
    (container,) = job["environment"]["workerPools"][0]["sdkHarnessContainerImages"]
    assert (container["containerImage"], container["useSingleCorePerContainer"]) == (IMAGE, True)


def test_inputs_that_are_not_there_leave_the_lake_free(launcher: ModuleType, filled: Bucket) -> None:
    fs, root = filled
    with fs.open_write(f"{root}/none/.hidden") as stream:
        stream.write(b"")
    with pytest.raises(UsageError, match="there is no object"):
        launcher.launch([f"--inputs={root}/none", f"--lake={root}/lake", *DATAFLOW])
    assert not fs.exists(f"{root}/lake/{LOCK}")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--inputs=gs://b/'raw", "--lake=gs://b/lake"], "inputs"),
        (["--inputs=/srv/raw", "--lake=gs://b/lake"], "this machine's disk"),
    ],
)
def test_unusable_parameters_are_one_line(launcher: ModuleType, arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        launcher.launch([*arguments, *DATAFLOW])
