"""How many workers "auto" means."""

from __future__ import annotations

import os

import pytest

from pipeline.engines.dataflow import dataflow_options
from pipeline.engines.place import settle_workers, workers_here
from pipeline.setting_kinds import AUTO
from pipeline.settings import Flag, Settings, load_settings
from schemas.units import MIB


def settings(workers: str, runner: str = "local") -> Settings:
    flags = [Flag("--workers", "run.workers", workers), Flag("--runner", "run.runner", runner)]
    return load_settings(environment={}, flags=flags)


@pytest.mark.parametrize(
    ("workers", "runner", "size", "expected"),
    [
        ("auto", "local", 16 * MIB, 3),
        ("auto", "local", 16 * MIB - 1, 1),
        ("auto", "flink", 0, 3),
        ("auto", "dataflow", 0, AUTO),
        ("2", "local", 0, 2),
    ],
)
def test_auto_is_as_many_as_cores_unless_the_input_is_small(
    workers: str, runner: str, size: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 2, 5}, raising=False)
    assert settle_workers(settings(workers, runner), size).run.workers == expected


def test_a_small_input_is_this_process_s() -> None:
    assert workers_here(settle_workers(settings("auto"), 1)) == 1


def test_dataflow_finds_its_own_number() -> None:
    dataflow = settings("auto", "dataflow").dataflow
    assert not any("max_num_workers" in each for each in dataflow_options(dataflow, AUTO, "a"))
    assert "--max_num_workers=4" in dataflow_options(dataflow, 4, "a")
