"""One step of the graph: applies a pure function to each record and lets rejects of earlier steps pass.

A record whose function raises becomes a `Reject` with the step's stage; it travels on beside the others in the same
collection. One collection from reading to writing keeps the whole path in one fused stage, so that bodies are handed on
as Python objects and never cross a shuffle (a Flatten of several collections would hold all of them in memory).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

import apache_beam as beam

from schemas.codes import RejectCode, Stage
from schemas.errors import RecordError
from schemas.records import CleanedDocument, DecodedDocument, Description, ParsedDocument, RawDocument, Reject
from transforms.collector import collector_paused, settle
from transforms.isolation.too_slow import TooSlowError
from transforms.isolation.watch import WATCH
from transforms.rejects import reject_document

Record = RawDocument | DecodedDocument | ParsedDocument | CleanedDocument | Description
T = TypeVar("T", bound=Record)
R = TypeVar("R")


def source_of(record: Record) -> RawDocument:
    """The raw document that a record of any step was made from."""
    if isinstance(record, RawDocument):
        return record
    if isinstance(record, Description):
        return record.cleaned.parsed.source
    if isinstance(record, CleanedDocument):
        return record.parsed.source
    return record.source


def apply(record: T, stage: Stage, function: Callable[[T], R]) -> R | Reject:
    """`function(record)`, or the `Reject` that its exception stands for; while the watch is armed also where it takes too long."""
    with collector_paused():
        source = source_of(record)
        try:
            return WATCH.run(source, lambda: function(record))
        except TooSlowError:
            return reject_document(source, stage, RecordError(RejectCode.TOO_SLOW, WATCH.exceeded()))
        except Exception as error:
            return reject_document(source, stage, error)


class Step(beam.DoFn, Generic[T]):
    """Applies `function` to each record of type `accepts`; everything else passes unchanged.

    `function` is picklable: a module's function, or a `functools.partial` of one with its rules.
    """

    def __init__(self, stage: Stage, accepts: type[T], function: Callable[[T], Any]) -> None:
        self._stage = stage
        self._accepts = accepts
        self._function = function

    def setup(self) -> None:
        """Once a worker, before its first record."""
        settle()

    def process(self, element: Any) -> Iterator[Any]:
        """One element in, one out."""
        yield apply(element, self._stage, self._function) if isinstance(element, self._accepts) else element
