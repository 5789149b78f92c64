from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from transforms.listing.local import list_local
from transforms.listing.place import Place, Walk
from transforms.listing.seen import NOTHING_SEEN, SeenFiles, keys_of
from transforms.match import match_inputs

LATER = 10**19


def files(folder: Path) -> list[Place]:
    return list(list_local(str(folder), Walk()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(name)
        os.utime(tmp_path / name, ns=(10**18, 10**18))
    return tmp_path


def test_known_files_are_passed_and_others_come_in_their_order(folder: Path) -> None:
    keys = keys_of(files(folder), LATER)
    seen = SeenFiles(np.delete(keys, 0))
    (left,) = seen.new(files(folder))
    assert seen.passed == 2
    assert keys_of([left], LATER).tolist() == keys[:1].tolist()
    assert list(SeenFiles(NOTHING_SEEN).new(files(folder))) == files(folder)


@pytest.mark.parametrize("change", ["content", "time", "name"])
def test_what_was_changed_is_new(folder: Path, change: str) -> None:
    keys = keys_of(files(folder), LATER)
    if change == "content":
        (folder / "b.txt").write_text("longer than before")
        os.utime(folder / "b.txt", ns=(10**18, 10**18))
    elif change == "time":
        os.utime(folder / "b.txt", ns=(10**18, 10**18 + 1))
    else:
        (folder / "b.txt").rename(folder / "d.txt")
    assert [place.name for place in SeenFiles(keys).new(files(folder))] == ["d.txt" if change == "name" else "b.txt"]


def test_a_file_changed_just_now_is_not_remembered(folder: Path) -> None:
    assert len(keys_of(files(folder), 10**18 + 1)) == 0
    assert len(keys_of(files(folder), 10**18 + 3 * 10**9)) == 3


def test_a_file_given_by_another_name_is_another_input(folder: Path) -> None:
    keys = match_inputs([str(folder)]).keys
    assert match_inputs([str(folder)], seen=keys).seen == 3
    assert match_inputs([str(folder)], seen=keys).files == ()
    # Below its parent it is called otherwise, and that is its identity.
    assert match_inputs([str(folder.parent)], seen=keys).seen == 0


def test_what_is_no_file_is_never_known(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    keys = match_inputs([str(folder)]).keys
    again = match_inputs([str(folder)], seen=keys)
    assert (again.seen, len(again.unopened)) == (3, 1)
