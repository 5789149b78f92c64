"""Where the drills take place: a folder, a bucket of an S3 server, a bucket of an emulator of Google's.

Before: `Ground.save("before")`. After: the lake can be brought back as it was, at the same place, as often as one likes. The servers run
in this process, on loopback; S3's takes one request after the other, so that its conditions hold as those of the service do.
"""

from __future__ import annotations

import os
import shutil
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from benchmarks.drills.actions import CATALOG
from pipeline.lake.filesystem import filesystem_of
from transforms.storage import gcs, s3
from transforms.storage.object_store import ObjectPath, ObjectStore
from transforms.storage.stores import store_of

_NIGHT = timedelta(minutes=15)
"""Longer than any lease lasts and any writer is waited for."""


class Ground(Protocol):
    """A lake that can be saved and brought back."""

    root: str
    leases: bool
    """Whether the lock outlives its owner for a while."""

    def save(self, name: str) -> None:
        """Keeps the lake as it is now under a name."""

    def restore(self, name: str) -> None:
        """Makes the lake what it was when it was saved."""

    def wait(self) -> None:
        """Lets so much time pass that leases run out and leftovers are old."""

    def contents(self) -> dict[str, str]:
        """Each file of the lake with something that tells its bytes; without shortcuts, lock and Iceberg metadata."""


def _counts(path: str) -> bool:
    return not path.startswith(("_ledger/", "_iceberg/", "_lock.json"))


class DiskGround:
    """A folder."""

    leases = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root = str(folder / "lake")

    def save(self, name: str) -> None:
        shutil.rmtree(self._folder / name, ignore_errors=True)
        shutil.copytree(self.root, self._folder / name)

    def restore(self, name: str) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        if (self._folder / name).exists():
            shutil.copytree(self._folder / name, self.root)

    def wait(self) -> None:
        return

    def contents(self) -> dict[str, str]:
        fs = filesystem_of(self.root)
        below = ((path, path[len(self.root) + 1 :]) for path in fs.files_below(self.root))
        return {path: fs.sha256(absolute) for absolute, path in below if _counts(path)}


class BucketGround:
    """A bucket, with a SQLite file on the disk as catalog of its Iceberg tables."""

    def __init__(self, folder: Path, scheme: str) -> None:
        self.leases = scheme == "s3"  # the emulator of Google's knows no conditions
        self._bucket = f"drill-{os.getpid()}"
        self._catalog = folder / "catalog.db"
        self._kept = folder
        self._moto: Any = None
        self._saved: dict[str, dict[str, bytes]] = {}
        self._emulator: Any = None
        self.root = f"{scheme}://{self._bucket}/lake"
        os.environ[f"PYICEBERG_CATALOG__{CATALOG.upper()}__TYPE"] = "sql"
        os.environ[f"PYICEBERG_CATALOG__{CATALOG.upper()}__URI"] = f"sqlite:///{self._catalog}"
        if scheme == "s3":
            self._start_s3()
            s3.client(os.getpid()).create_bucket(Bucket=self._bucket)
        else:
            self._start_gcs()
            gcs.client(os.getpid()).create_bucket(self._bucket)
        self._store: ObjectStore = store_of(self.root)

    def _start_s3(self) -> None:
        from moto.backends import get_backend
        from moto.core import DEFAULT_ACCOUNT_ID
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from werkzeug.serving import WSGIRequestHandler, make_server

        class Silent(WSGIRequestHandler):
            def log(self, *_: Any) -> None:
                return

        self._moto = get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"]
        server_of_moto = DomainDispatcherApplication(create_backend_app)
        one_at_a_time = threading.Lock()

        def answer(environ: Any, start_response: Any) -> list[bytes]:
            with one_at_a_time:
                return list(server_of_moto(environ, start_response))

        server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=Silent)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_port}"
        os.environ.update(
            AWS_ENDPOINT_URL=endpoint,
            AWS_ACCESS_KEY_ID="drill",
            AWS_SECRET_ACCESS_KEY="drill",
            AWS_DEFAULT_REGION="us-east-1",
        )
        prefix = f"PYICEBERG_CATALOG__{CATALOG.upper()}__S3__"
        os.environ.update(
            {
                f"{prefix}ENDPOINT": endpoint,
                f"{prefix}ACCESS_KEY_ID": "drill",
                f"{prefix}SECRET_ACCESS_KEY": "drill",
                f"{prefix}REGION": "us-east-1",
            }
        )

    def _start_gcs(self) -> None:
        from gcp_storage_emulator.server import create_server

        self._emulator = create_server("127.0.0.1", 0, in_memory=True)
        self._emulator._api.daemon = True  # else the drill never ends
        self._emulator.start()
        host, port = self._emulator._api._httpd.socket.getsockname()
        os.environ["STORAGE_EMULATOR_HOST"] = f"http://{host}:{port}"

    def save(self, name: str) -> None:
        if self._moto is not None:
            self._saved[name] = {key.name: key.value for key in self._keys() if key.name.startswith("lake/")}
        else:
            self._copy("lake", name)
        if self._catalog.exists():
            shutil.copy(self._catalog, self._kept / f"{name}.db")

    def restore(self, name: str) -> None:
        if self._moto is not None:  # not through the protocol, which takes most of a drill's time
            for key in self._keys():
                self._moto.buckets[self._bucket].keys.pop(key.name)
            for path, content in self._saved.get(name, {}).items():
                self._moto.put_object(self._bucket, path, content)
            self.wait()
        else:
            self._copy(name, "lake")
        self._catalog.unlink(missing_ok=True)
        if (self._kept / f"{name}.db").exists():
            shutil.copy(self._kept / f"{name}.db", self._catalog)

    def _keys(self) -> list[Any]:
        return list(self._moto.buckets[self._bucket].keys.values())

    def _copy(self, source: str, target: str) -> None:
        there = [found.key for found in self._store.list(self._bucket, f"{target}/")]
        if there:
            self._store.delete(self._bucket, there)
        for found in list(self._store.list(self._bucket, f"{source}/")):
            self._store.copy(self._bucket, found.key, target + found.key[len(source) :])

    def wait(self) -> None:
        if self._emulator is not None:
            for found in self._emulator._storage.objects[self._bucket].values():
                found["updated"] = "2020-01-01T00:00:00.000000Z"
            return
        for key in self._keys():
            key.last_modified -= _NIGHT

    def contents(self) -> dict[str, str]:
        root = len(ObjectPath.of(self.root).key) + 1
        if self._moto is not None:
            return {key.name[root:]: key.etag for key in self._keys() if _counts(key.name[root:])}
        found = {each.key[root:]: each for each in self._store.list(self._bucket, "lake/")}
        fs = filesystem_of(self.root)
        return {path: fs.sha256(f"{self.root}/{path}") for path in found if _counts(path)}


def ground(place: str, folder: Path) -> Ground:
    """`disk`, `s3` or `gs`; what has to lie on a disk lies in `folder`."""
    return DiskGround(folder) if place == "disk" else BucketGround(folder, place)
