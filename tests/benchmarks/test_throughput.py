from __future__ import annotations

import os
from pathlib import Path

from benchmarks.generator import write_pages, write_texts
from benchmarks.ingest_run import IngestRun, _session_mib
from benchmarks.stage_times import STAGES, StageTimes, stage_times
from benchmarks.throughput import Corpus, CorpusResult, report


def test_every_step_is_timed_and_no_record_lost(tmp_path: Path) -> None:
    files = [*write_texts(tmp_path / "in", 3), *write_pages(tmp_path / "in", 1)]
    times = stage_times(files, tmp_path / "lake")
    assert (times.articles, times.rejects) == (4, 0)
    assert [name for name, _ in times.milliseconds] == list(STAGES)
    assert all(spent > 0 for _, spent in times.milliseconds)
    assert 0 < times.median <= times.slowest_tenth


def test_memory_is_summed_over_a_session() -> None:
    assert _session_mib(os.getsid(0)) > 10
    assert _session_mib(-1) == 0


def test_the_report_states_rates_and_ratios(tmp_path: Path) -> None:
    one, two = IngestRun(100, 0, 10.0, 9.0, 200.0), IngestRun(100, 0, 5.0, 9.5, 380.0)
    stages = StageTimes(100, 0, tuple((name, 1.0) for name in STAGES), 6.0, 20.0)
    corpus = Corpus("HTML pages", tmp_path, (), 2_500_000)
    text = report([CorpusResult(corpus, one, two, stages)], 1.5, [(500, one), (5000, one._replace(peak_mib=210.0))])
    assert "| HTML pages | 100 | 2.5 | 10.0 | 20.0 | 2.00 | 90.0 | 200 / 380 |" in text
    assert "5,000 pages take 1.05 times the memory of 500." in text
    assert str(tmp_path) not in text
