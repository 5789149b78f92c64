from __future__ import annotations

import importlib.util
from dataclasses import replace

import pytest

from schemas.errors import UsageError
from transforms import language_detectors
from transforms.language import UNKNOWN, Language, LanguageRules, identify
from transforms.language_detectors import detect
from transforms.language_rules import check_detector

RULES = LanguageRules.load()
TEXT = "Die Hafenbehörde teilte mit, die Brücke bleibe gesperrt, bis alle Seile geprüft worden seien."


def test_the_built_in_detector_is_identify_with_what_is_stated() -> None:
    assert detect(TEXT, RULES, ["de"]) == identify(TEXT, RULES, ["de"])


@pytest.mark.parametrize("name", ["lingua", "py3langid"])
def test_the_extras(name: str) -> None:
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    rules = replace(RULES, detector=name)
    found = detect(TEXT, rules)
    assert found.tag == "de"
    assert RULES.min_confidence <= (found.confidence or 0) <= 1
    assert found == detect(TEXT, rules)
    assert detect("12:30", rules) == Language(UNKNOWN, None)


def test_a_missing_extra_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"^describe\.language_detector is 'lingua', .*copydesk\[lingua\]'$"):
        check_detector("lingua")
    check_detector("langdetect")


def test_an_unsure_answer_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = replace(RULES, detector="lingua")
    for answer, expected in (
        (Language("de", 0.3), Language(UNKNOWN, None)),
        (Language("de", 0.81234567), Language("de", 0.8123)),
    ):
        monkeypatch.setattr(language_detectors, "_model", lambda name, answer=answer: lambda text: answer)
        assert detect(TEXT, rules) == expected


def test_an_unknown_detector_is_refused() -> None:
    with pytest.raises(UsageError, match="allowed: langdetect, lingua, py3langid"):
        replace(RULES, detector="magic")
