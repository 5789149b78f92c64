"""What was taken out for good and may not come back, kept as hashes alone.

Before: `copydesk forget` took out article 3f0c…, and all of host ellery.example. After: `_runs/<run id>.forgotten.txt` with the id (a
hash of the record's name and bytes) and the host's SHA-256; the next run that reads that record, or any of that host, counts it as
`forgotten` and writes nothing of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths, tombstones_path
from pipeline.lake.manifest import FileEntry, Manifest, ManifestError
from pipeline.lake.publish import Move
from schemas.records import Article, Reject

FORGOTTEN_FILE = "forgotten.txt"
"""Name, inside a staging folder, of the tombstones: of those that a run heeds, or of those that it leaves."""

STUB = "forgotten:"
"""What the names of inputs begin with of which nothing is left in the lake; a hash follows."""

_HOST = "host:"
_NAMED_HOST = re.compile(r"//((?:[a-z0-9-]+\.)+[a-z0-9-]+)", re.IGNORECASE)


class Tombstones(NamedTuple):
    """`ids` of articles and rejects, `hosts` as `host_hash`."""

    ids: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.ids or self.hosts)

    def holds(self, row: Article | Reject) -> bool:
        """Whether a row may not come in."""
        if isinstance(row, Article):
            return self.holds_article(row.article_id, row.host)
        return self.holds_reject(row.reject_id, row.source_uri, row.raw)

    def holds_article(self, article_id: str, host: str | None) -> bool:
        """Whether an article with this id and host may not come in."""
        return article_id in self.ids or bool(self.hosts and host and self._of_host(host))

    def holds_reject(self, reject_id: str, source_uri: str, raw: bytes) -> bool:
        """Whether a reject with this id, address and bytes may not come in."""
        if reject_id in self.ids:
            return True
        return bool(self.hosts) and any(self._of_host(host) for host in named_hosts(source_uri, raw))

    def _of_host(self, host: str) -> bool:
        return any(host_hash(each) in self.hosts for each in with_parents(host))


NO_TOMBSTONES = Tombstones()


def named_hosts(source_uri: str, raw: bytes) -> frozenset[str]:
    """Hosts that a reject's address or bytes name, in lower case."""
    text = f"{source_uri}\n{raw.decode('latin-1')}"
    return frozenset(match[1].lower() for match in _NAMED_HOST.finditer(text))


def with_parents(host: str) -> Iterator[str]:
    """ "www.ellery.example" → itself, "ellery.example", "example"."""
    labels = host.lower().rstrip(".").split(".")
    for first in range(len(labels)):
        yield ".".join(labels[first:])


@lru_cache(maxsize=65_536)
def host_hash(host: str) -> str:
    """SHA-256 of a host in lower case, hexadecimal."""
    return hashlib.sha256(host.lower().encode("utf-8", "surrogatepass")).hexdigest()


def stub_name(name: str, sha256: str) -> str:
    """The name under which the ledger remembers an input of which nothing is left: a hash of its name and content."""
    return STUB + hashlib.sha256(f"{name}\0{sha256}".encode("utf-8", "surrogatepass")).hexdigest()


def read_tombstones(fs: FileSystem, paths: LakePaths, manifests: Iterable[Manifest]) -> Tombstones:
    """Those of all runs. Raises ManifestError where a list can't be read: without it what was forgotten would come back."""
    lines: set[str] = set()
    for manifest in manifests:
        if manifest.tombstones is not None:
            try:
                lines.update(fs.read_bytes(paths.absolute(manifest.tombstones.path)).decode().split())
            except (OSError, UnicodeDecodeError) as error:
                raise ManifestError(f"{manifest.tombstones.path}: can't be read ({error})") from error
    return parse(lines)


def parse(lines: Iterable[str]) -> Tombstones:
    """The tombstones that these lines are."""
    everything = frozenset(line for line in lines if line)
    hosts = frozenset(line.removeprefix(_HOST) for line in everything if line.startswith(_HOST))
    return Tombstones(frozenset(line for line in everything if not line.startswith(_HOST)), hosts)


def lines_of(tombstones: Tombstones) -> list[str]:
    """As they stand in the file, sorted."""
    return sorted([*tombstones.ids, *(f"{_HOST}{host}" for host in tombstones.hosts)])


def write_tombstones(
    fs: FileSystem, paths: LakePaths, staging: str, run_id: str, tombstones: Tombstones
) -> tuple[FileEntry, Move]:
    """The list that a run leaves: its entry for the manifest, and the move that brings it into the lake."""
    staged, path = f"{staging}/{FORGOTTEN_FILE}", tombstones_path(run_id)
    lines: Sequence[str] = lines_of(tombstones)
    content = "".join(f"{line}\n" for line in lines).encode()
    with fs.open_write(paths.absolute(staged)) as stream:
        stream.write(content)
        fs.fsync_stream(stream)
    digest = hashlib.sha256(content).hexdigest()
    return FileEntry(path, "forgotten", len(lines), len(content), digest), Move(staged, path, len(content), digest)
