"""What the readers' tests share: a file of given bytes, read as `match` and `read` would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.records import RawDocument, Reject
from transforms.match import match_inputs
from transforms.read.records import read_file
from transforms.read.settings import ReadSettings

Read = Callable[..., list[RawDocument | Reject]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes bytes under a name and reads the file."""

    def _read(raw: bytes, name: str, settings: ReadSettings | None = None) -> list[RawDocument | Reject]:
        path = tmp_path / name
        path.write_bytes(raw)
        (file,) = match_inputs([str(path)]).files
        return list(read_file(file, settings))

    return _read
