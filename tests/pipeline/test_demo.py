"""The demo shows the lake and ends with the command for one's own folder; run again it finds nothing new."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.demo import demo


def test_the_demo_shows_the_lake_and_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    first = demo()
    shown = capsys.readouterr().out
    assert first.articles > 24
    assert "copydesk verify: every promise holds" in shown
    assert "ingest YOUR_FOLDER --lake my-lake" in shown.splitlines()[-5]
    assert (tmp_path / "demo-lake" / "_runs").is_dir()
    again = demo()
    assert again.nothing_new
    assert "Nothing new" in capsys.readouterr().out
