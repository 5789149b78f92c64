"""The worker processes of a local run, started before the graph has work for them, so that they are ready when it has.

Before: two workers that import Beam and read the rules, three seconds each, when the graph already waits for them.
After: they did so while this process looked at the files, and then learned for it what the sites repeat.

Beam starts a worker by a command and tells it where to connect in environment variables. Here that command is
`pipeline/handover.py`: it passes the variables on to a worker that waits for them (`pipeline.ready`), or becomes a
worker itself where none is ready.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.engines.place import workers_here
from pipeline.settings import Settings
from pipeline.worker import leash, leashed, start_code

if TYPE_CHECKING:  # it takes Beam along, which a run that finds nothing new does without
    from pipeline.chain import Rules

T = TypeVar("T")
R = TypeVar("R")

_PATIENCE = 5.0
"""Seconds that a worker has to end once it is let go."""


class Crew:
    """Workers that get ready; without members all work is done in this process."""

    def __init__(
        self, settings: Settings, command: str | None = None, members: Sequence[subprocess.Popen[bytes]] = ()
    ) -> None:
        """`command` starts a worker for Beam, as often as it likes; None: this process is the one worker."""
        self.command = command
        self._settings = settings
        self._members = members
        self._loaded: Rules | None = None

    def share(self, function: Callable[[Rules, T], R], tasks: Sequence[T], /) -> list[R]:
        """What `pipeline.learned.sharing.Share` says, done by the members side by side. `function`, tasks and answers are
        pickled. Raises what `function` raises; what a member could not do, because it ended, is done here."""
        if not self._members:
            rules = self._rules()
            return [function(rules, task) for task in tasks]
        free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for member in self._members:
            free.put(member)

        def by_member(task: T) -> R:
            member = free.get()
            try:
                answer: R = _ask(member, function, task)
            except (OSError, EOFError, pickle.UnpicklingError):
                answer = function(self._rules(), task)
            finally:
                free.put(member)
            return answer

        threads = ThreadPoolExecutor(len(self._members))
        try:
            return list(threads.map(by_member, tasks))
        finally:
            threads.shutdown(cancel_futures=True)  # after an error or a Ctrl-C nothing more is begun

    def _rules(self) -> Rules:
        from pipeline.chain import Rules

        if self._loaded is None:
            self._loaded = Rules.load(self._settings)
        return self._loaded

    def release(self) -> None:
        """No more tasks are shared: the members may become Beam's workers."""
        for member in self._members:
            with contextlib.suppress(OSError):
                _stream(member.stdin).close()


def _ask(member: subprocess.Popen[bytes], function: Callable[[Rules, T], R], task: T) -> R:
    sent = _stream(member.stdin)
    pickle.dump((function, task), sent)
    sent.flush()
    answer, error = pickle.load(_stream(member.stdout))
    if error is not None:
        raise error
    done: R = answer
    return done


def _stream(pipe: Any) -> Any:
    if pipe is None:  # never: both are asked for
        raise OSError("no pipe")
    return pipe


@contextlib.contextmanager
def crew(settings: Settings) -> Iterator[Crew]:
    """As many workers as `settings` ask for, as long as the block lasts; they get ready at once. One is this process."""
    workers = workers_here(settings)
    if workers == 1:
        yield Crew(settings)
        return
    if not hasattr(os, "mkfifo"):
        with leashed() as command:
            yield Crew(settings, command)
        return
    with leash() as path:
        folder = Path(f"{path}.ready")
        folder.mkdir(mode=0o700)
        members = [_start(path, folder, number, settings) for number in range(workers)]
        words = [sys.executable, "-S", "-E", str(Path(__file__).with_name("handover.py")), str(folder), path]
        # exec: the shell would otherwise stand between this process and the worker.
        party = Crew(settings, f"exec {shlex.join([*words, start_code(path)])}", members)
        try:
            yield party
        finally:
            party.release()
            with contextlib.suppress(OSError):
                Path(path).unlink()
            for member in members:
                _let_go(member)
            shutil.rmtree(folder, ignore_errors=True)


def _start(path: str, folder: Path, number: int, settings: Settings) -> subprocess.Popen[bytes]:
    for name in ("in", "end"):
        os.mkfifo(folder / f"{number}.{name}", mode=0o600)
    root = str(Path(__file__).parent.parent)
    start = (
        f"import sys; sys.path.insert(0, {root!r}); from pipeline.ready import main; "
        f"main({path!r}, {str(folder / str(number))!r}, {os.getpid()})"
    )
    member = subprocess.Popen([sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with contextlib.suppress(OSError):
        pickle.dump(settings, _stream(member.stdin))
        _stream(member.stdin).flush()
    return member


def _let_go(member: subprocess.Popen[bytes]) -> None:
    try:
        member.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        member.kill()
        member.wait()
    _stream(member.stdout).close()
