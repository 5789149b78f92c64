"""A short run of the fuzzer on each target; `benchmarks/fuzz.py` does the long ones."""

from __future__ import annotations

import os
import signal

import pytest

from benchmarks import fuzz
from benchmarks.fuzz import Find, case_of, main, run, try_case
from benchmarks.fuzz_input import seeds_of
from benchmarks.fuzz_targets import SHARES, TARGETS

CASES = {
    "decode": 100,
    "parse": 25,
    "rules": 10,
    "dates": 250,
    "temporal": 100,
    "entities": 60,
    "lines": 250,
    "http": 600,
    "read": 100,
    "chain": 8,
}


@pytest.mark.parametrize("target", list(TARGETS))
def test_no_case_raises_hangs_or_loses_anything(target: str) -> None:
    whole = TARGETS[target](seeds_of(target)[0])
    assert whole is None
    for number in range(CASES[target]):
        case = case_of(target, 0, number)
        what = TARGETS[target](case)
        assert what is None, f"{target}:0:{number} {what}"


def test_a_case_depends_on_its_seed_and_number_alone() -> None:
    assert case_of("dates", 3, 7) == case_of("dates", 3, 7)
    assert len({case_of("dates", 3, number) for number in range(50)}) > 40
    assert case_of("dates", 4, 7) != case_of("dates", 3, 7)
    assert SHARES.keys() == TARGETS.keys() == CASES.keys()


def test_what_raises_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TARGETS, "dates", lambda raw: str(raw[10**9]))
    find = try_case("dates", 0, 1)
    assert find is not None
    assert find.what.startswith("IndexError: index out of range")


def test_what_takes_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "HANG", -1.0)
    find = try_case("http", 0, 1)
    assert find is not None
    assert find.what.startswith("took ")


def test_a_death_is_named_and_the_next_case_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    deadly = case_of("dates", 0, 5)

    def die(raw: bytes) -> str | None:
        if raw == deadly:
            os.kill(os.getpid(), signal.SIGTERM)
        return "seen" if raw == case_of("dates", 0, 6) else None

    monkeypatch.setitem(TARGETS, "dates", die)
    assert list(run("dates", 0, 8)) == [Find("dates", 0, 5, "ended by signal 15"), Find("dates", 0, 6, "seen")]


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--cases", "20", "--targets", "http,dates"]) == 0
    said = capsys.readouterr().out
    assert "http" in said
    assert "0 finds" in said
    assert main(["--only", "dates:0:3"]) == 0
