"""The PTransform that takes suspect records out of the way: they are worked on in a child process, all others pass.

Before: a RawDocument of 20 MiB. After: what the whole chain makes of it, or its reject; later steps let both pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import RawDocument
from transforms.isolation.isolated import Isolated
from transforms.isolation.limits import Limits
from transforms.isolation.suspicion import suspicion_of
from transforms.isolation.watch import WATCH


class _Isolate(beam.DoFn):
    """Arms the worker's watch, and holds its child."""

    def __init__(self, work: Callable[[RawDocument], Any], limits: Limits) -> None:
        self._work = work
        self._limits = limits

    def setup(self) -> None:
        self._isolated = Isolated(self._work, self._limits)
        WATCH.arm(self._limits)

    def process(self, element: Any) -> Iterator[Any]:
        if isinstance(element, RawDocument) and self._is_suspect(element):
            yield self._isolated.run(element)
        else:
            yield element

    def _is_suspect(self, document: RawDocument) -> bool:
        return WATCH.is_deadly_record(document.name) or suspicion_of(document, self._limits.suspect) is not None

    def teardown(self) -> None:
        self._isolated.close()


@dataclass
class Isolate(beam.PTransform):
    """RawDocument → RawDocument, or what `work` makes of it where it is suspect; rejects and counts pass."""

    work: Callable[[RawDocument], Any]
    limits: Limits

    def expand(self, records: beam.PCollection) -> beam.PCollection:
        """One record in, one out."""
        return records | beam.ParDo(_Isolate(self.work, self.limits))
