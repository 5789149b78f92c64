"""Asks the detector that the settings name: "langdetect" is `transforms.language.identify`; lingua and py3langid are extras.

Before: `detect("Die Brücke bleibt …", replace(rules, detector="lingua"))`. After: `Language("de", 0.98)`. Whichever it is, texts
below `min_letters` and answers below `min_confidence` are `und`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from transforms.language import UNKNOWN, Language, enough_letters, identify
from transforms.language_rules import BUILT_IN_DETECTOR, LanguageRules, check_detector

_Answer = Callable[[str], Language]


def detect(text: str, rules: LanguageRules, stated: Iterable[str] = ()) -> Language:
    """The language of `text` by the detector that `rules` name; only the built-in one heeds what is `stated`.

    Raises UsageError where the detector is not installed.
    """
    if rules.detector == BUILT_IN_DETECTOR:
        return identify(text, rules, stated)
    sample = text[: rules.sample_characters]
    if not enough_letters(sample, rules):
        return Language(UNKNOWN, None)
    found = _model(rules.detector)(sample)
    if found.confidence is None or found.confidence < rules.min_confidence:
        return Language(UNKNOWN, None)
    return Language(found.tag, round(min(found.confidence, 1.0), 4))


@lru_cache(maxsize=2)
def _model(name: str) -> _Answer:
    check_detector(name)
    return {"lingua": _lingua, "py3langid": _py3langid}[name]()


def _lingua() -> _Answer:
    lingua: Any = importlib.import_module("lingua")
    model = lingua.LanguageDetectorBuilder.from_all_languages().build()

    def answer(text: str) -> Language:
        values = model.compute_language_confidence_values(text)
        return Language(values[0].language.iso_code_639_1.name.lower(), values[0].value)

    return answer


def _py3langid() -> _Answer:
    langid: Any = importlib.import_module("py3langid.langid")
    model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)

    def answer(text: str) -> Language:
        tag, confidence = model.classify(text)
        return Language(str(tag), float(confidence))

    return answer
