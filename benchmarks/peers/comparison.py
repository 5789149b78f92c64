"""From runs to figures, and from figures to the section of docs/benchmarks.md and its plot.

Before: three runs of each peer over 509 pages and over one. After: "| datatrove … | 138.2 | 7.1 | 6.4× | …".
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from benchmarks.plots.bars import Bar, bars

_OURS = "copydesk"


class Run(Protocol):
    """One run of one peer."""

    @property
    def seconds(self) -> float: ...
    @property
    def cpu_seconds(self) -> float: ...
    @property
    def peak_mib(self) -> float: ...
    @property
    def rows(self) -> int: ...
    @property
    def rejects(self) -> int: ...


def results_of(
    kind: str,
    count: int,
    times: int,
    mean_bytes: float,
    machine: str,
    titles: Mapping[str, str],
    starts: Mapping[str, Sequence[Run]],
    runs: Mapping[str, Sequence[Run]],
) -> dict[str, Any]:
    """The figures that are kept, medians over the rounds. `starts` are the runs with a single page, whose time is taken off."""
    peers = {}
    for name, all_runs in runs.items():
        cpu = [
            (run.cpu_seconds - start.cpu_seconds) * 1000 / max(1, count - 1)
            for run, start in zip(all_runs, starts[name], strict=True)
        ]
        wall = [
            (run.seconds - start.seconds) / max(1, count - 1) for run, start in zip(all_runs, starts[name], strict=True)
        ]
        last = all_runs[-1]
        peers[name] = {
            "title": titles[name],
            "cpu_ms": max(0.0, round(statistics.median(cpu), 2)),
            "cpu_ms_spread": [round(min(cpu), 2), round(max(cpu), 2)],
            "wall_ms": round(statistics.median(wall) * 1000, 2),
            "start_seconds": round(statistics.median(start.cpu_seconds for start in starts[name]), 2),
            "peak_mib": round(statistics.median(run.peak_mib for run in all_runs)),
            "rows": last.rows,
            "rejects": last.rejects,
        }
    return {
        "kind": kind,
        "count": count,
        "times": times,
        "mean_bytes": round(mean_bytes),
        "rounds": len(next(iter(runs.values()))),
        "machine": machine,
        "peers": peers,
    }


def part(results: Mapping[str, Any], plot_path: str) -> tuple[str, str, str]:
    """The section's title, its Markdown, and the SVG of its plot."""
    kind, count = results["kind"], results["count"]
    one = kind.removesuffix("s")
    peers: Mapping[str, Mapping[str, Any]] = results["peers"]
    ours = peers.get(_OURS, {}).get("cpu_ms")
    lines = [
        f"`benchmarks/peers/compare.py` ran each tool in turn over the same {count:,} {kind} (on the disk"
        f" {results['mean_bytes'] / 1000:.0f} kB each in the mean), {results['rounds']} times, each time on one core; medians.",
        f'Start-up, measured with a single {one}, is taken off. "Lost" are {kind} that have neither a row nor a reject that says why.',
        "What each tool does stands in [its script](../benchmarks/peers/README.md). Machine: "
        + results["machine"]
        + ".",
        "",
        f"| | processor ms a {one} | {kind} a second | against copydesk | start-up, s | peak MiB | rows | rejects | lost |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, each in peers.items():
        ratio = f"{each['cpu_ms'] / ours:.2f}×" if ours and name != _OURS else ""
        rate = f"{1000 / each['wall_ms']:,.1f}" if each["wall_ms"] > 0 else "–"
        lost = count - each["rows"] - each["rejects"]
        lines.append(
            f"| {each['title']} | {each['cpu_ms']:.1f} | {rate} | {ratio} | {each['start_seconds']:.1f} |"
            f" {each['peak_mib']:,} | {each['rows']:,} | {each['rejects']:,} | {lost:,} |"
        )
    lines += [
        "",
        '"Against copydesk": how many times the processor time of copydesk with all tables.',
        "",
        f"![Processor milliseconds a {one}]({plot_path})",
    ]
    marks = [Bar(each["title"], each["cpu_ms"], ours=name.startswith(_OURS)) for name, each in peers.items()]
    title = "Beside other tools" if kind == "pages" else "Beside other tools: plain texts"
    return title, "\n".join(lines), bars(f"Processor milliseconds a {one}, one core (less is better)", marks)
