"""Shards hold every file once, have about equal sizes, and do not depend on the order of files."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import RejectCode, Stage
from schemas.records import InputFile, Unopened
from transforms.plan import SHARDS_PER_WORKER, plan_shards
from transforms.rejects import make_reject

FILES = st.lists(st.integers(0, 10_000_000), max_size=120).map(
    lambda sizes: [InputFile(f"in/{n}", f"{n}", size, f"{n:064x}") for n, size in enumerate(sizes)]
)


@given(FILES, st.integers(1, 4))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_every_file_is_in_one_shard_whatever_the_order(files: list[InputFile], workers: int) -> None:
    shards = plan_shards(files, [], workers)
    assert sorted(file for shard in shards for file in shard) == sorted(files)
    assert plan_shards(files[::-1], [], workers) == shards
    assert 1 <= len(shards) <= workers * SHARDS_PER_WORKER


def test_shards_have_about_equal_sizes() -> None:
    files = [InputFile(f"in/{n}", f"{n}", 1000 + (n * 7919) % 5000, "") for n in range(1000)]
    sizes = [sum(file.size for file in shard) for shard in plan_shards(files, [], 2)]
    assert max(sizes) < 1.1 * min(sizes)


def test_rejects_ride_in_the_first_shard() -> None:
    reject = make_reject(
        source_uri="in/pipe", name="pipe", stage=Stage.MATCH, code=RejectCode.NOT_A_REGULAR_FILE, message="a pipe"
    )
    unopened = Unopened(InputFile("in/pipe", "pipe", 0, ""), reject)
    assert plan_shards([], [unopened], 2) == ((unopened,),)
