"""An engine's failure in a line: Java's frames go, the Python reason stays, broken connections are named."""

from __future__ import annotations

import grpc
import pytest

from pipeline.engines.failures import plain_failures, without_java
from pipeline.failure_log import reason_of

OF_FLINK = """org.apache.flink.runtime.client.JobExecutionException: Job execution failed.
\tat org.apache.flink.runtime.jobmaster.JobResult.toJobExecutionResult(JobResult.java:144)
\tat java.base/java.lang.Thread.run(Thread.java:840) [?:?]
Caused by: java.lang.Exception: The user defined 'open()' method caused an exception
\t... 12 more
Caused by: java.util.concurrent.ExecutionException: java.lang.RuntimeException: Error received from SDK harness for instruction 5: Traceback (most recent call last):
  File "pipeline/lake/sink.py", line 93, in process
    yield from merge_staged(fs, spec, directory, fragments)
OSError: [Errno 28] No space left on device: '/lake/x.parquet' [while running 'Write/Merge']

\tat java.base/java.util.concurrent.CompletableFuture.reportGet(CompletableFuture.java:396) ~[?:?]
\t... 3 more
"""


def test_the_reason_is_the_last_line_of_the_python_traceback() -> None:
    reason = "OSError: [Errno 28] No space left on device: '/lake/x.parquet' [while running 'Write/Merge']"
    assert without_java(OF_FLINK).splitlines()[-1] == reason
    with pytest.raises(RuntimeError) as raised, plain_failures():
        raise RuntimeError(OF_FLINK)
    assert reason_of(raised.value) == reason


def test_java_alone_keeps_its_messages() -> None:
    text = "java.net.ConnectException: Connection refused\n\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)\n"
    assert without_java(text) == "java.net.ConnectException: Connection refused"


def test_other_failures_pass_unchanged() -> None:
    error = RuntimeError("OSError: at least 3 more (see above)")
    with pytest.raises(RuntimeError) as raised, plain_failures():
        raise error
    assert raised.value is error


def test_an_engine_that_is_gone_is_told() -> None:
    class Gone(grpc.RpcError):
        def code(self) -> str:
            return "UNAVAILABLE"

        def details(self) -> str:
            return "Socket closed"

    with (
        pytest.raises(RuntimeError, match="the engine does not answer any more: UNAVAILABLE: Socket closed"),
        plain_failures(),
    ):
        raise Gone
    with pytest.raises(RuntimeError, match="job server can't be reached"), plain_failures():
        raise grpc.FutureTimeoutError
