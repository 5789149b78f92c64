"""What the tests of reliability run in processes of their own: a run that ends itself with SIGKILL at its n-th change of the disk."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from pipeline.lake.commit import commit
from pipeline.lake.compaction import compact
from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.forget_target import Target, TargetKind
from pipeline.lake.forgetting import forget
from pipeline.lake.lake import begin
from pipeline.lake.ledger import already_in
from pipeline.lake.lock import LakeBusyError
from pipeline.lake.merge import merge_partition
from pipeline.lake.rows import READS, TALLY, RunStamp
from pipeline.lake.run_spec import prepare
from pipeline.lake.staging import Stager
from schemas.codes import RejectCode, Stage
from schemas.records import InputFile, ReadCount
from transforms.rejects import make_reject

VERSION = "1"
_CHANGES = frozenset(
    {"open_write", "make_folder", "make_folders", "fsync_stream", "fsync_folder", "rename_if_absent", "replace"}
    | {"delete", "delete_folder_if_empty", "delete_tree"}
)


class DeadlyFileSystem(LocalFileSystem):
    """Ends the process at the `at`-th change of the disk: before it for odd numbers, after it for even ones."""

    def __init__(self, at: int) -> None:
        self.left = at
        self.before = at % 2 == 1
        self.guard = threading.Lock()

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        return self._counted(found) if name in _CHANGES else found

    def _counted(self, change: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            with self.guard:  # folders are forced to disk by several threads
                self.left -= 1
                left = self.left
            if left == 0 and self.before:
                os.kill(os.getpid(), signal.SIGKILL)
            result = change(*arguments)
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return call


def input_file(number: int) -> InputFile:
    """An invented input."""
    name = f"{number:04d}.txt"
    return InputFile(f"in/{name}", name, 10, hashlib.sha256(name.encode()).hexdigest())


def write(root: str, numbers: list[int], fs: LocalFileSystem | None = None) -> None:
    """One run of one reject an input: the smallest rows there are, through the same steps as any."""
    files = fs or LocalFileSystem()
    with begin(root, files) as lake:
        new, _ = already_in(files, lake.paths, [input_file(number) for number in numbers])
        if not new:
            return
        spec = prepare(lake, new, settings={}, pipeline_version=VERSION)
        stager = Stager(files, lake.paths, spec.staging, RunStamp(spec.run_id, VERSION))
        for file in new:
            stager.add(
                make_reject(
                    source_uri=file.uri,
                    name=file.name,
                    stage=Stage.PARSE,
                    code=RejectCode.NO_TEXT,
                    message="Nothing",
                    raw=file.name.encode(),
                )
            )
            stager.add(ReadCount(file.name, file.sha256, file.uri, file.size, 1))
        groups: dict[str, list[Any]] = {}
        for fragment in stager.flush():
            groups.setdefault(fragment.directory, []).append(fragment)
        counted = [fragment for name in (READS, TALLY) for fragment in groups.pop(name, [])]
        done = [
            file
            for folder, fragments in groups.items()
            for file in merge_partition(files, lake.paths, spec.staging, folder, fragments, spec.run_id, VERSION)
        ]
        commit(files, spec, done, counted)


def do(action: str, root: str, fs: LocalFileSystem | None = None) -> None:
    """One run of a kind, on a lake that `write` made."""
    if action == "write":
        write(root, [90, 91, 92], fs)
    elif action == "compact":
        compact(root, pipeline_version=VERSION, target_file_mib=1, fs=fs)
    else:
        forget(root, Target(TargetKind.SOURCE, "in/0001.txt"), pipeline_version=VERSION, fs=fs)


def killed(action: str, root: str, at: int) -> None:
    """`do`, ended at its `at`-th change of the disk."""
    do(action, root, DeadlyFileSystem(at))


def keep_writing(root: str, writer: int, runs: int) -> None:
    """`runs` runs of one input each, each tried until it has landed."""
    for run in range(runs):
        for _ in range(3000):
            try:
                write(root, [1000 * writer + run])
                break
            except LakeBusyError:
                time.sleep(0.01)
        else:
            sys.exit(3)
