"""The command `copydesk`: arguments → settings → one call; no logic of its own.

Exit codes: 0 done; 1 done, but a check failed or more was rejected than allowed; 2 unusable arguments or settings;
3 failed, nothing of the run is visible; 130 stopped by Ctrl-C, 143 by SIGTERM. Results go to standard output, all else to
standard error. Beam (a second to import) is imported by the commands that need it only.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from pipeline.arguments import parse, setting_flags
from pipeline.failure_log import FailureLog, collected_logs, reason_of
from pipeline.settings import Settings, load_settings
from pipeline.supervisor import supervise
from pipeline.visible import one_line
from pipeline.worker import stop_all
from schemas.errors import ConflictError, StoppedEarlyError, UnfinishedError, UsageError
from transforms.secrets import mask_secrets

if TYPE_CHECKING:
    from pipeline.summary import Summary

DONE, CHECK_FAILED, USAGE, FAILED, INTERRUPTED, BROKEN_PIPE, TERMINATED = 0, 1, 2, 3, 130, 141, 143

_SAME = 1.0
"""Seconds within which a second signal of the same kind is the first one."""


class _Terminated(BaseException):
    """SIGTERM arrived; raised in the main thread so that temporary folders and workers are cleaned up on the way out."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command (without `arguments`: the process's own) and returns its exit code. Prints one line on errors."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if arguments is None and _writes(given):
        supervise()
    debug = "--debug" in given
    with collected_logs(debug=debug) as log, _stop_signals() as received:
        try:
            parsed = parse(given)
            code = COMMANDS[parsed.command](parsed)
            sys.stdout.flush()
            return code
        except UsageError as error:
            return _stop(USAGE, f"error: {one_line(str(error))}")
        except ConflictError as error:
            return _stop(FAILED, f"conflict: {one_line(str(error))}")
        except (UnfinishedError, StoppedEarlyError) as error:
            return _stop(CHECK_FAILED, one_line(str(error)))
        except (KeyboardInterrupt, _Terminated):
            return _stopped(received, given)
        except BrokenPipeError:
            # The reader (`head`) has seen enough. Python would complain again when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return BROKEN_PIPE
        except SystemExit as error:
            return error.code if isinstance(error.code, int) else DONE
        except Exception as error:
            if received:  # Beam turns whatever is raised while a step runs into a RuntimeError
                return _stopped(received, given)
            if debug:
                traceback.print_exc()
            return _failed(error, log, given)


def _writes(given: Sequence[str]) -> bool:
    return given[:1] in (["ingest"], ["watch"], ["stream"], ["demo"], ["migrate"], ["replay"], ["compact"], ["forget"])


def _stopped(received: Sequence[int], given: Sequence[str]) -> int:
    by, code = ("SIGTERM", TERMINATED) if signal.SIGTERM in received else ("Ctrl-C", INTERRUPTED)
    return _stop(code, f"stopped by {by}{_left_behind(given)}")


def _left_behind(given: Sequence[str]) -> str:
    # Not "nothing": the signal may arrive just after the manifest was published.
    if given[:1] == ["stream"]:
        return "; whatever is in the lake is whole, and the same command goes on from there"
    return "; the lake has this run whole or not at all, and the next run cleans up" if _writes(given) else ""


def _failed(error: Exception, log: FailureLog, given: Sequence[str]) -> int:
    file = log.write(error)
    nothing = "; nothing of this run is visible" if _writes(given) else ""
    if given[:1] == ["stream"]:
        nothing = _left_behind(given)
    where = f"; log: {file}" if file else ""
    return _stop(FAILED, f"failed: {reason_of(error)}{nothing}{where}")


def _stop(code: int, line: str) -> int:
    print(f"copydesk: {mask_secrets(line)}", file=sys.stderr)
    return code


def _ingest(parsed: argparse.Namespace) -> int:
    settings = load_settings(parsed.config, flags=setting_flags(parsed))

    from pipeline.progress import ProgressView
    from pipeline.run import ingest

    summary = ingest(
        parsed.inputs,
        parsed.lake,
        settings,
        force=parsed.force,
        since=parsed.since,
        dry_run=parsed.dry_run,
        progress=ProgressView.on(sys.stderr, quiet=parsed.quiet),
    )
    try:
        if parsed.json:
            print(summary.to_json())
        elif not parsed.quiet:
            from rich.console import Console

            from pipeline.summary import print_summary

            print_summary(summary, Console())
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        return _stop(FAILED, f"the run is in the lake, but its summary can't be written: {error.strerror or error}")
    return _judged(summary, settings)


def _stream(parsed: argparse.Namespace) -> int:
    settings = load_settings(parsed.config, flags=setting_flags(parsed))

    from pipeline.streaming.start import check_sources, stream

    check_sources(parsed.sources, settings)
    where = one_line(f"{', '.join(parsed.sources)} on {settings.run.runner}, into {parsed.lake}")
    print(f"copydesk: streaming {mask_secrets(where)}; Ctrl-C ends it", file=sys.stderr, flush=True)
    stream(parsed.sources, parsed.lake, settings)
    return DONE


def _judged(summary: Summary, settings: Settings) -> int:
    allowed = settings.run.max_reject_share
    if summary.reject_share <= allowed:
        return DONE
    share = f"{summary.rejects:,} of {summary.read:,} records were rejected ({summary.reject_share:.1%})"
    most = next(iter(summary.rejects_by_code), None)
    why = f"; most often {most.name} ({most.number:,})" if most else ""
    return _stop(
        CHECK_FAILED, f"{share}, more than run.max_reject_share = {allowed:g} allows{why}; see the table rejects"
    )


def _watch(parsed: argparse.Namespace) -> int:
    settings = load_settings(parsed.config, flags=setting_flags(parsed))

    from pipeline.watch.command import run_watch

    return run_watch(parsed, settings)


def _demo(parsed: argparse.Namespace) -> int:
    from pipeline.demo import demo

    demo(parsed.lake)
    return DONE


def _inspect(parsed: argparse.Namespace) -> int:
    settings = load_settings(parsed.config)

    from pipeline.inspect import inspect_file

    inspect_file(
        parsed.file,
        settings,
        sys.stdout,
        as_json=parsed.json,
        every_record=parsed.all,
        why=parsed.why,
        line=parsed.line,
    )
    return DONE


def _verify(parsed: argparse.Namespace) -> int:
    from pipeline.lake.verify import verify

    problems = verify(parsed.lake)
    if parsed.json:
        fields = [{"promise": each.promise, "path": str(each.path), "message": each.message} for each in problems]
        print(json.dumps({"lake": parsed.lake, "problems": fields}))
    else:
        for each in problems:
            print(one_line(f"promise {each.promise}: {each.path}: {each.message}"))
        print(f"{one_line(parsed.lake)}: {f'{len(problems):,} broken' if problems else 'every promise holds'}")
    return CHECK_FAILED if problems else DONE


def _rules(parsed: argparse.Namespace) -> int:
    if parsed.action in ("learned", "pin", "forget"):
        return _learned_lines(parsed)
    settings = load_settings(parsed.config)

    from pipeline.rule_check import check_rules
    from pipeline.rules import load_rules
    from pipeline.rules_text import failures_text, rules_json, rules_text

    if parsed.action == "try":
        return _rules_try(parsed, settings)
    if parsed.operands:
        raise UsageError(
            f"rules {parsed.action} takes no further argument {parsed.operands[0]!r}. See `copydesk rules --help`."
        )
    rules = load_rules([Path(folder) for folder in settings.clean.rule_folders])
    if parsed.action == "list":
        print(rules_json(rules) if parsed.json else rules_text(rules))
        return DONE
    failures = check_rules(rules)
    print(failures_text(rules, failures, as_json=parsed.json))
    return CHECK_FAILED if failures else DONE


def _rules_try(parsed: argparse.Namespace, settings: Settings) -> int:
    from pipeline.trial_report import try_rules
    from pipeline.trial_report_text import trial_json, trial_text

    report = try_rules(parsed.operands, parsed.on, settings, limit=parsed.limit)
    print(trial_json(report) if parsed.json else trial_text(report))
    return CHECK_FAILED if report.failures else DONE


def _learned_lines(parsed: argparse.Namespace) -> int:
    from pipeline.lake.learned import Verdict
    from pipeline.learned.lake_lines import decide, learned_of, lines_json, lines_text

    shows = parsed.action == "learned"
    lake, ids = parsed.operands[:1], parsed.operands[1:]
    if not lake or shows == bool(ids):
        wanted = "a lake's folder" if shows else "a lake's folder and the ids of lines"
        raise UsageError(f"rules {parsed.action} takes {wanted}. See `copydesk rules --help`.")
    verdict = Verdict.PINNED if parsed.action == "pin" else Verdict.FORGOTTEN
    lines = learned_of(lake[0]) if shows else decide(lake[0], ids, verdict)
    print((lines_json if parsed.json else lines_text)(lake[0], lines))
    return DONE


def _entities(parsed: argparse.Namespace) -> int:
    from pipeline.entities.commands import run_entities

    for line in (result := run_entities(parsed)).lines:
        print(one_line(line))
    return DONE if result.holds else CHECK_FAILED


def _migrate(parsed: argparse.Namespace) -> int:
    settings = load_settings(parsed.config, flags=setting_flags(parsed))

    from pipeline.lake.migrate import migrate, migration_text
    from pipeline.run import wanted_place
    from pipeline.version import pipeline_version

    done = migrate(
        parsed.lake,
        wanted_place(settings),
        pipeline_version=pipeline_version(),
        target_file_bytes=settings.lake.target_file_bytes,
        row_group_bytes=settings.lake.row_group_bytes,
    )
    print(json.dumps(done.as_dict()) if parsed.json else migration_text(parsed.lake, done))
    return DONE


def _query(parsed: argparse.Namespace) -> int:
    from pipeline.query.command import run_query

    run_query(parsed.lake, parsed.sql, parsed.form, parsed.output, sys.stdout)
    return DONE


def _upkeep(parsed: argparse.Namespace) -> int:
    from pipeline.upkeep_commands import run_upkeep

    for line in (result := run_upkeep(parsed)).lines:
        print(one_line(line))
    return DONE if result.holds else CHECK_FAILED


def _schema(parsed: argparse.Namespace) -> int:
    from pipeline.schema_text import schema_json, schema_text

    print(schema_json(parsed.table) if parsed.json else schema_text(parsed.table))
    return DONE


def _version(parsed: argparse.Namespace) -> int:
    from pipeline.version import pipeline_version

    print(f"copydesk {pipeline_version()}")
    return DONE


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "ingest": _ingest,
    "watch": _watch,
    "demo": _demo,
    "inspect": _inspect,
    "verify": _verify,
    "query": _query,
    "stream": _stream,
    "migrate": _migrate,
    "replay": _upkeep,
    "compact": _upkeep,
    "clean": _upkeep,
    "forget": _upkeep,
    "rules": _rules,
    "entities": _entities,
    "schema": _schema,
    "version": _version,
}


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """Raises in the main thread when SIGINT or SIGTERM arrives, and tells which did."""
    received: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield received
        return

    last = [0.0]

    def stop(signum: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if signum in received and now - last[0] < _SAME:
            return  # to the whole group, and by the supervisor once more
        last[0] = now
        received.append(signum)
        threading.excepthook = lambda _: None  # Beam's threads complain about the workers that are gone
        stop_all()  # here, since Beam waits for its workers before it lets an exception through
        raise KeyboardInterrupt if signum == signal.SIGINT else _Terminated

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())
