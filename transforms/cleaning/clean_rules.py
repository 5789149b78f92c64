"""Everything that cleaning is told from outside: the boilerplate rules, compiled, and the thresholds.

Before: rule files and settings  After: one frozen `CleanRules` that a worker builds once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.rules import Rule
from transforms.cleaning.boilerplate import RuleIndex, index_of
from transforms.cleaning.clean_settings import CleaningSettings, built_in_settings
from transforms.learned.lines import NO_LINES, LearnedLines
from transforms.normalize import KEEP_MARKS, NormalizeSettings


@dataclass(frozen=True, slots=True)
class CleanRules:
    """The rules and settings of one run. `index` is derived from `rules`.

    `standfirst_in_body` keeps a page's standfirst in the body as well as in its own column. `learned` are the lines that
    sites are known to repeat.
    """

    rules: tuple[Rule, ...]
    settings: CleaningSettings
    normalize: NormalizeSettings = KEEP_MARKS
    standfirst_in_body: bool = True
    learned: LearnedLines = NO_LINES
    index: RuleIndex = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", index_of(self.rules))


def clean_rules(
    rules: Iterable[Rule], *, normalize: NormalizeSettings = KEEP_MARKS, standfirst_in_body: bool = True
) -> CleanRules:
    """`CleanRules` of these rules with the built-in thresholds. Raises `UsageError` where cleaning.toml is unusable."""
    return CleanRules(
        tuple(sorted(rules, key=lambda rule: rule.id)), built_in_settings(), normalize, standfirst_in_body
    )
