"""Makes the records of one file: their names and uris, and the rejects of what is no record.

Before: `InputFile("in/feed.jsonl", "feed.jsonl", ...)` and record id "L12". After: source_uri "in/feed.jsonl#L12", name "feed.jsonl#L12".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from schemas.codes import RejectCode, Stage
from schemas.records import InputFile, Reject
from transforms.read.settings import ReadSettings
from transforms.read.source import Skipped
from transforms.rejects import make_reject

_UNPRINTABLE = re.compile("[\x00-\x20\x7f\ud800-\udfff]+")
_MAX_ID = 200


@dataclass
class Entry:
    """One file while it is read: hands out record ids, each once."""

    file: InputFile
    settings: ReadSettings
    _seen: dict[str, int] = field(default_factory=dict)

    def record_id(self, stated: str) -> str:
        """`stated` without white space and unprintable characters, at most 200 characters; the second record of that id gets "~2"."""
        wanted = _UNPRINTABLE.sub("_", stated)[:_MAX_ID]
        count = self._seen.get(wanted, 0) + 1
        self._seen[wanted] = count
        if count == 1:
            return wanted
        while f"{wanted}~{count}" in self._seen:
            count += 1
        self._seen[wanted] = count
        self._seen[f"{wanted}~{count}"] = 1
        return f"{wanted}~{count}"

    def uri(self, record_id: str | None) -> str:
        """The record's source_uri; None means the file itself."""
        return self.file.uri if record_id is None else f"{self.file.uri}#{record_id}"

    def name(self, record_id: str | None) -> str:
        """The record's name relative to the input; None means the file itself."""
        return self.file.name if record_id is None else f"{self.file.name}#{record_id}"

    def reject(
        self, record_id: str | None, code: RejectCode, message: str, raw: bytes | Skipped = b"", byte_offset: int = 0
    ) -> Reject:
        """The reject row of one record, or of the file."""
        size = raw.size if isinstance(raw, Skipped) else None
        sha256 = raw.sha256 if isinstance(raw, Skipped) else None
        return make_reject(
            source_uri=self.uri(record_id),
            name=self.name(record_id),
            stage=Stage.READ,
            code=code,
            message=message,
            raw=raw.head if isinstance(raw, Skipped) else raw,
            raw_size=size,
            raw_sha256=sha256,
            byte_offset=byte_offset,
        )
