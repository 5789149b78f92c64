"""The PTransform around `read_file`: files in; their records, rejects, and one count a file out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import apache_beam as beam

from schemas.codes import RejectCode
from schemas.records import InputFile, RawDocument, ReadCount, Reject, Unopened
from transforms.collector import settle, unsettle
from transforms.counters import Counters
from transforms.isolation.watch import WATCH
from transforms.read.entry import Entry
from transforms.read.records import read_file
from transforms.read.settings import ReadSettings
from transforms.read.source import Skipped

Only = Mapping[str, frozenset[str]]
"""For the uri of a file the source_uris of the records that are wanted of it."""


class _ReadFile(beam.DoFn):
    """`read_file` with its records counted: what the commit compares articles and rejects with."""

    def __init__(self, settings: ReadSettings, counters: Counters, only: Only) -> None:
        self._settings = settings
        self._counters = counters
        self._only = only

    def setup(self) -> None:
        """Once a worker, before its first file."""
        settle()

    def teardown(self) -> None:
        """Once a worker, after its last file."""
        unsettle()

    def process(self, element: InputFile | Unopened) -> Iterator[RawDocument | Reject | ReadCount]:
        if isinstance(element, Unopened):
            yield element.reject
            yield ReadCount(element.file.name, element.file.sha256, element.file.uri, element.file.size, 1)
            return
        records = 0
        if WATCH.is_deadly_file(element.name):
            yield crashed(element)
            yield ReadCount(element.name, element.sha256, element.uri, element.size, 1)
            return
        wanted = self._only.get(element.uri)
        for record in WATCH.read(element.name, read_file(element, self._settings)):
            if wanted is not None and record.source_uri not in wanted:
                continue
            records += 1
            self._counters.add("records")
            yield record
        self._counters.add("files")
        self._counters.add("bytes", element.size)
        yield ReadCount(element.name, element.sha256, element.uri, element.size, records)


def crashed(file: InputFile) -> Reject:
    """The one reject of a file whose reader ended a worker: no library looks at it again in this run."""
    entry = Entry(file, ReadSettings())
    return entry.reject(
        None,
        RejectCode.PARSER_CRASHED,
        "a worker ended while it read the file; none of its records is in the lake",
        Skipped(b"", file.size, file.sha256),
    )


@dataclass
class Read(beam.PTransform):
    """InputFile → RawDocument, Reject, and one ReadCount after a file's last record.

    Of files that `only` names no other records are handed on and counted than those it lists by their source_uri.
    """

    settings: ReadSettings
    counters: Counters
    only: Only = field(default_factory=dict)

    def expand(self, files: beam.PCollection) -> beam.PCollection:
        """One file in, its records and one count out."""
        return files | beam.ParDo(_ReadFile(self.settings, self.counters, self.only))
