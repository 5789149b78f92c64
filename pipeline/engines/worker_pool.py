"""Starts workers of this run where an engine on this machine asks for some: Beam's external worker pool, with the run's own workers.

Before: Flink asks for two workers at `localhost:41203`. After: two processes of `pipeline.crew`, ready since the run began, are
connected to it. Beam's own pool would start processes that print to the terminal and outlive a run that is killed.
"""

from __future__ import annotations

import logging
import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc, endpoints_pb2
from google.protobuf import text_format

_ASKED_AT_ONCE = 8
_PATIENCE = 5.0
"""Seconds that a worker has to end once its engine let it go."""
_LOG = logging.getLogger(__name__)


class _Pool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """Answers the engine's two calls; `command` starts a worker (`pipeline.crew.Crew.command`)."""

    def __init__(self, command: str) -> None:
        self._command = command
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def StartWorker(self, request: Any, context: Any) -> Any:  # noqa: N802 (the call's name)
        """Starts one worker and tells it where the engine listens."""
        try:
            worker = subprocess.Popen(self._command, shell=True, env=_variables(request))
        except OSError as error:
            return beam_fn_api_pb2.StartWorkerResponse(error=f"no worker could be started: {error}")
        with self._lock:
            self._started[request.worker_id] = worker
        return beam_fn_api_pb2.StartWorkerResponse()

    def StopWorker(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Lets go of a worker: it ends by itself when its engine closes the connection, else it is ended."""
        with self._lock:
            worker = self._started.pop(request.worker_id, None)
        if worker is not None:
            _end(worker)
        return beam_fn_api_pb2.StopWorkerResponse()

    def stop_all(self) -> None:
        """Ends what the engine has not let go."""
        with self._lock:
            left, self._started = list(self._started.values()), {}
        for worker in left:
            _end(worker)


@contextmanager
def worker_pool(command: str) -> Iterator[str]:
    """The address at which an engine of this machine can ask for workers, as long as the block lasts."""
    pool = _Pool(command)
    server = grpc.server(ThreadPoolExecutor(_ASKED_AT_ONCE, thread_name_prefix="worker pool"))
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    port = server.add_insecure_port("localhost:0")
    server.start()
    try:
        yield f"localhost:{port}"
    finally:
        server.stop(grace=None)
        pool.stop_all()


def _variables(request: Any) -> dict[str, str]:
    """What `apache_beam.runners.worker.sdk_worker_main` reads. It has no pipeline options: a worker here gets all it needs in its steps."""
    given = {"CONTROL_API_SERVICE_DESCRIPTOR": request.control_endpoint.url}
    if request.HasField("logging_endpoint"):
        given["LOGGING_API_SERVICE_DESCRIPTOR"] = request.logging_endpoint.url
    described = {
        name: text_format.MessageToString(endpoints_pb2.ApiServiceDescriptor(url=url)) for name, url in given.items()
    }
    return {**os.environ, **described, "WORKER_ID": request.worker_id}


def _end(worker: subprocess.Popen[bytes]) -> None:
    try:
        worker.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        _LOG.info("a worker did not end by itself")
        worker.terminate()
        try:
            worker.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
