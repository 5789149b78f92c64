"""A worker process that gets ready before it is told where to connect: `pipeline.crew` starts it.

Before: a Python that has imported nothing. After: Beam and the steps are imported, the rules read, a few of the bundled samples
have gone through all steps, so that what is loaded at first use is loaded; the tasks that come in on standard input are
done; then it is the worker of `pipeline.worker` as always.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import sys
import time
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, BinaryIO

from pipeline.handover import ACCEPTED, DONE, PAUSE
from pipeline.worker import begin

if TYPE_CHECKING:
    from pipeline.chain import Rules
    from pipeline.settings import Settings

_SAMPLES = ("pages/bridge.html", "pages/eclipse.cc.html", "text/ferry-timetable.txt")


def main(leash: str, place: str, run: int) -> None:
    """Gets ready, does the tasks of the process `run`, waits at the pipe `place`.in for the variables, and is the worker that they
    speak of."""
    begin(leash)
    pipe = os.open(f"{place}.in", os.O_RDONLY | os.O_NONBLOCK)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that is printed may get between the answers
    tasks = sys.stdin.buffer
    do_tasks(prepare(pickle.load(tasks)), tasks, answers)
    variables = _wait_for(pipe, run)
    end = os.open(f"{place}.end", os.O_WRONLY | os.O_NONBLOCK)
    os.write(end, ACCEPTED)
    os.environ.update(variables)

    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main(sys.argv)
    os.write(end, DONE)


def prepare(settings: Settings) -> Rules:
    """The rules of a run with these settings, with all loaded that every run needs. Raises UsageError for rules that can't be used."""
    from apache_beam.runners.worker import sdk_worker_main  # noqa: F401

    from transforms.parsed_earlier import begin_keeping

    begin_keeping()
    return warm_up(settings)


def warm_up(settings: Settings) -> Rules:
    """The rules of a run with these settings, after a few samples have gone through all steps in this process."""
    import pipeline.execute  # noqa: F401
    from pipeline.chain import Rules, read_all, run_record
    from schemas.records import Reject

    rules = Rules.load(settings)
    with as_file(files("configs") / "samples") as samples:
        for name in _SAMPLES:
            for record in read_all(str(samples / name), rules):
                if not isinstance(record, Reject):
                    run_record(record, rules)
    return rules


def do_tasks(rules: Rules, tasks: BinaryIO, answers: BinaryIO) -> None:
    """Answers each pickled (function, task) with a pickled (function(rules, task), None) or (None, exception), until there are
    no more."""
    while True:
        try:
            function, task = pickle.load(tasks)
        except EOFError:
            return
        try:
            answer = pickle.dumps((function(rules, task), None))
        except Exception as error:
            answer = pickle.dumps((None, error))
        answers.write(answer)
        answers.flush()


def _wait_for(pipe: int, run: int) -> dict[str, str]:
    """What the other end of `pipe`, open without blocking, sends; it may be long in coming. Ends with the process `run`, which may
    have been killed without letting go of the leash."""
    sent = b""
    while not sent:
        if os.getppid() != run:
            sys.exit(1)
        with contextlib.suppress(BlockingIOError):
            sent = os.read(pipe, 4096)
        if not sent:
            time.sleep(PAUSE)
    os.set_blocking(pipe, True)
    while more := os.read(pipe, 65536):
        sent += more
    variables: dict[str, str] = json.loads(sent.decode("utf-8", "surrogateescape"))
    return variables
