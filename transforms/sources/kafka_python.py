"""Reads a topic of Apache Kafka without Java: a splittable DoFn over the client library confluent-kafka.

Before: a partition of a topic. After: the `Arrival`s of its messages, from the first on, as long as the stream lasts. How far a partition
has been read is the DoFn's restriction, which a runner's checkpoint keeps; nothing is committed to Kafka. Partitions that are added to the topic later are
read when the stream is begun again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp

from transforms.sources.address import Topic
from transforms.sources.kafka import arrival_of

_END = 1 << 62
_AT_ONCE = 200
"""Messages after which a bundle ends, so that a checkpoint is never far."""
_WAIT = 0.5
_AGAIN = Duration(seconds=1)
_CONNECTS_WITHIN = 30.0


class Header(NamedTuple):
    """A message's header."""

    key: str
    value: bytes | None


class Received(NamedTuple):
    """A message as Beam's connector would give it; `timestamp` in milliseconds."""

    partition: int
    offset: int
    timestamp: int
    headers: tuple[Header, ...]
    key: bytes | None
    value: bytes | None


def received(given: Any) -> Received:
    """The client library's message. A broker that states no time leaves 0."""
    headers = tuple(Header(key, value) for key, value in given.headers() or ())
    return Received(
        given.partition(), given.offset(), max(0, given.timestamp()[1]), headers, given.key(), given.value()
    )


class FromOffset(OffsetRestrictionTracker):
    """The offsets of a partition, without end: they can be left off at and taken up again, but not shared out."""

    def try_split(self, fraction_of_remainder: float) -> Any:
        """A checkpoint (0), or nothing."""
        return super().try_split(0) if fraction_of_remainder == 0 else None

    def is_bounded(self) -> bool:
        """Never."""
        return False


class _Offsets(RestrictionProvider):
    def initial_restriction(self, element: int) -> OffsetRange:
        return OffsetRange(0, _END)

    def create_tracker(self, restriction: OffsetRange) -> FromOffset:
        return FromOffset(restriction)

    def restriction_size(self, element: int, restriction: OffsetRange) -> int:
        return 1


class _ReadPartition(beam.DoFn):
    """A partition's number in, its messages out."""

    def __init__(self, topic: Topic, group: str, until: float) -> None:
        self._topic = topic
        self._group = group
        self._until = until

    def setup(self) -> None:
        self._consumers: dict[int, Any] = {}

    @beam.DoFn.unbounded_per_element()  # type: ignore[untyped-decorator]
    def process(
        self,
        element: int,
        tracker: Any = beam.DoFn.RestrictionParam(_Offsets()),  # noqa: B008
        watermark: Any = beam.DoFn.WatermarkEstimatorParam(ManualWatermarkEstimator.default_provider()),  # noqa: B008
    ) -> Iterator[TimestampedValue]:
        consumer = self._consumer(element, tracker.current_restriction().start)
        for _ in range(_AT_ONCE):
            if self._until and time.time() > self._until:
                tracker.try_claim(_END)  # nothing is left: the stream ends
                return
            given = consumer.poll(_WAIT)
            if given is None or given.error() is not None:
                if given is not None and given.error().fatal():
                    raise RuntimeError(f"kafka://{self._topic.brokers}/{self._topic.name}: {given.error().str()}")
                _advance(watermark, Timestamp(micros=int(time.time() * 1_000_000)))
                break
            if not tracker.try_claim(given.offset()):
                return
            arrival = arrival_of(self._topic.name, received(given))
            stamp = Timestamp(micros=arrival.event_time)
            yield TimestampedValue(arrival, stamp)
            _advance(watermark, stamp)
        tracker.defer_remainder(_AGAIN if given is None else Duration(seconds=0))

    def teardown(self) -> None:
        for consumer in self._consumers.values():
            consumer.close()

    def _consumer(self, partition: int, offset: int) -> Any:
        from confluent_kafka import TopicPartition

        if partition not in self._consumers:
            self._consumers[partition] = _connected(self._topic, self._group)
        consumer = self._consumers[partition]
        consumer.assign([TopicPartition(self._topic.name, partition, offset)])
        return consumer


def _advance(watermark: Any, to: Timestamp) -> None:
    now = watermark.current_watermark()
    if now is None or to > now:
        watermark.set_watermark(to)


def _connected(topic: Topic, group: str) -> Any:
    from confluent_kafka import Consumer

    return Consumer(
        {
            "bootstrap.servers": topic.brokers,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "log_level": 3,
        }
    )


def partitions_of(topic: Topic, group: str) -> list[int]:
    """The numbers of a topic's partitions, sorted. Raises RuntimeError where the brokers or the topic are not there."""
    consumer = _connected(topic, group)
    try:
        found = consumer.list_topics(topic.name, timeout=_CONNECTS_WITHIN).topics[topic.name]
        if found.error is not None:
            raise RuntimeError(f"kafka://{topic.brokers}/{topic.name}: {found.error.str()}")
        return sorted(found.partitions)
    finally:
        consumer.close()


@dataclass
class ReadPartitions(beam.PTransform):
    """Messages → `Arrival`s with content, as `transforms.sources.kafka.ReadTopic` gives them."""

    topic: Topic
    group: str
    stop_after_seconds: float = 0

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        """An unbounded collection."""
        topic, group = self.topic, self.group
        until = time.time() + self.stop_after_seconds if self.stop_after_seconds else 0.0
        return (
            root
            | "Topic" >> beam.Create([0], reshuffle=False)
            | "Partitions" >> beam.FlatMap(lambda _: partitions_of(topic, group)).with_output_types(int)
            | "Spread" >> beam.Reshuffle()
            | "Messages" >> beam.ParDo(_ReadPartition(topic, group, until))
        )
