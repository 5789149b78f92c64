"""Reads the alias files of a run: the built-in ones and the user's, in the order in which later ones win.

Before: configs/entities/*.jsonl and ["mine.jsonl"]. After: the entities of all, merged by id, and the files with their digests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import files as package_files
from pathlib import Path
from typing import NamedTuple

from schemas.errors import UsageError
from transforms.entities.alias_entity import AliasEntity, Problem
from transforms.entities.alias_file import merge_files, read_alias_file
from transforms.entities.compile import Source

COMPILED = "compiled"
"""The folder of the built-in store, beside the built-in files."""


class Sources(NamedTuple):
    """What alias files hold: the merged entities, sorted by id; the files; what is wrong in them; ids that files state again."""

    entities: tuple[AliasEntity, ...]
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    replaced: tuple[Problem, ...]


def built_in_folder() -> Path:
    """configs/entities."""
    return Path(str(package_files("configs").joinpath("entities")))


def built_in_files() -> tuple[Path, ...]:
    """The alias files of configs/entities, in order of name."""
    return tuple(sorted(built_in_folder().glob("*.jsonl")))


def read_sources(files: Sequence[str | Path] = (), *, built_in: bool = True) -> Sources:
    """The entities of the built-in files and then of `files`. A file that is a built-in one is read once.

    Raises UsageError where a file can't be read at all; what is wrong inside files stands in `problems`.
    """
    shipped = built_in_files() if built_in else ()
    known = {path.resolve() for path in shipped}
    read: list[tuple[AliasEntity, ...]] = []
    sources: list[Source] = []
    problems: list[Problem] = []
    for path in (*shipped, *(Path(file) for file in files if Path(file).resolve() not in known)):
        name = path.name if path in shipped else str(path)
        file = read_alias_file(path, name)
        read.append(file.entities)
        problems.extend(file.problems)
        sources.append(Source(path.name, hashlib.sha256(path.read_bytes()).hexdigest()))
    return Sources(merge_files(read), tuple(sources), tuple(problems), tuple(_replaced(read)))


def usable(sources: Sources) -> Sources:
    """`sources` if nothing is wrong in them; else UsageError with the first problem and how many there are."""
    if sources.problems:
        more = len(sources.problems) - 1
        rest = f" (and {more:,} more: copydesk entities build --check)" if more else ""
        raise UsageError(f"{sources.problems[0]}{rest}")
    return sources


def _replaced(read: Sequence[Sequence[AliasEntity]]) -> list[Problem]:
    seen: dict[str, AliasEntity] = {}
    found: list[Problem] = []
    for entities in read:
        for entity in entities:
            earlier = seen.get(entity.id)
            if earlier and not entity.removed:
                found.append(
                    Problem(entity.file, entity.line, "id", f"{entity.id} replaces {earlier.file}:{earlier.line}")
                )
            seen[entity.id] = entity
    return found
