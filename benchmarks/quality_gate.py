"""Fails if the quality of extraction, cleaning or description falls below the floors in floors.json.

    quality_gate.py             a line for each measure: what was measured, its floor, FAIL where it is below; exit 1 then
    quality_gate.py --worst 5   also the five worst pages of each set
    quality_gate.py --update    writes what was measured, less a margin, as the new floors

Sets: `golden` (this folder's golden/: pages and texts written for this project), `noisy golden` (their bodies with
leftovers added, see leftovers.py), `golden dates` (tests/golden/dates*.txt), and, where they are present, the public evaluation sets, their
bodies with leftovers, and the texts of golden_names.py. The
steps are called as plain functions, without Beam, in two processes.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

_ROOT = Path(__file__).resolve().parent.parent
if str(_ROOT) not in sys.path:
    # Run as a script, Python puts this folder on the path and not the repository.
    sys.path.insert(0, str(_ROOT))

# Beam warns of optional packages at import.
logging.getLogger().setLevel(logging.ERROR)

from benchmarks.evaluation_sets import evaluation_folder, evaluation_pages, read_documents  # noqa: E402
from benchmarks.golden_dates import FILES, score_file  # noqa: E402
from benchmarks.golden_names import SETS, shares, texts  # noqa: E402
from benchmarks.leftovers import NoisyScore, NoisyText, make_noisy, score_noisy, wordings  # noqa: E402
from benchmarks.scoring import Overlap, body_overlap, body_score, fold, gold_days, page_f1, same_names  # noqa: E402
from pipeline.chain import Described, Rules, run_record  # noqa: E402
from pipeline.settings import default_settings  # noqa: E402
from schemas.codes import Payload, SourceFormat  # noqa: E402
from schemas.records import Article, RawDocument  # noqa: E402

FLOORS = Path(__file__).with_name("floors.json")
GOLDEN = Path(__file__).with_name("golden")

MARGIN = 0.002
"""What a floor leaves below the measured value, so that a tie broken otherwise does not fail the gate."""

_PROCESSES = 2
_NOISY_VARIANTS = 8
_AT_MOST = frozenset({"leftover_kept", "body_lost", "dates_false"})


class Task(NamedTuple):
    """One page or text to score. `path` is None for a text made here, which `noisy` then holds."""

    set_name: str
    name: str
    path: str | None
    gold: Mapping[str, Any]
    noisy: NoisyText | None = None


class Scored(NamedTuple):
    """One task's scores. `right` has the fields that its gold judges."""

    set_name: str
    name: str
    body: Overlap
    right: tuple[tuple[str, bool], ...]
    noisy: NoisyScore | None = None


class Measure(NamedTuple):
    """One measured value. `over` is how many pages, lines or shingles it is a mean over."""

    set_name: str
    name: str
    value: float
    over: int

    @property
    def at_most(self) -> bool:
        """True where less is better."""
        return self.name in _AT_MOST


# -- what to score -------------------------------------------------------------------------------------------------


def golden_tasks() -> Iterator[Task]:
    """The committed set: <name>.json beside its input. A key that is null must be found empty; a missing key is not judged."""
    for path in sorted(GOLDEN.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        yield Task("golden", path.stem, str(GOLDEN / gold["input"]), {**gold, "body": "\n".join(gold["body"])})


def noisy_golden_tasks() -> Iterator[Task]:
    """Variants of the golden bodies with leftovers, in the languages that leftovers.toml knows."""
    for task in golden_tasks():
        language = task.gold["language"].split("-")[0]
        if language in wordings():
            paragraphs = task.gold["body"].split("\n")
            for variant in range(_NOISY_VARIANTS):
                rng = random.Random(f"{task.name}/{variant}")
                noisy = make_noisy(paragraphs, task.gold["headline"], language, rng)
                yield Task("noisy golden", f"{task.name}-{variant}", None, {}, noisy)


def evaluation_tasks(folder: Path) -> Iterator[Task]:
    """The pages of the evaluation sets under `folder`, then their English bodies with leftovers."""
    noisy_tasks: list[Task] = []
    for set_name, path, gold in evaluation_pages(folder):
        # Empty there means unknown, but for the body: a page may be none.
        known = {key: value for key, value in gold.items() if value or key == "body"}
        yield Task(set_name, gold["id"], str(path), known)
        paragraphs = [" ".join(line.split()) for line in gold["body"].split("\n") if len(line.split()) >= 12]
        words = gold["body"].split()
        english = sum(word in {"the", "and", "of", "to", "that", "with"} for word in words) > 0.1 * len(words)
        if english and len(paragraphs) >= 3:
            rng = random.Random(f"{set_name}/{gold['id']}")
            noisy = make_noisy(paragraphs, " ".join((gold.get("headline") or "").split()), "en", rng)
            noisy_tasks.append(Task("noisy evaluation texts", gold["id"], None, {}, noisy))
    yield from noisy_tasks


# -- scoring -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _rules() -> Rules:
    settings = default_settings()
    # Names are scored on texts of their own.
    return Rules.load(replace(settings, entities=replace(settings.entities, enabled=False)))


def find_article(path: str) -> Article | None:
    """The first article of a file; None if all of its records are rejects."""
    for document in read_documents(Path(path), _rules().read):
        outcome = run_record(document, _rules())
        if isinstance(outcome, Described):
            return outcome.article
    return None


def _article_of_text(name: str, text: str) -> Article | None:
    document = RawDocument(name, name, SourceFormat.TEXT, Payload.TEXT, text.encode())
    outcome = run_record(document, _rules())
    return outcome.article if isinstance(outcome, Described) else None


def field_scores(gold: Mapping[str, Any], article: Article | None) -> tuple[tuple[str, bool], ...]:
    """For each field that `gold` has a key for, whether the article has just that; no article is right in nothing."""
    scores: list[tuple[str, bool]] = []
    for field in ("headline", "byline", "dateline"):
        if field in gold:
            scores.append((field, article is not None and fold(gold[field]) == fold(getattr(article, field))))
    if "authors" in gold:
        found = [author.name for author in article.authors] if article else [""]
        scores.append(("authors", article is not None and same_names(gold["authors"] or [], found)))
    if "agencies" in gold:
        wanted = {fold(name) for name in gold["agencies"] or []}
        agencies = [{fold(agency.name), fold(agency.as_written)} for agency in article.agencies] if article else []
        every = all(any(name in names for names in agencies) for name in wanted)
        scores.append(("agencies", article is not None and every and all(names & wanted for names in agencies)))
    for field in ("license", "language"):
        if field in gold:
            scores.append((field, article is not None and gold[field] == getattr(article, field)))
    if "published" in gold:
        when = article.published_at if article else None
        if gold["published"] is None:
            scores.append(("published_day", article is not None and when is None))
        else:
            scores.append(
                ("published_day", when is not None and when.date().isoformat().startswith(gold_days(gold["published"])))
            )
    return tuple(scores)


def score(task: Task) -> Scored:
    """Runs one task."""
    if task.noisy is None:
        article = find_article(str(task.path))
        body = body_overlap(task.gold["body"], article.body if article else None)
        return Scored(task.set_name, task.name, body, field_scores(task.gold, article))
    noisy = task.noisy
    article = _article_of_text(f"{task.name}.txt", noisy.text)
    body_text = article.body if article else ""
    stated = {
        "headline": noisy.headline,
        "byline": noisy.byline,
        "dateline": noisy.dateline,
        "agencies": [noisy.agency] if noisy.agency else None,
        "license": noisy.license,
    }
    known = {field: value for field, value in stated.items() if value}
    return Scored(
        task.set_name,
        task.name,
        body_overlap(noisy.body, body_text),
        field_scores(known, article),
        score_noisy(noisy, body_text),
    )


def measures(scored: list[Scored]) -> list[Measure]:
    """The measures of each set, in the order in which the sets first stand."""
    result: list[Measure] = []
    for set_name in dict.fromkeys(each.set_name for each in scored):
        pages = [each for each in scored if each.set_name == set_name]
        noisy = [each.noisy for each in pages if each.noisy is not None]
        if noisy:
            added, wanted = sum(each.added for each in noisy), sum(each.wanted for each in noisy)
            result += [
                Measure(set_name, "leftover_kept", sum(each.kept for each in noisy) / max(1, added), added),
                Measure(set_name, "body_lost", sum(each.lost for each in noisy) / max(1, wanted), wanted),
                Measure(set_name, "body_exact", sum(each.exact for each in noisy) / len(noisy), len(noisy)),
            ]
        else:
            body = body_score(page.body for page in pages)
            result += [
                Measure(set_name, "body_f1", body.f1, len(pages)),
                Measure(set_name, "body_precision", body.precision, len(pages)),
                Measure(set_name, "body_recall", body.recall, len(pages)),
            ]
        answers = [answer for page in pages for answer in page.right]
        for field in sorted({name for name, _ in answers}):
            right = [is_right for name, is_right in answers if name == field]
            result.append(Measure(set_name, field, sum(right) / len(right), len(right)))
    return result


def date_measures() -> list[Measure]:
    """The dates of the golden sentences: share found with the right value, of both halves, and found ones that are none."""
    result: list[Measure] = []
    for held_out, name in ((False, "dates_right"), (True, "dates_held_out")):
        scores = [score_file(file, held_out=held_out) for file in FILES]
        marked = sum(each.marked for each in scores)
        result.append(Measure("golden dates", name, sum(each.right for each in scores) / marked, marked))
    both = [score_file(file, held_out=held_out) for file in FILES for held_out in (False, True)]
    marked = sum(each.marked for each in both)
    return [*result, Measure("golden dates", "dates_false", sum(each.false for each in both) / marked, marked)]


def name_measures(folder: Path) -> list[Measure]:
    """The names of the sets under `folder` that are there."""
    return [
        Measure(set_name, *share)
        for directory, set_name in SETS.items()
        if (folder / directory / "gold.jsonl").is_file()
        for share in shares(list(texts(folder / directory)))
    ]


# -- floors --------------------------------------------------------------------------------------------------------

Floors = dict[str, dict[str, dict[str, float]]]


def failures(measured: list[Measure], floors: Floors) -> list[Measure]:
    """The measures that miss their floor (or, of those where less is better, their ceiling)."""
    missed = []
    for measure in measured:
        limit = _limit(measure, floors)
        if limit is not None and (measure.value > limit if measure.at_most else measure.value < limit):
            missed.append(measure)
    return missed


def _limit(measure: Measure, floors: Floors) -> float | None:
    side = "at_most" if measure.at_most else "at_least"
    return floors.get(measure.set_name, {}).get(side, {}).get(measure.name)


def updated(measured: list[Measure], floors: Floors) -> Floors:
    """The floors with those of every measured set replaced by what was measured, less the margin."""
    sets = {measure.set_name for measure in measured}
    result = {name: limits for name, limits in floors.items() if name not in sets}
    for measure in measured:
        sides = result.setdefault(measure.set_name, {"at_least": {}, "at_most": {}})
        if measure.at_most:
            sides["at_most"][measure.name] = round(measure.value + MARGIN, 4)
        else:
            sides["at_least"][measure.name] = round(max(0.0, measure.value - MARGIN), 4)
    return result


def main() -> int:
    """The command line; the exit code."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument("--update", action="store_true", help="write floors.json from what is measured")
    arguments.add_argument("--golden-only", action="store_true", help="leave the evaluation sets out")
    arguments.add_argument("--worst", type=int, default=0, metavar="N", help="list the N worst pages of each set")
    given = arguments.parse_args()
    tasks = [*golden_tasks(), *noisy_golden_tasks()]
    folder = evaluation_folder()
    if not given.golden_only:
        tasks += evaluation_tasks(folder)
    with ProcessPoolExecutor(max_workers=_PROCESSES) as pool:
        scored = list(pool.map(score, tasks, chunksize=8))
    measured = [*measures(scored), *date_measures()]
    if not given.golden_only:
        measured += name_measures(folder)
    floors: Floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.is_file() else {}
    missed = set(failures(measured, floors))
    for measure in measured:
        limit = _limit(measure, floors)
        side = "no limit yet" if limit is None else f"{'at most' if measure.at_most else 'at least'} {limit:.4f}"
        verdict = "FAIL" if measure in missed else "ok"
        print(
            f"{measure.set_name:<30} {measure.name:<15} {measure.value:7.4f}  {side:<18} {verdict:<5} ({measure.over})"
        )
    if given.worst:
        _print_worst(scored, given.worst)
    if given.update:
        FLOORS.write_text(json.dumps(updated(measured, floors), indent=2) + "\n", encoding="utf-8")
        print(f"wrote {FLOORS.name}", file=sys.stderr)
        return 0
    if missed:
        print(f"{len(missed)} of {len(measured)} measures miss their limit", file=sys.stderr)
    return 1 if missed else 0


def _print_worst(scored: list[Scored], count: int) -> None:
    for set_name in dict.fromkeys(each.set_name for each in scored):
        pages = [each for each in scored if each.set_name == set_name]
        print(f"\n{set_name}: the worst of {len(pages)}")
        for page in sorted(pages, key=lambda each: (page_f1(each.body), each.name))[:count]:
            wrong = ", ".join(field for field, is_right in page.right if not is_right)
            kept = f"  {page.noisy.kept} of {page.noisy.added} leftovers kept" if page.noisy else ""
            print(f"  {page_f1(page.body):.3f} {page.name}{kept}{'  wrong: ' + wrong if wrong else ''}")


if __name__ == "__main__":
    sys.exit(main())
