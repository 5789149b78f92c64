from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.lake.lake import begin
from pipeline.lake.layout import LOCK
from pipeline.lake.lock import LakeBusyError


def test_a_second_writer_is_told_who_has_the_lake(tmp_path: Path) -> None:
    with begin(str(tmp_path / "lake")):
        with pytest.raises(
            LakeBusyError, match=r"is being written to by process \d+ on .+ since 2\d{3}-.+ UTC; try again"
        ):
            begin(str(tmp_path / "lake"))
        assert (tmp_path / "lake" / LOCK).exists()
    assert not (tmp_path / "lake" / LOCK).exists()
    begin(str(tmp_path / "lake")).close()


def test_the_command_stops_with_exit_code_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("The bridge over the river was opened again on Monday.")
    with begin(str(tmp_path / "lake")):
        assert main(["ingest", str(tmp_path / "a.txt"), "--lake", str(tmp_path / "lake"), "--quiet"]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("copydesk: conflict: the lake ")


def test_a_killed_writers_lock_is_free(tmp_path: Path) -> None:
    lake = str(tmp_path / "lake")
    code = f"import os\nfrom pipeline.lake.lake import begin\nbegin({lake!r})\nos._exit(9)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    assert (tmp_path / "lake" / LOCK).exists()
    begin(lake).close()
