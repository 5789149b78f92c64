from __future__ import annotations

import hashlib
import itertools
import os
import socket
import time
from pathlib import Path

import pytest

from schemas.codes import RejectCode, Stage
from schemas.errors import UsageError
from schemas.records import InputFile
from transforms.listing.local_path import local_path
from transforms.match import match_inputs


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """samples/{one.txt, a/two.html, a/b/three.html, .hidden, .git/x}, other/one.txt; the working folder is their parent."""
    for name in (
        "samples/one.txt",
        "samples/a/two.html",
        "samples/a/b/three.html",
        "samples/.hidden",
        "samples/.git/x",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/one.txt").write_text("another")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _names(*inputs: str, lake: str | None = None) -> list[str]:
    return [file.name for file in match_inputs(inputs, lake=lake).files]


def test_a_folder(tree: Path) -> None:
    matched = match_inputs(["samples"])
    assert [(file.name, file.uri) for file in matched.files] == [
        ("a/b/three.html", "samples/a/b/three.html"),
        ("a/two.html", "samples/a/two.html"),
        ("one.txt", "samples/one.txt"),
    ]
    assert matched.files[2].sha256 == hashlib.sha256(b"samples/one.txt").hexdigest()
    assert matched.files[2].size == len("samples/one.txt")
    assert (matched.hidden, matched.rejects, matched.duplicates) == (2, (), 0)
    assert match_inputs(["samples/"]).files == matched.files
    assert next(file.uri for file in match_inputs(["."]).files) == "./other/one.txt"


def test_a_file_absolute_and_as_uri(tree: Path) -> None:
    assert _names("samples/a/two.html") == ["two.html"]
    uri = f"file://{tree}/samples"
    files = match_inputs([uri]).files
    assert [file.name for file in files] == ["a/b/three.html", "a/two.html", "one.txt"]
    assert files[0].uri == f"{uri}/a/b/three.html"
    assert Path(local_path(files[0].uri)).is_file()
    assert match_inputs([f"file://{tree}/samples/one.txt"]).files[0].name == "one.txt"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("samples/**/*.html", ["a/b/three.html", "a/two.html"]),
        ("samples/*/*.html", ["a/two.html"]),
        ("samples/*.txt", ["one.txt"]),
        ("samples/**", ["a/b/three.html", "a/two.html", "one.txt"]),
        ("s*/a/t??.html", ["samples/a/two.html"]),
        ("samples/[!a-n]*", ["one.txt"]),
        ("samples/a*", ["a/b/three.html", "a/two.html"]),
        ("*/one.txt", ["other/one.txt", "samples/one.txt"]),
        ("samples/**/b/**/*.html", ["a/b/three.html"]),
    ],
)
def test_globs(tree: Path, pattern: str, expected: list[str]) -> None:
    assert _names(pattern) == expected
    assert _names(f"{tree}/{pattern}") == expected
    for file in match_inputs([pattern]).files:
        assert Path(file.uri).is_file()


def test_a_name_with_glob_signs_is_a_file_first(tree: Path) -> None:
    (tree / "samples/[1].txt").write_text("x")
    assert _names("samples/[1].txt") == ["[1].txt"]


def test_order_of_inputs_and_repeats_make_no_difference(tree: Path) -> None:
    one = match_inputs(["samples", "other", "samples/one.txt"])
    two = match_inputs(["samples/one.txt", "samples", "other"])
    assert one == two
    assert one.duplicates == 1
    assert [file.name for file in one.files] == ["a/b/three.html", "a/two.html", "one.txt", "one.txt"]
    assert match_inputs(["samples", "samples"]).duplicates == 3


@pytest.mark.parametrize(
    ("inputs", "duplicates"),
    [
        (("samples", "samples/a"), 2),
        (("samples", "samples/a/b/three.html"), 1),
        (("samples", "samples/a", "samples/a/b", "samples/**/*.html"), 5),
        (("./samples", "samples", "samples/a/../one.txt"), 4),
        (("samples", "FILE-URI/samples/a"), 2),
        (("samples", "ABSOLUTE/samples/a"), 2),
    ],
)
def test_a_file_of_overlapping_inputs_is_read_once_under_its_longest_name(
    tree: Path, inputs: tuple[str, ...], duplicates: int
) -> None:
    given = [each.replace("FILE-URI", f"file://{tree}").replace("ABSOLUTE", str(tree)) for each in inputs]
    expected = match_inputs(["./samples" if "./samples" in inputs else "samples"]).files
    for order in itertools.permutations(given):
        matched = match_inputs(order)
        assert (matched.files, matched.duplicates) == (expected, duplicates)


def test_what_is_refused_in_overlapping_inputs_is_one_reject(tree: Path) -> None:
    (tree / "samples/a/broken").symlink_to("nowhere")
    for order in (["samples", "samples/a"], ["samples/a", "samples"]):
        matched = match_inputs(order)
        assert [(reject.source_uri, reject.code) for reject in matched.rejects] == [
            ("samples/a/broken", RejectCode.UNREADABLE_FILE)
        ]
        assert matched.duplicates == 3


def test_links_of_other_names_are_other_files(tree: Path) -> None:
    (tree / "samples/hard.txt").hardlink_to(tree / "samples/one.txt")
    (tree / "samples/soft.txt").symlink_to("one.txt")
    assert _names("samples/*.txt", "samples") == ["a/b/three.html", "a/two.html", "hard.txt", "one.txt", "soft.txt"]


def test_a_path_through_a_link_and_back_is_not_taken_for_the_file_of_that_spelling(tree: Path) -> None:
    (tree / "far/deep").mkdir(parents=True)
    (tree / "far/one.txt").write_text("far away")
    (tree / "samples/link").symlink_to(tree / "far/deep", target_is_directory=True)
    files = match_inputs(["samples/link/../one.txt", "samples/one.txt"]).files
    assert [Path(file.uri).read_text() for file in sorted(files)] == ["far away", "samples/one.txt"]


def test_loops_end_and_each_folder_is_read_once(tree: Path) -> None:
    (tree / "samples/a/loop").symlink_to(tree / "samples", target_is_directory=True)
    (tree / "samples/0other").symlink_to(tree / "other", target_is_directory=True)
    (tree / "samples/1again").symlink_to(tree / "other", target_is_directory=True)
    assert _names("samples") == ["0other/one.txt", "a/b/three.html", "a/two.html", "one.txt"]
    assert _names("samples/**/*.txt") == ["0other/one.txt", "one.txt"]


def test_what_is_no_regular_file_is_a_reject(tree: Path) -> None:
    os.mkfifo(tree / "samples/pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tree / "samples/sock"))
        (tree / "samples/broken").symlink_to("nowhere")
        matched = match_inputs(["samples", "samples"])
    assert [(reject.source_uri, reject.code) for reject in matched.rejects] == [
        ("samples/broken", RejectCode.UNREADABLE_FILE),
        ("samples/pipe", RejectCode.NOT_A_REGULAR_FILE),
        ("samples/sock", RejectCode.NOT_A_REGULAR_FILE),
    ]
    assert {reject.stage for reject in matched.rejects} == {Stage.MATCH}
    assert "a pipe" in matched.rejects[1].message
    assert len(matched.files) == 3
    assert match_inputs(["/dev/null"]).rejects[0].code is RejectCode.NOT_A_REGULAR_FILE


def test_lakes_are_not_read_again(tree: Path) -> None:
    for name in ("samples/lake", "samples/older"):
        (tree / name / "_runs").mkdir(parents=True)
        (tree / name / "articles.parquet").write_text("x")
    (tree / "samples/older/_runs/r.json").write_text("{}")
    matched = match_inputs(["samples"], lake="samples/lake")
    assert (len(matched.files), matched.lakes) == (3, 2)
    assert len(match_inputs(["samples"]).files) == 4  # an empty one is not known to be a lake
    with pytest.raises(UsageError, match="is a lake"):
        match_inputs(["samples/older"])
    with pytest.raises(UsageError, match="is the lake itself"):
        match_inputs(["samples/lake"], lake=f"{tree}/samples/lake")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("sample", "input 'sample' does not exist; did you mean 'samples'?"),
        ("samples/one.text", "did you mean 'samples/one.txt'?"),
        ("samples/*.pdf", "no file matches 'samples/\\*.pdf'"),
        ("nowhere/*.pdf", "no folder"),
        ("ftp://bucket/x", "ftp:// is not supported; use a local path, file://, s3:// or gs://"),
        ("s3://", "s3://bucket/name"),
        ("file://host/x", "local path"),
        ("", "no path"),
        ("a\0b", "no path"),
        ("empty", "a folder without any file"),
    ],
)
def test_unusable_inputs_are_one_line(tree: Path, given: str, message: str) -> None:
    (tree / "empty/deeper").mkdir(parents=True)
    with pytest.raises(UsageError, match=message) as caught:
        match_inputs(["samples", given])
    assert "\n" not in str(caught.value)


def test_no_inputs() -> None:
    with pytest.raises(UsageError):
        match_inputs([])


def test_names_that_are_no_utf8_can_be_written_and_opened(tree: Path) -> None:
    (tree / os.fsdecode(b"samples/caf\xe9.txt")).write_text("x")
    (file,) = (file for file in match_inputs(["samples"]).files if file.name.startswith("caf"))
    assert (file.name, file.uri) == ("caf%E9.txt", "samples/caf%E9.txt")
    assert Path(local_path(file.uri)).read_text() == "x"


def test_thousands_of_small_files_take_no_time(tmp_path: Path) -> None:
    for number in range(1500):
        (tmp_path / f"{number}.txt").write_bytes(b"%d" % number)
    started = time.monotonic()
    matched = match_inputs([str(tmp_path)])
    assert time.monotonic() - started < 2
    assert len(matched.files) == 1500


def test_unopened_files_of_one_name_stay_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x").symlink_to("nowhere")
    matched = match_inputs([str(tmp_path / "b"), str(tmp_path / "a")])
    assert [each.file for each in matched.unopened] == [
        InputFile(f"{tmp_path}/a/x", "x", 0, ""),
        InputFile(f"{tmp_path}/b/x", f"{tmp_path}/b/x", 0, ""),
    ]
