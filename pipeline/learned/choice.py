"""Chooses the records that the first pass reads: a few of each site, the same ones whatever the order of the input.

Before: 2,000 candidates of 40 sites and a budget of 200 records  After: 200 of them, about equally many of each large site.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

FEW = 3
"""A site with fewer articles can't teach: there must be three that share a line."""

ENOUGH = 8
"""Articles of one site that tell nearly as much as more do; a small budget goes to fewer sites rather than to fewer articles."""

_SMALL = 30
"""So many records in all may be of sites that are too small to teach: in a lake that grows by single articles all are."""

_REFRESH = 8
"""Of a site that the lake knows well, one record in so many keeps what is known of it up to date."""


class Candidate(NamedTuple):
    """A record that may be sampled: `order` is a hash of its name, `file` and `record` are its place in the input, `size` is
    in bytes."""

    order: str
    site: str
    file: int
    record: int
    size: int


@dataclass(frozen=True, slots=True)
class Budget:
    """`records` in all, `per_site` of one site, the lake's included."""

    records: int
    per_site: int


def choose(candidates: Sequence[Candidate], held: Mapping[str, int], budget: Budget) -> tuple[Candidate, ...]:
    """The candidates to sample, by place. `held` counts the articles that the lake has of each site.

    First the sites that can teach, the largest first, in equal shares; then a few of all others.
    """
    by_site: dict[str, list[Candidate]] = {}
    for candidate in sorted(candidates):
        by_site.setdefault(candidate.site, []).append(candidate)
    teaching: list[list[Candidate]] = []
    small: list[Candidate] = []
    for site in sorted(by_site, key=lambda site: (-len(by_site[site]), site)):
        known = held.get(site, 0)
        if known >= budget.per_site:
            teaching.append([each for each in by_site[site] if int(each.order[:8], 16) % _REFRESH == 0])
        elif known + len(by_site[site]) >= FEW:
            teaching.append(by_site[site][: budget.per_site - known])
        else:
            small += by_site[site]
    chosen = _dealt(teaching, budget.records)
    chosen += sorted(small)[: max(0, min(_SMALL, budget.records - len(chosen)))]
    return tuple(sorted(chosen, key=lambda each: (each.file, each.record)))


def _dealt(sites: Sequence[Sequence[Candidate]], budget: int) -> list[Candidate]:
    """The first ENOUGH of each site while the budget lasts, then one more of each in turn."""
    chosen: list[Candidate] = []
    for site in sites:
        chosen += site[: min(ENOUGH, budget - len(chosen))]
    rounds = max((len(site) for site in sites), default=0)
    for place in range(ENOUGH, rounds):
        for site in sites:
            if len(chosen) >= budget:
                return chosen
            chosen += site[place : place + 1]
    return chosen
