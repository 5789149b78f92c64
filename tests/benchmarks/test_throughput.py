from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.generator import write_pages, write_texts
from benchmarks.ingest_run import IngestRun
from benchmarks.process_run import session_mib
from benchmarks.stage_times import PARSING, STAGES, StageTimes, StepTime, stage_times
from benchmarks.throughput import Corpus, CorpusResult, MemoryRuns, Repeated, report


def test_every_step_is_timed_and_no_record_lost(tmp_path: Path) -> None:
    files = [*write_texts(tmp_path / "in", 3), *write_pages(tmp_path / "in", 1)]
    times = stage_times(files, tmp_path / "lake")
    assert (times.articles, times.rejects) == (4, 0)
    assert [step.name for step in times.steps] == list(STAGES)
    assert all(step.mean > 0 for step in times.steps)
    assert 0 < times.median <= times.slowest_tenth
    by_name = {step.name: step for step in times.steps}
    parts = sum(by_name[name].mean for name in (*PARSING, "clean"))
    assert times.parse_and_clean.mean == pytest.approx(parts)
    # One record of four is a page, so half of them have no tree.
    assert by_name["tree"].median == 0
    assert by_name["blocks"].median
    assert by_name["merge"].median is None


def test_memory_is_summed_over_a_session() -> None:
    assert session_mib(os.getsid(0)) > 10
    assert session_mib(-1) == 0


def test_the_report_states_rates_and_ratios(tmp_path: Path) -> None:
    one, two = IngestRun(100, 0, 10.0, 9.0, 200.0), IngestRun(100, 0, 5.0, 9.5, 380.0)
    steps = tuple(StepTime(name, 1.0, 0.5) for name in STAGES)
    stages = StageTimes(100, 0, steps, StepTime("parse and clean", 8.0, 5.5), 6.0, 20.0)
    memory = MemoryRuns(500, 5000, one, one._replace(peak_mib=210.0), two, same_bytes=True)
    corpus = Corpus("HTML pages", tmp_path, (), 2_500_000)
    text = report([CorpusResult(corpus, one, two, stages)], 1.5, memory, Repeated("HTML pages", 4, one))
    assert "| HTML pages | 100 | 2.5 | 10.0 | 20.0 | 2.00 | 90.0 | 200 / 380 |" in text
    assert "5,000 pages take 1.05 times the memory of 500. Two workers are 2.00 times as fast as one" in text
    assert "give the same bytes" in text
    assert "parsing and cleaning together 5.5 ms in the median, 8.0 in the mean" in text
    assert "Each of them 4 times over, 100 articles, take 10 seconds" in text
    assert str(tmp_path) not in text
