from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.lake import begin, open_paths
from pipeline.lake.learned import (
    Decision,
    StagedRound,
    Verdict,
    applied_lines,
    read_decisions,
    read_round,
    read_rounds,
    round_json,
    write_decision,
)
from pipeline.lake.manifest import LearnedEntry, ManifestError, from_json, read_manifest, read_manifests
from pipeline.lake.run_spec import run_id
from pipeline.lake.verify import verify
from transforms.learned.learn import LearnedLine, Round
from transforms.learned.lines import AppliedLine
from transforms.learned.place import Place
from transforms.learned.sample import SampledArticle, SampledLine

FS = LocalFileSystem()
ARTICLES = (
    SampledArticle("a.example", "00" * 8, (1, 2**32 - 1), (SampledLine("0123456789ef", True, False),)),
    SampledArticle(
        "north/", "01" * 8, (3,), (SampledLine("0123456789aa", False, True), SampledLine("ff" * 6, True, True))
    ),
)
STAGED = StagedRound(round_json(Round(1, ARTICLES), {"ff" * 6: "About us " * 100}), 2, 1, "ab" * 32, 1)


def write(root: Path, kit: Any, staged: StagedRound | None = STAGED, count: int = 6) -> str:
    result = kit.write_run(root, kit.inputs(count), learned=staged)
    return str(result.run_id)


def test_a_round_comes_back_as_it_was(tmp_path: Path, kit: Any) -> None:
    run = write(tmp_path, kit)
    read = read_round(FS, open_paths(str(tmp_path)), run)
    assert read.round == Round(1, ARTICLES)
    assert read.texts == {"ff" * 6: ("About us " * 100)[:300]}
    assert round_json(Round(1, ARTICLES[::-1]), {}) == round_json(Round(1, ARTICLES), {})


def test_the_manifest_names_it(tmp_path: Path, kit: Any) -> None:
    run = write(tmp_path, kit)
    entry = read_manifest(FS, open_paths(str(tmp_path)), run).learned
    assert entry is not None
    assert entry.file is not None
    assert (entry.lines, entry.sha256, entry.file.path, entry.file.rows) == (1, "ab" * 32, f"_learned/{run}.json", 2)
    assert verify(str(tmp_path)) == ()


def test_a_run_may_apply_lines_without_a_sample_of_its_own(tmp_path: Path, kit: Any) -> None:
    run = write(tmp_path, kit, StagedRound(b"", 0, 3, "cd" * 32, 4))
    assert read_manifest(FS, open_paths(str(tmp_path)), run).learned == LearnedEntry(3, "cd" * 32, 4, None)
    assert not (tmp_path / "_learned").exists()
    assert verify(str(tmp_path)) == ()


def test_what_is_applied_is_part_of_the_id(tmp_path: Path, kit: Any) -> None:
    files = [item.file for item in kit.inputs(3)]
    assert run_id(files, "s", "1") == run_id(files, "s", "1", (), "")
    assert len({run_id(files, "s", "1", (), sha256) for sha256 in ("", "a", "b")}) == 3


def test_a_manifest_from_before_learning_still_reads(tmp_path: Path, kit: Any) -> None:
    run = write(tmp_path, kit, None)
    content = json.loads((tmp_path / f"_runs/{run}.json").read_text())
    assert content.pop("learned") is None
    del content["manifest_sha256"]  # versions before learning had none
    assert from_json(json.dumps(content).encode(), "x").learned is None


def test_rounds_come_in_their_order(tmp_path: Path, kit: Any) -> None:
    for number in (1, 2, 3):
        articles = ARTICLES[: 2 if number == 1 else 1]
        staged = StagedRound(round_json(Round(number, articles), {}), len(articles), 1, "ef" * 32, number)
        write(tmp_path, kit, staged, count=3 * number)
    paths = open_paths(str(tmp_path))

    def numbers(most: int) -> list[int]:
        return [each.round.number for each in read_rounds(FS, paths, read_manifests(FS, paths), most)]

    assert numbers(100) == numbers(3) == [1, 2, 3]
    assert numbers(2) == [2, 3]
    assert numbers(1) == [3]


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"format": 2}', b'{"format": 1, "round": 1}'])
def test_a_damaged_round_is_told_in_one_line(tmp_path: Path, kit: Any, content: bytes) -> None:
    run = write(tmp_path, kit)
    path = tmp_path / f"_learned/{run}.json"
    path.write_bytes(content)
    with pytest.raises(ManifestError, match=f"^_learned/{run}.json: "):
        read_round(FS, open_paths(str(tmp_path)), run)
    assert [(each.promise, each.path) for each in verify(str(tmp_path))] == [(3, f"_learned/{run}.json")]


def test_verify_names_strays_and_missing_files(tmp_path: Path, kit: Any) -> None:
    run = write(tmp_path, kit)
    (tmp_path / f"_learned/{run}.json").rename(tmp_path / "_learned/0123456789abcdef.json")
    assert {(each.path, each.message) for each in verify(str(tmp_path))} == {
        (f"_learned/{run}.json", "is missing"),
        ("_learned/0123456789abcdef.json", "belongs to no manifest"),
    }


def test_orphans_go_and_decisions_stay(tmp_path: Path, kit: Any) -> None:
    write(tmp_path, kit)
    with begin(str(tmp_path)) as lake:
        write_decision(lake.fs, lake.paths, DECISION)
    before = kit.tree(tmp_path)
    (tmp_path / "_learned/0123456789abcdef.json").write_bytes(b"x")
    (tmp_path / "_learned/decisions.json.tmp").write_bytes(b"half of a")
    begin(str(tmp_path)).close()
    assert kit.tree(tmp_path) == before


DECISION = Decision("a.example", "0123456789ef", Place.EDGE, "The desk", Verdict.PINNED)


def test_the_last_word_on_a_line_counts(tmp_path: Path, kit: Any) -> None:
    write(tmp_path, kit)
    paths = open_paths(str(tmp_path))
    assert read_decisions(FS, paths) == ()
    other = DECISION._replace(id="00" * 6)
    for decision in (DECISION, other, DECISION._replace(verdict=Verdict.FORGOTTEN)):
        write_decision(FS, paths, decision)
    assert read_decisions(FS, paths) == (other, DECISION._replace(verdict=Verdict.FORGOTTEN))
    assert verify(str(tmp_path)) == ()
    (tmp_path / "_learned/decisions.json").write_bytes(b"{}")
    assert [(each.promise, each.path) for each in verify(str(tmp_path))] == [(3, "_learned/decisions.json")]
    with pytest.raises(ManifestError):
        read_decisions(FS, paths)


def test_pinned_lines_are_applied_and_forgotten_ones_never() -> None:
    learned = [LearnedLine("a.example", identity, Place.EDGE, 3, 4) for identity in ("01", "02")]
    decisions = [
        Decision("a.example", "02", Place.EDGE, "", Verdict.FORGOTTEN),
        Decision("b.example", "03", Place.ANYWHERE, "", Verdict.PINNED),
    ]
    assert applied_lines(learned, decisions).lines == (
        AppliedLine("a.example", "01", Place.EDGE),
        AppliedLine("b.example", "03", Place.ANYWHERE),
    )
