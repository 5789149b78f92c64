"""The demonstration: the bundled sample articles through the whole pipeline, then a look at the lake.

Before: `copydesk demo`. After: a lake in ./demo-lake; on screen one article with its removals, the run's figures, the tables, and
the command for your own folder.
"""

from __future__ import annotations

import shlex
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.inspect import inspect_file
from pipeline.lake.read import dataset
from pipeline.lake.verify import verify
from pipeline.progress import ProgressView
from pipeline.run import ingest
from pipeline.settings import default_settings
from pipeline.summary import Summary, print_summary
from pipeline.visible import one_line
from schemas.tables import TABLES

DEFAULT_LAKE = "demo-lake"
SHOWN = "text/ferry-timetable.txt"
"""The sample that is shown before and after; it has five kinds of leftovers in twenty lines."""
ROWS = 14


def demo(lake: str | None = None) -> Summary:
    """Ingests the samples into `lake` (default ./demo-lake) with the built-in settings and prints what came of it.

    Run again it finds nothing new, says so, and shows the lake all the same.
    """
    target = lake or DEFAULT_LAKE
    settings = default_settings()
    console = Console(highlight=False)
    with as_file(files("configs") / "samples") as samples:
        _title(console, f"One of the samples, {SHOWN}: what is kept, and what goes by which rule")
        inspect_file(str(samples / SHOWN), settings, sys.stdout)
        _title(console, "All samples through the pipeline")
        summary = ingest(
            [str(samples)], target, settings, force=False, dry_run=False, progress=ProgressView.on(sys.stderr)
        )
    print_summary(summary, console)
    _title(console, f"The lake in {target}")
    _tables(console, target)
    _title(console, "The table articles")
    _articles(console, target)
    problems = verify(target)
    console.print(f"\ncopydesk verify: {'every promise holds' if not problems else f'{len(problems)} problems'}")
    _title(console, "Now with your own articles")
    console.print(Text(f"  {_command('ingest')} YOUR_FOLDER --lake my-lake", style="bold"))
    console.print("What is removed from one file, and by which rule:")
    console.print(f"  {_command('inspect')} ONE_FILE")
    console.print("Read the lake with anything that reads Parquet, for example in Python:")
    console.print(Text(f'  pandas.read_parquet("{target}/articles", partitioning=None)'))
    return summary


def _command(name: str) -> str:
    """How this user can call a command from here: by name where it is installed, else by the path it was started with."""
    started = Path(sys.argv[0])
    if started.name != "copydesk" or not started.exists():
        return f"copydesk {name}"
    try:
        started = started.resolve().relative_to(Path.cwd())
    except ValueError:
        return f"copydesk {name}"
    return f"{shlex.quote(str(started))} {name}"


def _title(console: Console, text: str) -> None:
    console.print()
    console.rule(Text(text, style="bold"), align="left", characters="─")


def _tables(console: Console, lake: str) -> None:
    grid = Table.grid(padding=(0, 2))
    for name, table in TABLES.items():
        rows = dataset(lake, name).count_rows()
        parts = "/".join(f"{column}=…" for column in table.partition_by)
        grid.add_row(Text(name, style="bold"), f"{rows:,} rows", Text(f"{lake}/{name}/{parts}", style="dim"))
    console.print(grid)


def _articles(console: Console, lake: str) -> None:
    columns = ["language", "published_at", "headline", "dateline", "agencies"]
    rows = dataset(lake, "articles").to_table(columns=columns)
    rows = rows.take(pc.sort_indices(rows, [("language", "ascending"), ("headline", "ascending")])).slice(0, ROWS)
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    for name, width in (("lang", 4), ("published", 10), ("headline", None), ("dateline", 12), ("agency", 16)):
        shown.add_column(name, no_wrap=True, overflow="ellipsis", width=width, ratio=None if width else 1)
    for row in rows.to_pylist():
        when = row["published_at"]
        shown.add_row(
            Text(one_line(row["language"])),
            Text(when.date().isoformat() if when else ""),
            Text(one_line(row["headline"] or "")),
            Text(one_line(row["dateline"] or "")),
            Text(one_line(", ".join(agency["name"] for agency in row["agencies"] or ()))),
        )
    console.print(shown)
