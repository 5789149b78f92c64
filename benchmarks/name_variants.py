"""Measures `same_name` and `local_id` on public lists of people's names: benchmarks/name_variants.py FOLDER [--half tune|held]

FOLDER holds lists that are not part of this project, in either form, in any number:
  *.tsv   one name a line: person's id, language (may be empty), name
  *.json  Popolo: {"persons": [{"id", "name", "other_names": [{"name"}]}]}

Before: id 7 "Sergey Shoygu", "Sergei Shoigu"; id 8 "Sergei Shoilev". After: one pair that is the same person, and for the first name the
nearest of another person as one that is not. Each person belongs to one half by the hash of the id: figures for tuning and figures held out.

Kinds of same-person pairs: `spelling`, where both have the same number of words in Latin letters and each word looks like its counterpart;
`words`, where one has more words than the other; `script`, the same two where one is Cyrillic or Greek. Everything else that lists call a
person's name (maiden names, nicknames, other orders, other scripts) is `other`, shown for completeness and left out of the total.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from anyascii import anyascii

from transforms.entities.local_id import local_id
from transforms.entities.name_key import name_key
from transforms.entities.same_name import same_name

KINDS = ("spelling", "words", "script", "other")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "CJK", "HANGUL")
_INFLECTING = ("la", "lv", "lt", "ltg", "sgs", "bat-smg", "eo", "az", "cs", "sk")
"""Languages that give foreigners' names endings or a spelling of their own ("Ericus", "Klauss", "Duflotová"): another question."""
_LOOKS_LIKE = 0.5
"""The least share of letters in common for a word to count as another spelling of its counterpart."""


class Pair(NamedTuple):
    """Two names; `kind` is one of `KINDS`, or "near" for two persons."""

    one: str
    other: str
    kind: str


def read_lists(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Names by person, the first one the list's own; persons are told apart by file and id."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for path in sorted(folder.rglob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            identity, language, name = line.split("\t")
            if language not in _INFLECTING:
                names[identity][name] = None
    for path in sorted(folder.rglob("*.json")):
        for person in json.loads(path.read_text(encoding="utf-8"))["persons"]:
            for name in (person["name"], *(other["name"] for other in person.get("other_names", []))):
                names[person["id"]][name] = None
    return {identity: tuple(filter(usable, known)) for identity, known in names.items()}


def usable(name: str) -> bool:
    """A name of two to six words in a script that can be compared, without digits, brackets or commas."""
    return (
        len(name) <= 60
        and not any(mark in name for mark in '0123456789()[]{},;/|"“”=')
        and script_of(name) in _SCRIPTS
        and (2 <= len(name.replace("·", " ").split()) <= 6 or script_of(name) in ("CJK", "HANGUL"))
    )


def script_of(name: str) -> str:
    """The script of the first letter; "" where there is none."""
    letter = next((letter for letter in name if letter.isalpha()), "")
    return unicodedata.name(letter, "").split()[0] if letter else ""


def same_pairs(names: Mapping[str, tuple[str, ...]]) -> Iterator[Pair]:
    """For each person one pair of each kind at most: the first name and another, chosen by hash."""
    for known in names.values():
        if not known:
            continue
        first = known[0]
        by_kind: dict[str, list[str]] = defaultdict(list)
        for name in known[1:]:
            if plain(name) != plain(first):
                by_kind[kind_of(first, name)].append(name)
        for kind, others in sorted(by_kind.items()):
            yield Pair(first, min(others, key=lambda name: digest(first + name)), kind)


def kind_of(one: str, other: str) -> str:
    """What tells two names of one person apart."""
    scripts = {script_of(one), script_of(other)}
    if not scripts <= {"LATIN", "CYRILLIC", "GREEK"}:
        return "other"
    a, b = plain(one).split(), plain(other).split()
    if sorted(a) == sorted(b):
        return "other"
    if len(a) == len(b):
        kind = "spelling" if all(map(looks_like, a, b)) else "other"
    else:
        short, long = sorted((a, b), key=len)
        rest = iter(long)
        kind = (
            "words"
            if len(short) > 1 and all(any(looks_like(word, next_) for next_ in rest) for word in short)
            else "other"
        )
    return "script" if len(scripts) > 1 and kind != "other" else kind


def looks_like(a: str, b: str) -> bool:
    """Whether most letters of two words are the same, in order; an initial looks like any word it begins."""
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    return SequenceMatcher(None, a, b, autojunk=False).ratio() > _LOOKS_LIKE


def plain(name: str) -> str:
    """The name in lower-case ASCII words."""
    return " ".join("".join(c if c.isalpha() else " " for c in anyascii(name).lower().replace("'", "")).split())


def near_pairs(names: Mapping[str, tuple[str, ...]], population: Mapping[str, tuple[str, ...]]) -> Iterator[Pair]:
    """For each person's first name the one most like it among all other persons' first names, and that one's Cyrillic or Greek form.

    Names that two persons share to the letter are left out: no one can tell these apart by name.
    """
    grams: dict[str, list[int]] = defaultdict(list)
    entries = [
        (identity, name, plain(name)) for identity, known in population.items() for name in dict.fromkeys(known[:1])
    ]
    for index, (_, _, folded) in enumerate(entries):
        for gram in trigrams(folded):
            grams[gram].append(index)
    spelled = {identity: {plain(name) for name in known} for identity, known in population.items()}
    for identity, known in names.items():
        if not known:
            continue
        folded = plain(known[0])
        shared: Counter[int] = Counter()
        for gram in trigrams(folded):
            if len(grams[gram]) < 400:
                shared.update(grams[gram])
        others = [
            entries[index]
            for index, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:40]
            if entries[index][0] != identity and not spelled[identity] & spelled[entries[index][0]]
        ]
        if others:
            nearest = max(others, key=lambda entry: (ratio(folded, entry[2]), entry[1]))
            yield Pair(known[0], nearest[1], "near")
            abroad = [name for name in population[nearest[0]] if script_of(name) in ("CYRILLIC", "GREEK")]
            if abroad and script_of(known[0]) == "LATIN":
                yield Pair(known[0], abroad[0], "near")


def trigrams(text: str) -> set[str]:
    """All runs of three characters."""
    return {text[place : place + 3] for place in range(len(text) - 2)}


def ratio(a: str, b: str) -> float:
    """The share of letters in common, in order."""
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def digest(text: str) -> int:
    """A number that depends on the text only."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def report(pairs: Sequence[Pair], judges: Mapping[str, Callable[[str, str], bool]], *, worst: int) -> None:
    """Prints precision over equally many near pairs, and recall by kind."""
    counts = Counter(pair.kind for pair in pairs)
    same = [pair for pair in pairs if pair.kind in ("spelling", "words", "script")]
    near = [pair for pair in pairs if pair.kind == "near"]
    weight = len(same) / max(1, len(near))
    print({kind: counts[kind] for kind in (*KINDS, "near")})
    print(f"{'judge':<14}{'precision':>10}{'recall':>8}   recall by kind")
    for name, judge in judges.items():
        right = Counter(pair.kind for pair in pairs if judge(pair.one, pair.other))
        hits = sum(right[kind] for kind in ("spelling", "words", "script"))
        wrong = right["near"] * weight
        kinds = "  ".join(f"{kind} {right[kind] / max(1, counts[kind]):.3f}" for kind in KINDS)
        print(f"{name:<14}{hits / max(1.0, hits + wrong):>10.3f}{hits / max(1, len(same)):>8.3f}   {kinds}")
    if worst:
        for pair in [pair for pair in same if not same_name(*pair[:2])][:worst]:
            print("missed", *pair, sep=" | ")
        for pair in [pair for pair in near if same_name(*pair[:2])][:worst]:
            print("merged", *pair, sep=" | ")
        for pair in [pair for pair in near if local_id(pair.one) == local_id(pair.other)][:worst]:
            print("one id", *pair, sep=" | ")


def judges_here() -> dict[str, Callable[[str, str], bool]]:
    """What is measured: this project's functions, and others where they are installed."""
    judges: dict[str, Callable[[str, str], bool]] = {
        "same_name": same_name,
        "same_name+key": lambda a, b: name_key(a) == name_key(b) and same_name(a, b),
        "local_id": lambda a, b: local_id(a) == local_id(b),
        "name_key": lambda a, b: name_key(a) == name_key(b),
    }
    try:
        from rapidfuzz import fuzz  # type: ignore[import-not-found, unused-ignore]
        from rapidfuzz.distance import JaroWinkler  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return judges
    return judges | {
        "ratio 85": lambda a, b: fuzz.ratio(plain(a), plain(b)) >= 85,
        "token_set 90": lambda a, b: fuzz.token_set_ratio(plain(a), plain(b)) >= 90,
        "JaroWinkler 92": lambda a, b: JaroWinkler.similarity(plain(a), plain(b)) >= 0.92,
    }


def main() -> int:
    """Reads the folder, prints the table."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("tune", "held", "all"), default="held", help="which persons (default: held)")
    parser.add_argument("--most", type=int, default=4000, help="persons at most (default 4000)")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="show N pairs of each kind of mistake")
    arguments = parser.parse_args()
    population = {identity: known for identity, known in read_lists(arguments.folder).items() if len(known) > 1}
    wanted = {"tune": (0,), "held": (1,), "all": (0, 1)}[arguments.half]
    chosen = sorted((identity for identity in population if digest(identity) % 2 in wanted), key=digest)[
        : arguments.most
    ]
    names = {identity: population[identity] for identity in chosen}
    pairs = [*same_pairs(names), *near_pairs(names, population)]
    report(pairs, judges_here(), worst=arguments.worst)
    return 0


if __name__ == "__main__":
    sys.exit(main())
