"""Scores names found in texts whose names are known, by set and by method.

    golden_names.py FOLDER…     each set's measures, then each method's precision, which configs/mentions.toml states as confidence

A folder has <id>.txt files and a gold.jsonl: {"id": …, "mentions": [{"surface", "type"}]} where names are typed, or
[{"surface", "qid", "person"}] where they are linked to Wikidata.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

_ROOT = Path(__file__).resolve().parent.parent
if str(_ROOT) not in sys.path:
    # Run as a script, Python puts this folder on the path and not the repository.
    sys.path.insert(0, str(_ROOT))

# Beam warns of optional packages at import.
logging.getLogger().setLevel(logging.ERROR)

from benchmarks.scoring import fold  # noqa: E402
from pipeline.chain import Described, Rules, run_record  # noqa: E402
from pipeline.settings import default_settings  # noqa: E402
from schemas.entities import EntityType, Mention  # noqa: E402
from schemas.records import InputFile, RawDocument  # noqa: E402
from transforms.read.records import read_file  # noqa: E402

SETS = {"ner_wikigold": "wikigold", "linking_news": "linked news"}
"""Sub-folder of the evaluation sets to public name."""

_NAMED = (EntityType.PERSON, EntityType.ORGANIZATION, EntityType.PLACE)


class Text(NamedTuple):
    """One text: its gold names and what was found."""

    gold: tuple[dict[str, Any], ...]
    found: tuple[Mention, ...]

    @property
    def is_linked(self) -> bool:
        """Whether the gold names Wikidata ids rather than types."""
        return any("qid" in each for each in self.gold)


class Share(NamedTuple):
    """A measure: its name, value, and how many it is a share of."""

    name: str
    value: float
    over: int


def texts(folder: Path) -> Iterator[Text]:
    """The texts of one set with what is found in them."""
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n"):
        gold = json.loads(line)
        yield Text(tuple(gold["mentions"]), find(folder / f"{gold['id']}.txt"))


def find(path: Path) -> tuple[Mention, ...]:
    """The mentions of one plain text; none if it is rejected."""
    raw = path.read_bytes()
    for record in read_file(InputFile(str(path), path.name, len(raw), hashlib.sha256(raw).hexdigest()), _rules().read):
        if isinstance(record, RawDocument):
            outcome = run_record(record, _rules())
            return outcome.mentions.mentions if isinstance(outcome, Described) else ()
    return ()


def shares(scored: Sequence[Text]) -> tuple[Share, ...]:
    """The measures of one set: of linked names the share right, its precision, the share of persons covered; of typed names the F1 of
    surfaces, and of surfaces with their type."""
    return _linked(scored) if any(each.is_linked for each in scored) else _typed(scored)


def precision_by_method(scored: Sequence[Text]) -> dict[str, Share]:
    """For each method the share of its mentions that the gold has: by surface and type, linked ones by surface and id.

    Found names that a linked set's gold does not have are left out there: it does not mark every name.
    """
    right: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    for text in scored:
        left = Counter((_bare(each["surface"]), each.get("qid") or each["type"]) for each in text.gold)
        known = {_bare(each["surface"]) for each in text.gold}
        for mention in text.found:
            said = mention.wikidata_id if text.is_linked else mention.entity_type.value
            surface = _bare(mention.surface)
            if (text.is_linked and (said is None or surface not in known)) or (
                not text.is_linked and mention.entity_type not in _NAMED
            ):
                continue
            judged[mention.method.value] += 1
            # In a linked set a name stands for all its places; in a typed one each place counts.
            if left[surface, said] > 0:
                right[mention.method.value] += 1
                left[surface, said] -= 0 if text.is_linked else 1
    return {method: Share(method, right[method] / judged[method], judged[method]) for method in sorted(judged)}


def _linked(scored: Sequence[Text]) -> tuple[Share, ...]:
    total = right = wrong = persons = covered = 0
    for text in scored:
        ids: dict[str, set[str | None]] = {}
        for mention in text.found:
            ids.setdefault(_bare(mention.surface), set()).add(mention.wikidata_id)
        people = [_bare(each.surface) for each in text.found if each.entity_type is EntityType.PERSON]
        for gold in text.gold:
            surface = _bare(gold["surface"])
            said = ids.get(surface, set()) - {None}
            total += 1
            right += gold["qid"] in said
            wrong += bool(said) and gold["qid"] not in said
            if gold["person"]:
                persons += 1
                covered += any(surface in each for each in people)
    return (
        Share("linked_right", right / total, total),
        Share("linked_precision", right / max(1, right + wrong), right + wrong),
        Share("person_found", covered / max(1, persons), persons),
    )


def _typed(scored: Sequence[Text]) -> tuple[Share, ...]:
    hits = typed = found = wanted = 0
    for text in scored:
        named = [each for each in text.found if each.entity_type in _NAMED]
        gold = Counter((_bare(each["surface"]), each["type"]) for each in text.gold)
        said = Counter((_bare(each.surface), each.entity_type.value) for each in named)
        hits += sum((_surfaces(gold) & _surfaces(said)).values())
        typed += sum((gold & said).values())
        found += len(named)
        wanted += len(text.gold)
    return (
        Share("names_f1", 2 * hits / max(1, found + wanted), wanted),
        Share("names_typed_f1", 2 * typed / max(1, found + wanted), wanted),
    )


def _surfaces(counts: Counter[tuple[str, str]]) -> Counter[str]:
    surfaces: Counter[str] = Counter()
    for (surface, _), count in counts.items():
        surfaces[surface] += count
    return surfaces


def _bare(surface: str) -> str:
    return fold(surface).removeprefix("the ").removesuffix("'s")


@lru_cache(maxsize=1)
def _rules() -> Rules:
    return Rules.load(default_settings())


def main() -> int:
    """The command line; the exit code."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="texts with their gold.jsonl")
    for folder in arguments.parse_args().folders:
        scored = list(texts(folder))
        for share in (*shares(scored), *precision_by_method(scored).values()):
            print(f"{SETS.get(folder.name, folder.name):<14} {share.name:<18} {share.value:.4f}  ({share.over})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
