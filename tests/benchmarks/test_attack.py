"""The attack names what became of each file, also where it ends the child."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import attack
from pipeline.chain import Rules
from pipeline.settings import default_settings

STORY = "The quay of Elswick Bay will open again on Monday, the harbour board said after a long meeting."


def test_files_are_counted_by_what_became_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text(STORY)
    (folder / "b.txt").write_bytes(b"")
    (folder / "c.json").write_text("[]")
    (folder / "d.jsonl").write_text('{"text": \n{"text": "' + STORY + '"}\n')
    rules = Rules.load(default_settings())
    figures = attack.report(folder, [attack.try_file(str(path), rules) for path in sorted(folder.iterdir())])
    assert (figures["files"], figures["articles"], figures["rejects"]) == (4, 2, 2)
    assert figures["by_code"] == {"empty_input": 1, "invalid_json": 1}
    assert (figures["empty_containers"], figures["crashes"], figures["complaints"]) == (1, [], [])


def test_a_file_that_ends_the_child_is_named_and_the_next_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(STORY)
    program = (
        "import os, sys; from transforms.isolation.child import *; write_message(os.fdopen(1, 'wb'), b'')\n"
        "read_message(sys.stdin.buffer); os._exit(9)"
    )
    monkeypatch.setattr(attack, "_CHILD", f"import sys; sys.path.insert(0, {str(attack.ROOT)!r})\n{program}")
    child = attack._Child()
    figures = attack.report(tmp_path, attack.attack(tmp_path, child))
    child.close()
    assert figures["crashes"] == [f"ended with 9: {tmp_path / name}" for name in ("a.txt", "b.txt")]
    assert figures["files"] == 2
