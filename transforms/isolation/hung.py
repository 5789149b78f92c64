"""The exit code by which a process says that it gave itself up because a record held it."""

from __future__ import annotations

HUNG = 70
"""faulthandler's own, where not even this could be said, is 1."""
