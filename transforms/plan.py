"""Splits the files of a run into shards of about equal size, so that workers share the work.

Before: 509 files in name order. After: shards whose files add up to about the same bytes, dealt out so that any cut through
the list of shards leaves halves of about the same size (a local runner splits a collection once, in the middle).
"""

from __future__ import annotations

import heapq
import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import apache_beam as beam

from schemas.records import InputFile, Unopened

Shard = tuple[InputFile | Unopened, ...]

SHARDS_PER_WORKER = 16
"""Enough that a slow shard does not leave a worker idle for long at the end."""


def plan_shards(files: Sequence[InputFile], unopened: Sequence[Unopened], workers: int) -> tuple[Shard, ...]:
    """Shards for `workers`: the largest file goes to the smallest shard so far. The order of `files` does not matter.

    `unopened` files give a row like any other and ride in the first shard.
    """
    count = max(1, min(len(files), workers * SHARDS_PER_WORKER))
    loads = [(0, 0, index) for index in range(count)]
    shards: list[list[InputFile | Unopened]] = [[] for _ in range(count)]
    for file in sorted(files, key=lambda file: (-file.size, file.name, file.sha256)):
        size, number, index = heapq.heappop(loads)
        shards[index].append(file)
        heapq.heappush(loads, (size + file.size, number + 1, index))
    shards[0] = [*unopened, *shards[0]]
    return tuple(tuple(shard) for shard in shards)


def pack(shard: Shard) -> bytes:
    """A shard as it lies in the graph: some 70 bytes a file. Beam's own coder for Python objects takes twice as long, 0.15 ms a file."""
    return zlib.compress(pickle.dumps(shard), level=1)


def unpack(packed: bytes) -> Shard:
    """The shard that `pack` was given."""
    shard: Shard = pickle.loads(zlib.decompress(packed))
    return shard


@dataclass
class Plan(beam.PTransform):
    """Shards → the files in them."""

    shards: Sequence[Shard]

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        """The shards are shuffled (some 70 bytes a file), so that every worker gets its share."""
        return root | beam.Create([pack(shard) for shard in self.shards]) | beam.FlatMap(unpack)
