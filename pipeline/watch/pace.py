"""How long to wait: between two looks, and after a failure.

Before: `every` 30 s, nothing has come for 20 minutes. After: the next look is in a minute. Before: the third failure in a row. After: the next try is in 4 s.
"""

from __future__ import annotations

from typing import NamedTuple

_SHARE_OF_QUIET = 1 / 20
_FIRST_RETRY = 1.0


class Pace(NamedTuple):
    """The waits that the settings ask for, in seconds (`[watch] every`, `idle_every`, `retry_most`)."""

    every: float
    idle_every: float
    retry_most: float

    def pause(self, quiet: float) -> float:
        """Seconds to the next look when nothing has come for `quiet` seconds: whoever comes next waits for a twentieth of that at most."""
        return max(self.every, min(self.idle_every, quiet * _SHARE_OF_QUIET))

    def retry(self, failures: int) -> float:
        """Seconds to the next try after so many failures in a row."""
        doublings = min(failures - 1, 40)
        return min(self.retry_most, _FIRST_RETRY * 2.0**doublings)
