"""An engine asks the pool for a worker: it gets one of this run's, told where to connect, and none is left at the end."""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path

import grpc
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc, endpoints_pb2

from pipeline.engines.worker_pool import worker_pool

CODE = """
import os, sys
names = ("WORKER_ID", "CONTROL_API_SERVICE_DESCRIPTOR", "LOGGING_API_SERVICE_DESCRIPTOR")
with open(sys.argv[1] + ".part", "w") as file:
    file.write("\\n".join(os.environ[name].strip() for name in names))
os.rename(sys.argv[1] + ".part", sys.argv[1])
"""


def test_a_worker_is_started_and_told_where_the_engine_listens(tmp_path: Path) -> None:
    told = tmp_path / "told"
    command = f"exec {shlex.join([sys.executable, '-S', '-E', '-c', CODE, str(told)])}"
    with worker_pool(command) as address, grpc.insecure_channel(address) as channel:
        engine = beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(channel)
        answer = engine.StartWorker(
            beam_fn_api_pb2.StartWorkerRequest(
                worker_id="w-1",
                control_endpoint=endpoints_pb2.ApiServiceDescriptor(url="engine:1"),
                logging_endpoint=endpoints_pb2.ApiServiceDescriptor(url="engine:2"),
            )
        )
        assert answer.error == ""
        until = time.monotonic() + 20
        while not told.exists() and time.monotonic() < until:
            time.sleep(0.01)
        engine.StopWorker(beam_fn_api_pb2.StopWorkerRequest(worker_id="w-1"))
    assert told.read_text().split("\n") == ["w-1", 'url: "engine:1"', 'url: "engine:2"']
