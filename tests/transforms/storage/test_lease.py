from __future__ import annotations

import io
import time

import pytest

from transforms.storage.lease import (
    Holder,
    LeaseHeldError,
    LeaseLostError,
    acquire,
    check_token,
    give_back,
    read_holder,
)
from transforms.storage.object_filesystem import ObjectFileSystem
from transforms.storage.object_store import ObjectPath

Bucket = tuple[ObjectFileSystem, str]


@pytest.fixture
def conditional(bucket: Bucket) -> Bucket:
    if bucket[1].startswith("gs:"):
        pytest.skip("the emulator knows no preconditions")
    return bucket


def test_one_holds_it_and_the_other_is_told_who(conditional: Bucket) -> None:
    fs, root = conditional
    lease = acquire(fs.store, f"{root}/lake/_lock")
    with pytest.raises(LeaseHeldError, match=r"process \d+ on .+ since 2\d{3}-"):
        acquire(fs.store, f"{root}/lake/_lock")
    check_token(fs.store, f"{root}/lake/_lock", lease.token)
    lease.release()
    assert fs.files_below(root) == ()
    acquire(fs.store, f"{root}/lake/_lock").release()


def test_a_dead_writers_lease_is_taken_over(conditional: Bucket) -> None:
    fs, root = conditional
    fs.store.put(ObjectPath.of(root).bucket, "lock", io.BytesIO(b"left by a writer that is no more"))
    with pytest.raises(LeaseHeldError, match="an unknown machine"):
        acquire(fs.store, f"{root}/lock")
    time.sleep(1.1)  # the store's times are whole seconds
    lease = acquire(fs.store, f"{root}/lock", seconds=1)
    check_token(fs.store, f"{root}/lock", lease.token)
    lease.release()


def test_a_living_writer_renews(conditional: Bucket) -> None:
    fs, root = conditional
    lease = acquire(fs.store, f"{root}/lock", seconds=2.4)
    time.sleep(3.2)
    with pytest.raises(LeaseHeldError):
        acquire(fs.store, f"{root}/lock", seconds=2.4)
    lease.release()


def test_who_has_lost_it_may_not_publish_and_leaves_the_others(conditional: Bucket) -> None:
    fs, root = conditional
    lease = acquire(fs.store, f"{root}/lock")
    fs.store.put(ObjectPath.of(root).bucket, "lock", io.BytesIO(b"another's"))
    with pytest.raises(LeaseLostError, match="another writer"):
        check_token(fs.store, f"{root}/lock", lease.token)
    lease.release()
    assert fs.read_bytes(f"{root}/lock") == b"another's"


def test_a_lock_that_can_not_be_read_names_nobody() -> None:
    assert read_holder(b"\xff", None) == Holder("an unknown machine", 0, None)
    assert str(read_holder(b'{"host": "h", "process": 7}', None)) == "process 7 on h"


def test_a_lease_that_was_handed_over_lasts_as_long_as_it_says_and_goes_back_to_its_token_only(
    conditional: Bucket,
) -> None:
    fs, root = conditional
    lease = acquire(fs.store, f"{root}/lock", seconds=0.1)
    lease.hand_over(60)
    lease.release()
    time.sleep(1.1)
    with pytest.raises(LeaseHeldError):
        acquire(fs.store, f"{root}/lock", seconds=0.1)
    give_back(fs.store, f"{root}/lock", "another's")
    check_token(fs.store, f"{root}/lock", lease.token)
    give_back(fs.store, f"{root}/lock", lease.token)
    give_back(fs.store, f"{root}/lock", lease.token)
    acquire(fs.store, f"{root}/lock").release()


def test_a_lease_that_was_lost_is_not_handed_over(conditional: Bucket) -> None:
    fs, root = conditional
    lease = acquire(fs.store, f"{root}/lock")
    fs.store.put(ObjectPath.of(root).bucket, "lock", io.BytesIO(b"another's"))
    with pytest.raises(LeaseLostError, match="lost before"):
        lease.hand_over(60)
    assert fs.read_bytes(f"{root}/lock") == b"another's"
