"""The same inputs on every engine that is here: each file of the lake is the same, byte for byte. `make test-engines` runs it.

COPYDESK_ENGINE_PAGES is how many generated pages the large corpus has (5,000 unless set), COPYDESK_ENGINE_INPUTS a further folder of
inputs. An engine that is not installed is skipped with the reason: Prism (its program), Flink and Spark (Java and a job server:
FLINK_JOB_SERVER_JAR, SPARK_JOB_SERVER_JAR). What needs neither is the way a job takes to an engine in another process, and its workers'
way back: Beam's own job service, in Python, stands for the engine.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks.generator import write_pages, write_texts
from pipeline.engines.prism import VARIABLE, find_prism
from pipeline.settings import default_settings
from schemas.errors import UsageError
from tests.conftest import SECRET
from transforms.storage import s3
from transforms.storage.object_filesystem import ObjectFileSystem

pytestmark = pytest.mark.engines

ROOT = Path(__file__).parent.parent.parent
PAGES = int(os.environ.get("COPYDESK_ENGINE_PAGES", "5000"))
FEW = 60
"""Pages that are enough where only the way is tested."""

Digests = dict[str, str]
Engine = Callable[[int], Sequence[str]]
"""Gives the flags for a number of workers."""


def ingest(inputs: Sequence[Path | str], lake: Path | str, *flags: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pipeline.cli",
        "ingest",
        *map(str, inputs),
        "--lake",
        str(lake),
        "--quiet",
        *flags,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3600, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr == "", "an engine's log reached the person"


def digests(lake: Path) -> Digests:
    """Every file of a lake by its SHA-256."""
    return {
        path.relative_to(lake).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(lake.rglob("*"))
        if path.is_file()
    }


def prism() -> Sequence[str]:
    try:
        find_prism(default_settings().prism, os.environ)
    except UsageError as error:
        pytest.skip(str(error))
    return ("--runner", "prism")


def on_java(name: str, folder: Path, workers: int) -> Sequence[str]:
    """The flags for Flink or Spark, embedded."""
    jar = os.environ.get(f"{name.upper()}_JOB_SERVER_JAR", "")
    if shutil.which("java") is None:
        pytest.skip(f"{name} needs Java 11 or 17")
    if not jar:
        pytest.skip(
            f"{name.upper()}_JOB_SERVER_JAR names no job server of Beam; `make test-engines` fetches it from Maven Central"
        )
    config = folder / f"{name}.toml"
    config.write_text(f'[{name}]\njob_server_jar = "{jar}"\n')
    return ("--runner", name, "--config", str(config), "--workers", str(workers))


@pytest.fixture(scope="session")
def job_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A settings file that sends Flink's jobs to Beam's job service in Python, a process of its own."""
    folder = tmp_path_factory.mktemp("service")
    port = folder / "port"
    command = [sys.executable, "-m", "apache_beam.runners.portability.local_job_service_main", "--port_file", str(port)]
    with (folder / "log").open("wb") as log:
        service = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 120
        while not port.exists() and service.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(0.2)  # it makes the file and then writes the number
        config = folder / "service.toml"
        config.write_text(f'[run]\nbeam_options = ["--job_endpoint=localhost:{int(port.read_text())}"]\n')
        yield config
    finally:
        service.kill()
        service.wait()


@pytest.fixture(params=["prism", "flink-1", "flink-2", "spark-2", "service-1", "service-2"])
def flags(request: pytest.FixtureRequest, tmp_path: Path) -> Sequence[str]:
    """The flags of an engine; the number is that of its workers."""
    name, _, workers = request.param.partition("-")
    if name == "prism":
        return prism()
    if name == "service":
        return ("--runner", "flink", "--workers", workers, "--config", str(request.getfixturevalue("job_service")))
    return on_java(name, tmp_path, int(workers))


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> list[Path]:
    """The samples, which have every format and every kind of reject, some pages and texts, and what the caller adds."""
    folder = tmp_path_factory.mktemp("few")
    write_pages(folder / "pages", FEW)
    write_texts(folder / "texts", 2 * FEW)
    added = os.environ.get("COPYDESK_ENGINE_INPUTS", "")
    return [samples, folder, *([Path(added)] if added else [])]


@pytest.fixture(scope="session")
def expected(few: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Digests:
    """What the local runner makes of them, in this process and with two workers."""
    folder = tmp_path_factory.mktemp("local")
    for workers in ("1", "2"):
        ingest(few, folder / workers, "--workers", workers)
    found = digests(folder / "1")
    assert found == digests(folder / "2")
    assert len(found) > 20
    return found


def test_every_file_is_that_of_the_local_runner(
    flags: Sequence[str], few: list[Path], expected: Digests, tmp_path: Path
) -> None:
    ingest(few, tmp_path / "lake", *flags)
    assert digests(tmp_path / "lake") == expected


def test_a_second_run_adds_to_the_lake_as_the_local_runner_does(few: list[Path], tmp_path: Path) -> None:
    """Learned lines, known entities and replaced files come from the lake to workers in the same way."""
    engine = prism()
    write_pages(tmp_path / "more", FEW // 2, seed=1)
    for name, chosen in (("local", ()), ("prism", engine)):
        ingest(few, tmp_path / name, *chosen)
        ingest([tmp_path / "more"], tmp_path / name, *chosen)
        ingest([few[1]], tmp_path / name, "--force", *chosen)
    assert digests(tmp_path / "local") == digests(tmp_path / "prism")


def test_a_large_corpus_is_the_same(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = prism()
    write_pages(tmp_path / "pages", PAGES)
    for name, chosen in (("one", ()), ("two", ("--workers", "2")), ("prism", engine)):
        ingest([tmp_path / "pages"], tmp_path / name, *chosen)
    one = digests(tmp_path / "one")
    assert one == digests(tmp_path / "two")
    assert one == digests(tmp_path / "prism")


def test_inputs_and_lake_in_a_bucket(
    s3_endpoint: str, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = prism()
    for name, value in (
        ("AWS_ENDPOINT_URL", s3_endpoint),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    s3.client.cache_clear()
    s3.client(0).create_bucket(Bucket="engines")
    fs, root = ObjectFileSystem(s3.S3Store()), "s3://engines"
    for path in sorted(path for path in samples.rglob("*") if path.is_file()):
        with fs.open_write(f"{root}/raw/{path.relative_to(samples).as_posix()}") as stream:
            stream.write(path.read_bytes())
    for name, chosen in (("local", ()), ("prism", engine)):
        ingest([f"{root}/raw"], f"{root}/{name}", *chosen)
    local, there = (
        {path.removeprefix(f"{root}/{name}"): fs.sha256(path) for path in fs.files_below(f"{root}/{name}")}
        for name in ("local", "prism")
    )
    s3.client.cache_clear()
    assert len(local) > 10
    assert local == there


def test_a_failure_on_the_engine_is_one_line(tmp_path: Path, samples: Path) -> None:
    engine = prism()
    code = (
        "import sys, pipeline.lake.commit as commit\n"
        "from pipeline.cli import main\n"
        "def full(*_, **__): raise OSError(28, 'No space left on device')\n"
        "commit.publish_or_withdraw = full\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", code, "ingest", str(samples / "text"), "--lake", str(tmp_path / "lake"), "--quiet"]
    done = subprocess.run([*command, *engine], capture_output=True, text=True, timeout=600, check=False, cwd=ROOT)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 3, done.stderr[-2000:]
    assert last.startswith("copydesk: failed: ")
    assert "No space left on device" in last
    assert VARIABLE not in last
