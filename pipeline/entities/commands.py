"""The actions of `copydesk entities`: their arguments → one call → the lines to print."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.entities.build import build, check, store_folder
from pipeline.entities.import_file import import_file
from schemas.entities import AliasKind
from schemas.errors import UsageError
from transforms.entities.store import AliasStore


class Result(NamedTuple):
    """What a command says, and whether what it checked holds."""

    lines: tuple[str, ...]
    holds: bool = True


def run_entities(parsed: argparse.Namespace) -> Result:
    """Runs one action. Raises UsageError on arguments that don't fit it, or on files that are wrong."""
    if parsed.action == "list":
        return _list(parsed.operands, as_json=parsed.json)
    if parsed.action == "import":
        return _import(parsed.operands, parsed.output, parsed.min_sitelinks, as_json=parsed.json)
    if parsed.check:
        return _check(parsed.operands, as_json=parsed.json)
    built = build(parsed.operands, parsed.output)
    if parsed.json:
        return Result((json.dumps({**built._asdict(), "folder": str(built.folder)}),))
    left = f"; {built.left:,} shared aliases stay without a link" if built.left else ""
    return Result((f"{built.folder}: {built.entities:,} entities, {built.bytes / 1e6:.1f} MB{left}",))


def _check(files: Sequence[str], *, as_json: bool) -> Result:
    checked = check(files)
    holds = not checked.problems
    if as_json:
        return Result((json.dumps(checked._asdict(), ensure_ascii=False),), holds)
    wrong = f"{len(checked.problems):,} problems" if checked.problems else "nothing wrong"
    last = f"{checked.entities:,} entities, {checked.aliases:,} aliases: {wrong}"
    return Result((*checked.problems, *(f"note: {note}" for note in checked.notes), last), holds)


def _import(files: Sequence[str], output: str | None, min_sitelinks: int, *, as_json: bool) -> Result:
    if len(files) != 1 or not output:
        raise UsageError("entities import takes one file and -o FILE.jsonl. See `copydesk entities --help`.")
    done = import_file(files[0], output, min_sitelinks=min_sitelinks)
    holds = done.written > 0 or not done.bad  # Nothing but broken lines: another kind of file.
    if as_json:
        return Result((json.dumps(done._asdict(), ensure_ascii=False),), holds)
    skipped = tuple(f"skipped {count:,}: {why}" for why, count in done.skipped)
    broken = tuple(f"broken: {line}" for line in done.broken)
    last = f"{output}: {done.written:,} entities of {done.read:,} records; {done.bad:,} broken"
    return Result((*skipped, *broken, last), holds)


def _list(names: Sequence[str], *, as_json: bool) -> Result:
    if not names:
        raise UsageError("entities list: name what to look up, such as `copydesk entities list Iran`")
    store = AliasStore.open(store_folder())
    kinds = tuple(AliasKind)
    rows = []
    for name in names:
        for reading in store.readings_of(name):
            entity = store.entity(reading.entity)
            language = next(code for code, index in store.languages.items() if index == reading.language)
            rows.append(
                {
                    "name": name,
                    "kind": kinds[reading.kind].value,
                    "language": language,
                    "prior": reading.prior,
                    "id": entity.id,
                    "canonical_name": entity.name,
                    "type": entity.type.value,
                    "iso_code": entity.iso_code,
                }
            )
    if as_json:
        return Result(tuple(json.dumps(row, ensure_ascii=False) for row in rows), bool(rows))
    lines = tuple(
        "  ".join(str(row[key]) for key in ("name", "kind", "language", "id", "type", "canonical_name", "prior"))
        for row in rows
    )
    missed = tuple(f"{name}: no alias" for name in names if all(row["name"] != name for row in rows))
    return Result((*lines, *missed), bool(rows))
