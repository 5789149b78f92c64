"""What a `forget` takes out: everything of one source, one article, or one host.

Before: `--source 'inbox/2024-03/*'`. After: a test for the rows of each table, and for the names in lists of inputs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from typing import NamedTuple

import pyarrow as pa

from pipeline.lake.tombstones import named_hosts, with_parents
from schemas.codes import Code
from schemas.errors import UsageError
from schemas.tables import TABLES

_MAGIC = re.compile(r"[*?\[]")
_HOST = re.compile(r"(?:[a-z0-9_-]+\.)*[a-z0-9_-]+", re.IGNORECASE)
_ID = re.compile(r"[0-9a-f]{32}")
ARTICLE_COLUMNS = ("article_id", "canonical_article_id")
"""Columns that name an article: rows of any table go with it."""


class TargetKind(Code):
    """By what rows are chosen."""

    SOURCE = "source"
    ARTICLE = "article"
    HOST = "host"


class Target(NamedTuple):
    """What goes. `value` as given; a host in lower case."""

    kind: TargetKind
    value: str

    @classmethod
    def of(cls, *, source: str | None, article: str | None, host: str | None) -> Target:
        """The one that is given; raises UsageError where it can't name anything."""
        if article is not None:
            if not _ID.fullmatch(article):
                raise UsageError(f"--article {article}: an id has 32 hexadecimal digits, as in the column article_id")
            return cls(TargetKind.ARTICLE, article)
        if host is not None:
            if not _HOST.fullmatch(host):
                raise UsageError(f"--host {host}: give a host's name alone, such as www.ellery.example")
            return cls(TargetKind.HOST, host.lower())
        if not source or not source.strip("*/"):
            raise UsageError(f"--source {source}: would take out everything; name a file, a folder or a narrower glob")
        return cls(TargetKind.SOURCE, source)

    def source_test(self) -> Callable[[str], bool]:
        """Whether a source_uri is of the target: of SOURCE, that file or record, what lies below it or in it, or what the glob
        matches ("*" also crosses "/")."""
        if self.kind is not TargetKind.SOURCE:
            return lambda uri: False
        value = self.value
        below = (value.rstrip("/") + "/", value + "#")
        if not _MAGIC.search(value):
            return lambda uri: uri == value or uri.startswith(below)
        pattern = re.compile(translate(value))
        return lambda uri: bool(
            uri == value or uri.startswith(below) or pattern.match(uri) or pattern.match(uri.partition("#")[0])
        )

    def host_test(self) -> Callable[[str | None], bool]:
        """Whether a host is the target's or lies below it."""
        if self.kind is not TargetKind.HOST:
            return lambda host: False
        return lambda host: host is not None and self.value in with_parents(host)


def needed_columns(table: str) -> list[str]:
    """The columns by which rows of a table are told; empty for one whose rows are of no single record."""
    names = TABLES[table].schema.names
    own = {
        "articles": ["article_id", "source_uri", "host", "run_id"],
        "rejects": ["reject_id", "source_uri", "raw", "run_id"],
    }
    return own.get(table) or [name for name in ARTICLE_COLUMNS if name in names]


def row_test(table: str, target: Target, articles: frozenset[str]) -> Callable[[pa.RecordBatch], list[bool]]:
    """For each row of a batch of `table` whether it goes; `articles` are the ids of the articles that do."""
    of_source, of_host = target.source_test(), target.host_test()

    def by_article(batch: pa.RecordBatch) -> list[bool]:
        columns = [batch.column(name).to_pylist() for name in ARTICLE_COLUMNS if name in batch.schema.names]
        return [any(each in articles for each in values) for values in zip(*columns, strict=True)]

    def of_articles(batch: pa.RecordBatch) -> list[bool]:
        values = zip(*(batch.column(name).to_pylist() for name in ("article_id", "source_uri", "host")), strict=True)
        return [article == target.value or of_source(uri) or of_host(host) for article, uri, host in values]

    def of_rejects(batch: pa.RecordBatch) -> list[bool]:
        values = zip(*(batch.column(name).to_pylist() for name in ("reject_id", "source_uri", "raw")), strict=True)
        return [
            reject == target.value
            or of_source(uri)
            or (target.kind is TargetKind.HOST and any(of_host(host) for host in named_hosts(uri, raw)))
            for reject, uri, raw in values
        ]

    return {"articles": of_articles, "rejects": of_rejects}.get(table, by_article)
