from __future__ import annotations

import hashlib
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.errors import UsageError
from schemas.records import RawDocument
from transforms.read.records import read_content
from transforms.sources import kafka, pubsub
from transforms.sources.address import Subscription, Topic, parse_sources
from transforms.sources.arrival import message
from transforms.sources.page_address import with_url


def test_a_message_is_named_after_its_queue_and_key() -> None:
    arrival = message("kafka://wire", "2026/harbour 17.html", b"<p>x", 5)
    file = arrival.file
    assert (file.uri, file.name) == ("kafka://wire/2026/harbour%2017.html", "wire/2026/harbour%2017.html")
    assert (file.size, file.sha256, arrival.event_time) == (4, hashlib.sha256(b"<p>x").hexdigest(), 5)


@settings(derandomize=True, max_examples=100)
@example("../../etc/../x")
@example("n" * 600)
@example("#\ud800")
@given(st.text(alphabet=st.sampled_from("./a#%?\0 é\ud800"), max_size=12))
def test_no_name_reaches_beyond_its_queue(name: str) -> None:
    file = message("pubsub://wire", name, b"", 0).file
    parts = file.name.split("/")
    assert parts[0] == "wire"
    assert len(parts) > 1
    assert not {"", ".", ".."} & set(parts)
    assert "#" not in file.uri
    assert file.uri.isascii()
    assert len(file.name) < 8000


def record(**given: object) -> SimpleNamespace:
    """A message as Beam's Kafka connector gives it."""
    defaults = {"partition": 2, "offset": 41, "timestamp": 1_700_000_000_123, "headers": [], "key": None, "value": b"v"}
    return SimpleNamespace(**{**defaults, **given})


@pytest.mark.parametrize(
    ("given", "name", "url"),
    [
        ({}, "wire/2/41", None),
        ({"key": b"ida"}, "wire/ida", None),
        ({"key": b"ida", "headers": [SimpleNamespace(key="name", value=b"ada.html")]}, "wire/ada.html", None),
        (
            {"headers": [SimpleNamespace(key="url", value=b"https://courier.example/1")]},
            "wire/2/41",
            "https://courier.example/1",
        ),
    ],
)
def test_a_kafka_message_goes_by_header_key_or_offset(given: dict[str, object], name: str, url: str | None) -> None:
    arrival = kafka.arrival_of("wire", record(**given))
    assert (arrival.file.name, arrival.url, arrival.event_time) == (name, url, 1_700_000_000_123_000)
    assert kafka.arrival_of("wire", record(value=None)).content == b""


def test_a_pubsub_message_goes_by_attribute_or_id() -> None:
    received = SimpleNamespace(data=b"v", attributes={"name": "ida.html"}, message_id="77", publish_time=None)
    assert pubsub.arrival_of("wire", received).file.name == "wire/ida.html"
    received.attributes = None
    assert pubsub.arrival_of("wire", received).file.name == "wire/77"


def test_sources_are_told_by_their_scheme() -> None:
    sources = parse_sources(["in/", "kafka://a:1,b:2/wire", "s3://b/in", "pubsub://news-desk/wire"])
    assert sources.folders == ("in/", "s3://b/in")
    assert sources.topics == (Topic("a:1,b:2", "wire"),)
    assert sources.subscriptions == (Subscription("news-desk", "wire"),)
    assert sources.subscriptions[0].path == "projects/news-desk/subscriptions/wire"


@pytest.mark.parametrize(
    "source",
    [
        "kafka://host/wire",
        "kafka://host:1",
        "kafka://host:1/",
        "kafka:///wire",
        "kafka://u@h:1/t",
        "pubsub://p",
        "pubsub://P/s",
    ],
)
def test_a_source_that_is_misspelt_is_told(source: str) -> None:
    with pytest.raises(UsageError, match="source"):
        parse_sources([source])


def test_a_message_is_read_as_a_file_would_be() -> None:
    lines = b'{"title": "One", "text": "A harbour."}\nno json\n'
    arrival = message("kafka://wire", "feed.jsonl", lines, 0, "https://courier.example/feed")
    found = list(with_url(read_content(lines, arrival.file), arrival.url))
    assert [each.source_uri for each in found] == ["kafka://wire/feed.jsonl#L1", "kafka://wire/feed.jsonl#L2"]
    assert isinstance(found[0], RawDocument)
    assert found[0].url == "https://courier.example/feed"
    empty = message("kafka://wire", "none", b"", 0)
    assert [each.code.value for each in read_content(b"", empty.file)] == ["empty_input"]  # type: ignore[union-attr]
