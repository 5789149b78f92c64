"""Processes with traps."""

from __future__ import annotations

from pathlib import Path

import pytest

TRAP = Path(__file__).parent / "trap.py"


@pytest.fixture
def trapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path of every process started from now on, with the traps as `trap` and set by `sitecustomize`."""
    folder = tmp_path / "traps"
    folder.mkdir()
    for name in ("trap.py", "sitecustomize.py"):
        (folder / name).write_bytes(TRAP.read_bytes())
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.syspath_prepend(str(folder))
    return folder
