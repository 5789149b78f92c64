"""What one setting may be, and how its value is read from TOML or from text (environment variables and flags).

Before: `"0.2"` for a share. After: `0.2`, or a `ValueError` when it is none of what the kind allows.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Value = bool | int | float | str | tuple[str, ...]
"""What a setting can hold: immutable and the same in TOML, JSON and Python (lists become tuples)."""


_TIME = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*(ms|s|m|h|d)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


class Kind(Protocol):
    """The values that a setting allows. `check` takes a TOML value, `parse` text; both raise ValueError if unfit."""

    @property
    def allowed(self) -> str:
        """What is allowed, to be read after "must be"."""
        ...

    def check(self, value: object) -> Value: ...

    def parse(self, text: str) -> Value: ...


AUTO = 0
"""A number that is found out where it is needed."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`, both included; `unit` is named in messages. With `auto` also the word "auto", which
    is AUTO."""

    low: int
    high: int
    unit: str = ""
    auto: bool = False

    @property
    def allowed(self) -> str:
        number = f"a whole number{f' of {self.unit}' if self.unit else ''} from {self.low} to {self.high}"
        return f"{number} or 'auto'" if self.auto else number

    def check(self, value: object) -> int:
        if self.auto and value == "auto":
            return AUTO
        # TOML's `true` arrives as a bool, which Python counts among the ints.
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            raise ValueError(value)
        return value

    def parse(self, text: str) -> int:
        # int() alone would take "1_0" and Arabic-Indic digits, and stop with an error of its own above 4,300 digits.
        digits = text.strip()
        if self.auto and digits == "auto":
            return AUTO
        if len(digits) > 20 or not (digits.isascii() and digits.isdigit()):
            raise ValueError(text)
        return self.check(int(digits))


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `low` to `high`, both included; never NaN or infinite."""

    low: float
    high: float

    @property
    def allowed(self) -> str:
        return f"a number from {self.low:g} to {self.high:g}"

    def check(self, value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise ValueError(value)
        if not self.low <= value <= self.high:
            raise ValueError(value)
        return float(value)

    def parse(self, text: str) -> float:
        return self.check(float(text))


@dataclass(frozen=True, slots=True)
class Duration:
    """A time, in seconds from `low` to `high`: "30s", "2m", "1h", "1d", "500ms", or a number of seconds."""

    low: float
    high: float

    @property
    def allowed(self) -> str:
        return f'a time such as "30s", "2m" or "1h", from {self.low:g} to {self.high:g} seconds'

    def check(self, value: object) -> float:
        if isinstance(value, str):
            return self.parse(value)
        return Number(self.low, self.high).check(value)

    def parse(self, text: str) -> float:
        match = _TIME.fullmatch(text.strip())
        if match is None:
            raise ValueError(text)
        return Number(self.low, self.high).check(float(match[1]) * _UNITS[match[2] or "s"])


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a fixed list."""

    options: tuple[str, ...]

    @property
    def allowed(self) -> str:
        return " or ".join(f'"{option}"' for option in self.options)

    def check(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(value)
        return value

    def parse(self, text: str) -> str:
        return self.check(text.strip())


@dataclass(frozen=True, slots=True)
class Character:
    """One character; with `optional` also the empty string."""

    optional: bool = False

    @property
    def allowed(self) -> str:
        return f'one character, such as ";"{", or nothing" if self.optional else ""}'

    def check(self, value: object) -> str:
        if not isinstance(value, str) or not (len(value) == 1 or (self.optional and not value)):
            raise ValueError(value)
        return value

    def parse(self, text: str) -> str:
        return self.check(text)


@dataclass(frozen=True, slots=True)
class Text:
    """Any text, also none."""

    @property
    def allowed(self) -> str:
        return "a text"

    def check(self, value: object) -> str:
        if not isinstance(value, str):
            raise ValueError(value)
        return value

    def parse(self, text: str) -> str:
        return text


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off."""

    @property
    def allowed(self) -> str:
        return "true or false"

    def check(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError(value)
        return value

    def parse(self, text: str) -> bool:
        word = text.strip().lower()
        if word not in ("true", "false"):
            raise ValueError(text)
        return word == "true"


@dataclass(frozen=True, slots=True)
class Words:
    """A list of non-empty strings; in text they are separated by commas."""

    @property
    def allowed(self) -> str:
        return 'a list of names, such as ["body", "text"]'

    def check(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError(value)
        words = tuple(word for word in value if isinstance(word, str) and word.strip())
        if len(words) != len(value):
            raise ValueError(value)
        return words

    def parse(self, text: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in text.split(",") if word.strip())


@dataclass(frozen=True, slots=True)
class Paths(Words):
    """A list of files or folders. Those in a settings file are relative to that file, so that the two can move together."""

    @property
    def allowed(self) -> str:
        return 'a list of existing files, such as ["names.jsonl"]'

    def under(self, base: Path, paths: tuple[str, ...]) -> tuple[str, ...]:
        """The paths as seen from here when `base` is where they were named. ValueError where one doesn't exist."""
        found = tuple(str(base / path) for path in paths)
        for path in found:
            if not Path(path).exists():
                raise ValueError(path)
        return found


@dataclass(frozen=True, slots=True)
class Folders(Paths):
    """A list of folders."""

    @property
    def allowed(self) -> str:
        return 'a list of existing folders, such as ["rules"]'

    def under(self, base: Path, paths: tuple[str, ...]) -> tuple[str, ...]:
        """The folders as seen from here when `base` is where they were named. ValueError where one doesn't exist."""
        found = super(Folders, self).under(base, paths)
        for folder in found:
            if not Path(folder).is_dir():
                raise ValueError(folder)
        return found
