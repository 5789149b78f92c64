"""Times each step of the path on one core, by calling its function directly, record by record, without Beam.

    stage_times.py FOLDER…       a table: processor time of each step, mean and median, for each folder

stage_times(files)  ->  StageTimes(steps=(StepTime("read", 0.9, 0.6), …)) in milliseconds an article
"""

from __future__ import annotations

import argparse
import gc
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

_ROOT = Path(__file__).resolve().parent.parent
if str(_ROOT) not in sys.path:
    # Run as a script, Python puts this folder on the path and not the repository.
    sys.path.insert(0, str(_ROOT))

# Beam warns of optional packages at import.
logging.getLogger().setLevel(logging.ERROR)

from pipeline.chain import Rules  # noqa: E402
from pipeline.lake.entity_counts import count_entities  # noqa: E402
from pipeline.lake.filesystem import LocalFileSystem  # noqa: E402
from pipeline.lake.layout import LakePaths  # noqa: E402
from pipeline.lake.merge import merge_partition  # noqa: E402
from pipeline.lake.parquet_file import DataFile  # noqa: E402
from pipeline.lake.rows import READS, TALLY, RunStamp  # noqa: E402
from pipeline.lake.staging import Fragment, Stager  # noqa: E402
from pipeline.settings import default_settings  # noqa: E402
from schemas.codes import Payload, Stage  # noqa: E402
from schemas.records import DecodedDocument, InputFile, ParsedDocument, Reject  # noqa: E402
from transforms.cleaning.clean import clean  # noqa: E402
from transforms.collector import settle  # noqa: E402
from transforms.decoding.decode import decode  # noqa: E402
from transforms.describe import describe  # noqa: E402
from transforms.entities.mentions import with_mentions  # noqa: E402
from transforms.html.block_model import refine  # noqa: E402
from transforms.html.page import read_tree  # noqa: E402
from transforms.html.tree import parse_tree  # noqa: E402
from transforms.html.witness import heed_witness  # noqa: E402
from transforms.match import match_inputs  # noqa: E402
from transforms.metadata.page_metadata import collect  # noqa: E402
from transforms.parse import parse  # noqa: E402
from transforms.read.records import read_file  # noqa: E402
from transforms.step import apply  # noqa: E402

PARSING = ("tree", "metadata", "blocks", "model")
"""The parts of parsing a page; of a plain text only `blocks` takes any time."""

BY_RECORD = ("read", "decode", *PARSING, "clean", "describe", "mentions", "stage")
STAGES = ("match", *BY_RECORD, "merge", "entities")

_RUN_ID = "0" * 32
_STAGING = "_staging/benchmark"


class StepTime(NamedTuple):
    """Milliseconds of processor time an article of one step. No median of what isn't done article by article."""

    name: str
    mean: float
    median: float | None


class StageTimes(NamedTuple):
    """The steps in the order of STAGES; parsing and cleaning together; all from read to stage; of these two the median and
    the mean of the slowest tenth as well. Milliseconds of processor time an article."""

    articles: int
    rejects: int
    steps: tuple[StepTime, ...]
    parse_and_clean: StepTime
    median: float
    slowest_tenth: float

    @property
    def total(self) -> float:
        """Milliseconds an article in all."""
        return sum(step.mean for step in self.steps)


class _Clock:
    """Adds up time by step."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)

    def call(self, step: str, function: Callable[..., Any], *arguments: Any) -> Any:
        start = time.process_time()
        try:
            return function(*arguments)
        finally:
            self.seconds[step] += time.process_time() - start


def stage_times(files: Sequence[Path], lake: Path) -> StageTimes:
    """Runs `files` through every step, with the default settings, and writes their rows below `lake`."""
    rules = Rules.load(default_settings())
    whole = _Clock()
    matched = whole.call("match", match_inputs, [str(path) for path in files])
    for file in matched.files[:3]:
        # Tables that are loaded at first use would else count for the first article.
        _one_file(file, rules, _Clock())
    settle()  # as the graph's steps do
    paths, fs = LakePaths(str(lake)), LocalFileSystem()
    Path(paths.absolute(_STAGING)).mkdir(parents=True)
    stager = Stager(fs, paths, _STAGING, RunStamp(_RUN_ID, "benchmark"))
    fragments: list[Fragment] = []
    articles = rejects = 0
    clocks: list[_Clock] = []
    gc.collect()
    for file in matched.files:
        clock = _Clock()
        for outcome in _one_file(file, rules, clock):
            if isinstance(outcome, Reject):
                rejects += 1
                continue
            articles += 1
            for row in (outcome.article, *outcome.removed, outcome.mentions):
                fragments += clock.call("stage", stager.add, row)
        clocks.append(clock)
    fragments += whole.call("stage", stager.flush)
    finished: list[DataFile] = whole.call("merge", _merge, fs, paths, fragments)
    mentions = sorted(file.staged for file in finished if file.directory.startswith("mentions/"))
    whole.call("entities", count_entities, fs, paths, _STAGING, mentions, _RUN_ID)
    return _summary(articles, rejects, whole, clocks)


def _summary(articles: int, rejects: int, whole: _Clock, clocks: Sequence[_Clock]) -> StageTimes:
    count = max(1, articles)

    def step(name: str, *parts: str) -> StepTime:
        each = sorted(sum(clock.seconds[part] for part in parts) * 1000 for clock in clocks)
        mean = (sum(each) + sum(whole.seconds[part] for part in parts) * 1000) / count
        return StepTime(name, mean, statistics.median(each) if set(parts) <= set(BY_RECORD) else None)

    records = sorted(sum(clock.seconds.values()) * 1000 for clock in clocks)
    tenth = records[-max(1, len(records) // 10) :]
    return StageTimes(
        articles,
        rejects,
        tuple(step(name, name) for name in STAGES),
        step("parse and clean", *PARSING, "clean"),
        records[len(records) // 2],
        sum(tenth) / len(tenth),
    )


def _one_file(file: InputFile, rules: Rules, clock: _Clock) -> list[Any]:
    steps: tuple[tuple[Stage, Callable[[Any], Any]], ...] = (
        (Stage.DECODE, lambda each: clock.call("decode", decode, each)),
        (Stage.PARSE, lambda each: _parse(each, rules, clock)),
        (Stage.CLEAN, lambda each: clock.call("clean", clean, each, rules.clean)),
        (Stage.DESCRIBE, lambda each: clock.call("describe", describe, each, rules.describe)),
        (Stage.MENTIONS, lambda each: clock.call("mentions", with_mentions, each, rules.mentions)),
    )
    outcomes: list[Any] = []
    for record in clock.call("read", lambda: list(read_file(file, rules.read))):
        outcome: Any = record
        for stage, function in steps:
            if not isinstance(outcome, Reject):
                outcome = apply(outcome, stage, function)
        outcomes.append(outcome)
    return outcomes


def _parse(document: DecodedDocument, rules: Rules, clock: _Clock) -> ParsedDocument:
    """What `parse` does, part by part."""
    if document.source.payload is not Payload.HTML:
        text: ParsedDocument = clock.call("blocks", parse, document, rules.page, rules.model)
        return text
    tree, held = clock.call("tree", _tree, document)
    metadata = clock.call("metadata", collect, tree, document.source.url, held)
    page: ParsedDocument = clock.call("blocks", read_tree, document, tree, metadata, rules.page)
    clock.call("tree", held.clear)
    if rules.model is not None:
        page = clock.call("model", refine, page, rules.model)
    judged: ParsedDocument = clock.call("blocks", heed_witness, page, rules.page)
    return judged


def _tree(document: DecodedDocument) -> tuple[Any, list[Any]]:
    tree = parse_tree(document.text, document.encoded)
    return tree, list(tree.iter("*"))


def _merge(fs: LocalFileSystem, paths: LakePaths, fragments: list[Fragment]) -> list[DataFile]:
    folders: dict[str, list[Fragment]] = {}
    for fragment in fragments:
        folders.setdefault(fragment.directory, []).append(fragment)
    return [
        file
        for folder in sorted(folders.keys() - {READS, TALLY})
        for file in merge_partition(fs, paths, _STAGING, folder, folders[folder], _RUN_ID, "benchmark")
    ]


def table(results: Sequence[tuple[str, StageTimes]]) -> list[str]:
    """A Markdown table: for each input a line of means and one of medians."""
    lines = [f"| input | | {' | '.join(STAGES)} | parse and clean | sum |", "|---" * (len(STAGES) + 4) + "|"]
    for title, times in results:
        steps = (*times.steps, times.parse_and_clean)
        means = " | ".join(f"{step.mean:.2f}" for step in steps)
        medians = " | ".join("" if step.median is None else f"{step.median:.2f}" for step in steps)
        lines.append(f"| {title} | mean | {means} | {times.total:.2f} |")
        lines.append(f"| | median | {medians} | {times.median:.2f} |")
    return lines


def main() -> int:
    """The command line; the exit code."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="articles to run through the steps")
    results = []
    for folder in arguments.parse_args().folders:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        if not files:
            print(f"{folder}: no files in it", file=sys.stderr)
            return 2
        with tempfile.TemporaryDirectory(prefix="copydesk-benchmark-") as lake:
            results.append((folder.name, stage_times(files, Path(lake))))
    print("\n".join(table(results)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
