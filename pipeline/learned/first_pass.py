"""The first pass: reads a sample of the new files and keeps each article as hashes of its lines.

Before: 5,000 new files  After: `Sample(articles, texts)` of some hundred of them, the same whatever the order of the input or the
number of workers. Records are listed by a quick look at their addresses first, and only the chosen ones are parsed and cleaned. Never
raises for what is in a file: a record that can't be read teaches nothing, and the run itself will say why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from pipeline.chain import Rules, parse_record
from pipeline.learned.choice import Budget, Candidate, choose
from pipeline.learned.sharing import Share
from pipeline.settings import LearnSettings
from schemas.codes import Stage
from schemas.records import InputFile, RawDocument, Reject
from transforms.cleaning.clean import clean
from transforms.isolation.limits import Suspicion
from transforms.isolation.suspicion import suspicion_of
from transforms.isolation.watch import WATCH
from transforms.learned.sample import Sampled, SampledArticle, sample_article
from transforms.learned.site import guess_site
from transforms.learned.thresholds import thresholds
from transforms.parsed_earlier import keep
from transforms.read.records import read_file
from transforms.step import apply

ANYHOW_BYTES = 12_000_000
"""What is sampled however small the input is, as bytes of records: about two seconds of one core."""

SCANNED = 2_000
"""Records whose site is looked up; the sample is chosen among them."""

_TOGETHER = 64
"""Files that are looked through side by side."""

_FROM_ONE_FILE = 50
"""At least so many records of one container are looked up, where there are many containers."""


class Sample(NamedTuple):
    """The sampled articles by key, and the text of their lines by id; the texts stay in this process."""

    articles: tuple[SampledArticle, ...]
    texts: Mapping[str, str]


def take_sample(files: Sequence[InputFile], share: Share, settings: LearnSettings, held: Mapping[str, int]) -> Sample:
    """A sample of `files`; `share` deals out the work. `held` counts what the lake has of each site."""
    ordered = sorted(files, key=_order_of_file)
    candidates = tuple(_scan(ordered, share))
    budget = _budget(candidates, len(files), settings)
    wanted: dict[int, set[int]] = {}
    for candidate in choose(candidates, held, budget):
        wanted.setdefault(candidate.file, set()).add(candidate.record)
    articles: dict[str, SampledArticle] = {}
    texts: dict[str, str] = {}
    for found in share(sample_file, [(ordered[number], frozenset(wanted[number])) for number in sorted(wanted)]):
        for sampled in found:
            articles[sampled.article.key] = sampled.article
            for identity, text in sampled.texts.items():
                # Spellings of one line differ in case and marks: the first of them, in whatever order they come.
                texts[identity] = min(text, texts.get(identity, text))
    return Sample(tuple(articles[key] for key in sorted(articles)), texts)


def _budget(candidates: Sequence[Candidate], files: int, settings: LearnSettings) -> Budget:
    """How many records may be sampled; `candidates` are what was seen of `files` files."""
    mean = sum(each.size for each in candidates) / max(1, len(candidates))
    anyhow = int(ANYHOW_BYTES / max(1.0, mean))
    share = int(settings.share_of_run * max(len(candidates), files))
    return Budget(min(settings.articles, max(anyhow, share)), settings.articles_per_site)


def _order_of_file(file: InputFile) -> str:
    return _order(f"{file.name}\0{file.sha256}")


def _order(name: str) -> str:
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _scan(files: Sequence[InputFile], share: Share) -> Iterator[Candidate]:
    """The first records of each file with the sites they seem to be of, until enough were seen."""
    most = max(_FROM_ONE_FILE, SCANNED // max(1, len(files)))
    seen = 0
    for first in range(0, len(files), _TOGETHER):
        part = range(first, min(first + _TOGETHER, len(files)))
        for found in share(scan_file, [(files[number], number, most) for number in part]):
            yield from found
            seen += len(found)
            if seen >= SCANNED:
                return


def scan_file(rules: Rules, task: tuple[InputFile, int, int]) -> list[Candidate]:
    """The candidates among the first records of a file: `task` has the file, its number, and how many records are read."""
    file, number, most = task
    return [
        Candidate(_order(f"{document.name}\0{file.sha256}"), guess_site(document), number, record, len(document.raw))
        for record, document in _records(file, rules, most)
    ]


def sample_file(rules: Rules, task: tuple[InputFile, frozenset[int]]) -> list[Sampled]:
    """What the records of a file with the wanted numbers teach: `task` has the file and the numbers."""
    file, wanted = task
    sampled = [
        _sampled(document, rules) for record, document in _records(file, rules, max(wanted) + 1) if record in wanted
    ]
    return [each for each in sampled if each is not None]


def _records(file: InputFile, rules: Rules, most: int) -> Iterator[tuple[int, RawDocument]]:
    """The first `most` records of a file with their numbers, without its rejects and suspects."""
    if WATCH.is_deadly_file(file.name):
        return
    for number, record in enumerate(islice(WATCH.read(file.name, read_file(file, rules.read)), most)):
        if not isinstance(record, Reject) and not _is_suspect(record):
            yield number, record


def _is_suspect(document: RawDocument) -> bool:
    """Whether the record is left to the run itself, which has a child process for it. By fixed bounds: what is learned shapes rows,
    and the settings' bounds don't."""
    return WATCH.is_deadly_record(document.name) or suspicion_of(document, Suspicion()) is not None


def _sampled(document: RawDocument, rules: Rules) -> Sampled | None:
    parsed = parse_record(document, rules)
    if isinstance(parsed, Reject):
        return None
    keep(parsed)
    cleaned = apply(parsed, Stage.CLEAN, lambda record: clean(record, rules.clean))
    return None if isinstance(cleaned, Reject) else sample_article(cleaned, thresholds())
