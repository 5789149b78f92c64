"""Imports a whole file as an alias file: a Wikidata dump, FollowTheMoney lines, or CSV, told by their content; read as a stream.

Before: dump.json.bz2. After: places.jsonl, and how many records were read, written, skipped (why) and broken (which lines).
"""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from pipeline.entities.import_classes import Classes, load_classes
from pipeline.entities.import_records import BadRecordError, SkippedError, csv_line, followthemoney_line, wikidata_line
from schemas.errors import UsageError
from transforms.entities.alias_file import parse_alias_file

_MAX_LINE = 64 * 1024 * 1024
"""Characters of one line; the largest items of Wikidata have a few million."""
_NAMED = 10
"""Broken lines that are named; the others are counted."""
_MAGIC = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open}


class Imported(NamedTuple):
    """What an import did. `skipped`: (why, how many), most first. `broken`: "line: why" of the first broken lines."""

    read: int
    written: int
    skipped: tuple[tuple[str, int], ...]
    bad: int
    broken: tuple[str, ...]


def import_file(source: str, output: str, *, min_sitelinks: int) -> Imported:
    """Writes the alias file `output` from `source`; it appears whole or not at all. Bad lines are counted, not fatal.

    Raises UsageError where `source` can't be read or is none of the formats.
    """
    if not output.endswith(".jsonl"):
        raise UsageError(f"{output}: an imported alias file ends in .jsonl")
    target = Path(output)
    skipped: Counter[str] = Counter()
    broken: list[str] = []
    seen: set[str] = set()
    read = written = bad = 0
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    except OSError as error:
        raise UsageError(f"{output}: can't be written: {error.strerror or error}") from error
    made = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            for number, record in _records(source, load_classes(), min_sitelinks):
                read += 1
                if isinstance(record, SkippedError):
                    skipped[str(record)] += 1
                    continue
                problem = str(record) if isinstance(record, BadRecordError) else _problem(record, seen)
                if problem or isinstance(record, BadRecordError):
                    bad += 1
                    if len(broken) < _NAMED:
                        broken.append(f"{source}:{number}: {problem}")
                    continue
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                written += 1
        made.chmod(0o644)
        made.replace(target)
    except (OSError, EOFError) as error:
        raise UsageError(f"{source}: can't be read to its end: {getattr(error, 'strerror', None) or error}") from error
    finally:
        made.unlink(missing_ok=True)
    return Imported(
        read, written, tuple(sorted(skipped.items(), key=lambda each: (-each[1], each[0]))), bad, tuple(broken)
    )


def _problem(line: Mapping[str, Any], seen: set[str]) -> str:
    """What the reader of alias files would say of the line; "" if nothing."""
    if line["source"] != "Wikidata":  # A dump holds each item once; remembering millions would take memory.
        if line["id"] in seen:
            return f"id {line['id']} came before"
        seen.add(line["id"])
    problems = parse_alias_file(json.dumps(line), "x.jsonl").problems
    return f"{problems[0].key}: {problems[0].message}" if problems else ""


def _records(
    source: str, classes: Classes, min_sitelinks: int
) -> Iterator[tuple[int, dict[str, Any] | SkippedError | BadRecordError]]:
    """(line, what became of it) of each record."""
    with _opened(source) as stream:
        if _is_csv(source):
            yield from _rows(source, stream)
            return
        for number, line in _lines(stream):
            text = line.strip().rstrip(",")
            if text in ("", "[", "]"):
                continue
            try:
                record = json.loads(text)
                if not isinstance(record, Mapping):
                    raise BadRecordError("no object")
                if "schema" in record and "properties" in record:
                    yield number, followthemoney_line(record, classes)
                else:
                    yield number, wikidata_line(record, classes, min_sitelinks)
            except (SkippedError, BadRecordError) as outcome:
                yield number, outcome
            except (ValueError, RecursionError) as error:
                yield number, BadRecordError(f"not valid JSON: {error}")


def _rows(source: str, stream: IO[str]) -> Iterator[tuple[int, dict[str, Any] | BadRecordError]]:
    reader = csv.DictReader(stream)
    if not {"id", "type", "name"} <= set(reader.fieldnames or ()):
        raise UsageError(f"{source}: a CSV file to import has the columns id, type and name in its first line")
    while True:
        try:
            row = next(reader, None)
            if row is None:
                return
            yield reader.line_num, csv_line(row)
        except BadRecordError as outcome:
            yield reader.line_num, outcome
        except csv.Error as error:
            yield reader.line_num, BadRecordError(f"not valid CSV: {error}")


def _lines(stream: IO[str]) -> Iterator[tuple[int, str]]:
    """(number, line); of a line that is too long only its beginning, which is then no valid JSON."""
    number = 0
    while line := stream.readline(_MAX_LINE):
        number += 1
        yield number, line
        while line and not line.endswith("\n") and len(line) == _MAX_LINE:
            line = stream.readline(_MAX_LINE)


def _is_csv(source: str) -> bool:
    return Path(source.removesuffix(".gz").removesuffix(".bz2")).suffix.lower() == ".csv"


@contextmanager
def _opened(source: str) -> Iterator[IO[str]]:
    try:
        with Path(source).open("rb") as file:
            start = file.read(2)
    except OSError as error:
        raise UsageError(f"{source}: can't be read: {error.strerror or error}") from error
    opener: Any = _MAGIC.get(start, open)
    with opener(
        source, "rt", encoding="utf-8-sig", errors="replace", newline="" if _is_csv(source) else None
    ) as stream:
        yield stream
