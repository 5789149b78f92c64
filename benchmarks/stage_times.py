"""Times each step of the path on one core, by calling its function directly, record by record, without Beam.

stage_times(files)  ->  StageTimes(read=0.9, decode=1.1, …) in milliseconds an article
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.chain import Rules
from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.merge import merge_partition
from pipeline.lake.rows import READS, TALLY, RunStamp
from pipeline.lake.staging import Fragment, Stager
from pipeline.settings import default_settings
from schemas.codes import Stage
from schemas.records import InputFile, Reject
from transforms.cleaning.clean import clean
from transforms.decoding.decode import decode
from transforms.describe import describe
from transforms.match import match_inputs
from transforms.parse import parse
from transforms.read.records import read_file
from transforms.step import apply

STAGES = ("match", "read", "decode", "parse", "clean", "describe", "stage", "merge")

_RUN_ID = "0" * 32
_STAGING = "_staging/benchmark"


class StageTimes(NamedTuple):
    """Milliseconds an article of each step of STAGES, and what an article took from read to stage:
    the median, and the mean of the slowest tenth."""

    articles: int
    rejects: int
    milliseconds: tuple[tuple[str, float], ...]
    median: float
    slowest_tenth: float

    @property
    def total(self) -> float:
        """Milliseconds an article in all."""
        return sum(each for _, each in self.milliseconds)


class _Clock:
    """Adds up time by step."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self.record = 0.0

    def call(self, step: str, function: Callable[..., Any], *arguments: Any) -> Any:
        start = time.perf_counter()
        result = function(*arguments)
        spent = time.perf_counter() - start
        self.seconds[step] += spent
        self.record += spent
        return result


def stage_times(files: Sequence[Path], lake: Path) -> StageTimes:
    """Runs `files` through every step, with the default settings, and writes their rows below `lake`."""
    rules = Rules.load(default_settings())
    clock = _Clock()
    matched = clock.call("match", match_inputs, [str(path) for path in files])
    for file in matched.files[:3]:
        # Tables that are loaded at first use would else count for the first article.
        _one_file(file, rules, _Clock())
    paths, fs = LakePaths(str(lake)), LocalFileSystem()
    Path(paths.absolute(_STAGING)).mkdir(parents=True)
    stager = Stager(fs, paths, _STAGING, RunStamp(_RUN_ID, "benchmark"))
    fragments: list[Fragment] = []
    articles = rejects = 0
    records: list[float] = []
    gc.collect()
    for file in matched.files:
        clock.record = 0.0
        for outcome in _one_file(file, rules, clock):
            if isinstance(outcome, Reject):
                rejects += 1
                continue
            articles += 1
            for row in (outcome.article, *outcome.removed):
                fragments += clock.call("stage", stager.add, row)
        records.append(clock.record * 1000)
    fragments += clock.call("stage", stager.flush)
    clock.call("merge", _merge, fs, paths, fragments)
    count = max(1, articles)
    records.sort()
    tenth = records[-max(1, len(records) // 10) :]
    return StageTimes(
        articles,
        rejects,
        tuple((name, clock.seconds[name] * 1000 / count) for name in STAGES),
        records[len(records) // 2],
        sum(tenth) / len(tenth),
    )


def _one_file(file: InputFile, rules: Rules, clock: _Clock) -> list[Any]:
    steps: tuple[tuple[str, Stage, Callable[[Any], Any]], ...] = (
        ("decode", Stage.DECODE, decode),
        ("parse", Stage.PARSE, lambda each: parse(each, rules.page, rules.model)),
        ("clean", Stage.CLEAN, lambda each: clean(each, rules.clean)),
        ("describe", Stage.DESCRIBE, lambda each: describe(each, rules.describe)),
    )
    outcomes: list[Any] = []
    for record in clock.call("read", lambda: list(read_file(file, rules.read))):
        outcome: Any = record
        for name, stage, function in steps:
            if not isinstance(outcome, Reject):
                outcome = clock.call(name, apply, outcome, stage, function)
        outcomes.append(outcome)
    return outcomes


def _merge(fs: LocalFileSystem, paths: LakePaths, fragments: list[Fragment]) -> None:
    folders = sorted({fragment.directory for fragment in fragments} - {READS, TALLY})
    for folder in folders:
        merge_partition(
            fs, paths, _STAGING, folder, [each for each in fragments if each.directory == folder], _RUN_ID, "benchmark"
        )
