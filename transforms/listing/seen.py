"""Tells files that earlier runs have read from new ones by what a listing says, without opening them.

Before: a million listed places, a hundred of them new. After: the hundred. A place is known by 64 bits of a hash of its absolute
path, its name, size, time of change and version, so a million known ones take 8 MB.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import islice

import numpy as np
import numpy.typing as npt

from transforms.listing.place import Place

_AT_ONCE = 1 << 16
_SECOND = 1_000_000_000
_TOO_FRESH = 2 * _SECOND
"""Nanoseconds: on a disk that keeps whole seconds, a file that was changed so shortly before it was listed may be changed again
without another time of change."""

Keys = npt.NDArray[np.uint64]


class SeenFiles:
    """The keys of files that need not be read again; `passed` counts those that `new` has left out so far."""

    def __init__(self, keys: Keys) -> None:
        """`keys` are sorted, each once."""
        self._keys = keys
        self.passed = 0

    def new(self, places: Iterable[Place]) -> Iterator[Place]:
        """The places that are not known, in their order."""
        waiting = iter(places)
        if not len(self._keys):
            yield from waiting
            return
        folder = os.getcwd()  # noqa: PTH109 - as text
        while batch := list(islice(waiting, _AT_ONCE)):
            keys = np.fromiter((_key(place, folder) for place in batch), np.uint64, len(batch))
            at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            known = self._keys[at] == keys
            for place, is_known in zip(batch, known.tolist(), strict=True):
                if is_known and place.size >= 0:
                    self.passed += 1
                else:
                    yield place


NOTHING_SEEN = np.empty(0, np.uint64)


def keys_of(places: Iterable[Place], listed_at: int) -> Keys:
    """The keys of places that were read, sorted; without those that only a time in whole seconds tells from a later change and that
    were changed too shortly before `listed_at` (nanoseconds since 1970)."""
    folder = os.getcwd()  # noqa: PTH109
    settled = [
        place
        for place in places
        if place.size >= 0 and (place.version or place.modified % _SECOND or place.modified < listed_at - _TOO_FRESH)
    ]
    return np.unique(np.fromiter((_key(place, folder) for place in settled), np.uint64, len(settled)))


def _key(place: Place, folder: str) -> int:
    path, _, name, size, modified, version = place
    if not path.startswith("/") and "://" not in path:
        path = f"{folder}/{path}"
    said = f"{path}\0{name}\0{size}\0{modified}\0{version}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "little")
