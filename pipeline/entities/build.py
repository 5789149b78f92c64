"""Builds alias stores: the built-in one, one in a folder that is named, or one in the cache for the files that settings name.

Before: alias files. After: a folder with the compiled store (`transforms.entities.store_format`).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.entities.alias_sources import COMPILED, Sources, built_in_folder, read_sources, usable
from pipeline.entities.example_check import check_examples
from schemas.errors import UsageError
from transforms.entities.compile import Compiled, compile_store, write_store
from transforms.entities.name_key import name_key
from transforms.entities.store import AliasStore
from transforms.entities.store_format import FORMAT, MANIFEST


class Built(NamedTuple):
    """A finished store and how many aliases in it stay undecided because their lines ask for that."""

    folder: Path
    entities: int
    left: int
    bytes: int


class Checked(NamedTuple):
    """What `check` found: problems, notes (ids that a later file replaces), and how much was read."""

    entities: int
    aliases: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def check(files: Sequence[str] = ()) -> Checked:
    """Everything that is wrong with the built-in files and `files`: keys, values, shared aliases, examples. Writes nothing."""
    sources = read_sources(files)
    compiled, clashes = compile_store(sources.entities, sources.sources, name_key=name_key)
    with tempfile.TemporaryDirectory() as folder:
        write_store(compiled, Path(folder))
        examples = tuple(check_examples(sources.entities, AliasStore.open(folder)))
    problems = (*map(str, sources.problems), *map(str, clashes), *map(str, examples))
    aliases = sum(len(entity.aliases) for entity in sources.entities)
    return Checked(len(sources.entities), aliases, problems, tuple(map(str, sources.replaced)))


def build(files: Sequence[str], output: str | None) -> Built:
    """Compiles the built-in files and `files` into `output`, by default (without `files`) into configs/entities/compiled.

    Raises UsageError with the file, line, key and reason at the first thing that is wrong.
    """
    if files and not output:
        raise UsageError("entities build: name a folder for a store with files of your own (-o FOLDER)")
    sources = usable(read_sources(files))
    compiled = _compiled(sources)
    folder = Path(output) if output else built_in_folder() / COMPILED
    if output and folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise UsageError(f"{folder}: not empty and no alias store; name another folder")
    _replace(compiled, folder)
    failures = tuple(check_examples(sources.entities, AliasStore.open(folder)))
    if failures:
        raise UsageError(str(failures[0]))
    return Built(folder, len(sources.entities), compiled.left, sum(map(len, compiled.files.values())))


def store_folder(files: Sequence[str] = (), cache: Path | None = None) -> Path:
    """The folder of the store for the files that settings name: the built-in one if none; a folder that is a store itself; else
    one in the cache, built once for each content of the files and this version's aliases.

    `cache` is ~/.cache/copydesk/entities unless given ($XDG_CACHE_HOME counts). Raises UsageError.
    """
    built_in = built_in_folder() / COMPILED
    if not files:
        return built_in
    if len(files) == 1 and (Path(files[0]) / MANIFEST).is_file():
        return Path(files[0])
    digest = hashlib.sha256(f"{FORMAT}\0".encode() + (built_in / MANIFEST).read_bytes())
    for file in files:
        try:
            digest.update(Path(file).name.encode() + b"\0" + hashlib.sha256(Path(file).read_bytes()).digest())
        except OSError as error:
            raise UsageError(f"{file}: can't read the alias file: {error.strerror or error}") from error
    folder = (cache or _cache()) / digest.hexdigest()[:32]
    if not (folder / MANIFEST).is_file():
        _replace(_compiled(usable(read_sources(files))), folder)
    return folder


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "copydesk" / "entities"


def _compiled(sources: Sources) -> Compiled:
    compiled, clashes = compile_store(sources.entities, sources.sources, name_key=name_key)
    if clashes:
        more = f" (and {len(clashes) - 1:,} more: copydesk entities build --check)" if len(clashes) > 1 else ""
        raise UsageError(f"{clashes[0]}{more}")
    return compiled


def _replace(compiled: Compiled, folder: Path) -> None:
    """Puts the store at `folder` in one step: made beside it, then renamed, so that no worker sees half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        made.chmod(0o755)
        write_store(compiled, made)
        if folder.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
            folder.rename(old / "old")
            made.rename(folder)
            shutil.rmtree(old)
        else:
            try:
                made.rename(folder)
            except OSError:
                if not (folder / MANIFEST).is_file():  # Another process was first with the same content.
                    raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
