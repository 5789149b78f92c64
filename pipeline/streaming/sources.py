"""All sources of a stream as one collection.

Before: two folders and a topic. After: their `Arrival`s, side by side.
"""

from __future__ import annotations

import apache_beam as beam

from pipeline.streaming.stream_settings import BEAM, StreamSettings
from transforms.sources.address import Sources
from transforms.sources.folders import FolderSettings, NotIn, WatchFolders
from transforms.sources.kafka import ReadTopic
from transforms.sources.kafka_python import ReadPartitions
from transforms.sources.pubsub import ReadSubscription


def arrivals(
    root: beam.Pipeline, sources: Sources, lake: str, settings: StreamSettings, not_in: NotIn
) -> beam.PCollection:
    """A PCollection of `Arrival`. `not_in` leaves out files that the lake holds."""
    found = []
    stop = settings.stop_after_seconds
    if sources.folders:
        folders = FolderSettings(
            sources.folders, lake, settings.poll_seconds, settings.still_seconds, settings.event_time
        )
        found.append(root | "Folders" >> WatchFolders(folders, not_in, stop))
    for topic in sources.topics:
        group = settings.kafka_group or settings.name
        read: beam.PTransform = ReadPartitions(topic, group, stop)
        if settings.kafka_reader == BEAM:
            read = ReadTopic(topic, group, settings.expansion_service, stop)
        found.append(root | f"Kafka {topic.name} of {topic.brokers}" >> read)
    for subscription in sources.subscriptions:
        found.append(root | f"PubSub {subscription.name}" >> ReadSubscription(subscription))
    return found[0] if len(found) == 1 else tuple(found) | "Sources" >> beam.Flatten()
