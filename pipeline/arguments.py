"""The commands and flags of the command line, with their help. Parsing only: what a command does stands in `cli.py`.

Before: `["ingest", "pages", "--lake", "L", "--worker", "2"]`.
After: a namespace, or UsageError "ingest has no option --worker; did you mean --workers? See `copydesk ingest --help`."
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import NamedTuple, NoReturn

from pipeline.nearest import did_you_mean
from pipeline.settings import Flag
from schemas.errors import UsageError

SETTING_FLAGS: dict[str, str] = {
    "--runner": "run.runner",
    "--workers": "run.workers",
    "--every": "watch.every",
    "--metrics-port": "watch.metrics_port",
    "--max-reject-share": "run.max_reject_share",
    "--no-learn": "learn.enabled",
    "--ner": "entities.ner",
    "--filter": "filter.expression",
    "--table-format": "lake.table_format",
    "--window": "stream.window_seconds",
    "--stop-after": "stream.stop_after_seconds",
}
"""Flags that set a key of the settings; their values are checked as every other setting's."""


class Command(NamedTuple):
    """A command: its name, one line for the list of commands, and what adds its arguments."""

    name: str
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    example: str


class _Parser(argparse.ArgumentParser):
    """argparse, but an error is one line and comes as UsageError; abbreviated options are errors, not guesses."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}. See `{self.prog} --help`.")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command and its arguments; `command` is the command's name.

    Options may stand anywhere among the inputs. Raises UsageError for anything unknown, SystemExit(0) after --help.
    """
    if not arguments:
        listed = ", ".join(command.name for command in COMMANDS)
        raise UsageError(f"a command is missing; there are {listed}. See `copydesk --help`.")
    name = arguments[0]
    if name in ("-h", "--help", "help"):
        print(_overview(), end="")
        raise SystemExit(0)
    if name in ("--version", "-V"):
        return argparse.Namespace(command="version")
    commands = {command.name: command for command in COMMANDS}
    if name not in commands:
        what = "option" if name.startswith("-") else "command"
        names = ["--help", "--version"] if what == "option" else list(commands)
        hint = did_you_mean(name, names) or f"; there are {', '.join(names)}"
        raise UsageError(f"no such {what} {name!r}{hint}{'' if hint.endswith('?') else '.'} See `copydesk --help`.")
    parser = _parser(commands[name])
    parsed, rest = parser.parse_known_intermixed_args(_without_dashes(arguments[1:]))
    if rest:
        known = [option for action in parser._actions for option in action.option_strings]
        word = rest[0].partition("=")[0]
        if word.startswith("-"):
            problem = f"{name} has no option {word}{did_you_mean(word, known) or '.'}"
        else:
            problem = f"{name} takes no further argument {word!r}."
        raise UsageError(f"{problem} See `copydesk {name} --help`.")
    parsed.command = name
    return parsed


def _without_dashes(words: Sequence[str]) -> list[str]:
    """What follows a lone "--" are paths, also "-odd.html"; argparse forgets that between its two intermixed passes."""
    if "--" not in words:
        return list(words)
    at = list(words).index("--")
    return [*words[:at], *(f"./{word}" if word.startswith("-") else word for word in words[at + 1 :])]


def setting_flags(parsed: argparse.Namespace) -> tuple[Flag, ...]:
    """The settings that were given as flags."""
    given = ((name, key, getattr(parsed, name[2:].replace("-", "_"), None)) for name, key in SETTING_FLAGS.items())
    return tuple(Flag(name, key, text) for name, key, text in given if text is not None)


def _parser(command: Command) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=f"copydesk {command.name}",
        description=command.summary,
        epilog=f"example:\n{command.example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_arguments(parser)
    parser.add_argument("--debug", action="store_true", help="show the traceback if copydesk fails")
    return parser


def _overview() -> str:
    width = max(len(command.name) for command in COMMANDS) + 2
    commands = "\n".join(f"  {command.name:<{width}}{command.summary}" for command in COMMANDS)
    return f"""\
usage: copydesk COMMAND ...

Reads raw news articles and pages, takes out what is no part of the article, describes what is left, and writes it as
partitioned Parquet.

commands:
{commands}

`copydesk COMMAND --help` explains one command. `copydesk --version` tells the version.

example:
  copydesk ingest pages/ --lake lake
"""


def _ingest(parser: argparse.ArgumentParser) -> None:
    _inputs(parser)
    _rows(parser)
    parser.add_argument(
        "--force", action="store_true", help="ingest files again that are in the lake; replaces their rows"
    )
    parser.add_argument(
        "--since",
        metavar="TIME",
        type=_time,
        help="only files that were changed at this time or later, such as 2026-03-01 or 2026-03-01T06:30 (UTC unless an offset is given)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="tell how many files would be read; read and write nothing"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress and no summary table")
    parser.add_argument("--json", action="store_true", help="print the summary as one JSON object on standard output")


def _inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="a file, a folder (with all below it) or a quoted glob, here or in a bucket (s3://, gs://); text, HTML, JSON Lines, WARC, WET, CSV, Parquet, RSS or "
        "Atom, plain or compressed with gzip, bzip2 or zstd",
    )
    parser.add_argument(
        "--lake",
        required=True,
        help="the folder to write to, or s3://bucket/name or gs://bucket/name; made if it does not exist",
    )
    _config(parser)
    parser.add_argument(
        "--runner", metavar="NAME", help="where the pipeline runs: local (default), prism, flink, spark or dataflow"
    )
    parser.add_argument("--workers", metavar="N", help="worker processes, about one a core, or auto (default 1)")


def _rows(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-reject-share", metavar="SHARE", help="end with exit code 1 above this share of rejects, 0 to 1"
    )
    parser.add_argument(
        "--filter",
        metavar="EXPRESSION",
        help="keep articles for which this holds, such as 'language == \"en\" and word_count >= 100'; the others are rejects",
    )
    parser.add_argument(
        "--table-format",
        metavar="NAME",
        help='"parquet" (default), or "iceberg": the same files as Iceberg tables, too',
    )
    parser.add_argument(
        "--ner", metavar="TIER", help='who finds names that no list knows: "rules", or "spacy", an extra'
    )
    parser.add_argument(
        "--no-learn",
        action="store_const",
        const="false",
        help="neither learn nor apply what sites repeat (learn.enabled = false)",
    )


def _stream(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="a folder or a quoted glob, here or in a bucket, whose new files are read; kafka://HOST:PORT/TOPIC; or "
        "pubsub://PROJECT/SUBSCRIPTION: each message is one input",
    )
    parser.add_argument("--lake", required=True, help="the lake to write to; made if it does not exist")
    _config(parser)
    parser.add_argument("--runner", metavar="NAME", help="the engine: prism, flink or dataflow")
    parser.add_argument("--workers", metavar="N", help="as for ingest")
    parser.add_argument("--window", metavar="SECONDS", help="what is committed together (stream.window_seconds)")
    parser.add_argument("--stop-after", metavar="SECONDS", help="end after this time (default: never)")
    parser.add_argument(
        "--no-learn", action="store_const", const="false", help="cut nothing that the lake has learned of sites"
    )


def _time(text: str) -> datetime:
    """A day or time in ISO 8601, UTC where no offset is given. Raises ArgumentTypeError for anything else."""
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write 2026-03-01 or 2026-03-01T06:30") from None
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lake", help="where to put the demo's lake (default ./demo-lake)")


def _watch(parser: argparse.ArgumentParser) -> None:
    _inputs(parser)
    parser.add_argument("--every", metavar="TIME", help="how often to look for new files: 30s (default), 2m, 1h")
    parser.add_argument(
        "--until-idle",
        metavar="TIME",
        help="end once nothing new has come for this time; 0s: look once, take what is there",
    )
    _rows(parser)
    parser.add_argument("--metrics-port", metavar="PORT", help="serve Prometheus metrics and /healthz here")
    parser.add_argument("--quiet", action="store_true", help="no status line; failures are told")
    parser.add_argument("--json", action="store_true", help="print each run's summary as one JSON object, one a line")


def _inspect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="one input file of any format that copydesk reads")
    parser.add_argument("--all", action="store_true", help="every record of a container, not only the first 20")
    parser.add_argument(
        "--why",
        action="store_true",
        help="also tell how the page was read and why each line went or stayed: its rule, what was measured, near misses",
    )
    parser.add_argument(
        "--line",
        metavar="TEXT",
        help="tell why for the lines that hold TEXT only, with the lines beside them; a number means the line that --why "
        "gives this number",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a record, one a line")
    _config(parser)


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lake", metavar="LAKE", help="the lake's folder")
    parser.add_argument("--json", action="store_true", help="print one JSON object with all problems")


def _query(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lake", metavar="LAKE", help="the lake's folder")
    parser.add_argument(
        "sql",
        metavar="SQL",
        help="a query in DuckDB's SQL over the tables of `copydesk schema` and over runs and inputs",
    )
    form = parser.add_mutually_exclusive_group()
    for name, what in (("csv", "CSV"), ("json", "one JSON object a row, one a line"), ("parquet", "Parquet; needs -o")):
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=f"give all rows as {what}")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to this file instead of standard output")


def _migrate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lake", metavar="LAKE", help="the lake's folder")
    parser.add_argument(
        "--table-format", metavar="NAME", help='"iceberg": make Iceberg tables of a lake that has none yet'
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    _config(parser)


def _replay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lake", metavar="LAKE", help="the lake's folder")
    parser.add_argument(
        "--code",
        metavar="CODE",
        action="append",
        default=[],
        help="try the rejects with this code, retryable or not; may be given several times",
    )
    parser.add_argument("--all", action="store_true", help="try all rejects")
    parser.add_argument("--workers", metavar="N", help="worker processes, about one a core, or auto (default 1)")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    _config(parser)


def _compact(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lake", metavar="LAKE", help="the lake's folder")
    parser.add_argument(
        "--target-mib", metavar="N", help="size of the merged files in MiB (default: lake.target_file_mib, 128)"
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would be merged; write nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    _config(parser)


def _clean(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lake", metavar="LAKE", help="the lake's folder")
    parser.add_argument(
        "--grace",
        metavar="TIME",
        default="3d",
        help="leave what was written within this time, such as 12h or 3d (default 3d)",
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would be deleted; delete nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _forget(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lake", metavar="LAKE", help="the lake's folder")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--source",
        metavar="URI|GLOB",
        help="what was read from here: a file, a record, a folder with all below it, or a quoted glob",
    )
    what.add_argument("--article", metavar="ID", help="one article, by its article_id; or one reject, by its reject_id")
    what.add_argument("--host", metavar="HOST", help="all articles of this host and of those below it")
    parser.add_argument("--dry-run", action="store_true", help="tell how many rows would go; write nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    _config(parser)


def _rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=("list", "test", "try", "learned", "pin", "forget"),
        help="list the rules; run each rule's own examples; try rule files before they are adopted; show what a lake has learned; "
        "apply a learned line always, or never",
    )
    parser.add_argument(
        "operands",
        nargs="*",
        metavar="FILE|LAKE|ID",
        help="try: rule files, as in configs/boilerplate; learned: the lake; pin and forget: the lake, and the lines' ids",
    )
    parser.add_argument("--on", metavar="PATH", help="try: a lake, or a folder, file or glob of raw articles")
    parser.add_argument("--limit", metavar="N", help="try: only the first N articles")
    parser.add_argument("--json", action="store_true", help="print JSON")
    _config(parser)


def _entities(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=("build", "list", "import"),
        help="compile alias files into a store; show what names mean; make an alias file from another source",
    )
    parser.add_argument(
        "operands",
        nargs="*",
        metavar="FILE|NAME",
        help="build: alias files besides the built-in ones; list: names to look up; import: one file",
    )
    parser.add_argument(
        "-o", "--output", metavar="PATH", help="build: the store's folder; import: the alias file to write"
    )
    parser.add_argument(
        "--min-sitelinks",
        metavar="N",
        type=int,
        default=20,
        help="import: leave out items of Wikidata with pages in fewer Wikipedias (default 20)",
    )
    parser.add_argument("--check", action="store_true", help="build: tell everything that is wrong, write nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")
    _config(parser)


def _schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", nargs="?", metavar="TABLE", help="one table only")
    parser.add_argument("--json", action="store_true", help="print JSON, types as Arrow writes them")


def _config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", metavar="FILE", help="a settings file (default: ./copydesk.toml if there is one)")


COMMANDS: tuple[Command, ...] = (
    Command(
        "ingest",
        "Read articles from files and folders into a lake.",
        _ingest,
        "  copydesk ingest pages/ 'dumps/*.warc.gz' --lake lake --workers 2\n\n"
        "exit codes: 0 done; 1 done, but more rejects than allowed; 2 unusable arguments or settings; 3 the run failed,\n"
        "nothing of it is visible",
    ),
    Command(
        "watch",
        "Ingest what is new in folders and buckets, again and again, until it is stopped.",
        _watch,
        "  copydesk watch inbox/ --lake lake --every 30s --metrics-port 9464\n"
        "  copydesk watch s3://feeds/raw --lake s3://news/lake --until-idle 10m\n\n"
        "Ctrl-C or SIGTERM ends it after the run under way, a second one at once. Exit codes: 0 stopped, or idle; 1 idle, and more\n"
        "rejects than allowed in some run; 2 unusable arguments or settings; 3 idle, and the last try failed",
    ),
    Command(
        "demo", "Run the bundled sample articles through the pipeline and look at the result.", _demo, "  copydesk demo"
    ),
    Command(
        "inspect",
        "Show for one file what is kept, what is removed, and by which rule.",
        _inspect,
        "  copydesk inspect pages/story.html\n  copydesk inspect story.txt --why --line 'Most read'",
    ),
    Command(
        "schema",
        "Show the tables that a lake has and what their columns mean.",
        _schema,
        "  copydesk schema articles",
    ),
    Command(
        "verify",
        "Check everything that a lake promises; exit code 1 and a list where a promise is broken.",
        _verify,
        "  copydesk verify lake",
    ),
    Command(
        "query",
        "Ask a lake's tables with SQL; a table on the screen, or CSV, JSON, Parquet.",
        _query,
        '  copydesk query lake "SELECT language, count(*) FROM articles GROUP BY 1"\n'
        "  copydesk query lake \"FROM removed WHERE category = 'related'\" --csv -o related.csv",
    ),
    Command(
        "migrate",
        "Bring a lake of an older version, and its Iceberg tables, to the present tables.",
        _migrate,
        "  copydesk migrate lake",
    ),
    Command(
        "replay",
        "Try rejects again: those that may have been bad luck, those of one code, or all.",
        _replay,
        "  copydesk replay lake\n  copydesk replay lake --code too_deep --config mine.toml",
    ),
    Command(
        "stream",
        "Keep ingesting what arrives in folders, Kafka or Pub/Sub, window by window, on an engine for streams.",
        _stream,
        "  copydesk stream inbox/ --lake lake --runner prism\n"
        "  copydesk stream kafka://localhost:9092/articles --lake s3://bucket/lake --runner flink --config configs/stream.toml",
    ),
    Command(
        "compact",
        "Merge the small files that many runs leave into few large ones, with the same rows.",
        _compact,
        "  copydesk compact lake --target-mib 256",
    ),
    Command(
        "clean",
        "Delete what interrupted runs left and nothing names, once it is old enough.",
        _clean,
        "  copydesk clean lake --grace 12h --dry-run",
    ),
    Command(
        "forget",
        "Take rows out of all tables for good, prove it, and keep them from coming back.",
        _forget,
        "  copydesk forget lake --article 3f0c12ab34cd56ef3f0c12ab34cd56ef\n"
        "  copydesk forget lake --source 'inbox/2024-03/*' --dry-run",
    ),
    Command(
        "rules",
        "List the rules that take text out, run their own examples, try rule files, or correct what a lake has learned.",
        _rules,
        "  copydesk rules test\n  copydesk rules list --config mine.toml\n  copydesk rules try mine/share.toml --on lake\n"
        "  copydesk rules learned lake\n  copydesk rules forget lake 5f0c12ab34cd",
    ),
    Command(
        "entities",
        "Check and compile the names that mentions are linked by, look names up, or import more.",
        _entities,
        "  copydesk entities build --check mine.jsonl\n  copydesk entities build mine.jsonl -o names\n"
        "  copydesk entities list 'UN Security Council' UNSC",
    ),
)
