from __future__ import annotations

from types import SimpleNamespace

from apache_beam.io.restriction_trackers import OffsetRange

from transforms.sources.kafka import arrival_of
from transforms.sources.kafka_python import FromOffset, received


def test_a_partition_is_left_off_and_taken_up_again_but_not_shared_out() -> None:
    tracker = FromOffset(OffsetRange(0, 1 << 62))
    assert tracker.try_claim(41)
    assert tracker.try_split(0.5) is None
    done, rest = tracker.try_split(0)
    assert (done.stop, rest.start) == (42, 42)
    assert not tracker.is_bounded()
    tracker.check_done()


def test_a_message_of_the_client_library_is_one_of_beams() -> None:
    def of(**given: object) -> SimpleNamespace:
        defaults = {"partition": 2, "offset": 41, "timestamp": (1, 17), "headers": None, "key": None, "value": b"v"}
        return SimpleNamespace(**{name: (lambda value=value: value) for name, value in {**defaults, **given}.items()})

    plain = arrival_of("wire", received(of()))
    assert (plain.file.name, plain.event_time, plain.content) == ("wire/2/41", 17_000, b"v")
    named = arrival_of("wire", received(of(headers=[("name", b"ida"), ("url", None)], timestamp=(0, -1))))
    assert (named.file.name, named.url) == ("wire/ida", None)
    assert named.event_time > 1_700_000_000_000_000  # it states none
