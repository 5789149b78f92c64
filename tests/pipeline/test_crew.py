"""Workers that are started early: they share tasks, then become Beam's workers, and none is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.generator import write_texts
from pipeline.chain import Rules
from pipeline.crew import Crew, crew
from pipeline.learned.first_pass import scan_file
from pipeline.learned.sharing import in_turn
from pipeline.settings import Settings, default_settings
from transforms.match import match_inputs

HANDOVER = Path(__file__).parents[2] / "pipeline" / "handover.py"


def _settings(workers: int) -> Settings:
    settings = default_settings()
    return replace(settings, run=replace(settings.run, workers=workers))


def fail(rules: Rules, task: int) -> int:
    raise ValueError(task)


def die_in_a_member(rules: Rules, task: tuple[int, int]) -> int:
    parent, number = task
    if os.getpid() != parent:
        os._exit(9)
    return number


def test_a_single_worker_is_this_process() -> None:
    with crew(_settings(1)) as workers:
        assert workers.command is None


def test_tasks_are_shared_in_their_order_and_nobody_is_left(tmp_path: Path) -> None:
    write_texts(tmp_path / "texts", 12)
    files = match_inputs([str(tmp_path / "texts")]).files
    tasks = [(file, number, 5) for number, file in enumerate(files)]
    with crew(_settings(2)) as workers:
        shared = workers.share(scan_file, tasks)
        with pytest.raises(ValueError, match="3"):
            workers.share(fail, [3])
        members = workers._members
        assert all(member.poll() is None for member in members)
    assert shared == in_turn(Rules.load(_settings(1)))(scan_file, tasks)
    assert all(member.poll() is not None for member in members)


def test_what_a_member_could_not_do_is_done_here() -> None:
    with crew(_settings(2)) as workers:
        assert workers.share(die_in_a_member, [(os.getpid(), number) for number in range(4)]) == [0, 1, 2, 3]


def test_without_members_all_is_done_here() -> None:
    assert Crew(_settings(1)).share(die_in_a_member, [(os.getpid(), 5)]) == [5]


_KILLED = """
import os, sys
from dataclasses import replace
from pipeline.crew import crew
from pipeline.settings import default_settings
settings = default_settings()
with crew(replace(settings, run=replace(settings.run, workers=2))) as workers:
    print(*(member.pid for member in workers._members), flush=True)
    os._exit(9)
"""


def test_members_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _KILLED],
        cwd=HANDOVER.parents[1],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        check=False,
    )
    assert run.returncode == 9
    members = [int(member) for member in run.stdout.split()]
    until = time.monotonic() + 60
    while any(map(_is_alive, members)) and time.monotonic() < until:
        time.sleep(0.1)
    assert len(members) == 2
    assert not any(map(_is_alive, members))


def _is_alive(process: int) -> bool:
    try:
        return "Z" not in (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc/self").exists()


def _hand_over(folder: Path, leash: Path) -> int:
    command = [sys.executable, "-S", "-E", str(HANDOVER), str(folder), str(leash), "raise SystemExit(7)"]
    return subprocess.run(command, check=False).returncode


def test_a_command_without_a_ready_worker_becomes_one(tmp_path: Path) -> None:
    leash = tmp_path / "leash"
    leash.touch()
    assert _hand_over(tmp_path, leash) == 7


def test_a_command_ends_with_its_run_though_no_worker_answers(tmp_path: Path) -> None:
    leash, folder = tmp_path / "leash", tmp_path / "ready"
    leash.touch()
    folder.mkdir()
    for name in ("in", "end"):
        os.mkfifo(folder / f"0.{name}")
    waiting = os.open(folder / "0.in", os.O_RDONLY | os.O_NONBLOCK)
    command = [sys.executable, "-S", "-E", str(HANDOVER), str(folder), str(leash), "raise SystemExit(7)"]
    with subprocess.Popen(command) as handing_over:
        while not (folder / "0.taken").exists():
            time.sleep(0.01)
        time.sleep(0.3)
        leash.unlink()
        assert handing_over.wait(5) == 1
    os.close(waiting)


def test_a_command_whose_run_is_over_ends(tmp_path: Path) -> None:
    assert _hand_over(tmp_path, tmp_path / "no-leash") == 1
