"""The rules of language identification, read from configs/language.toml and configs/stop_words.toml and checked.

Before: `min_confidence = 0.5`, `[words] de = "der die und …"`. After: `LanguageRules(min_confidence=0.5, …)`,
`stop_words()["de"]`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from configs.toml import read_toml
from schemas.errors import UsageError

BUILT_IN_DETECTOR = "langdetect"
"""langdetect's profiles, read and weighed by this package."""
DETECTORS = (BUILT_IN_DETECTOR, "lingua", "py3langid")
"""What `[describe] language_detector` may be; the last two need the extra of that name."""


@dataclass(frozen=True, slots=True)
class LanguageExample:
    """A text and the tag that it must get."""

    text: str
    tag: str


@dataclass(frozen=True, slots=True)
class Relative:
    """A language without a profile, told from those `like` it (BCP 47 tags; none: any of the script).

    It starts `handicap` below the best of them (natural logarithm of odds). Each of its own `letters` in the text, three at
    most, speaks for it; each of the `foreign_letters` speaks against it.
    """

    tag: str
    script: str
    like: tuple[str, ...]
    handicap: float
    letters: str
    foreign_letters: str


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """What configs/language.toml states; it explains each value. `tags` are (langdetect's label, BCP 47) pairs."""

    sample_characters: int
    min_letters: int
    dense_letter_weight: int
    min_script_share: float
    min_confidence: float
    confidence_scale: float
    confidence_power: float
    word_weight: float
    word_power: float
    unknown_word_share: float
    unknown_handicap: float
    unknown_likelihood: float
    unknown_likelihood_weight: float
    letter_weight: float
    hint_weight: float
    min_kana_share: float
    min_han_form_share: float
    other_min_letters: int
    other_min_share: float
    other_min_confidence: float
    tags: tuple[tuple[str, str], ...] = ()
    scripts: tuple[tuple[str, str], ...] = ()
    relatives: tuple[Relative, ...] = ()
    examples: tuple[LanguageExample, ...] = ()
    detector: str = BUILT_IN_DETECTOR

    def __post_init__(self) -> None:
        for name in ("sample_characters", "min_letters", "dense_letter_weight", "other_min_letters"):
            if getattr(self, name) < 1:
                raise UsageError(f"language.{name} is {getattr(self, name)}; allowed: 1 or more")
        for name in _SHARES:
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"language.{name} is {getattr(self, name)}; allowed: 0 to 1")
        for name in ("confidence_scale", "word_weight", "letter_weight"):
            if getattr(self, name) <= 0:
                raise UsageError(f"language.{name} is {getattr(self, name)}; allowed: more than 0")
        if self.detector not in DETECTORS:
            raise UsageError(f"language.detector is {self.detector!r}; allowed: {', '.join(DETECTORS)}")

    @classmethod
    def load(cls) -> LanguageRules:
        """The packaged rules; read once a process. Raises UsageError where a value is out of its range."""
        return _packaged_rules()


_SHARES = (
    "min_script_share",
    "min_confidence",
    "confidence_power",
    "word_power",
    "unknown_word_share",
    "min_kana_share",
    "min_han_form_share",
    "other_min_share",
    "other_min_confidence",
)
_WHOLE = ("sample_characters", "min_letters", "dense_letter_weight", "other_min_letters")
_NUMBERS = (
    "confidence_scale",
    "word_weight",
    "unknown_handicap",
    "unknown_likelihood",
    "unknown_likelihood_weight",
    "letter_weight",
    "hint_weight",
)


def check_detector(name: str) -> None:
    """Raises UsageError, one line, where the package of the detector called `name` is not installed."""
    if name != BUILT_IN_DETECTOR and importlib.util.find_spec(name) is None:
        raise UsageError(
            f"describe.language_detector is {name!r}, which is not installed; pip install 'copydesk[{name}]'"
        )


@lru_cache(maxsize=1)
def _packaged_rules() -> LanguageRules:
    table = cast(Mapping[str, Any], read_toml("language.toml"))
    numbers: dict[str, Any] = {name: int(table[name]) for name in _WHOLE}
    numbers |= {name: float(table[name]) for name in _SHARES + _NUMBERS}
    return LanguageRules(
        **numbers,
        tags=tuple((str(label), str(tag)) for label, tag in table["tags"].items()),
        scripts=tuple((str(script), str(tag)) for script, tag in table["scripts"].items()),
        relatives=tuple(_relative(row) for row in table["relative"]),
        examples=tuple(LanguageExample(str(row["text"]), str(row["tag"])) for row in table["example"]),
    )


def _relative(row: Mapping[str, Any]) -> Relative:
    return Relative(
        tag=str(row["tag"]),
        script=str(row["script"]),
        like=tuple(str(tag) for tag in row.get("like", ())),
        handicap=float(row["handicap"]),
        letters=str(row.get("letters", "")),
        foreign_letters=str(row.get("foreign_letters", "")),
    )


@lru_cache(maxsize=1)
def stop_words() -> Mapping[str, frozenset[str]]:
    """The small words of each language, lower case, by tag (configs/stop_words.toml)."""
    words = cast(Mapping[str, str], read_toml("stop_words.toml")["words"])
    return {tag: frozenset(listed.split()) for tag, listed in words.items()}
