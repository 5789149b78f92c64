"""The commands that look after a lake: their arguments → one call → the lines to print."""

from __future__ import annotations

import argparse
import json
import sys
from typing import NamedTuple

from pipeline.arguments import setting_flags
from pipeline.settings import load_settings
from pipeline.version import pipeline_version
from schemas.errors import UsageError

_LARGEST_TARGET_MIB = 4096


class Result(NamedTuple):
    """What a command says, and whether what it checked holds."""

    lines: tuple[str, ...]
    holds: bool = True


def run_upkeep(parsed: argparse.Namespace) -> Result:
    """Runs one command. Raises UsageError on arguments that don't fit it, or a lake that can't be used."""
    return {"replay": _replay, "compact": _compact, "forget": _forget, "clean": _clean}[parsed.command](parsed)


def _replay(parsed: argparse.Namespace) -> Result:
    settings = load_settings(parsed.config, flags=setting_flags(parsed))

    from pipeline.progress import ProgressView
    from pipeline.replay import replay, replayed_text

    if parsed.code and parsed.all:
        raise UsageError("replay takes --code or --all, not both. See `copydesk replay --help`.")
    progress = ProgressView.on(sys.stderr, quiet=parsed.quiet)
    done = replay(parsed.lake, settings, codes=parsed.code, every=parsed.all, progress=progress)
    return Result((json.dumps(done._asdict()) if parsed.json else f"{parsed.lake}: {replayed_text(done)}",))


def _compact(parsed: argparse.Namespace) -> Result:
    settings = load_settings(parsed.config)

    from pipeline.lake.compaction import compact, compacted_text

    done = compact(
        parsed.lake,
        pipeline_version=pipeline_version(),
        target_file_mib=_target(parsed.target_mib, settings.lake.target_file_mib),
        row_group_bytes=settings.lake.row_group_bytes,
        dry_run=parsed.dry_run,
    )
    return Result((json.dumps(done._asdict()) if parsed.json else f"{parsed.lake}: {compacted_text(done)}",))


def _clean(parsed: argparse.Namespace) -> Result:
    from pipeline.lake.cleanup import clean, cleaned_text, parse_grace

    done = clean(parsed.lake, parse_grace(parsed.grace), dry_run=parsed.dry_run)
    return Result((json.dumps(done._asdict()),) if parsed.json else tuple(cleaned_text(done)))


def _forget(parsed: argparse.Namespace) -> Result:
    settings = load_settings(parsed.config)

    from pipeline.lake.forget_target import Target
    from pipeline.lake.forgetting import forget, forgotten_text

    done = forget(
        parsed.lake,
        Target.of(source=parsed.source, article=parsed.article, host=parsed.host),
        pipeline_version=pipeline_version(),
        target_file_bytes=settings.lake.target_file_bytes,
        row_group_bytes=settings.lake.row_group_bytes,
        dry_run=parsed.dry_run,
    )
    return Result((json.dumps(done._asdict()),) if parsed.json else tuple(forgotten_text(done)), not done.left)


def _target(given: str | None, default: int) -> int:
    if given is None:
        return default
    if not given.isdecimal() or not 1 <= int(given) <= _LARGEST_TARGET_MIB:
        raise UsageError(f"--target-mib {given}: must be a whole number from 1 to {_LARGEST_TARGET_MIB}")
    return int(given)
