"""Counts of all threads and processes add up; a folder that can't be used costs counts, never the run."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from transforms.counters import Counters, Totals, totals


def test_counts_add_up_over_threads(tmp_path: Path) -> None:
    counters = Counters(str(tmp_path))

    def work() -> None:
        for _ in range(5_000):
            counters.add("articles")
        counters.add("bytes", 2**40)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals(str(tmp_path)) == Totals(articles=20_000, bytes=4 * 2**40)


def test_counts_add_up_over_processes_while_they_run(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom transforms.counters import Counters\ncounters = Counters(sys.argv[1])\n"
        "counters.add('rejects', 3)\nprint('counted', flush=True)\nsys.stdin.read()\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "counted\n"
        Counters(str(tmp_path)).add("rejects", 4)
        assert totals(str(tmp_path)).rejects == 7
    finally:
        worker.communicate("", timeout=20)
    # What a finished worker counted stays counted.
    assert totals(str(tmp_path)).rejects == 7


def test_all_counters_of_a_folder_share_one_file_a_thread(tmp_path: Path) -> None:
    for _ in range(10):
        pickle.loads(pickle.dumps(Counters(str(tmp_path)))).add("files")
    assert totals(str(tmp_path)).files == 10
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_counts_for_itself(tmp_path: Path) -> None:
    program = (
        "import os, sys\nfrom transforms.counters import Counters, totals\ncounters = Counters(sys.argv[1])\n"
        "counters.add('files', 1)\nchild = os.fork()\n"
        "for _ in range(100_000): counters.add('files')\n"
        "if child == 0: os._exit(0)\nos.waitpid(child, 0)\nprint(totals(sys.argv[1]).files)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "200001\n"
    assert len(list(tmp_path.iterdir())) == 2


def test_without_a_folder_nothing_is_counted() -> None:
    Counters().add("files")
    assert totals("") == Totals()


def test_an_unusable_folder_is_no_error(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    Counters(missing).add("files")
    assert totals(missing) == Totals()
    (tmp_path / "half.counters").write_bytes(b"\x01\x02")
    assert totals(str(tmp_path)) == Totals()


def test_an_unknown_counter_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="article"):
        Counters(str(tmp_path)).add("article")  # type: ignore[arg-type]
