"""Reads a topic of Apache Kafka: each message is one input, a page, a text, a JSON line or whatever else a file may hold.

Before: a message with key "harbour-17" and a page as its value. After: an `Arrival` named "articles/harbour-17" with the time that Kafka
gave the message. Beam's own connector reads it, through a Java expansion service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from transforms.sources.address import Topic
from transforms.sources.arrival import Arrival, message
from transforms.sources.message_names import NAME_HEADERS, URL_HEADERS

_MICROSECONDS = 1000
"""In a millisecond, which is what Kafka counts in."""


def arrival_of(topic: str, record: Any) -> Arrival:
    """A message as `ReadFromKafka(with_metadata=True)` gives it. It goes by its header "name" or "uri", else by its key, else by partition and
    offset, so that a message that is read twice is the same input."""
    headers = {header.key: bytes(header.value or b"").decode("utf-8", "replace") for header in record.headers or ()}
    name = _first(headers, NAME_HEADERS) or (bytes(record.key).decode("utf-8", "replace") if record.key else "")
    return message(
        f"kafka://{topic}",
        name or f"{record.partition}/{record.offset}",
        bytes(record.value or b""),
        record.timestamp * _MICROSECONDS,
        _first(headers, URL_HEADERS),
    )


def _first(headers: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((headers[name] for name in names if headers.get(name)), None)


@dataclass
class ReadTopic(beam.PTransform):
    """Messages → `Arrival`s with content. `group` is the consumer group in which offsets are committed; `expansion_service` the jar or
    address of Beam's Java expansion service, "" for Beam's own choice. `stop_after_seconds` (0: never) ends the stream."""

    topic: Topic
    group: str
    expansion_service: str = ""
    stop_after_seconds: float = 0

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        """An unbounded collection."""
        from apache_beam.io.kafka import ReadFromKafka

        read = ReadFromKafka(
            consumer_config={
                "bootstrap.servers": self.topic.brokers,
                "group.id": self.group,
                "auto.offset.reset": "earliest",
                # How far it has read is the runner's to keep: a group that is ahead of the lake would lose what a window held.
                "enable.auto.commit": "false",
            },
            topics=[self.topic.name],
            with_metadata=True,
            timestamp_policy=ReadFromKafka.create_time_policy,
            max_read_time=int(self.stop_after_seconds) or None,
            expansion_service=_service(self.expansion_service),
        )
        name = self.topic.name
        return root | "Messages" >> read | "Arrivals" >> beam.Map(lambda record: arrival_of(name, record))


def _service(given: str) -> Any:
    if given.endswith(".jar"):
        from apache_beam.transforms.external import JavaJarExpansionService

        return JavaJarExpansionService(given)
    return given or None
