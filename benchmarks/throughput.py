"""Measures speed and memory: `copydesk ingest` end to end on one and two workers, each step alone, memory at ten times the input.

    throughput.py                 a table: pages and articles a second, milliseconds a step, peak memory
    throughput.py --write         the same into docs/benchmarks.md, with what peers/compare.py and growth.py measured before
    throughput.py --quick         a tenth of the input, for a first look
    throughput.py --pages-dir D   also a folder of other pages, as it is and several times over

The input is made by generator.py, the same each time. Figures hold for the machine that they were measured on and only if
nothing else runs there; ratios between them travel better.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

_ROOT = Path(__file__).resolve().parent.parent
if str(_ROOT) not in sys.path:
    # Run as a script, Python puts this folder on the path and not the repository.
    sys.path.insert(0, str(_ROOT))

# Beam warns of optional packages at import.
logging.getLogger().setLevel(logging.ERROR)

from benchmarks import growth  # noqa: E402
from benchmarks.generator import write_pages, write_texts  # noqa: E402
from benchmarks.ingest_run import IngestError, IngestRun, ingest  # noqa: E402
from benchmarks.lake_digest import lake_digest  # noqa: E402
from benchmarks.peers import comparison  # noqa: E402
from benchmarks.report_parts import REPORT, read_results, replace_part, write_plot  # noqa: E402
from benchmarks.stage_times import StageTimes, stage_times, table  # noqa: E402
from benchmarks.watch_latency import table as latency_table  # noqa: E402
from benchmarks.watch_latency import watch_latency  # noqa: E402

_STAGE_FILES = 300
_MEMORY_FACTOR = 10
_MANY_PAGES = 2000


class Corpus(NamedTuple):
    """An input folder; `title` names it in the report, `bytes` is its size on disk."""

    title: str
    folder: Path
    files: tuple[Path, ...]
    bytes: int


class CorpusResult(NamedTuple):
    """What was measured on one corpus."""

    corpus: Corpus
    one: IngestRun
    two: IngestRun
    stages: StageTimes


class Repeated(NamedTuple):
    """The run over a corpus copied `times` times."""

    title: str
    times: int
    run: IngestRun


class MemoryRuns(NamedTuple):
    """Runs over `small` and `large` numbers of pages. `same_bytes`: whether both runs over the larger gave the same files."""

    small: int
    large: int
    small_on_one: IngestRun
    large_on_one: IngestRun
    large_on_two: IngestRun
    same_bytes: bool


def _corpus(title: str, folder: Path) -> Corpus:
    files = tuple(sorted(path for path in folder.rglob("*") if path.is_file()))
    return Corpus(title, folder, files, sum(path.stat().st_size for path in files))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _measure(corpus: Corpus, scratch: Path) -> CorpusResult:
    runs = []
    for workers in (1, 2):
        _say(f"{corpus.title}: ingest, {workers} worker{'s' if workers > 1 else ''} …")
        lake = scratch / f"lake-{workers}"
        runs.append(ingest(corpus.folder, lake, workers))
        shutil.rmtree(lake)
    _say(f"{corpus.title}: steps …")
    lake = scratch / "steps"
    step = max(1, len(corpus.files) // _STAGE_FILES)
    stages = stage_times(corpus.files[::step], lake)
    shutil.rmtree(lake)
    return CorpusResult(corpus, runs[0], runs[1], stages)


def _memory(pages: int, scratch: Path) -> MemoryRuns:
    many = pages * _MEMORY_FACTOR
    runs = []
    digests = []
    for count, workers in ((pages, 1), (many, 1), (many, 2)):
        _say(f"memory: {count:,} pages, {workers} worker{'s' if workers > 1 else ''} …")
        folder, lake = scratch / "many", scratch / "lake-many"
        write_pages(folder, count, seed=1)
        runs.append(ingest(folder, lake, workers))
        digests.append(lake_digest(lake))
        shutil.rmtree(folder)
        shutil.rmtree(lake)
    return MemoryRuns(pages, many, runs[0], runs[1], runs[2], digests[1] == digests[2])


def _several_times(corpus: Corpus, scratch: Path) -> Repeated | None:
    """A small corpus copied until it has about _MANY_PAGES files, on one worker, so that start-up weighs as it does in use."""
    times = _MANY_PAGES // max(1, len(corpus.files))
    if times < 2:
        return None
    _say(f"{corpus.title}: {times} times over …")
    folder, lake = scratch / "repeated", scratch / "lake-repeated"
    for copy in range(times):
        for number, path in enumerate(corpus.files):
            target = folder / str(copy) / f"{number}-{path.name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    run = ingest(folder, lake, 1)
    shutil.rmtree(folder)
    shutil.rmtree(lake)
    return Repeated(corpus.title, times, run)


# -- the report ----------------------------------------------------------------------------------------------------


def _end_to_end(results: list[CorpusResult]) -> list[str]:
    lines = [
        "| input | records | MB | on 1 worker, a second | on 2 workers, a second | ratio | processor ms each | peak MiB, 1 / 2 workers |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in results:
        one, two = each.one, each.two
        lines.append(
            f"| {each.corpus.title} | {one.articles:,} | {each.corpus.bytes / 1e6:.1f} | {one.articles_a_second:.1f} |"
            f" {two.articles_a_second:.1f} | {one.seconds / two.seconds:.2f} |"
            f" {one.cpu_seconds * 1000 / max(1, one.articles):.1f} | {one.peak_mib:.0f} / {two.peak_mib:.0f} |"
        )
    return lines


def _repeated(repeated: Repeated | None) -> list[str]:
    if repeated is None:
        return []
    run = repeated.run
    return [
        "",
        f"The {repeated.title} are so few that start-up weighs. Each of them {repeated.times} times over, {run.articles:,} articles, take"
        f" {run.seconds:.0f} seconds on one worker: {run.articles_a_second:.1f} a second.",
    ]


def _slowest(results: list[CorpusResult]) -> list[str]:
    return [
        f"- {each.corpus.title}: parsing and cleaning together {each.stages.parse_and_clean.median or 0:.1f} ms in the median,"
        f" {each.stages.parse_and_clean.mean:.1f} in the mean; the slowest tenth take {each.stages.slowest_tenth:.1f} for all steps."
        for each in results
    ]


def _memory_table(memory: MemoryRuns) -> list[str]:
    lines = ["| pages | workers | seconds | peak MiB |", "|---|---|---|---|"]
    for count, workers, run in (
        (memory.small, 1, memory.small_on_one),
        (memory.large, 1, memory.large_on_one),
        (memory.large, 2, memory.large_on_two),
    ):
        lines.append(f"| {count:,} | {workers} | {run.seconds:.0f} | {run.peak_mib:.0f} |")
    one, two = memory.large_on_one, memory.large_on_two
    return [
        *lines,
        "",
        f"{memory.large:,} pages take {one.peak_mib / memory.small_on_one.peak_mib:.2f} times the memory of {memory.small:,}."
        f" Two workers are {one.seconds / two.seconds:.2f} times as fast as one and give"
        f" {'the same bytes' if memory.same_bytes else 'OTHER BYTES, which is a bug'}.",
    ]


def report(results: list[CorpusResult], start_up: float, memory: MemoryRuns, repeated: Repeated | None = None) -> str:
    """docs/benchmarks.md."""
    lines = [
        "# Speed and memory",
        "",
        "Written by `make bench` (`benchmarks/throughput.py --write`); don't edit by hand. The input is made by",
        "`benchmarks/generator.py`: invented articles in seven languages, pages with as many scripts, styles, links and comments",
        "as news pages have.",
        "",
        f"Machine: {os.cpu_count()} cores, {platform.machine()}, {platform.system()}; Python {platform.python_version()},",
        f"apache-beam {version('apache-beam')}, lxml {version('lxml')}, pyarrow {version('pyarrow')}.",
        "",
        "## End to end",
        "",
        "`copydesk ingest`, from the command line to the committed lake, start-up included"
        f" ({start_up:.1f} s for a single article).",
        "",
        *_end_to_end(results),
        *_repeated(repeated),
        "",
        "## Each step, milliseconds an article on one core",
        "",
        "Processor time of the steps' functions called directly, without Beam (`benchmarks/stage_times.py FOLDER…` does only this).",
        "`tree`, `metadata`, `blocks` and `model` are the parts of parsing a page; a plain text is parsed in `blocks`. `stage` and `merge`",
        "write the rows. The means decide throughput: a few heavy pages cost as much as all others, hence the medians beside them.",
        "",
        *table([(each.corpus.title, each.stages) for each in results]),
        "",
        *_slowest(results),
        "",
        "## Memory",
        "",
        "The highest sum of the resident memory of all processes of the run.",
        "",
        *_memory_table(memory),
        "",
    ]
    return "\n".join(lines)


def _watched(scratch: Path) -> str:
    """What `watch_latency.py` measures; nothing where there is no /proc to measure by."""
    if not Path("/proc/self/task").exists():
        return ""
    _say("watch: files one by one …")
    folder = scratch / "watch"
    folder.mkdir()
    return latency_table(watch_latency(folder), "1s")


def with_parts(text: str) -> str:
    """The report with what `peers/compare.py` and `growth.py` have measured and kept, and their plots written."""
    for name in ("peers", "peers-texts"):
        if (results := read_results(name)) is not None:
            title, body, plot = comparison.part(results, f"plots/{name}.svg")
            write_plot(name, plot)
            text = replace_part(text, title, body)
    if (results := read_results("growth")) is not None:
        body, plot = growth.part(results, "plots/growth.svg")
        write_plot("growth", plot)
        text = replace_part(text, growth.TITLE, body)
    return text


def main() -> int:
    """The command line; the exit code."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument("--pages", type=int, default=2000, metavar="N", help="pages to make (default 2000)")
    arguments.add_argument("--texts", type=int, default=10_000, metavar="N", help="texts to make (default 10000)")
    arguments.add_argument("--memory-pages", type=int, default=500, metavar="N", help="the smaller memory run (500)")
    arguments.add_argument("--pages-dir", type=Path, metavar="DIR", help="a folder of other pages to measure as well")
    arguments.add_argument("--quick", action="store_true", help="a tenth of everything")
    arguments.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    given = arguments.parse_args()
    if given.pages_dir is not None and not given.pages_dir.is_dir():
        print(f"--pages-dir {given.pages_dir}: no such folder", file=sys.stderr)
        return 2
    share = 10 if given.quick else 1
    with tempfile.TemporaryDirectory(prefix="copydesk-benchmark-") as name:
        scratch = Path(name)
        pages, texts, single = scratch / "pages", scratch / "texts", scratch / "single"
        _say("making the input …")
        write_pages(pages, max(1, given.pages // share))
        write_texts(texts, max(1, given.texts // share))
        write_texts(single, 1)
        corpora = [_corpus("HTML pages", pages), _corpus("plain text", texts)]
        repeated = None
        if given.pages_dir is not None:
            corpora.append(_corpus(f"{given.pages_dir.name} pages", given.pages_dir))
        try:
            start_up = ingest(single, scratch / "lake-single", 1).seconds
            results = [_measure(corpus, scratch) for corpus in corpora]
            if given.pages_dir is not None:
                repeated = _several_times(corpora[-1], scratch)
            memory = _memory(max(1, given.memory_pages // share), scratch)
            watched = _watched(scratch)
        except IngestError as error:
            print(f"copydesk ingest failed: {error}", file=sys.stderr)
            return 3
    text = report(results, start_up, memory, repeated)
    if watched:
        text = replace_part(text, "Until a file is in the lake, in `copydesk watch`", watched)
    if given.write:
        REPORT.write_text(with_parts(text), encoding="utf-8")
        print(f"wrote {REPORT.relative_to(_ROOT)}", file=sys.stderr)
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
