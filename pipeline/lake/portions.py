"""Goes through more than fits into memory in portions: how much a file is, and which articles are in a portion.

Before: a partition of 300 MB where 64 MB may be held. After: five portions, each with every fifth article, told by its id alone.
"""

from __future__ import annotations

import hashlib

import pyarrow.parquet as pq

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.manifest import FileEntry


def uncompressed(fs: FileSystem, paths: LakePaths, entry: FileEntry) -> int:
    """Bytes of a file's rows before compression."""
    with fs.open_read(paths.absolute(entry.path)) as stream:
        metadata = pq.ParquetFile(stream).metadata
        return sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))


def in_portion(article_id: str, portion: int, portions: int) -> bool:
    """Whether an article is in portion number `portion`, from 0, of so many."""
    return portions == 1 or hashlib.blake2b(article_id.encode(), digest_size=4).digest()[0] % portions == portion
