"""Peer: the script that one would write first: trafilatura with its metadata, langdetect, pyarrow, one Parquet file.

plain_script.py LIST FOLDER  ->  {"pages": 509, "rows": 506}
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from langdetect import DetectorFactory, LangDetectException, detect
from trafilatura import bare_extraction

COLUMNS = ("path", "title", "author", "date", "sitename", "url", "description", "language", "text")


def main() -> None:
    """LIST names a page a line; articles.parquet goes to FOLDER."""
    DetectorFactory.seed = 0
    paths, folder = Path(sys.argv[1]).read_text().splitlines(), Path(sys.argv[2])
    rows = []
    for path in paths:
        found = bare_extraction(gzip.decompress(Path(path).read_bytes()), with_metadata=True)
        if found is None or not found.text:
            continue
        try:
            language = detect(found.text)
        except LangDetectException:
            language = None
        fields = (found.title, found.author, found.date, found.sitename, found.url, found.description)
        rows.append(dict(zip(COLUMNS, (path, *fields, language, found.text), strict=True)))
    pq.write_table(pa.Table.from_pylist(rows), folder / "articles.parquet", compression="zstd")
    print(json.dumps({"pages": len(paths), "rows": len(rows)}))


if __name__ == "__main__":
    main()
