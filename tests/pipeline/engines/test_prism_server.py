"""The program is there as long as the block lasts; one that doesn't start is told. A script stands in for Prism."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from pipeline.engines.prism_server import prism_server

LISTENS = """
import socket, sys, time
with socket.socket() as server:
    server.bind(("localhost", int(sys.argv[1].partition("=")[2])))
    server.listen()
    time.sleep(60)
"""


def stand_in(folder: Path, code: str) -> str:
    path = folder / "prism"
    path.write_text(f"#!{sys.executable} -SE\n{code}")
    path.chmod(0o755)
    return str(path)


def test_it_lives_as_long_as_the_block(tmp_path: Path) -> None:
    with prism_server(stand_in(tmp_path, LISTENS)) as endpoint:
        host, _, port = endpoint.partition(":")
        socket.create_connection((host, int(port)), timeout=5).close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)), timeout=5)


def test_a_program_that_ends_at_once_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="Prism ended at its start with code 7"),
        prism_server(stand_in(tmp_path, "raise SystemExit(7)")),
    ):
        pass
