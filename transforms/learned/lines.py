"""The learned lines that a run applies, looked up by site.

Before: `[AppliedLine("example.org", "5f0c…", EDGE)]`  After: `LearnedLines.of(…).places("example.org") == {"5f0c…": EDGE}`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.learned.place import Place

_NOTHING: Mapping[str, Place] = {}


class AppliedLine(NamedTuple):
    """A line of a site that goes, and where."""

    site: str
    id: str
    place: Place


@dataclass(frozen=True, slots=True)
class LearnedLines:
    """All learned lines of one run, sorted; picklable. `by_site` is derived from them."""

    lines: tuple[AppliedLine, ...] = ()
    by_site: Mapping[str, Mapping[str, Place]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        by_site: dict[str, dict[str, Place]] = {}
        for line in self.lines:
            by_site.setdefault(line.site, {})[line.id] = line.place
        object.__setattr__(self, "by_site", by_site)

    @classmethod
    def of(cls, lines: Iterable[AppliedLine]) -> LearnedLines:
        """These lines, in whatever order they come."""
        return cls(tuple(sorted(set(lines))))

    def places(self, site: str) -> Mapping[str, Place]:
        """Where each line of `site` goes, by the line's id."""
        return self.by_site.get(site, _NOTHING)

    @property
    def sha256(self) -> str:
        """What tells this set from others, hexadecimal; "" for none at all. Rows depend on it, so runs are named by it."""
        if not self.lines:
            return ""
        return hashlib.sha256(json.dumps(self.lines, separators=(",", ":")).encode()).hexdigest()


NO_LINES = LearnedLines()
