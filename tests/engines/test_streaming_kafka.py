"""A stream over a real Kafka broker, on Prism, read by the Python reader. `make test-engines` runs it.

Skips without Prism, Java, Maven or confluent-kafka. The broker (one node, KRaft) comes from Maven unless COPYDESK_KAFKA_JARS names a folder with
its jars.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipeline.engines.engine_settings import PrismSettings
from pipeline.engines.prism import find_prism
from pipeline.lake.read import dataset, manifests
from pipeline.lake.verify import verify
from schemas.errors import UsageError

ROOT = Path(__file__).parent.parent.parent
KAFKA = "3.9.1"
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>local</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{KAFKA}</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
"""
PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:{controller}
listeners=PLAINTEXT://localhost:{port},CONTROLLER://localhost:{controller}
advertised.listeners=PLAINTEXT://localhost:{port}
controller.listener.names=CONTROLLER
log.dirs={logs}
num.partitions=2
offsets.topic.replication.factor=1
group.initial.rebalance.delay.ms=0
"""


def _has_prism() -> bool:
    try:
        find_prism(PrismSettings(""), os.environ)
    except UsageError:
        return False
    return True


pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(not _has_prism(), reason="Prism is not installed"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Kafka needs Java"),
    pytest.mark.skipif(find_spec("confluent_kafka") is None, reason="confluent-kafka is not installed"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def jars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if os.environ.get("COPYDESK_KAFKA_JARS"):
        return Path(os.environ["COPYDESK_KAFKA_JARS"])
    if shutil.which("mvn") is None:
        pytest.skip("Maven is not installed")
    folder = tmp_path_factory.mktemp("kafka")
    (folder / "pom.xml").write_text(POM)
    words = ["mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}"]
    done = subprocess.run(words, cwd=folder, check=False, capture_output=True, timeout=600)
    if done.returncode:
        pytest.skip(f"Kafka could not be fetched from Maven: {done.stdout[-300:]!r}")
    return folder / "jars"


@pytest.fixture
def broker(jars: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a broker with nothing in it."""
    port, controller = free_port(), free_port()
    properties = tmp_path / "server.properties"
    properties.write_text(PROPERTIES.format(port=port, controller=controller, logs=tmp_path / "kafka"))
    java = ["java", "-Xmx256m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{jars}/*"]
    tool = ["kafka.tools.StorageTool", "format", "-t", "kYd0cJcTRGuq8dX2DHl1bQ", "-c", str(properties)]
    subprocess.run([*java, *tool], check=True, capture_output=True, timeout=120)
    with (tmp_path / "kafka.log").open("wb") as log:
        server = subprocess.Popen([*java, "kafka.Kafka", str(properties)], stdout=log, stderr=log)
        try:
            until = time.monotonic() + 90
            while True:
                try:
                    socket.create_connection(("localhost", port), timeout=1).close()
                    break
                except OSError:
                    assert server.poll() is None, (tmp_path / "kafka.log").read_text()[-2000:]
                    assert time.monotonic() < until, "the broker did not start"
                    time.sleep(0.5)
            yield f"localhost:{port}"
        finally:
            server.kill()
            server.wait()


def send(broker: str, numbers: range) -> None:
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": broker, "log_level": 3})
    for number in numbers:
        text = f"Boats of day {number}\n\nThe harbour of Port Ellery took in {number} boats, said Mara Lindh of the harbour office.\n"
        headers = [("url", f"https://courier.example/boats/{number}".encode())]
        producer.produce("wire", key=f"boats-{number}.txt", value=text.encode(), headers=headers)
    assert producer.flush(60) == 0


def run(broker: str, lake: Path, seconds: int, *, kill_while_sending: bool = False) -> int:
    """The stream; how many messages were sent meanwhile."""
    config = lake.parent / "stream.toml"
    config.write_text(
        '[stream]\nkafka_reader = "python"\nwindow_seconds = 2.0\nearly_inputs = 7\n[entities]\nenabled = false\n'
    )
    words = ["stream", f"kafka://{broker}/wire", "--lake", str(lake), "--runner", "prism", "--config", str(config)]
    with (lake.parent / "stream.log").open("ab") as log:
        command = [sys.executable, "-m", "pipeline.cli", *words, "--stop-after", str(seconds)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        sent = 0
        if kill_while_sending:
            until = time.monotonic() + 120
            while len(list((lake / "_runs").glob("*.json"))) < 2 and time.monotonic() < until:
                send(broker, range(sent, sent + 1))
                sent += 1
                time.sleep(0.1)
            process.kill()
            process.wait()
        else:
            assert process.wait(timeout=seconds + 120) == 0, (lake.parent / "stream.log").read_text()[-3000:]
        return sent


def test_messages_are_in_the_lake_once_however_often_they_are_sent_and_read(broker: str, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    sent = run(broker, lake, 300, kill_while_sending=True)
    committed = dataset(str(lake), "articles").count_rows()
    assert 0 < committed < sent  # some were on their way
    send(broker, range(sent - 5, sent + 5))  # five of them again
    run(broker, lake, 45)  # reads the topic from its start, since nothing else is left of the first stream
    rows = dataset(str(lake), "articles").to_table(columns=["source_uri", "url", "headline"]).to_pylist()
    assert sorted(row["source_uri"] for row in rows) == sorted(
        f"kafka://wire/boats-{number}.txt" for number in range(sent + 5)
    )
    assert {row["url"] for row in rows} == {f"https://courier.example/boats/{number}" for number in range(sent + 5)}
    assert len(manifests(str(lake))) > 1
    assert verify(str(lake)) == ()
