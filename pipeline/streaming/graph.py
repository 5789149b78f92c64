"""The whole stream on one screen: from inputs that keep arriving to one committed run a pane.

    arrivals ─ work (read … rows, packed) ─ collect (windows, panes) ─ spread ─ commit

`work` does what the batch's steps do and leaves the rows in files; from there on only descriptions of files travel.
"""

from __future__ import annotations

from collections.abc import Iterator

import apache_beam as beam

from pipeline.chain import Rules
from pipeline.streaming.collect import Collect, decode_pane
from pipeline.streaming.commit_pane import PaneResult, commit_pane
from pipeline.streaming.plan import StreamPlan
from pipeline.streaming.work import Work
from transforms.isolation.limits import Limits


class _Commit(beam.DoFn):
    """Encoded panes in, results out. Beam's counters tell how the stream does."""

    def __init__(self, plan: StreamPlan) -> None:
        self._plan = plan
        count = beam.metrics.Metrics.counter
        self._counted = {
            name: count("copydesk.stream", name) for name in ("panes", "runs", "inputs", "repeated", "too_late")
        }

    def process(self, element: bytes) -> Iterator[PaneResult]:
        result = commit_pane(self._plan, decode_pane(element))
        self._counted["panes"].inc()
        self._counted["runs"].inc(len(result.runs))
        self._counted["inputs"].inc(result.inputs)
        self._counted["repeated"].inc(result.repeated)
        self._counted["too_late"].inc(result.too_late)
        yield result


def _keyed(pack: bytes) -> tuple[bytes, bytes]:
    """One key for all: one worker collects what every worker has made. The types give the key a coder of its own."""
    return b"", pack


def build_stream(arrivals: beam.PCollection, rules: Rules, limits: Limits, plan: StreamPlan) -> beam.PCollection:
    """Adds the stream behind a collection of `Arrival`; gives a PCollection of one PaneResult a pane."""
    return (
        arrivals
        | "Global" >> beam.WindowInto(beam.window.GlobalWindows())
        | "Work" >> beam.ParDo(Work(plan, rules, limits))
        | "Keyed" >> beam.Map(_keyed).with_output_types(tuple[bytes, bytes])
        | "Collect" >> beam.ParDo(Collect(plan.windows)).with_output_types(bytes)
        | "Stable" >> beam.Reshuffle()
        | "Commit" >> beam.ParDo(_Commit(plan))
    )
