"""What several test files share: the bundled samples, the lake made of them, and object stores on this machine's loopback."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.progress import Mode, ProgressView
from pipeline.run import ingest
from pipeline.settings import default_settings
from pipeline.summary import Summary
from transforms.storage import gcs, s3
from transforms.storage.object_filesystem import ObjectFileSystem

SECRET = "secret-of-the-test"
SAMPLES = Path(__file__).parent.parent / "configs" / "samples"


def quiet() -> ProgressView:
    """A view that shows nothing."""
    return ProgressView(Mode.QUIET, io.StringIO())


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the bundled samples."""
    return SAMPLES


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """A lake of all samples and the summary of the run that made it. Tests must not change it."""
    lake = tmp_path_factory.mktemp("samples") / "lake"
    summary = ingest([str(SAMPLES)], str(lake), default_settings(), force=False, dry_run=False, progress=quiet())
    return lake, summary


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """A server that speaks S3."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def gcs_endpoint() -> Iterator[str]:
    """A server that speaks Google's JSON protocol."""
    pytest.importorskip("google.cloud.storage")
    server = pytest.importorskip("gcp_storage_emulator.server").create_server("127.0.0.1", 0, in_memory=True)
    server.start()
    host, port = server._api._httpd.socket.getsockname()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["s3", "gs"])
def bucket(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[ObjectFileSystem, str]]:
    """A file system and the URI of an empty bucket."""
    name = f"b{zlib.crc32(request.node.nodeid.encode())}"
    if request.param == "s3":
        monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("s3_endpoint"))
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3.client.cache_clear()
        s3.client(0).create_bucket(Bucket=name)
        yield ObjectFileSystem(s3.S3Store()), f"s3://{name}"
        s3.client.cache_clear()
    else:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", request.getfixturevalue("gcs_endpoint"))
        gcs.client.cache_clear()
        gcs.client(0).create_bucket(name)
        yield ObjectFileSystem(gcs.GoogleStore()), f"gs://{name}"
        gcs.client.cache_clear()
