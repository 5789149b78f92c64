"""Tells the language of a text: "Die Brücke bleibt gesperrt, bis …" -> Language("de", 0.99).

The script decides where only one language is written in it. Else the profiles of langdetect, the small words of each
language and letters that only one language has are weighed together (`transforms.language_profiles`,
configs/stop_words.toml, configs/language.toml), with the language that the page states as a weak hint.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from transforms.language_profiles import normalized, profile_scores, without_addresses
from transforms.language_rules import LanguageExample, LanguageRules, stop_words
from transforms.language_scripts import han_form, script_counts

__all__ = ["UNKNOWN", "Language", "LanguageExample", "LanguageRules", "enough_letters", "identify"]

UNKNOWN = "und"
"""BCP 47 for an undetermined language."""

_DENSE = frozenset({"HAN", "KANA", "HANGUL"})
_NO_LATIN = dict.fromkeys(map(ord, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"), " ")
_MAX_COUNTED_LETTERS = 3
_LEAST_STRANGE, _MOST_STRANGE = -20.0, 4.0
"""Bounds of what rare n-grams count, so that a language without a profile can still be told by its words."""
_SURE = 0.99
"""The confidence that a script of one language gives: a name or a quotation in it can stand in another language."""


class Language(NamedTuple):
    """A BCP 47 tag and how sure it is, 0 to 1; `und` has no confidence."""

    tag: str
    confidence: float | None


_NONE = Language(UNKNOWN, None)


def identify(text: str, rules: LanguageRules | None = None, stated: Iterable[str] = ()) -> Language:
    """The language of `text`, from its first `sample_characters`; `und` where it is too short or too uncertain.

    `stated` are the tags that the page or container names, best first; the first one is a weak hint. Deterministic; raises
    nothing on any text. About 0.4 ms; the first call of a process reads the profiles (0.2 s).
    """
    rules = rules or LanguageRules.load()
    # Bounds before the patterns and loops run, so that a hostile text costs no more than a long one.
    sample = without_addresses(text[: rules.sample_characters * 4])[: rules.sample_characters]
    characters = Counter(sample)
    scripts = script_counts(characters)
    letters = sum(scripts.values())
    if _weight(scripts, rules) < rules.min_letters:
        return _NONE
    hint = next((tag.strip().replace("_", "-") for tag in stated if tag.strip()), "")
    east_asian = scripts["HAN"] + scripts["KANA"]
    script = min(scripts, key=lambda name: (-scripts[name], name))
    if east_asian > letters / 2:
        found = _han_or_kana(characters, scripts, rules, hint)
    elif dict(rules.scripts).get(script):
        found = Language(dict(rules.scripts)[script], round(_SURE * scripts[script] / letters, 4))
    elif scripts[script] < rules.min_script_share * letters:
        return _NONE
    else:
        found = _by_evidence(sample, script, characters, rules, hint)
    if found.confidence is None or found.confidence < rules.min_confidence:
        return _NONE
    return found


def enough_letters(sample: str, rules: LanguageRules) -> bool:
    """Whether `sample` has the `min_letters` that a language is told from."""
    return _weight(script_counts(Counter(sample)), rules) >= rules.min_letters


def _weight(scripts: Mapping[str, int], rules: LanguageRules) -> int:
    return sum(count * (rules.dense_letter_weight if script in _DENSE else 1) for script, count in scripts.items())


def _han_or_kana(
    characters: Mapping[str, int], scripts: Mapping[str, int], rules: LanguageRules, hint: str
) -> Language:
    east_asian = scripts["HAN"] + scripts["KANA"]
    if scripts["KANA"] >= rules.min_kana_share * east_asian:
        return Language("ja", _SURE)
    forms = [(han_form(character), count) for character, count in characters.items()]
    traditional = sum(count for form, count in forms if form > 0)
    simplified = sum(count for form, count in forms if form < 0)
    if (
        max(traditional, simplified) < rules.min_han_form_share * (traditional + simplified)
        or traditional == simplified
    ):
        written = _stated_han(hint)
    else:
        written = "zh-Hant" if traditional > simplified else "zh-Hans"
    return Language(written, _SURE)


def _stated_han(hint: str) -> str:
    """The script that a stated Chinese tag names or implies."""
    parts = {part.lower() for part in hint.split("-")}
    if "zh" not in parts:
        return "zh"
    if parts & {"hant", "tw", "hk", "mo"}:
        return "zh-Hant"
    return "zh-Hans" if parts & {"hans", "cn", "sg"} else "zh"


def _by_evidence(sample: str, script: str, characters: Mapping[str, int], rules: LanguageRules, hint: str) -> Language:
    """The most likely of the languages written in `script`, all evidence added up as logarithms of odds."""
    seen = normalized(sample if script == "LATIN" else sample.translate(_NO_LATIN))
    profiles = profile_scores(seen, script)
    if not profiles.means:
        return _NONE
    tags = dict(rules.tags)
    scale = rules.confidence_scale * profiles.ngrams**rules.confidence_power
    highest = max(profiles.means)
    odds = {
        tags.get(label, label): (mean - highest) * scale
        for label, mean in zip(profiles.labels, profiles.means, strict=True)
    }
    present = frozenset(characters)
    for relative in rules.relatives:
        if relative.script == script:
            likest = max([odds[tag] for tag in relative.like if tag in odds], default=0.0)
            own = sum([characters[letter] for letter in present.intersection(relative.letters)])
            foreign = sum([characters[letter] for letter in present.intersection(relative.foreign_letters)])
            counted = min(own, _MAX_COUNTED_LETTERS) - min(foreign, _MAX_COUNTED_LETTERS)
            odds[relative.tag] = likest - relative.handicap + rules.letter_weight * counted
    words = seen.lower().split(" ")
    hits = Counter(chain.from_iterable(filter(None, map(_word_tags().get, words))))
    # Words of one text are no independent witnesses either.
    word_weight = rules.word_weight * len(words) ** (rules.word_power - 1)
    primary = hint.split("-")[0].lower()
    for tag, count in hits.items():
        if tag in odds:
            odds[tag] += word_weight * count
    if primary:
        for tag in odds:
            if tag.split("-")[0] == primary:
                odds[tag] += rules.hint_weight
    # A language that is not known here has an ordinary look but few of anyone's small words.
    odds[UNKNOWN] = word_weight * rules.unknown_word_share * len(words) - rules.unknown_handicap
    highest_odds = max(odds.values())
    best = min(tag for tag, value in odds.items() if value == highest_odds)
    # Four digits: more would be noise, and would differ between processors' exp(). e ** -20 is none of them.
    near = [value - highest_odds for value in odds.values() if value > highest_odds - 20]
    confidence = round(1 / sum(map(math.exp, near)), 4)
    return _NONE if best == UNKNOWN else Language(best, confidence)


@lru_cache(maxsize=1)
def _word_tags() -> Mapping[str, tuple[str, ...]]:
    """The languages of each small word, as langdetect's normalisation leaves it."""
    tags: dict[str, list[str]] = {}
    for tag, words in stop_words().items():
        for word in sorted({part for listed in words for part in normalized(listed).split()}):
            tags.setdefault(word, []).append(tag)
    return {word: tuple(found) for word, found in tags.items()}
