"""Reads the public evaluation sets where they are present: pages with what they should become.

A set is a folder with <id>.html.gz pages and a gold.jsonl of objects with id and body, perhaps headline, authors, published and
url. The sets are third-party pages and so no part of the repository.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from schemas.records import InputFile, RawDocument
from transforms.read.records import read_file
from transforms.read.settings import ReadSettings

_ROOT = Path(__file__).resolve().parent.parent

EVALUATION_VARIABLE = "COPYDESK_EVAL"
"""Names the folder with the evaluation sets."""

DEFAULT_EVALUATION_FOLDER = "../shared/eval"
"""Evaluation sets beside the repository, if present; relative to the repository."""

EVALUATION_SETS = {"aeb": "article-extraction-benchmark", "fundus": "fundus fixtures", "wcxb": "WCXB"}
"""Sub-folder to public name."""


class EvaluationPage(NamedTuple):
    """One page of a set and its line of gold.jsonl."""

    set_name: str
    path: Path
    gold: Mapping[str, Any]


def evaluation_folder() -> Path:
    """Where the sets are looked for."""
    return _ROOT / os.environ.get(EVALUATION_VARIABLE, DEFAULT_EVALUATION_FOLDER)


def evaluation_pages(folder: Path) -> Iterator[EvaluationPage]:
    """The pages of the sets under `folder`, set by set; none where there is no set."""
    for directory, set_name in EVALUATION_SETS.items():
        gold_file = folder / directory / "gold.jsonl"
        if gold_file.is_file():
            for line in gold_file.read_text(encoding="utf-8").rstrip("\n").split("\n"):
                gold = json.loads(line)
                yield EvaluationPage(set_name, folder / directory / f"{gold['id']}.html.gz", gold)


def read_documents(path: Path, settings: ReadSettings) -> Iterator[RawDocument]:
    """The records of one file that can be read."""
    raw = path.read_bytes()
    source = InputFile(str(path), path.name, len(raw), hashlib.sha256(raw).hexdigest())
    for record in read_file(source, settings):
        if isinstance(record, RawDocument):
            yield record
