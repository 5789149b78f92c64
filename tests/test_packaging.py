"""The wheel holds the four packages, their data, and nothing else; the pins name no host."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    # Without build isolation nothing is downloaded: setuptools is one of the development tools.
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), "."],
        cwd=_copy_of_the_sources(folder / "source"),
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("copydesk-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def _copy_of_the_sources(target: Path) -> Path:
    """The tracked files in a folder of their own, so that building leaves nothing in the work tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
    return target


def test_the_wheel_has_exactly_the_four_packages(wheel_names: list[str]) -> None:
    top = {name.split("/")[0] for name in wheel_names if ".dist-info/" not in name}
    assert top == {"pipeline", "transforms", "schemas", "configs"}


@pytest.mark.parametrize(
    "name",
    [
        "configs/copydesk.toml",
        "configs/boilerplate/comments.toml",
        "configs/entities/compiled/aliases.marisa",
        "configs/entities/base_territories.jsonl",
        "configs/samples/text/ferry-timetable.txt",
        "configs/samples/archives/crawl.warc.gz",
        "pipeline/lake/commit.py",
        "transforms/html/page.py",
        "transforms/py.typed",
    ],
)
def test_the_wheel_has_code_and_data(wheel_names: list[str], name: str) -> None:
    assert name in wheel_names


def test_the_pins_name_no_host_and_pin_exactly() -> None:
    lines = [
        line
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]
    assert lines
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    assert not [line for line in lines if not re.match(r"^[\w.\[\]-]+==[\w.!+]+( ; .+)?$", line)]
