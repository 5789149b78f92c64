"""What a run did: one frozen record, as a table for people and as one JSON object for programs.

Before: counts gathered by the run. After: `Summary.to_json()` on standard output (`--json`), or `print_summary`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.visible import visible
from schemas.codes import REJECT_ADVICE, RejectCode

if TYPE_CHECKING:
    from rich.console import Console

ROWS_SHOWN = 12
"""Lines of one breakdown in the table; the JSON object has all."""


class Tally(NamedTuple):
    """How many of one kind."""

    name: str
    number: int


def tallies(counts: Mapping[str, int] | Iterable[tuple[str, int]]) -> tuple[Tally, ...]:
    """Counts by name as tallies: the largest first, then by name; zeros left out, repeated names added up."""
    sums: dict[str, int] = {}
    for name, count in counts.items() if isinstance(counts, Mapping) else counts:
        sums[str(name)] = sums.get(str(name), 0) + count
    return tuple(
        Tally(name, count) for name, count in sorted(sums.items(), key=lambda item: (-item[1], item[0])) if count
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """One run in figures.

    `files_matched` = `files_new` + `files_skipped` (already in the lake); `files_repeated` were given twice, `files_older` were changed before the time asked for; neither are
    among them. `read` counts records, without the `known` ones that the lake holds from an earlier version of their file; `removed` stretches of text, `entities` the distinct ones that `mentions` name. `bytes_in` are bytes of the new files as they lie on
    disk. `seconds` is wall time and the one figure that differs between equal runs. After a `dry_run` only the files are known: nothing was read or written.
    """

    run_id: str
    lake: str
    files_matched: int
    files_new: int
    files_skipped: int
    read: int
    articles: int
    rejects: int
    removed: int
    rejects_by_code: tuple[Tally, ...] = ()
    removed_by_category: tuple[Tally, ...] = ()
    articles_by_language: tuple[Tally, ...] = ()
    articles_by_format: tuple[Tally, ...] = ()
    mentions_by_method: tuple[Tally, ...] = ()
    mentions: int = 0
    entities: int = 0
    quotes: int = 0
    files_repeated: int = 0
    files_older: int = 0
    known: int = 0
    forgotten: int = 0
    bytes_in: int = 0
    seconds: float = 0.0
    dry_run: bool = False

    @property
    def nothing_new(self) -> bool:
        """Every file was already in the lake, so the run changed nothing."""
        return self.files_new == 0 and self.files_skipped > 0

    @property
    def reject_share(self) -> float:
        """Rejects among the records read, 0 to 1; 0 when nothing was read."""
        return self.rejects / self.read if self.read else 0.0

    def to_json(self) -> str:
        """One JSON object on one line, keys in a fixed order, breakdowns as objects."""
        return json.dumps(
            {
                "run_id": self.run_id,
                "lake": self.lake,
                "dry_run": self.dry_run,
                "nothing_new": self.nothing_new,
                "files_matched": self.files_matched,
                "files_new": self.files_new,
                "files_skipped": self.files_skipped,
                "files_repeated": self.files_repeated,
                "files_older": self.files_older,
                "read": self.read,
                "known": self.known,
                "forgotten": self.forgotten,
                "articles": self.articles,
                "rejects": self.rejects,
                "reject_share": round(self.reject_share, 6),
                "removed": self.removed,
                "mentions": self.mentions,
                "entities": self.entities,
                "quotes": self.quotes,
                "rejects_by_code": dict(self.rejects_by_code),
                "removed_by_category": dict(self.removed_by_category),
                "articles_by_language": dict(self.articles_by_language),
                "articles_by_format": dict(self.articles_by_format),
                "mentions_by_method": dict(self.mentions_by_method),
                "bytes_in": self.bytes_in,
                "seconds": round(self.seconds, 3),
            },
            ensure_ascii=True,
        )


def print_summary(summary: Summary, console: Console) -> None:
    """Prints the summary for a person: aligned, readable without colour, rejects with what to do about them."""
    from rich.table import Table
    from rich.text import Text

    if summary.nothing_new:
        console.print(Text(f"Nothing new: {_files(summary.files_skipped)} already in {visible(summary.lake)}."))
        console.print(Text("--force ingests them again and replaces their rows."))
        return

    grid = Table.grid(padding=(0, 2))
    grid.add_column(min_width=9)
    grid.add_column(justify="right")
    grid.add_column()
    for name, count, remark in _main_rows(summary):
        grid.add_row(Text(name), Text(count, style="bold"), Text(remark, style="dim"))
    done = "Dry run: these files would be read; nothing was read or written." if summary.dry_run else "Done."
    console.print(Text(done, style="bold"))
    console.print(grid)
    for title, breakdown in (
        ("Articles by language", summary.articles_by_language),
        ("Articles by format", summary.articles_by_format),
        ("Removed by category", summary.removed_by_category),
        ("Rejects by code", summary.rejects_by_code),
    ):
        if breakdown:
            console.print()
            console.print(Text(title, style="bold"))
            console.print(_breakdown(breakdown))
    if not summary.dry_run:
        console.print()
        console.print(Text(f"lake {visible(summary.lake)}  run {summary.run_id}"), soft_wrap=True)


def _main_rows(summary: Summary) -> Iterable[tuple[str, str, str]]:
    remarks = []
    if summary.files_skipped:
        remarks.append(f"{summary.files_skipped:,} more already in the lake")
    if summary.files_repeated:
        remarks.append(f"{summary.files_repeated:,} given twice")
    if summary.files_older:
        remarks.append(f"{summary.files_older:,} older than asked for")
    if summary.bytes_in:
        remarks.append(size_text(summary.bytes_in))
    yield "files", f"{summary.files_new:,}", ", ".join(remarks)
    if summary.dry_run:
        return
    rate = f", {summary.read / summary.seconds:,.1f} a second" if summary.seconds > 0 else ""
    known = f", {summary.known:,} more already in the lake" if summary.known else ""
    yield "read", f"{summary.read:,}", f"in {summary.seconds:,.1f} s{rate}{known}"
    yield "articles", f"{summary.articles:,}", ""
    yield "rejects", f"{summary.rejects:,}", f"{summary.reject_share:.1%} of what was read" if summary.rejects else ""
    yield (
        "removed",
        f"{summary.removed:,}",
        "stretches of text taken out of the articles, all on record" if summary.removed else "",
    )
    if summary.mentions:
        yield "mentions", f"{summary.mentions:,}", f"of {summary.entities:,} people, organisations, places …, and dates"
    if summary.quotes:
        yield "quotes", f"{summary.quotes:,}", "with who said them"


def _breakdown(breakdown: tuple[Tally, ...]) -> object:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(min_width=9)
    grid.add_column(justify="right")
    grid.add_column()
    for name, number in breakdown[:ROWS_SHOWN]:
        grid.add_row(Text(visible(name)), Text(f"{number:,}"), Text(_advice(name), style="dim"))
    rest = breakdown[ROWS_SHOWN:]
    if rest:
        grid.add_row(Text(f"{len(rest)} more"), Text(f"{sum(tally.number for tally in rest):,}"), Text(""))
    return grid


def _advice(name: str) -> str:
    try:
        return REJECT_ADVICE[RejectCode(name)]
    except ValueError:
        return ""


def _files(count: int) -> str:
    return "the one file is" if count == 1 else f"all {count:,} files are"


def size_text(size: float) -> str:
    """A size in bytes as people read it: 999 B, 1.5 kB, 12.0 MB (powers of 1000)."""
    if size < 1000:
        return f"{size:.0f} B"
    for unit in ("kB", "MB", "GB", "TB"):
        size /= 1000
        if size < 999.95 or unit == "TB":
            break
    return f"{size:,.1f} {unit}"
