"""What the lake's tests share: invented rows, and a run that is written without Beam."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from pipeline.lake.commit import CommitResult, commit
from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.lake import begin
from pipeline.lake.layout import LakePaths
from pipeline.lake.ledger import already_in
from pipeline.lake.merge import merge_partition
from pipeline.lake.parquet_file import DataFile
from pipeline.lake.rows import READS, TALLY, RunStamp, Staged
from pipeline.lake.run_spec import KNOWN_IDS, RunSpec, prepare
from pipeline.lake.staging import Fragment, Stager
from pipeline.lake.tombstones import FORGOTTEN_FILE, NO_TOMBSTONES, parse
from schemas.codes import (
    Action,
    AuthorKind,
    Calendar,
    Category,
    DatePrecision,
    DateSource,
    Field,
    Normalization,
    RejectCode,
    Scope,
    SourceFormat,
    Stage,
    ZoneSource,
)
from schemas.entities import AliasKind, EntityType, Mention, MentionMethod, Mentions, Quote
from schemas.records import Agency, Article, Author, InputFile, Quality, ReadCount, Reject, Removed
from transforms.normalize import fingerprint, rebuild
from transforms.rejects import make_reject

LANGUAGES = ("en", "zh-Hant", "x-odd/tag #1")
VERSION = "9.9.9"
SETTINGS = {"cleaning": {"quotes": "keep"}, "input": {"max_depth": 200}}


def digest(text: str) -> str:
    """An id such as the pipeline makes."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Input:
    """One input file and the rows that it gives."""

    file: InputFile
    rows: tuple[Staged, ...]
    records: int


def sample_article(
    source_uri: str, *, name: str | None = None, seed: int = 0, language: str | None = None, body: str | None = None
) -> tuple[Article, tuple[Removed, ...]]:
    """An invented article with 0 to 3 removals that rebuild its text."""
    rng = random.Random(f"{source_uri}/{seed}")
    language = language or rng.choice(LANGUAGES)
    published = datetime(2024, 1, 28, tzinfo=timezone.utc) + timedelta(minutes=rng.randrange(10_000))
    known = rng.random() < 0.8
    if language == "en-GB":
        # All in one partition, for tests that repeat a run many times.
        published, known = datetime(2024, 3, 1, tzinfo=timezone.utc), True
    month = published.strftime("%Y-%m") if known else None
    article_id = digest(f"{name or source_uri}/{seed}")
    body = body or "\n".join(f"The harbour of Port Ellery took in {rng.randrange(9999)} boats." for _ in range(3))
    removed = []
    place = 0
    for seq in range(rng.randrange(4)):
        text = f"Read more: {seq}"
        removed.append(
            Removed(
                article_id,
                seq,
                Field.BODY,
                place,
                place + len(text),
                text,
                min(seq * 5, len(body)),
                "related.read_more",
                Category.RELATED,
                Scope.GLOBAL,
                Action.REMOVED,
                language,
                month,
            )
        )
        place += len(text) + 7
    article = Article(
        article_id=article_id,
        work_id=digest(source_uri),
        source_sha256=hashlib.sha256(source_uri.encode()).hexdigest(),
        content_sha256=hashlib.sha256(body.encode()).hexdigest(),
        source_uri=source_uri,
        source_format=SourceFormat.TEXT,
        charset="utf-8",
        host=rng.choice((None, "ellery.example")),
        url=None,
        canonical_url=None,
        publisher="The Ellery Lantern",
        headline=f"Boats {seed}",
        alternative_headline=None,
        standfirst=None,
        description=None,
        body=body,
        authors=(Author("Ada Quill", AuthorKind.PERSON), Author("Lantern Desk", AuthorKind.STAFF))[: rng.randrange(3)],
        byline="Ada Quill",
        dateline="PORT ELLERY",
        dateline_country=None,
        agencies=(Agency("Northwire", "NORTHWIRE", None),)[: rng.randrange(2)],
        section=None,
        keywords=("harbour", "boats")[: rng.randrange(3)],
        published_at=published if known else None,
        modified_at=None,
        published_raw=None,
        published_source=DateSource.META if known else DateSource.NONE,
        published_precision=DatePrecision.MINUTE if known else None,
        published_confidence=0.5,
        published_timezone="UTC" if known else None,
        published_timezone_source=ZoneSource.STATED if known else None,
        published_calendar=Calendar.GREGORIAN if known else None,
        fetched_at=None,
        language=language,
        language_confidence=0.75,
        license=None,
        copyright_notice=None,
        word_count=len(body.split()),
        lead_image_url=None,
        is_accessible_for_free=None,
        quality=Quality(symbol_share=0.25) if rng.random() < 0.5 else Quality(),
        normalizations=(Normalization.NBSP, Normalization.QUOTES)[: rng.randrange(3)],
        text_fingerprint=fingerprint(rebuild(body, removed)),
        published_month=month,
    )
    return article, tuple(removed)


def sample_mentions(article: Article) -> Mentions:
    """Invented mentions in the words of a sample article's body: each number a date, every other word a name, and quotes."""
    mentions = []
    quotes = []
    for seq, match in enumerate(re.finditer(r"\w+", article.body)):
        word = match.group()
        name = None if word.isdigit() else word
        mentions.append(
            Mention(
                article.article_id,
                seq,
                match.start(),
                match.end(),
                word,
                f"local:{name}".lower() if name else None,
                EntityType.ORGANIZATION if name else EntityType.DATE,
                name,
                None,
                None,
                MentionMethod.CHUNK if name else MentionMethod.DATE,
                AliasKind.NAME,
                0.5,
                None if name else word,
                article.published_at,
                article.language,
                article.published_month,
            )
        )
        if word == "Ellery":
            quotes.append(
                Quote(
                    article.article_id,
                    len(quotes),
                    match.start(),
                    match.end(),
                    word,
                    "local:port",
                    "Port",
                    article.language,
                    article.published_month,
                )
            )
    return Mentions(tuple(mentions), tuple(quotes))


def sample_reject(source_uri: str, *, offset: int = 0, raw: bytes = b"\x00\xff") -> Reject:
    """An invented reject."""
    return make_reject(
        source_uri=source_uri,
        name=source_uri,
        stage=Stage.PARSE,
        code=RejectCode.NO_TEXT,
        message="Nothing but markup",
        raw=raw,
        byte_offset=offset,
    )


def sample_input(number: int, *, folder: str = "in", version: int = 0, language: str | None = None) -> Input:
    """The file `in/<number>`: every fifth is a container of seven records, of which two are rejects; every seventh of the
    others is a reject."""
    rows: list[Staged] = []
    name = f"{number:04d}.{'jsonl' if number % 5 == 0 else 'txt'}"
    uri = f"{folder}/{name}"
    if number % 5 == 0:
        for record in range(7):
            record_uri = f"{uri}#{record}"
            if record % 3 == 1:
                rows.append(sample_reject(record_uri, offset=record * 100, raw=b"x" * record))
            else:
                article, removed = sample_article(record_uri, language=language)
                rows += [article, *removed, sample_mentions(article)]
        records = 7
    elif number % 7 == 1:
        rows.append(sample_reject(uri, raw=bytes([version])))
        records = 1
    else:
        article, removed = sample_article(uri, seed=version, language=language)
        rows += [article, *removed, sample_mentions(article)]
        records = 1
    sha256 = hashlib.sha256(f"{name}/{version}".encode()).hexdigest()
    return Input(InputFile(uri, name, 100 + number, sha256), tuple(rows), records)


def sample_inputs(count: int, *, folder: str = "in", language: str | None = None) -> list[Input]:
    """Inputs 0 … count - 1; of language `en-GB` all in one partition."""
    return [sample_input(number, folder=folder, language=language) for number in range(count)]


def stage(
    spec: RunSpec,
    inputs: Sequence[Input],
    *,
    bundles: int = 1,
    flush_bytes: int = 1 << 24,
    seed: int | None = None,
    fs: LocalFileSystem | None = None,
) -> list[Fragment]:
    """Stages all rows in `bundles` bundles; with `seed`, in a shuffled order."""
    files = fs or LocalFileSystem()
    paths = LakePaths(spec.root)
    rows: list[Staged | ReadCount] = []
    for item in inputs:
        rows += item.rows
        file = item.file
        rows.append(ReadCount(file.name, file.sha256, file.uri, file.size, item.records))
    if seed is not None:
        random.Random(seed).shuffle(rows)
    known: frozenset[str] = frozenset()
    if spec.has_known_ids:
        listed = files.read_bytes(paths.absolute(f"{spec.staging}/{KNOWN_IDS}")).decode()
        known = frozenset(listed.split("\n"))
    tombstones = NO_TOMBSTONES
    if spec.has_tombstones:
        tombstones = parse(files.read_bytes(paths.absolute(f"{spec.staging}/{FORGOTTEN_FILE}")).decode().split("\n"))
    fragments: list[Fragment] = list(spec.survivors)
    for bundle in range(bundles):
        stager = Stager(
            files,
            paths,
            spec.staging,
            RunStamp(spec.run_id, spec.pipeline_version),
            uris_with_hash=frozenset(spec.uris_with_hash),
            known_ids=known,
            tombstones=tombstones,
            flush_bytes=flush_bytes,
        )
        for row in rows[bundle::bundles]:
            fragments += stager.add(row)
        fragments += stager.flush()
    return fragments


def merge(
    spec: RunSpec, fragments: Iterable[Fragment], *, fan_in: int = 48, fs: LocalFileSystem | None = None
) -> tuple[list[DataFile], list[Fragment]]:
    """(finished files, fragments of counts)."""
    groups: dict[str, list[Fragment]] = {}
    for fragment in fragments:
        groups.setdefault(fragment.directory, []).append(fragment)
    finished: list[DataFile] = []
    counted: list[Fragment] = []
    for directory, group in groups.items():
        if directory in (READS, TALLY):
            counted += group
        else:
            finished += merge_partition(
                fs or LocalFileSystem(),
                LakePaths(spec.root),
                spec.staging,
                directory,
                group,
                spec.run_id,
                spec.pipeline_version,
                target_file_bytes=spec.target_file_bytes,
                row_group_bytes=spec.row_group_bytes,
                fan_in=fan_in,
            )
    return finished, counted


def write_run(
    root: Path | str,
    inputs: Sequence[Input],
    *,
    force: bool = False,
    version: str = VERSION,
    bundles: int = 1,
    seed: int | None = None,
    fan_in: int = 48,
    flush_bytes: int = 1 << 24,
    **sizes: Any,
) -> CommitResult | None:
    """One whole run; None where all inputs are in the lake already."""
    with begin(str(root)) as lake:
        files = [item.file for item in inputs]
        new, skipped = (tuple(files), ()) if force else already_in(lake.fs, lake.paths, files)
        if not new:
            return None
        spec = prepare(
            lake,
            new,
            settings=SETTINGS,
            pipeline_version=version,
            skipped_inputs=len(skipped),
            force=force,
            **sizes,
        )
        wanted = [item for item in inputs if item.file in new]
        fragments = stage(spec, wanted, bundles=bundles, seed=seed, flush_bytes=flush_bytes)
        finished, counted = merge(spec, fragments, fan_in=fan_in)
        return commit(lake.fs, spec, finished, counted)


def tree(root: Path | str) -> dict[str, str]:
    """Every file below `root` with the hash of its bytes."""
    base = Path(root)
    return {
        str(path.relative_to(base)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(base.rglob("*"))
        if path.is_file()
    }


class Kit:
    """The functions above, for tests to take as one fixture."""

    article = staticmethod(sample_article)
    mentions = staticmethod(sample_mentions)
    reject = staticmethod(sample_reject)
    input = staticmethod(sample_input)
    inputs = staticmethod(sample_inputs)
    Input = Input
    stage = staticmethod(stage)
    merge = staticmethod(merge)
    write_run = staticmethod(write_run)
    tree = staticmethod(tree)
    settings = SETTINGS
    version = VERSION


@pytest.fixture(autouse=True)
def unforced_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No fsync: it guards against power cuts, which no test makes, and takes most of the time."""
    monkeypatch.setattr("os.fsync", lambda handle: None)


@pytest.fixture(scope="session")
def kit() -> type[Kit]:
    """Makers of invented rows, and a run without Beam."""
    return Kit


@pytest.fixture(scope="session")
def first_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `small_lake` is copied from."""
    root = tmp_path_factory.mktemp("first") / "lake"
    write_run(root, sample_inputs(20))
    return root


@pytest.fixture
def small_lake(tmp_path: Path, first_lake: Path) -> Path:
    """A lake of its own with one committed run of 20 inputs."""
    shutil.copytree(first_lake, tmp_path / "lake")
    return tmp_path / "lake"
