"""Arguments are parsed wherever they stand; every mistake is one line that says where help is."""

from __future__ import annotations

import pytest

from pipeline.arguments import COMMANDS, parse, setting_flags
from pipeline.settings import Flag, setting_keys
from schemas.errors import UsageError

LISTED = ", ".join(command.name for command in COMMANDS)


def test_options_may_stand_anywhere_among_the_inputs() -> None:
    parsed = parse(["ingest", "a", "--lake", "L", "b", "--force", "c", "--workers=2"])
    assert (parsed.command, parsed.inputs, parsed.lake, parsed.force) == ("ingest", ["a", "b", "c"], "L", True)
    assert (parsed.dry_run, parsed.quiet, parsed.json, parsed.config) == (False, False, False, None)
    assert setting_flags(parsed) == (Flag("--workers", "run.workers", "2"),)


def test_every_setting_flag_sets_a_key_that_exists() -> None:
    parsed = parse(["ingest", "a", "--lake", "L", "--workers", "2", "--runner", "local", "--max-reject-share", "0.1"])
    flags = setting_flags(parsed)
    assert [flag.text for flag in flags] == ["local", "2", "0.1"]
    assert {flag.key for flag in flags} <= set(setting_keys())


def test_an_input_may_look_like_an_option_after_two_dashes() -> None:
    assert parse(["ingest", "--lake", "L", "--", "-odd.html", "b"]).inputs == ["./-odd.html", "b"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], f"a command is missing; there are {LISTED}. See `copydesk --help`."),
        (["ingst"], "no such command 'ingst'; did you mean ingest? See `copydesk --help`."),
        (
            ["listen", "x"],
            f"no such command 'listen'; there are {LISTED}. See `copydesk --help`.",
        ),
        (["--verbose"], "no such option '--verbose'; did you mean --version? See `copydesk --help`."),
        (
            ["ingest", "a", "--lake", "L", "--worker", "2"],
            "ingest has no option --worker; did you mean --workers? See `copydesk ingest --help`.",
        ),
        (
            ["ingest", "a", "--lake", "L", "--storage-class=cold"],
            "ingest has no option --storage-class. See `copydesk ingest --help`.",
        ),
        (["ingest", "a"], "the following arguments are required: --lake. See `copydesk ingest --help`."),
        (["ingest", "--lake", "L"], "the following arguments are required: INPUT. See `copydesk ingest --help`."),
        (["schema", "articles", "x"], "schema takes no further argument 'x'. See `copydesk schema --help`."),
        (["verify"], "the following arguments are required: LAKE. See `copydesk verify --help`."),
    ],
)
def test_mistakes(arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(arguments)
    assert str(caught.value) == message


def test_a_wrong_action_names_the_right_ones() -> None:
    with pytest.raises(UsageError, match=r"tst.*list.*test.*See `copydesk rules --help`\.$"):
        parse(["rules", "tst"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_explains_itself_with_an_example(command: object, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(command.name)  # type: ignore[attr-defined]
    with pytest.raises(SystemExit) as caught:
        parse([name, "--help"])
    text = capsys.readouterr().out
    assert caught.value.code == 0
    assert f"usage: copydesk {name}" in text
    assert f"example:\n  copydesk {name}" in text
    # Every option has a sentence of help of its own.
    assert "None" not in text


def test_the_overview_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    text = capsys.readouterr().out
    assert all(f"  {command.name}" in text and command.summary in text for command in COMMANDS)
