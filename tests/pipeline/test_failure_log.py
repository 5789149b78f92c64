"""The failure log keeps what happened last, and errors become one line."""

from __future__ import annotations

import logging
import warnings

import pytest

from pipeline.failure_log import LINES_KEPT, collected_logs, reason_of


def test_the_log_holds_the_traceback_and_the_last_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with collected_logs() as log:
        for number in range(LINES_KEPT + 5):
            logging.getLogger("apache_beam.runners").info("line %d", number)
        try:
            raise OSError("disk full")
        except OSError as error:
            file = log.write(error)
    assert file is not None
    text = file.read_text(encoding="utf-8")
    file.unlink()
    assert "Traceback" in text
    assert "OSError: disk full" in text
    assert f"line {LINES_KEPT + 4}\n" in text
    assert "line 4\n" not in text
    assert capsys.readouterr().err == ""


def test_our_warnings_are_shown_and_the_engines_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    with collected_logs():
        logging.getLogger("pipeline.run").warning("the lake is nearly full")
        logging.getLogger("pipeline.run").info("not shown")
        logging.getLogger("apache_beam").warning("chatter")
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("library chatter", UserWarning, stacklevel=1)
    assert capsys.readouterr().err == "copydesk: the lake is nearly full\n"


def test_debug_shows_everything(capsys: pytest.CaptureFixture[str]) -> None:
    with collected_logs(debug=True):
        logging.getLogger("apache_beam").info("chatter")
    assert "INFO apache_beam: chatter" in capsys.readouterr().err


def test_logging_is_as_before_afterwards() -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    with collected_logs():
        assert len(root.handlers) == len(before[1]) + 2
    assert (root.level, list(root.handlers)) == before


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
        (ValueError("first\nsecond"), "ValueError: first"),
        (RuntimeError("Traceback (most recent call last):\n  File x\nKeyError: 'a'\n"), "KeyError: 'a'"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_reasons_are_one_line(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason
