"""Reads a subscription of Google Pub/Sub: each message is one input.

Before: a message with the attribute name="harbour-17.html" and a page as its data. After: an `Arrival` of that name with the time of
publication. Beam's own connector reads it; it needs Dataflow, or a runner with Pub/Sub's source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from transforms.sources.address import Subscription
from transforms.sources.arrival import Arrival, message
from transforms.sources.message_names import NAME_HEADERS, URL_HEADERS


def arrival_of(subscription: str, received: Any) -> Arrival:
    """A `PubsubMessage`. It goes by its attribute "name" or "uri", else by its message id, so that a message that is delivered twice
    is the same input."""
    attributes = received.attributes or {}
    name = next((attributes[key] for key in NAME_HEADERS if attributes.get(key)), None)
    url = next((attributes[key] for key in URL_HEADERS if attributes.get(key)), None)
    published = received.publish_time
    time = int(published.timestamp() * 1_000_000) if published is not None else 0
    return message(f"pubsub://{subscription}", name or received.message_id, received.data or b"", time, url)


@dataclass
class ReadSubscription(beam.PTransform):
    """Messages → `Arrival`s with content."""

    subscription: Subscription

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        """An unbounded collection."""
        from apache_beam.io.gcp.pubsub import ReadFromPubSub

        name = self.subscription.name
        read = ReadFromPubSub(subscription=self.subscription.path, with_attributes=True)
        return root | "Messages" >> read | "Arrivals" >> beam.Map(lambda received: arrival_of(name, received))
