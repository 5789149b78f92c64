"""Floor: Apache Beam on the local runner reads, unzips and writes the raw pages; what any pipeline on it pays at least.

beam_floor.py LIST FOLDER  ->  {"pages": 509, "rows": 509}
"""

from __future__ import annotations

import gzip
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

logging.getLogger().setLevel(logging.ERROR)  # Beam warns of optional packages at import

import apache_beam as beam  # noqa: E402
from apache_beam.options.pipeline_options import PipelineOptions  # noqa: E402


class Copy(beam.DoFn):
    """A page's path in; the unzipped page in a file, and its number of bytes out."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def process(self, element: str) -> Iterator[int]:
        page = gzip.decompress(Path(element).read_bytes())
        name = element.replace("/", "_").removesuffix(".gz")
        (Path(self._folder) / name[-120:]).write_bytes(page)
        yield len(page)


def main() -> None:
    """LIST names a page a line; the pages go to FOLDER."""
    paths, folder = Path(sys.argv[1]).read_text().splitlines(), sys.argv[2]
    with beam.Pipeline(runner="FnApiRunner", options=PipelineOptions([])) as pipeline:
        _ = pipeline | beam.Create([0]) | beam.FlatMap(lambda _, all_paths: all_paths, paths) | beam.ParDo(Copy(folder))
    print(json.dumps({"pages": len(paths), "rows": sum(1 for _ in Path(folder).iterdir())}))


if __name__ == "__main__":
    main()
