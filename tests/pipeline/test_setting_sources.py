"""A mistake in any place is one line: the place, the key, the value, what is allowed, the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.settings import load_settings
from schemas.errors import UsageError


def _message_for(toml: str | bytes, folder: Path) -> str:
    file = folder / "mine.toml"
    file.write_bytes(toml.encode() if isinstance(toml, str) else toml)
    with pytest.raises(UsageError) as caught:
        load_settings(str(file), environment={})
    message = str(caught.value)
    assert "\n" not in message
    return message.replace(str(folder) + "/", "")


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[input]\nmax_ration = 5", "mine.toml: [input] max_ration: no such key; did you mean max_ratio?"),
        ("[inputs]\nmax_ratio = 5", "mine.toml: [inputs]: no such section; did you mean input?"),
        (
            "[zebra]\n",
            "mine.toml: [zebra]: no such section; allowed: input, limits, clean, learn, describe, entities, filter, lake, watch, iceberg, run, prism, flink, spark, dataflow, stream",
        ),
        ("[run]\nquotes = 'keep'", "mine.toml: [run] quotes: no such key here; did you mean [clean] quotes?"),
        ("max_ratio = 5", "mine.toml: max_ratio: no such key here; did you mean [input] max_ratio?"),
        (
            "[clean]\nzebra = 5",
            "mine.toml: [clean] zebra: no such key; allowed: quotes, dashes, standfirst_in_body, block_model, rule_folders",
        ),
        (
            "[input]\nmax_ratio = 'big'",
            'mine.toml: [input] max_ratio = "big": must be a whole number from 2 to 1000000',
        ),
        (
            "[clean]\nquotes = 'asci'",
            'mine.toml: [clean] quotes = "asci": must be "keep" or "ascii"; did you mean ascii?',
        ),
        ("[clean]\nstandfirst_in_body = 1", "mine.toml: [clean] standfirst_in_body = 1: must be true or false"),
        (
            "[input.fields]\ntext = 'body'",
            'mine.toml: [input.fields] text = "body": must be a list of names, such as ["body", "text"]',
        ),
        ("input = 3", "mine.toml: input = 3: input is a section, write [input]"),
        ("[input.fields]\nheadlin = []", "mine.toml: [input.fields] headlin: no such key; did you mean headline?"),
        (
            "[run]\nmax_reject_share = 1979-05-27",
            'mine.toml: [run] max_reject_share = "1979-05-27": must be a number from 0 to 1',
        ),
        (
            "[clean]\nrule_folders = ['nowhere']",
            'mine.toml: [clean] rule_folders = ["nowhere"]: must be a list of existing folders, such as ["rules"]',
        ),
    ],
)
def test_wrong_keys_and_values(toml: str, message: str, tmp_path: Path) -> None:
    assert _message_for(toml, tmp_path) == message


def test_wrong_syntax_names_the_line(tmp_path: Path) -> None:
    message = _message_for("[input]\nmax_ratio 5\n", tmp_path)
    assert message.startswith("mine.toml: not valid TOML: ")
    assert "line 2" in message


def test_a_file_in_another_charset_names_the_line(tmp_path: Path) -> None:
    message = _message_for("[clean]\n# größer\n".encode("latin-1"), tmp_path)
    assert message == "mine.toml: not UTF-8 at line 2; TOML files must be UTF-8"


def test_hostile_keys_stay_on_one_short_line(tmp_path: Path) -> None:
    message = _message_for('"a\\nb\\u001b[2J" = 1', tmp_path)
    assert "\x1b" not in message
    assert len(_message_for(f"[input]\nmax_ratio = '{'x' * 100_000}'", tmp_path)) < 300
    assert _message_for("x = " + "[" * 20_000, tmp_path).startswith("mine.toml: ")


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xef\xbb\xbf[input]\nmax_ratio = 7\n")
    assert load_settings(str(file), environment={}).input.max_ratio == 7


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match=r"mien\.toml: can't read the settings: .*; did you mean mine\.toml\?"):
        load_settings(str(tmp_path / "mien.toml"), environment={})
    with pytest.raises(UsageError, match="can't read the settings"):
        load_settings(str(tmp_path), environment={})


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        (
            "COPYDESK_INPUT__MAX_RATIO",
            "big",
            'environment variable COPYDESK_INPUT__MAX_RATIO "big": must be a whole number from 2 to 1000000',
        ),
        (
            "COPYDESK_INPUT__MAX_RATIOS",
            "5",
            "environment variable COPYDESK_INPUT__MAX_RATIOS: no such setting; did you mean COPYDESK_INPUT__MAX_RATIO?",
        ),
        (
            "COPYDESK_RUN_WORKERS",
            "2",
            "environment variable COPYDESK_RUN_WORKERS: no such setting; did you mean COPYDESK_RUN__WORKERS?",
        ),
    ],
)
def test_wrong_variables(variable: str, text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(environment={variable: text})
    assert str(caught.value) == message


def test_variables_of_others_are_left_alone() -> None:
    defaults = load_settings(environment={})
    assert load_settings(environment={"COPYDESK_HOME": "/srv", "COPYDESK": "1", "PATH": "/bin"}) == defaults
