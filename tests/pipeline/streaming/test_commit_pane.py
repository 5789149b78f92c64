"""The commit of a pane, tried again, cut off, in other company, or beside another writer; without Beam."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import pipeline.streaming.commit_pane as under_test
from pipeline.chain import Rules
from pipeline.lake.cleanup import clean
from pipeline.lake.lake import lock_lake
from pipeline.lake.lock import LakeBusyError
from pipeline.lake.verify import verify
from pipeline.streaming.collect import Pane, Waiting, decode_pane, encode_pane
from pipeline.streaming.commit_pane import commit_pane
from pipeline.streaming.pack import Pack, decode, encode
from pipeline.streaming.windows import Fate, Timing
from tests.pipeline.streaming.conftest import SECOND, article, packs_of, plan_for, rows_of, runs_of
from transforms.storage.object_filesystem import ObjectFileSystem


def pane_of(packs: list[Pack], number: int = 0, fate: Fate = Fate.IN_TIME) -> Pane:
    return Pane(10 * SECOND, number, Timing.ON_TIME, tuple(Waiting(fate, pack) for pack in packs))


def uris(lake: Path) -> list[str]:
    return [str(uri).rpartition("/")[2] for (uri,) in rows_of(lake, "articles", "source_uri")]


def test_packs_and_panes_survive_their_journey(rules: Rules, tmp_path: Path) -> None:
    packs = packs_of(plan_for(tmp_path), rules, [article("ida", 3), article("ada", 12)])
    assert [pack.end // SECOND for pack in packs] == [10, 20]
    assert [decode(encode(pack)) for pack in packs] == packs
    pane = pane_of(packs, 3, Fate.TOO_LATE)
    assert decode_pane(encode_pane(pane)) == pane


def test_a_pane_that_is_tried_again_finds_its_own_commit(rules: Rules, tmp_path: Path) -> None:
    plan = plan_for(tmp_path)
    pane = pane_of(packs_of(plan, rules, [article("ida", 3)]))
    first = commit_pane(plan, pane)
    again = commit_pane(plan, pane)  # the workers' files are gone by now
    assert (first.inputs, first.repeated, again.inputs, again.repeated, again.runs) == (1, 0, 0, 1, ())
    assert (uris(tmp_path), len(runs_of(tmp_path)), verify(str(tmp_path))) == (["ida.txt"], 1, ())


def test_the_same_pane_gets_the_same_run_and_another_gets_another(rules: Rules, tmp_path: Path) -> None:
    ids = []
    for number, lake in enumerate(("a", "b", "c")):
        plan = plan_for(tmp_path / lake)
        pane = pane_of(packs_of(plan, rules, [article("ida", 3)]), number // 2)
        ids.append(commit_pane(plan, pane).runs[0].run_id)
    assert ids[0] == ids[1] != ids[2]


def test_a_commit_that_fails_leaves_nothing_and_works_when_tried_again(
    rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_for(tmp_path)
    pane = pane_of(packs_of(plan, rules, [article("ida", 3)]))

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(under_test, "commit", fail)
        with pytest.raises(OSError, match="no space"):
            commit_pane(plan, pane)
    assert runs_of(tmp_path) == []
    assert not (tmp_path / "_staging").exists()
    commit_pane(plan, pane)
    assert (uris(tmp_path), verify(str(tmp_path))) == (["ida.txt"], ())


def test_files_of_workers_that_are_gone_fail_the_pane(rules: Rules, tmp_path: Path) -> None:
    plan = plan_for(tmp_path)
    packs = packs_of(plan, rules, [article("ida", 3)])
    for table in packs[0].tables:
        (tmp_path / packs[0].file(table)).unlink()
    with pytest.raises(FileNotFoundError):
        commit_pane(plan, pane_of(packs))
    assert runs_of(tmp_path) == []


def test_a_pane_waits_for_another_writer(rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.lake.lock._PATIENCE", 0.0)
    plan = plan_for(tmp_path)
    pane = pane_of(packs_of(plan, rules, [article("ida", 3)]))
    other = lock_lake(str(tmp_path))
    waited: list[float] = []

    def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            other.close()

    assert commit_pane(plan, pane, pause=pause).inputs == 1
    assert len(waited) == 3
    other = lock_lake(str(tmp_path))
    with pytest.raises(LakeBusyError):
        commit_pane(plan, pane, pause=lambda _: None)
    other.close()


def test_whatever_is_repeated_and_cut_off_each_input_is_in_the_lake_once(
    rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an engine does that goes back to a checkpoint: inputs come again, in other bundles and panes, after commits that it has
    forgotten, some of them cut off."""
    rng = random.Random(7)
    plan = plan_for(tmp_path)
    names = [f"boat-{number}" for number in range(20)]
    commit = under_test.commit

    def cut_off(*given: object) -> object:
        when = rng.random()
        if when < 0.3:
            raise OSError("cut off before")
        done = commit(*given)  # type: ignore[arg-type]
        if when < 0.5:
            raise OSError("cut off after")
        return done

    monkeypatch.setattr(under_test, "commit", cut_off)
    failures: list[str] = []
    for number in range(12):
        again = rng.sample(names, rng.randint(1, 4))
        bundles = [packs_of(plan, rules, [article(name, 3)]) for name in again]
        try:
            commit_pane(plan, pane_of([pack for packs in bundles for pack in packs], number))
        except OSError as error:
            failures.append(str(error))
    assert set(failures) == {"cut off before", "cut off after"}
    monkeypatch.setattr(under_test, "commit", commit)
    commit_pane(plan, pane_of(packs_of(plan, rules, [article(name, 3) for name in names]), 99))
    assert uris(tmp_path) == sorted(f"{name}.txt" for name in names)
    assert verify(str(tmp_path)) == ()


def test_a_stream_writes_to_a_bucket(rules: Rules, bucket: tuple[ObjectFileSystem, str]) -> None:
    _, uri = bucket
    plan = plan_for(Path("ignored"))
    plan = type(plan)(**{**{name: getattr(plan, name) for name in plan.__slots__}, "root": f"{uri}/lake"})
    done = commit_pane(plan, pane_of(packs_of(plan, rules, [article("ida", 3)])))
    assert (done.inputs, verify(f"{uri}/lake")) == (1, ())


def test_clean_takes_what_a_stream_left_once_it_is_old(rules: Rules, tmp_path: Path) -> None:
    plan = plan_for(tmp_path)
    commit_pane(plan, pane_of(packs_of(plan, rules, [article("ida", 3)])))
    left = packs_of(plan, rules, [article("ada", 3)])[0]
    files = tuple(left.file(table) for table in left.tables)
    assert clean(str(tmp_path), 3600).young == files
    assert clean(str(tmp_path), 0).deleted == files
    assert list((tmp_path / plan.folder).iterdir()) == []
