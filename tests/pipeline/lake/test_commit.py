from __future__ import annotations

import dataclasses
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from pipeline.lake.commit import AccountingError, commit
from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.lake import begin, open_paths
from pipeline.lake.learned import StagedRound, round_json
from pipeline.lake.manifest import live_files, read_manifests
from pipeline.lake.parquet_file import DataFile
from pipeline.lake.publish import PublishError
from pipeline.lake.run_spec import RunSpec, prepare
from pipeline.lake.staging import Fragment
from transforms.learned.learn import Round


class Killed(BaseException):
    """Stands for kill -9: nothing catches it, so nothing tidies up."""


class FaultyFileSystem(LocalFileSystem):
    """Fails at the `at`-th change of the disk, before or after it is made."""

    def __init__(self, at: int, error: BaseException, after: bool) -> None:
        self.left = at
        self.error = error
        self.after = after

    def _step(self, change: Callable[[], Any]) -> Any:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise self.error
        result = change()
        if self.left == 0:
            raise self.error
        return result

    def open_write(self, path: str) -> BinaryIO:
        stream: BinaryIO = self._step(lambda: super(FaultyFileSystem, self).open_write(path))
        return stream

    def make_folder(self, path: str) -> None:
        self._step(lambda: super(FaultyFileSystem, self).make_folder(path))

    def make_folders(self, path: str) -> None:
        self._step(lambda: super(FaultyFileSystem, self).make_folders(path))

    def fsync_stream(self, stream: BinaryIO) -> None:
        self._step(lambda: super(FaultyFileSystem, self).fsync_stream(stream))

    def fsync_folder(self, path: str) -> None:
        self._step(lambda: None)

    def rename_if_absent(self, source: str, target: str) -> None:
        self._step(lambda: super(FaultyFileSystem, self).rename_if_absent(source, target))

    def delete(self, path: str) -> None:
        self._step(lambda: super(FaultyFileSystem, self).delete(path))

    def delete_folder_if_empty(self, path: str) -> bool:
        deleted: bool = self._step(lambda: super(FaultyFileSystem, self).delete_folder_if_empty(path))
        return deleted

    def delete_tree(self, path: str) -> None:
        self._step(lambda: super(FaultyFileSystem, self).delete_tree(path))


class CountingFileSystem(FaultyFileSystem):
    """Never fails; counts."""

    def __init__(self) -> None:
        super().__init__(-1, Killed(), False)


@dataclasses.dataclass
class Ready:
    """A run that is merged and waits for its commit, in a folder that can be copied."""

    root: Path
    spec: RunSpec
    files: list[DataFile]
    counted: list[Fragment]
    before: dict[str, str]
    after: dict[str, str]

    def copy(self, target: Path) -> RunSpec:
        shutil.copytree(self.root, target)
        return dataclasses.replace(self.spec, root=str(target))


def make_ready(tmp: Path, kit: Any, *, force: bool) -> Ready:
    root = tmp / "ready"
    inputs = [kit.input(number, language="en-GB") for number in (1, 2, 3, 4)]
    before: dict[str, str] = {}
    if force:
        kit.write_run(root, inputs)
        before = kit.tree(root)
        inputs = inputs[2:]
    lake = begin(str(root))
    learned = StagedRound(round_json(Round(1, ()), {}), 1, 1, "ab" * 32, 1)
    spec = prepare(
        lake,
        [item.file for item in inputs],
        settings=kit.settings,
        pipeline_version="2",
        force=force,
        learned=learned,
    )
    files, counted = kit.merge(spec, kit.stage(spec, inputs))
    lake.close()
    done = tmp / "done"
    shutil.copytree(root, done)
    commit(LocalFileSystem(), dataclasses.replace(spec, root=str(done)), files, counted)
    return Ready(root, spec, files, counted, before, kit.tree(done))


@pytest.fixture(scope="module", params=["first run", "forced run"])
def ready(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ready:
    from_conftest = request.getfixturevalue("lake_kit")
    return make_ready(tmp_path_factory.mktemp("commit"), from_conftest, force=request.param == "forced run")


def visible(root: Path, kit: Any) -> dict[str, str]:
    """What a reader that follows manifests sees, with the content it finds."""
    fs = LocalFileSystem()
    with_manifests = live_files(read_manifests(fs, open_paths(str(root))))
    return {entry.path: fs.sha256(f"{root}/{entry.path}") for entry in with_manifests}


def of_tables(tree: dict[str, str]) -> dict[str, str]:
    return {path: sha256 for path, sha256 in tree.items() if not path.startswith("_")}


@pytest.mark.parametrize(
    ("error", "after"),
    [(Killed(), False), (Killed(), True), (OSError(28, "No space left on device"), False)],
    ids=["killed before", "killed after", "disk full"],
)
def test_a_crash_at_any_step_leaves_the_old_or_the_new_lake(
    tmp_path: Path, kit: Any, ready: Ready, error: BaseException, after: bool
) -> None:
    counting = CountingFileSystem()
    commit(counting, ready.copy(tmp_path / "count"), ready.files, ready.counted)
    steps = -1 - counting.left
    assert steps > 30
    ends = set()
    for at in range(1, steps + 1):
        root = tmp_path / str(at)
        spec = ready.copy(root)
        raised = False
        try:
            commit(FaultyFileSystem(at, error, after), spec, ready.files, ready.counted)
        except type(error):
            raised = True
        seen = visible(root, kit)
        # An error says that nothing is visible. Only a kill can't keep to it.
        assert raised == (seen == of_tables(ready.before)) or isinstance(error, Killed), f"step {at}"
        assert seen in (of_tables(ready.before), of_tables(ready.after)), f"step {at}"
        begin(str(root)).close()
        end = kit.tree(root)
        if seen:
            assert end == ready.after or seen == of_tables(ready.before), f"step {at}: a visible run was undone"
        assert end in (ready.before, ready.after), f"step {at}"
        ends.add(end == ready.after)
        shutil.rmtree(root)
    # Both ends occur, or the test would not have crossed the commit.
    assert ends == {False, True}


def test_a_crash_while_recovering_is_recovered_from(tmp_path: Path, kit: Any, ready: Ready) -> None:
    counting = CountingFileSystem()
    commit(counting, ready.copy(tmp_path / "count"), ready.files, ready.counted)
    middle = (-1 - counting.left) // 2
    for at in range(1, 200):
        root = tmp_path / str(at)
        with pytest.raises(Killed):
            commit(FaultyFileSystem(middle, Killed(), False), ready.copy(root), ready.files, ready.counted)
        try:
            begin(str(root), FaultyFileSystem(at, Killed(), False)).close()
        except Killed:
            begin(str(root)).close()
            assert kit.tree(root) == ready.after
        else:
            assert at > 10
            return
    pytest.fail("recovery never came to its end")


def test_a_failing_call_anywhere_in_a_run_gives_an_error_or_the_whole_run(tmp_path: Path, kit: Any) -> None:
    inputs = [kit.input(number, language="en-GB") for number in (1, 2)]
    kit.write_run(tmp_path / "calm", inputs)
    calm = kit.tree(tmp_path / "calm")
    for at in range(1, 500):
        root = tmp_path / str(at)
        fs = FaultyFileSystem(at, OSError(5, "Input/output error"), False)
        try:
            with begin(str(root)) as lake:
                spec = prepare(
                    lake, [item.file for item in inputs], settings=kit.settings, pipeline_version=kit.version
                )
                files, counted = kit.merge(spec, kit.stage(spec, inputs, fs=fs), fs=fs)
                commit(fs, spec, files, counted)
        except OSError:
            assert kit.tree(root) in ({}, calm), f"step {at}"
        else:
            assert kit.tree(root) == calm
            assert at > 20
            return
    pytest.fail("the run never came to its end")


class FullDisk(LocalFileSystem):
    """Has room for `room` bytes."""

    def __init__(self, room: int) -> None:
        self.room = room

    def open_write(self, path: str) -> BinaryIO:
        disk = self

        class Stream(io.FileIO):
            def write(self, block: Any) -> int:
                size = memoryview(block).nbytes
                disk.room -= size
                if disk.room < 0:
                    raise OSError(28, "No space left on device")
                return super().write(block)

        return Stream(path, "xb")  # type: ignore[return-value]


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.8, 0.95, 0.999])
def test_a_disk_that_fills_up_leaves_nothing_and_a_retry_works(tmp_path: Path, kit: Any, share: float) -> None:
    inputs = kit.inputs(6)

    def run(name: str, fs: LocalFileSystem) -> None:
        with begin(str(tmp_path / name)) as lake:
            spec = prepare(lake, [item.file for item in inputs], settings=kit.settings, pipeline_version=kit.version)
            files, counted = kit.merge(spec, kit.stage(spec, inputs, fs=fs), fs=fs)
            commit(fs, spec, files, counted)

    ample = FullDisk(1 << 40)
    run("calm", ample)
    needed = (1 << 40) - ample.room
    with pytest.raises(OSError, match="No space left"):
        run("lake", FullDisk(int(needed * share)))
    assert kit.tree(tmp_path / "lake") == {}
    run("lake", LocalFileSystem())
    assert kit.tree(tmp_path / "lake") == kit.tree(tmp_path / "calm")


def test_an_interrupted_run_that_starts_again_gives_an_undisturbed_lake(tmp_path: Path, kit: Any) -> None:
    inputs = kit.inputs(12)
    kit.write_run(tmp_path / "calm", inputs)
    lake = begin(str(tmp_path / "killed"))
    spec = prepare(lake, [item.file for item in inputs], settings=kit.settings, pipeline_version=kit.version)
    fragments = kit.stage(spec, inputs)
    kit.merge(spec, fragments[:3])
    lake.close()
    kit.write_run(tmp_path / "killed", inputs)
    assert kit.tree(tmp_path / "killed") == kit.tree(tmp_path / "calm")


def test_a_second_commit_of_the_same_run_gives_the_same_answer(tmp_path: Path, kit: Any, ready: Ready) -> None:
    spec = ready.copy(tmp_path / "lake")
    first = commit(LocalFileSystem(), spec, ready.files, ready.counted)
    second = commit(LocalFileSystem(), spec, ready.files, ready.counted)
    assert first == second
    assert kit.tree(tmp_path / "lake") == ready.after


@pytest.mark.parametrize(("error", "after"), [(Killed(), False), (Killed(), True)], ids=["before", "after"])
def test_an_engine_that_loses_a_worker_in_the_commit_has_another_do_it_again(
    tmp_path: Path, kit: Any, ready: Ready, error: BaseException, after: bool
) -> None:
    counting = CountingFileSystem()
    first = commit(counting, ready.copy(tmp_path / "count"), ready.files, ready.counted)
    for at in range(1, -counting.left):
        root = tmp_path / str(at)
        spec = ready.copy(root)
        with pytest.raises(Killed):
            commit(FaultyFileSystem(at, error, after), spec, ready.files, ready.counted)
        assert commit(LocalFileSystem(), spec, ready.files, ready.counted) == first, f"step {at}"
        begin(str(root)).close()
        assert kit.tree(root) == ready.after, f"step {at}"
        shutil.rmtree(root)


def run_with(tmp_path: Path, kit: Any, change: Callable[[list[Any]], list[Any]]) -> None:
    inputs = change(kit.inputs(6))
    with begin(str(tmp_path / "lake")) as lake:
        spec = prepare(lake, [item.file for item in inputs], settings={}, pipeline_version="1")
        files, counted = kit.merge(spec, kit.stage(spec, inputs))
        commit(lake.fs, spec, files, counted)


@pytest.mark.parametrize("records", [0, 2, 8])
def test_a_record_too_many_or_too_few_commits_nothing(tmp_path: Path, kit: Any, records: int) -> None:
    with pytest.raises(AccountingError, match=rf"in/0003\.txt: read {records} records, got 1 articles \+ 0 rejects"):
        run_with(
            tmp_path,
            kit,
            lambda inputs: [
                dataclasses.replace(item, records=records) if item.file.name == "0003.txt" else item for item in inputs
            ],
        )
    assert kit.tree(tmp_path / "lake") == {}
    assert list((tmp_path / "lake").iterdir()) == []


def test_rows_of_an_input_that_was_never_counted_commit_nothing(tmp_path: Path, kit: Any) -> None:
    stray, _ = kit.article("elsewhere/x.txt")
    with pytest.raises(AccountingError, match=r"elsewhere/x\.txt: gave rows but was never counted"):
        run_with(tmp_path, kit, lambda inputs: [*inputs[:-1], dataclasses.replace(inputs[-1], rows=(stray,))])
    assert kit.tree(tmp_path / "lake") == {}


def test_an_input_read_twice_commits_nothing(tmp_path: Path, kit: Any) -> None:
    with pytest.raises(AccountingError, match="was read twice"):
        run_with(tmp_path, kit, lambda inputs: [*inputs, dataclasses.replace(inputs[1], rows=())])
    assert kit.tree(tmp_path / "lake") == {}


def test_a_lost_fragment_commits_nothing(tmp_path: Path, kit: Any, ready: Ready) -> None:
    spec = ready.copy(tmp_path / "lake")
    lost = next(file for file in ready.files if file.directory.startswith("removed"))
    with pytest.raises(AccountingError, match=r"removed: \d+ rows were staged, \d+ written"):
        commit(LocalFileSystem(), spec, [file for file in ready.files if file is not lost], ready.counted)
    begin(str(tmp_path / "lake")).close()
    assert kit.tree(tmp_path / "lake") == ready.before


def test_a_name_that_other_bytes_hold_is_never_overwritten(tmp_path: Path, kit: Any, ready: Ready) -> None:
    root = tmp_path / "lake"
    spec = ready.copy(root)
    taken = root / ready.files[-1].path
    taken.parent.mkdir(parents=True, exist_ok=True)
    taken.write_bytes(b"other")
    with pytest.raises(PublishError, match="in the lake already with other bytes"):
        commit(LocalFileSystem(), spec, ready.files, ready.counted)
    begin(str(root)).close()
    assert kit.tree(root) == ready.before


def test_a_file_that_is_in_place_already_is_fine(tmp_path: Path, kit: Any, ready: Ready) -> None:
    root = tmp_path / "lake"
    spec = ready.copy(root)
    there = root / ready.files[-1].path
    there.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / ready.files[-1].staged, there)
    commit(LocalFileSystem(), spec, ready.files, ready.counted)
    assert kit.tree(root) == ready.after


def test_an_empty_run_is_a_run(tmp_path: Path, kit: Any) -> None:
    with begin(str(tmp_path)) as lake:
        spec = prepare(lake, [], settings={}, pipeline_version="1")
        result = commit(lake.fs, spec, [], [])
    assert (result.read, result.files) == (0, 0)
    assert len(kit.tree(tmp_path)) == 2
