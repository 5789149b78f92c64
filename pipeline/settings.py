"""The settings of a run: frozen, typed, and checked before anything starts.

Built-in defaults (`configs/copydesk.toml`, where every key is explained) < the file given with `--config`, or
`./copydesk.toml` if there is one < environment variables `COPYDESK_SECTION__KEY` < flags of the command line.

Before: `[input]` / `max_ration = 5` in `mine.toml`.
After: UsageError "mine.toml: [input] max_ration: no such key; did you mean max_ratio?"
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from pipeline.engines.engine_settings import RUNNERS, DataflowSettings, FlinkSettings, PrismSettings, SparkSettings
from pipeline.setting_kinds import Character, Choice, Folders, Kind, Number, Paths, Switch, Text, Value, Whole, Words
from pipeline.setting_sources import from_environment, from_file, from_text, from_toml
from pipeline.streaming.stream_settings import StreamSettings
from pipeline.watch.watch_settings import WatchSettings
from schemas.units import MIB
from transforms.entities.name_tiers import TIERS
from transforms.language_rules import DETECTORS

DEFAULT_FILE = "copydesk.toml"
"""Read from the current folder when `--config` names no other file."""

_NAMES = Annotated[tuple[str, ...], Words()]


@dataclass(frozen=True, slots=True)
class FieldNames:
    """[input.fields]: which fields of a JSON object, row or feed item hold what, tried before the built-in guesses."""

    text: _NAMES
    html: _NAMES
    headline: _NAMES
    standfirst: _NAMES
    description: _NAMES
    byline: _NAMES
    authors: _NAMES
    published: _NAMES
    modified: _NAMES
    url: _NAMES
    publisher: _NAMES
    language: _NAMES
    section: _NAMES
    keywords: _NAMES
    license: _NAMES
    image_url: _NAMES


@dataclass(frozen=True, slots=True)
class InputSettings:
    """[input]: the limits of what is read. Sizes in bytes, after decompression."""

    max_file_bytes: Annotated[int, Whole(1, 2**60, "bytes")]
    max_ratio: Annotated[int, Whole(2, 1_000_000)]
    max_record_bytes: Annotated[int, Whole(1024, 2**31 - 1, "bytes")]
    max_depth: Annotated[int, Whole(16, 2000, "nested elements")]
    max_lines: Annotated[int, Whole(100, 100_000_000, "lines")]
    csv_delimiter: Annotated[str, Character(optional=True)]
    csv_quote: Annotated[str, Character()]
    fields: FieldNames


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """[limits]: what one record may cost, and which records are worked on in a process of their own."""

    seconds: Annotated[float, Number(0.1, 3600)]
    memory_mib: Annotated[int, Whole(64, 1_048_576, "MiB")]
    output_mib: Annotated[int, Whole(1, 2047, "MiB")]
    isolate_bytes: Annotated[int, Whole(0, 2**31 - 1, "bytes")]
    isolate_tags: Annotated[int, Whole(0, 2**31 - 1, "tags")]
    isolate_references: Annotated[int, Whole(0, 2**31 - 1, "references")]
    isolate_line: Annotated[int, Whole(0, 2**31 - 1, "characters")]
    hang_seconds: Annotated[float, Number(1, 86_400)]


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """[clean]: what becomes of an article's text."""

    quotes: Annotated[str, Choice(("keep", "ascii"))]
    dashes: Annotated[str, Choice(("keep", "ascii"))]
    standfirst_in_body: Annotated[bool, Switch()]
    block_model: Annotated[bool, Switch()]
    rule_folders: Annotated[tuple[str, ...], Folders()]


@dataclass(frozen=True, slots=True)
class LearnSettings:
    """[learn]: whether and from how many articles it is learned what sites repeat."""

    enabled: Annotated[bool, Switch()]
    articles: Annotated[int, Whole(1, 100_000, "articles")]
    articles_per_site: Annotated[int, Whole(3, 100, "articles")]
    share_of_run: Annotated[float, Number(0, 1)]


@dataclass(frozen=True, slots=True)
class DescribeSettings:
    """[describe]: when a guess is good enough to be written down."""

    language_min_letters: Annotated[int, Whole(1, 10_000, "letters")]
    language_min_confidence: Annotated[float, Number(0, 1)]
    language_detector: Annotated[str, Choice(DETECTORS)]


@dataclass(frozen=True, slots=True)
class EntitySettings:
    """[entities]: what is looked for in the body, and by which aliases."""

    enabled: Annotated[bool, Switch()]
    dates: Annotated[bool, Switch()]
    quotes: Annotated[bool, Switch()]
    quantities: Annotated[bool, Switch()]
    ner: Annotated[str, Choice(TIERS)]
    files: Annotated[tuple[str, ...], Paths()]


@dataclass(frozen=True, slots=True)
class FilterSettings:
    """[filter]: which articles are kept; `transforms.row_filter` checks the expression."""

    expression: Annotated[str, Text()]


@dataclass(frozen=True, slots=True)
class LakeSettings:
    """[lake]: the shape of the Parquet files, and whether they are Iceberg tables as well. Sizes in MiB."""

    table_format: Annotated[str, Choice(("parquet", "iceberg"))]
    target_file_mib: Annotated[int, Whole(1, 4096, "MiB")]
    row_group_mib: Annotated[int, Whole(1, 1024, "MiB")]
    buffer_mib: Annotated[int, Whole(1, 1024, "MiB")]

    @property
    def target_file_bytes(self) -> int:
        """`target_file_mib` in bytes."""
        return self.target_file_mib * MIB

    @property
    def row_group_bytes(self) -> int:
        """`row_group_mib` in bytes."""
        return self.row_group_mib * MIB

    @property
    def buffer_bytes(self) -> int:
        """`buffer_mib` in bytes."""
        return self.buffer_mib * MIB


@dataclass(frozen=True, slots=True)
class IcebergSettings:
    """[iceberg]: where Iceberg tables are registered; `pipeline.lake.iceberg.place` explains it."""

    catalog: Annotated[str, Text()]
    warehouse: Annotated[str, Text()]
    namespace: Annotated[str, Text()]


@dataclass(frozen=True, slots=True)
class RunSettings:
    """[run]: how the run is carried out; nothing here changes a row."""

    runner: Annotated[str, Choice(RUNNERS)]
    workers: Annotated[int, Whole(1, 256, auto=True)]
    workers_from_mib: Annotated[int, Whole(0, 1_000_000, "MiB")]
    max_reject_share: Annotated[float, Number(0, 1)]
    beam_options: _NAMES


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run, checked."""

    input: InputSettings
    limits: LimitSettings
    clean: CleanSettings
    learn: LearnSettings
    describe: DescribeSettings
    entities: EntitySettings
    filter: FilterSettings
    lake: LakeSettings
    watch: WatchSettings
    iceberg: IcebergSettings
    run: RunSettings
    prism: PrismSettings
    flink: FlinkSettings
    spark: SparkSettings
    dataflow: DataflowSettings
    stream: StreamSettings


class Flag(NamedTuple):
    """A setting given on the command line: the flag as the user wrote it, the key it sets ("run.workers"), its text."""

    name: str
    key: str
    text: str


_ENGINES = (PrismSettings, FlinkSettings, SparkSettings, DataflowSettings, StreamSettings)

SHAPES_NO_ROW = frozenset(
    {
        *(
            f"{engine.__name__.removesuffix('Settings').lower()}.{key.name}"
            for engine in _ENGINES
            for key in fields(engine)
        ),
        "lake.buffer_mib",
        "lake.table_format",
        "iceberg.catalog",
        "iceberg.namespace",
        "iceberg.warehouse",
        "limits.hang_seconds",
        "limits.isolate_bytes",
        "limits.isolate_line",
        "limits.isolate_references",
        "limits.isolate_tags",
        "run.beam_options",
        "run.max_reject_share",
        "run.runner",
        "run.workers",
        "run.workers_from_mib",
        *(f"watch.{key.name}" for key in fields(WatchSettings)),
    }
)
"""The keys that neither rows nor files depend on; all others stand in `row_settings`."""

_RULE_FILES = (".toml", ".tsv", ".npy")
_SETTINGS_FILES = (DEFAULT_FILE, "prism.toml", "flink.toml", "spark.toml", "dataflow.toml", "stream.toml")
"""Files of `configs/` that hold settings: what they say counts where they are given, and not for lying there."""
_NO_RULES = ("samples", "__pycache__")
_STORE_MANIFEST = "entities/compiled/manifest.json"

BUILT_IN = "built_in_configs"
"""The key of `row_settings` for what the files of `configs/` hold; no setting."""


def load_settings(
    config: str | None = None, *, environment: Mapping[str, str] | None = None, flags: Sequence[Flag] = ()
) -> Settings:
    """The settings of a run, from all four places in their order.

    `config` is the path of a settings file; without it `./copydesk.toml` is read if it exists. `environment` is
    `os.environ` unless given. Raises UsageError (one line: place, key, value, what is allowed) at the first mistake.
    """
    values = dict(_defaults())
    file = Path(DEFAULT_FILE) if config is None else Path(config)
    if config is not None or file.is_file():
        values.update(from_file(file, _kinds()))
    values.update(from_environment(os.environ if environment is None else environment, _kinds()))
    for flag in flags:
        values[flag.key] = from_text(flag.name, flag.key, flag.text, _kinds())
    settings = _build(Settings, values, "")
    assert isinstance(settings, Settings)
    return settings


@lru_cache(maxsize=1)
def default_settings() -> Settings:
    """The built-in defaults alone: no file, no environment."""
    settings = _build(Settings, _defaults(), "")
    assert isinstance(settings, Settings)
    return settings


def row_settings(settings: Settings) -> dict[str, Value]:
    """Every setting that rows or files depend on, as `section.key` → value, sorted: what a manifest records.

    Rule folders are stated by the digest of the rule files in them, alias files by that of the store compiled from them: where
    they lie says nothing, what they hold does. So are the built-in rules and lists (`BUILT_IN`), which may be edited in a clone without a new version.
    """
    values = {key: value for key, value in _flatten(settings, "") if key not in SHAPES_NO_ROW}
    values["clean.rule_folders"] = tuple(_digest_of_rules(Path(folder)) for folder in settings.clean.rule_folders)
    if settings.entities.files:
        # Loaded here: they pull in the compiler of alias files, which a command without such files can do without.
        from pipeline.entities.build import store_folder
        from transforms.entities.store import AliasStore

        values["entities.files"] = (AliasStore.open(store_folder(settings.entities.files)).sha256,)
    values[BUILT_IN] = _digest_of_built_in()
    return dict(sorted(values.items()))


def setting_keys() -> tuple[str, ...]:
    """Every key as "section.key", in the order of the classes."""
    return tuple(_kinds())


@lru_cache(maxsize=1)
def _kinds() -> dict[str, Kind]:
    return dict(_kinds_of(Settings, ""))


def _kinds_of(section: type, prefix: str) -> Iterator[tuple[str, Kind]]:
    hints = get_type_hints(section, include_extras=True)
    for field in fields(section):
        hint = hints[field.name]
        if get_origin(hint) is Annotated:
            yield prefix + field.name, get_args(hint)[1]
        else:
            yield from _kinds_of(hint, f"{prefix}{field.name}.")


def _build(section: Any, values: Mapping[str, Value], prefix: str) -> object:
    """`section` (one of the classes above) filled from `values`, its sections first."""
    hints = get_type_hints(section)
    return section(
        **{
            field.name: _build(hints[field.name], values, f"{prefix}{field.name}.")
            if is_dataclass(hints[field.name])
            else values[prefix + field.name]
            for field in fields(section)
        }
    )


def _flatten(section: Any, prefix: str) -> Iterator[tuple[str, Value]]:
    for field in fields(section):
        value = getattr(section, field.name)
        if is_dataclass(value):
            yield from _flatten(value, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name, value


@lru_cache(maxsize=1)
def _defaults() -> Mapping[str, Value]:
    resource = package_files("configs").joinpath("copydesk.toml")
    return from_toml(resource.read_bytes(), "the built-in defaults", Path(), _kinds())


def _digest_of_rules(folder: Path) -> str:
    """Digest of exactly the files that `pipeline.rules.load_rules` reads."""
    return _digest((path.name, path.read_bytes()) for path in sorted(folder.glob("*.toml")))


@lru_cache(maxsize=1)
def _digest_of_built_in() -> str:
    found = dict(_built_in_files(Path(str(package_files("configs"))), ""))
    return _digest((name, found[name].read_bytes()) for name in sorted(found))


def _built_in_files(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    """The files of `folder` and below that rows can depend on. Of the aliases these are the manifest of the compiled store, which
    states the digests of its parts."""
    for entry in folder.iterdir():
        name = prefix + entry.name
        if entry.is_dir():
            if name not in _NO_RULES:
                yield from _built_in_files(entry, f"{name}/")
        elif name not in _SETTINGS_FILES and (name.endswith(_RULE_FILES) or name == _STORE_MANIFEST):
            yield name, entry


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 (hexadecimal) of files by name and content."""
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()
