"""How time and memory grow with the corpus, and with a second worker: `copydesk ingest` over 1,000, 10,000 and 100,000 pages.

    growth.py                      a table; about half an hour of a quiet machine with two cores
    growth.py --pages 100,1000     other sizes
    growth.py --page-bytes 225000  pages as heavy as real ones instead of short ones (10,000)
    growth.py --write              also into docs/benchmarks.md, with a plot; the figures into benchmarks/results

The pages are made by generator.py and lie in WARC files of a thousand, 3 to 4 kB each; each corpus goes when it is measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
if str(_ROOT) not in sys.path:
    # Run as a script, Python puts this folder on the path and not the repository.
    sys.path.insert(0, str(_ROOT))

from benchmarks.generator import SHORT_PAGE_BYTES, write_archives  # noqa: E402
from benchmarks.ingest_run import IngestError, IngestRun, ingest  # noqa: E402
from benchmarks.lake_digest import lake_digest  # noqa: E402
from benchmarks.plots.bars import Bar, bars  # noqa: E402
from benchmarks.report_parts import REPORT, replace_part, save_results, write_plot  # noqa: E402

TITLE = "Growth"


def grow(sizes: Sequence[int], page_bytes: int, *, two_at: int) -> dict[str, Any]:
    """Runs on one worker over each of `sizes`, and on two over `two_at` pages; the figures, as results/*.json keeps them."""
    runs: list[dict[str, Any]] = []
    digests: dict[int, set[str]] = {}
    with tempfile.TemporaryDirectory(prefix="copydesk-growth-") as name:
        scratch = Path(name)
        for size in sizes:
            print(f"making {size:,} pages …", file=sys.stderr, flush=True)
            files = write_archives(scratch / "in", size, seed=size, weight=page_bytes)
            mib = sum(path.stat().st_size for path in files) / (1 << 20)
            for workers in (1, 2) if size == two_at else (1,):
                print(f"{size:,} pages, {workers} worker{'s' if workers > 1 else ''} …", file=sys.stderr, flush=True)
                run = ingest(scratch / "in", scratch / "lake", workers)
                digests.setdefault(size, set()).add(lake_digest(scratch / "lake"))
                runs.append(_figures(size, workers, mib, run))
                shutil.rmtree(scratch / "lake")
            shutil.rmtree(scratch / "in")
    return {
        "page_bytes": page_bytes,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "same_tables": all(len(each) == 1 for each in digests.values()),
        "runs": runs,
    }


def _figures(size: int, workers: int, mib: float, run: IngestRun) -> dict[str, Any]:
    return {
        "pages": size,
        "workers": workers,
        "input_mib": round(mib, 1),
        "seconds": round(run.seconds, 1),
        "cpu_seconds": round(run.cpu_seconds, 1),
        "peak_mib": round(run.peak_mib),
        "articles": run.articles,
        "rejects": run.rejects,
    }


def part(results: Mapping[str, Any], plot_path: str) -> tuple[str, str]:
    """The section's Markdown and the SVG of its plot."""
    runs: Sequence[Mapping[str, Any]] = results["runs"]
    lines = [
        f"`benchmarks/growth.py`: `copydesk ingest` over generated pages of {results['page_bytes'] / 1000:.0f} kB in WARC files, start-up included."
        f" Machine: {results['machine']}.",
        "",
        "| pages | workers | input MiB | seconds | processor seconds | processor ms a page | peak MiB |",
        "|---|---|---|---|---|---|---|",
    ]
    for run in runs:
        lines.append(
            f"| {run['pages']:,} | {run['workers']} | {run['input_mib']:,.0f} | {run['seconds']:,.0f} | {run['cpu_seconds']:,.0f} |"
            f" {run['cpu_seconds'] * 1000 / run['pages']:.1f} | {run['peak_mib']:,} |"
        )
    single = [run for run in runs if run["workers"] == 1]
    lines.append("")
    for small, large in pairwise(single):
        lines.append(
            f"- {large['pages']:,} pages take {large['seconds'] / small['seconds']:.1f} times the time of {small['pages']:,}"
            f" ({large['cpu_seconds'] / small['cpu_seconds']:.1f} times the processor time) and"
            f" {large['peak_mib'] / small['peak_mib']:.2f} times the memory."
        )
    for two in (run for run in runs if run["workers"] == 2):
        one = next(run for run in single if run["pages"] == two["pages"])
        same = "the same tables, byte for byte" if results["same_tables"] else "OTHER TABLES, which is a bug"
        lines.append(f"- Two workers are {one['seconds'] / two['seconds']:.2f} times as fast as one and give {same}.")
    lines += ["", f"![Processor milliseconds a page]({plot_path})"]
    marks = [
        Bar(f"{run['pages']:,} pages", run["cpu_seconds"] * 1000 / run["pages"], f"ms, {run['peak_mib']:,} MiB", True)
        for run in single
    ]
    return "\n".join(lines), bars("Processor milliseconds a page, and peak memory, as the corpus grows", marks)


def main() -> int:
    """The command line; the exit code."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument("--pages", default="1000,10000,100000", metavar="N,N", help="sizes, ascending")
    arguments.add_argument(
        "--page-bytes", type=int, default=SHORT_PAGE_BYTES, metavar="N", help="size of a page (10000)"
    )
    arguments.add_argument("--two-at", type=int, metavar="N", help="the size that two workers run, too (the second)")
    arguments.add_argument("--write", action="store_true", help="write docs/benchmarks.md, the plot and the figures")
    given = arguments.parse_args()
    sizes = sorted(int(each) for each in given.pages.split(","))
    try:
        results = grow(sizes, given.page_bytes, two_at=given.two_at or sizes[min(1, len(sizes) - 1)])
    except IngestError as error:
        print(f"copydesk ingest failed: {error}", file=sys.stderr)
        return 3
    body, plot = part(results, "plots/growth.svg")
    if given.write:
        save_results("growth", results)
        write_plot("growth", plot)
        REPORT.write_text(replace_part(REPORT.read_text(encoding="utf-8"), TITLE, body), encoding="utf-8")
    else:
        print(f"## {TITLE}\n\n{body}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
