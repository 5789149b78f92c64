"""Does all of a record's steps, and writes the rows of the inputs of a bundle as packs: the first half of a stream.

Before: an `Arrival`. After: the encoded `Pack` of its window in this bundle, at the end of the bundle.
The steps are those of a batch, called one after the other (`pipeline.chain`), so that which rows belong to which input does not hang on
how a runner fuses steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import WindowedValue

from pipeline.chain import Rules, finish_record
from pipeline.lake.filesystem import filesystem_of
from pipeline.lake.layout import LakePaths
from pipeline.streaming.pack import PackWriter, encode
from pipeline.streaming.plan import StreamPlan
from schemas.codes import RejectCode
from schemas.records import RawDocument, Reject
from transforms.collector import settle
from transforms.describe import Finished
from transforms.isolation.isolated import Isolated
from transforms.isolation.limits import Limits
from transforms.isolation.suspicion import suspicion_of
from transforms.isolation.watch import WATCH
from transforms.read.entry import Entry
from transforms.read.records import read_content, read_file
from transforms.read.transform import crashed
from transforms.rejects import RAW_CAP
from transforms.sources.arrival import Arrival
from transforms.sources.page_address import with_url


class Work(beam.DoFn):
    """One `Arrival` in; at the end of the bundle one encoded pack for each window out."""

    INPUTS = beam.metrics.Metrics.counter("copydesk.stream", "inputs_read")

    def __init__(self, plan: StreamPlan, rules: Rules, limits: Limits) -> None:
        self._plan = plan
        self._rules = rules
        self._limits = limits

    def setup(self) -> None:
        """Once a worker."""
        settle()
        WATCH.arm(self._limits)
        self._isolated = Isolated(partial(finish_record, rules=self._rules), self._limits)
        self._paths = LakePaths(self._plan.root)
        self._fs = filesystem_of(self._plan.root)
        self._fs.make_folders(self._paths.absolute(self._plan.folder))

    def start_bundle(self) -> None:
        """A bundle's packs are its own: if it fails, nobody hears of them."""
        self._packs: dict[int, tuple[PackWriter, Timestamp]] = {}

    def process(self, element: Arrival, time: Any = beam.DoFn.TimestampParam) -> None:
        """All rows of the input go into the pack of its window."""
        end = self._plan.windows.end_of(element.event_time)
        if end not in self._packs:
            plan = self._plan
            self._packs[end] = PackWriter(self._fs, self._paths, plan.folder, end, plan.pipeline_version), time
        writer, earliest = self._packs[end]
        self._packs[end] = writer, min(earliest, time)
        head = b"" if element.content is None else element.content[:RAW_CAP]
        try:
            records = self._write(element, writer)
        except (ValueError, TypeError) as error:
            # A row that fits no column: with it the runner would try the bundle again and again.
            writer.drop()
            message = f"{type(error).__name__}: {error}"
            writer.take(Entry(element.file, self._rules.read).reject(None, RejectCode.INTERNAL_ERROR, message, head))
            records = 1
        writer.finish(element.file, element.event_time, records, head)
        self.INPUTS.inc()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """The packs, whole."""
        for end, (writer, time) in sorted(self._packs.items()):
            yield WindowedValue(encode(writer.close()), time, (GlobalWindow(),))
            del self._packs[end]

    def teardown(self) -> None:
        """Ends the child."""
        self._isolated.close()

    def _write(self, arrival: Arrival, writer: PackWriter) -> int:
        records = 0
        for record in self._read(arrival):
            records += 1
            finished = self._finish(record) if isinstance(record, RawDocument) else record
            if isinstance(finished, Finished):
                description = finished.description
                writer.take(description.article)
                for removed in description.removed:
                    writer.take(removed)
                writer.take(description.mentions)
            else:
                writer.take(finished)
        return records

    def _read(self, arrival: Arrival) -> Iterator[RawDocument | Reject]:
        file = arrival.file
        if WATCH.is_deadly_file(file.name):
            return iter((crashed(file),))
        if arrival.content is None:
            return WATCH.read(file.name, read_file(file, self._rules.read))
        return with_url(WATCH.read(file.name, read_content(arrival.content, file, self._rules.read)), arrival.url)

    def _finish(self, record: RawDocument) -> Finished | Reject:
        if WATCH.is_deadly_record(record.name) or suspicion_of(record, self._limits.suspect) is not None:
            done: Finished | Reject = self._isolated.run(record)
            return done
        return finish_record(record, self._rules)
