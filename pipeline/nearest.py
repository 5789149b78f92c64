"""Finds the name that was probably meant. Before: "max_ration" among the keys. After: "; did you mean max_ratio?"."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The entry of `known` that resembles `name` most (case ignored), or None where none comes near."""
    by_folded = {entry.lower(): entry for entry in reversed(known)}
    matches = difflib.get_close_matches(name[:200].lower(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """A clause to end an error message with, or "" where nothing comes near."""
    match = nearest(name, known)
    return f"; did you mean {match}?" if match else ""
