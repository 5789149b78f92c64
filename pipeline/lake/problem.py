"""What `verify` finds: one broken promise.

Before: a manifest says 12 rows and its file holds 11. After: `Problem(1, "articles/…/part-5f….parquet", "holds 11 rows; …")`.
"""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """One broken promise. `path` is relative to the lake."""

    promise: int
    path: str
    message: str
