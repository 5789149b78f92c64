"""Each command is one call; each way to end has its exit code, and an error is one line on standard error."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from pipeline.cli import main
from pipeline.progress import ProgressView
from pipeline.settings import Settings
from pipeline.summary import Summary, Tally
from schemas.errors import UsageError

SUMMARY = Summary("abc", "L", 4, 4, 0, 10, 9, 1, 5, seconds=1.0)


class _Call(NamedTuple):
    inputs: list[str]
    lake: str
    settings: Settings
    force: bool
    dry_run: bool


Ingest = Callable[[Summary | BaseException], list[_Call]]


def _stand_in(monkeypatch: pytest.MonkeyPatch, name: str, **functions: object) -> None:
    module = ModuleType(name)
    for key, function in functions.items():
        setattr(module, key, function)
    monkeypatch.setitem(sys.modules, name, module)


@pytest.fixture
def ingest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ingest:
    """Puts a stand-in in place of the run, which gives the summary or raises; the list it returns fills with the calls."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def give(result: Summary | BaseException) -> list[_Call]:
        calls: list[_Call] = []

        def run(
            inputs: Sequence[str],
            lake: str,
            settings: Settings,
            *,
            force: bool,
            dry_run: bool,
            progress: ProgressView,
            since: datetime | None,
        ) -> Summary:
            calls.append(_Call(list(inputs), lake, settings, force, dry_run))
            progress.say("reading")
            if isinstance(result, BaseException):
                raise result
            return result

        _stand_in(monkeypatch, "pipeline.run", ingest=run)
        return calls

    return give


def _one_line(text: str) -> str:
    assert text.endswith("\n")
    assert text.count("\n") == 1
    return text[:-1]


def test_ingest_hands_over_what_was_given(ingest: Ingest, capsys: pytest.CaptureFixture[str]) -> None:
    calls = ingest(SUMMARY)
    assert main(["ingest", "a", "b", "--lake", "L", "--force", "--workers", "3"]) == 0
    (call,) = calls
    assert (call.inputs, call.lake, call.force, call.dry_run) == (["a", "b"], "L", True, False)
    assert call.settings.run.workers == 3
    captured = capsys.readouterr()
    assert "articles" in captured.out
    assert captured.err == "copydesk: reading\n"


def test_json_alone_stands_on_standard_output(ingest: Ingest, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(SUMMARY)
    assert main(["ingest", "a", "--lake", "L", "--json", "--dry-run"]) == 0
    assert json.loads(_one_line(capsys.readouterr().out))["articles"] == 9


def test_quiet_is_quiet(ingest: Ingest, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(SUMMARY)
    assert main(["ingest", "a", "--lake", "L", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("share", "code"), [("0.1", 0), ("0.09", 1), ("1", 0), ("0", 1)])
def test_too_many_rejects_end_with_1(ingest: Ingest, capsys: pytest.CaptureFixture[str], share: str, code: int) -> None:
    ingest(replace(SUMMARY, rejects_by_code=(Tally("too_deep", 1),)))
    assert main(["ingest", "a", "--lake", "L", "--quiet", "--max-reject-share", share]) == code
    error = capsys.readouterr().err
    assert bool(error) == bool(code)
    if code:
        assert _one_line(error).startswith("copydesk: 1 of 10 records were rejected (10.0%), more than")
        assert "; most often too_deep (1); " in error


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", "a", "--lake", "L", "--workers", "0"],
        ["ingest", "a", "--lake", "L", "--config", "missing.toml"],
        ["ingest", "a"],
        ["nonsense"],
        [],
        ["inspect", "missing.html"],
        ["schema", "nonsense"],
        ["rules", "list", "--config", "missing.toml"],
    ],
)
def test_bad_usage_ends_with_2_and_one_line(
    arguments: list[str], ingest: Ingest, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = ingest(SUMMARY)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert _one_line(captured.err).startswith("copydesk: error: ")
    assert captured.out == ""
    assert calls == []


def test_a_usage_error_of_the_run_is_one_safe_line(ingest: Ingest, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(UsageError("no such file 'a\nb\x1b[2J'"))
    assert main(["ingest", "a", "--lake", "L", "--quiet"]) == 2
    assert _one_line(capsys.readouterr().err) == "copydesk: error: no such file 'a b\\x1b[2J'"


def test_a_lake_that_is_a_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("Ferries\n\nThe ferries run again.\n", encoding="utf-8")
    assert main(["ingest", str(tmp_path), "--lake", str(tmp_path / "a.txt"), "--quiet"]) == 2
    assert "a.txt: is a file; name a folder" in _one_line(capsys.readouterr().err)


def test_a_failed_run_ends_with_3_and_names_its_log(ingest: Ingest, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(OSError("disk full\nand more"))
    assert main(["ingest", "a", "--lake", "L", "--quiet"]) == 3
    line = _one_line(capsys.readouterr().err)
    assert line.startswith("copydesk: failed: OSError: disk full; nothing of this run is visible; log: ")
    log = Path(line.rpartition(" ")[2])
    text = log.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert "and more" in text


def test_debug_shows_the_traceback(ingest: Ingest, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(ZeroDivisionError("x"))
    assert main(["ingest", "a", "--lake", "L", "--quiet", "--debug"]) == 3
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_ctrl_c_ends_with_130_and_one_line(ingest: Ingest, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(KeyboardInterrupt())
    assert main(["ingest", "a", "--lake", "L", "--quiet"]) == 130
    assert "whole or not at all" in _one_line(capsys.readouterr().err)


def test_sigterm_unwinds_and_ends_with_143(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    cleaned = []

    def run(*arguments: object, **options: object) -> Summary:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        finally:
            cleaned.append(True)
        return SUMMARY

    _stand_in(monkeypatch, "pipeline.run", ingest=run)
    before = signal.getsignal(signal.SIGTERM)
    assert main(["ingest", "a", "--lake", "L", "--quiet"]) == 143
    assert cleaned == [True]
    assert signal.getsignal(signal.SIGTERM) == before
    assert _one_line(capsys.readouterr().err).startswith("copydesk: stopped by SIGTERM")


def test_verify_lists_what_is_broken(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Problem(NamedTuple):
        promise: int
        path: str
        message: str

    found = (Problem(1, "_runs/a.json", "10 read\n9 rows"),)
    _stand_in(monkeypatch, "pipeline.lake.verify", verify=lambda lake: found if lake == "bad" else ())
    assert main(["verify", "good"]) == 0
    assert capsys.readouterr().out == "good: every promise holds\n"
    assert main(["verify", "bad"]) == 1
    assert capsys.readouterr().out == "promise 1: _runs/a.json: 10 read 9 rows\nbad: 1 broken\n"
    assert main(["verify", "bad", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["promise"] == 1


def test_demo_is_called_with_its_lake(monkeypatch: pytest.MonkeyPatch) -> None:
    lakes: list[str | None] = []
    _stand_in(monkeypatch, "pipeline.demo", demo=lakes.append)
    assert main(["demo"]) == main(["demo", "--lake", "L"]) == 0
    assert lakes == [None, "L"]


def test_rules_are_listed_and_tested(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import pipeline.rule_check
    import pipeline.rules

    folders: list[Path] = []
    rules = pipeline.rules.parse_rules(
        '[[rule]]\nid = "share.x"\nmatch = "exact"\ntext = ["Share"]\ncategory = "share"\n'
        'example = ["Share"]\ncounterexample = ["Share prices fell"]\n',
        "x.toml",
    )
    monkeypatch.setattr(pipeline.rules, "load_rules", lambda given: folders.extend(given) or rules)
    monkeypatch.setenv("COPYDESK_CLEAN__RULE_FOLDERS", str(tmp_path))
    assert main(["rules", "list"]) == 0
    assert folders == [tmp_path]
    assert "share.x" in capsys.readouterr().out
    assert main(["rules", "test"]) == 0
    assert "all as they should be" in capsys.readouterr().out
    monkeypatch.setattr(
        pipeline.rule_check, "check_rules", lambda rules: (pipeline.rule_check.RuleFailure("a.b", "f", "l", "r"),)
    )
    assert main(["rules", "test"]) == 1


def test_version_and_help_end_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("copydesk ")
    assert main(["--help"]) == main(["ingest", "--help"]) == 0
    assert "usage: copydesk ingest" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--help"], ["schema"], ["ingest"], ["rules", "list"]])
def test_small_commands_start_without_the_heavy_imports(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom pipeline.cli import main\nmain(sys.argv[1:])\n"
        "print(sorted({'apache_beam', 'rich', 'lxml', 'bs4', 'langdetect'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_leaves_early_gets_no_traceback() -> None:
    program = "import sys; from pipeline.cli import main; sys.exit(main(['schema', '--json']))"
    command = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()
    assert command.stderr.read() == b""
    command.stderr.close()
    assert command.wait(timeout=20) == 141
