"""A step turns exceptions into rejects and lets everything else pass."""

from __future__ import annotations

from schemas.codes import Payload, RejectCode, SourceFormat, Stage
from schemas.errors import RecordError
from schemas.records import RawDocument, Reject
from transforms.step import Step, apply

DOCUMENT = RawDocument("in/a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, b"hello", byte_offset=7)


def test_a_result_passes_on() -> None:
    assert apply(DOCUMENT, Stage.DECODE, lambda document: document.raw.decode()) == "hello"


def test_a_known_loss_keeps_its_code_and_gets_advice() -> None:
    def refuse(_: RawDocument) -> None:
        raise RecordError(RejectCode.NO_TEXT, "only white space")

    reject = apply(DOCUMENT, Stage.PARSE, refuse)
    assert isinstance(reject, Reject)
    assert (reject.stage, reject.code, reject.byte_offset) == (Stage.PARSE, RejectCode.NO_TEXT, 7)
    assert reject.message == "only white space. The input holds no text."
    assert (reject.raw, reject.raw_size, reject.retryable) == (b"hello", 5, False)


def test_any_other_exception_is_an_internal_error_with_its_name() -> None:
    reject = apply(DOCUMENT, Stage.CLEAN, lambda _: 1 // 0)
    assert reject.code is RejectCode.INTERNAL_ERROR
    assert reject.message.startswith("ZeroDivisionError: ")
    assert reject.retryable


def test_only_the_accepted_type_is_touched() -> None:
    step = Step(Stage.DECODE, RawDocument, lambda document: document.name)
    assert list(step.process(DOCUMENT)) == ["a.txt"]
    assert list(step.process("something else")) == ["something else"]
