"""How the work of the first pass is dealt out: one task after the other here, or to the workers of a run (`pipeline.crew`).

Before: a function and 120 tasks  After: 120 answers in the order of the tasks, whoever did them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from pipeline.chain import Rules

T = TypeVar("T")
R = TypeVar("R")


class Share(Protocol):
    """Deals out work."""

    def __call__(self, function: Callable[[Rules, T], R], tasks: Sequence[T], /) -> list[R]:
        """`function(rules, task)` for each of `tasks`, in their order; `rules` are those of the run, without learned lines."""


def in_turn(rules: Rules) -> Share:
    """All tasks are done here, one after the other."""

    def share(function: Callable[[Rules, T], R], tasks: Sequence[T], /) -> list[R]:
        return [function(rules, task) for task in tasks]

    return share
