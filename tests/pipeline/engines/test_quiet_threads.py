"""What Beam's threads raise is not printed; what others raise is, and the hook is as before in the end."""

from __future__ import annotations

import threading

from pipeline.engines.quiet_threads import quiet_threads


def raise_in(name: str) -> None:
    def fail() -> None:
        raise ValueError("gone")

    thread = threading.Thread(target=fail, name=name)
    thread.start()
    thread.join()


def test_only_threads_that_speak_with_an_engine_are_quiet() -> None:
    heard: list[str] = []
    before = threading.excepthook
    own = threading.excepthook = lambda args: heard.append(args.thread.name if args.thread else "")
    try:
        with quiet_threads():
            raise_in("run_worker_1")
            raise_in("mine")
        assert threading.excepthook is own
        raise_in("run_worker_2")
    finally:
        threading.excepthook = before
    assert heard == ["mine", "run_worker_2"]


def test_it_waits_until_they_are_gone() -> None:
    gone, go = threading.Event(), threading.Event()
    with quiet_threads():
        threading.Thread(target=lambda: (go.wait(1), gone.set()), name="run_worker_1", daemon=True).start()
        go.set()
    assert gone.is_set()
