"""What a SOURCE of the command line means.

Before: "kafka://localhost:9092/articles". After: `Topic("localhost:9092", "articles")`. What is neither Kafka nor Pub/Sub is a folder, file or
glob, here or in a bucket.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from schemas.errors import UsageError

_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")
_SUBSCRIPTION = re.compile(r"[A-Za-z][A-Za-z0-9._~+%-]{2,254}")
_PROJECT = re.compile(r"[a-z][a-z0-9.:-]{1,61}[a-z0-9]")


class Topic(NamedTuple):
    """A topic of Kafka; `brokers` are "host:port", several of them joined by commas."""

    brokers: str
    name: str


class Subscription(NamedTuple):
    """A subscription of Google Pub/Sub."""

    project: str
    name: str

    @property
    def path(self) -> str:
        """Its full name, as Pub/Sub writes it."""
        return f"projects/{self.project}/subscriptions/{self.name}"


class Sources(NamedTuple):
    """All sources of a stream by kind; `folders` are inputs as `copydesk ingest` takes them."""

    folders: tuple[str, ...]
    topics: tuple[Topic, ...]
    subscriptions: tuple[Subscription, ...]


def parse_sources(given: list[str]) -> Sources:
    """The sources that these arguments name. Raises UsageError, one line, for one that can't be."""
    folders: list[str] = []
    topics: list[Topic] = []
    subscriptions: list[Subscription] = []
    for source in given:
        scheme, separator, rest = source.partition("://")
        if separator and scheme == "kafka":
            topics.append(_topic(source, rest))
        elif separator and scheme == "pubsub":
            subscriptions.append(_subscription(source, rest))
        else:
            folders.append(source)
    return Sources(tuple(folders), tuple(dict.fromkeys(topics)), tuple(dict.fromkeys(subscriptions)))


def _topic(source: str, rest: str) -> Topic:
    brokers, _, name = rest.partition("/")
    hosts = brokers.split(",")
    if not all(re.fullmatch(r"[^/@\s:]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}", host) for host in hosts):
        raise UsageError(f"source {source!r}: Kafka's brokers are host:port, as in kafka://localhost:9092/articles")
    if not _TOPIC.fullmatch(name):
        raise UsageError(
            f"source {source!r}: a topic is needed after the brokers, as in kafka://localhost:9092/articles"
        )
    return Topic(brokers, name)


def _subscription(source: str, rest: str) -> Subscription:
    project, _, name = rest.partition("/")
    if not (_PROJECT.fullmatch(project) and _SUBSCRIPTION.fullmatch(name)):
        raise UsageError(f"source {source!r}: must be pubsub://PROJECT/SUBSCRIPTION")
    return Subscription(project, name)
