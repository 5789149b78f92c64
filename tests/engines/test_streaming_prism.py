"""Streams for real, on Prism: a folder that gains files while it is watched, and a stream that is killed and begun again. `make test-engines`
runs it.

Skips without Prism: go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0, and PRISM_LOCATION where it is not on the PATH.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.engines.engine_settings import PrismSettings
from pipeline.engines.prism import find_prism
from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify
from schemas.errors import UsageError
from schemas.tables import TABLES

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "configs" / "samples"


def _has_prism() -> bool:
    try:
        find_prism(PrismSettings(""), os.environ)
    except UsageError:
        return False
    return True


pytestmark = [pytest.mark.engines, pytest.mark.skipif(not _has_prism(), reason="Prism is not installed")]

SETTINGS = """
[stream]
poll_seconds = 1.0
still_seconds = 0.5
window_seconds = 2.0
early_inputs = 10
"""


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "pipeline.cli", *words]


@contextmanager
def streaming(folder: Path, lake: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """The stream, as long as the block lasts at most."""
    config = folder.parent / "stream.toml"
    config.write_text(SETTINGS)
    words = ["stream", str(folder), "--lake", str(lake), "--runner", "prism", "--no-learn", "--config", str(config)]
    with (folder.parent / "stream.log").open("ab") as log:
        process = subprocess.Popen(command(*words, *more), cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def articles(count: int, start: int) -> dict[str, str]:
    """Invented articles by file name."""
    rng = random.Random(start)
    return {
        f"desk {number % 3}/boats-{number}.txt": f"Boats of day {number}\n\nBy Ana Ruiz\n\nThe harbour of Port Ellery took in "
        f"{rng.randrange(900)} boats on Monday, said Mara Lindh of the harbour office.\n\nShare this article\n"
        for number in range(start, start + count)
    }


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def wait_for(lake: Path, inputs: int, seconds: float = 120) -> None:
    """Until so many inputs are in the lake."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if (lake / "_runs").is_dir() and sum(run.counts.inputs for run in manifests(str(lake))) >= inputs:
            return
        time.sleep(0.5)
    raise AssertionError(f"{inputs} inputs were not in the lake within {seconds} s")


def rows(lake: Path, table: str) -> Counter[str]:
    """The rows of a table without the run that wrote them."""
    columns = [name for name in TABLES[table].schema.names if name != "run_id"]
    return Counter(map(repr, dataset(str(lake), table).to_table(columns=columns).to_pylist()))


def entities(lake: Path) -> dict[str, tuple[int, int]]:
    """Each entity's articles and mentions: a run writes a row for what it has counted itself."""
    found: Counter[str] = Counter()
    for row in dataset(str(lake), "entities").to_table(columns=["entity_id", "articles", "mentions"]).to_pylist():
        found[f"{row['entity_id']} articles"] += row["articles"]
        found[f"{row['entity_id']} mentions"] += row["mentions"]
    return dict(found)


def assert_as_a_batch(folder: Path, lake: Path) -> None:
    """The lake holds what one batch over the folder gives."""
    batch = folder.parent / "batch"
    done = subprocess.run(
        command("ingest", str(folder), "--lake", str(batch), "--no-learn", "--quiet"), cwd=ROOT, check=False
    )
    assert done.returncode == 0
    for table in TABLES:
        if table != "entities":
            assert rows(lake, table) == rows(batch, table), table
    assert entities(lake) == entities(batch)
    assert verify(str(lake)) == ()


def test_a_folder_that_gains_files(tmp_path: Path) -> None:
    folder, lake = tmp_path / "in", tmp_path / "lake"
    shutil.copytree(SAMPLES, folder)
    held = sum(1 for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    with streaming(folder, lake, "--stop-after", "75") as process:
        wait_for(lake, held)
        put(folder, articles(12, 0))
        wait_for(lake, held + 12)
        put(folder, articles(3, 20))
        assert process.wait(timeout=200) == 0
    assert len(manifests(str(lake))) > 2
    assert_as_a_batch(folder, lake)


def test_a_stream_that_is_killed_and_begun_again(tmp_path: Path) -> None:
    folder, lake = tmp_path / "in", tmp_path / "lake"
    folder.mkdir()
    rng = random.Random(11)
    for attempt in range(3):
        put(folder, articles(8, attempt * 10))
        with streaming(folder, lake) as process:
            wait_for(lake, 8 * attempt + 1)
            put(folder, articles(2, attempt * 10 + 8))
            time.sleep(rng.uniform(0.5, 4))  # anywhere between finding, working, waiting and committing
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    with streaming(folder, lake, "--stop-after", "45") as process:
        assert process.wait(timeout=200) == 0
    assert_as_a_batch(folder, lake)
