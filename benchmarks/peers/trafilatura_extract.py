"""Peer: trafilatura, extraction alone with its defaults. The text of each page is a file; no metadata, no language, no table.

trafilatura_extract.py LIST FOLDER  ->  {"pages": 509, "rows": 506}
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from trafilatura import extract


def main() -> None:
    """LIST names a page a line; texts go to FOLDER."""
    paths, folder = Path(sys.argv[1]).read_text().splitlines(), Path(sys.argv[2])
    rows = 0
    for number, path in enumerate(paths):
        text = extract(gzip.decompress(Path(path).read_bytes()))
        if text:
            (folder / f"{number}.txt").write_text(text, encoding="utf-8")
            rows += 1
    print(json.dumps({"pages": len(paths), "rows": rows}))


if __name__ == "__main__":
    main()
