"""Brings corpora with names marked into the one form that benchmarks/train_name_model.py reads.

`python -m benchmarks.name_corpora LIST > TEXTS.jsonl`, where LIST has a line "<form> <language> <name> <path>" for each file:

  iob     one word a line, tab-separated, label in the third column (Universal NER, GermEval 2014)
  two     word and label, parted by a space (Europarl evaluation corpus)
  wikiann word with a language prefix, tab, label; sentences only, not the corpus' many fragments
  gum     CoNLL-U of the Georgetown University Multilayer corpus; a name is the proper nouns around an entity's head
The corpora, their licences and the files used are in docs/entity-names.md. None of their text is in this repository.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

_TYPES = {"PER": "P", "ORG": "O", "LOC": "L", "person": "P", "organization": "O", "place": "L"}
_CLOSING = frozenset(",.;:!?)]%'") | {"'s", "n't", "\u2019s", "\u2019", "...", "\u2026"}
_SENTENCES_A_DOCUMENT = 8
_ENTITY = re.compile(r"(?:^|\|)Entity=([^|]*)")
_BRACKETS = re.compile(r"(\()?([^()]+)?(\))?")


class Sentence(NamedTuple):
    """A sentence's text (None: to be joined from the words), words and labels."""

    text: str | None
    words: list[str]
    labels: list[str]


class Word(NamedTuple):
    """A row of CoNLL-U: word, Penn tag, head (0-based, -1 for the root), relation, last column."""

    form: str
    tag: str
    head: int
    relation: str
    misc: str


def joined(words: list[str]) -> tuple[str, list[int]]:
    """The words as running text and where each starts."""
    text = ""
    starts: list[int] = []
    quoted = False
    for word in words:
        space = bool(text) and word not in _CLOSING and text[-1] not in "(["
        if word in ('"', "\u201c", "\u201d", "\u201e", "``", "''"):
            space = space and not quoted
            quoted = not quoted
        elif text.endswith('"') and quoted:
            space = False
        text += " " if space else ""
        starts.append(len(text))
        text += word
    return text, starts


def located(text: str | None, words: list[str]) -> tuple[str, list[int]]:
    """The text and where each word starts; joined anew where the words are not in it."""
    starts: list[int] = []
    at = 0
    for word in words if text is not None else ():
        at = text.find(word, at) if text is not None else -1
        if at < 0:
            return joined(words)
        starts.append(at)
        at += len(word)
    return (text, starts) if text is not None else joined(words)


def sentences(lines: Iterable[str], word_column: int, label_column: int, mark: str | None) -> Iterator[Sentence]:
    """The sentences of a column file, parted by empty lines; `mark` None parts columns at any space."""
    text: str | None = None
    words: list[str] = []
    labels: list[str] = []
    for line in (*lines, ""):
        if line.startswith("# text ="):
            text = line[8:].strip()
        elif line.startswith("#") and mark is not None:
            continue
        elif not line.strip():
            if words:
                yield Sentence(text, words, labels)
            text, words, labels = None, [], []
        else:
            columns = line.split(mark)
            words.append(columns[word_column])
            labels.append(columns[label_column])


def is_whole(sentence: Sentence) -> bool:
    """Whether it is a sentence rather than a fragment: nine words, five of them no names, four in lower case."""
    return (
        len(sentence.words) >= 9
        and sentence.labels.count("O") >= 5
        and sum(word.islower() for word in sentence.words) >= 4
    )


def document(parts: Iterable[Sentence]) -> tuple[str, list[tuple[int, int, str]]]:
    """One text with the names in it."""
    whole = ""
    spans: list[tuple[int, int, str]] = []
    for sentence in parts:
        text, starts = located(sentence.text, sentence.words)
        current = ""
        for word, label, start in zip(sentence.words, sentence.labels, starts, strict=True):
            begin, _, kind = label.partition("-")
            place = len(whole) + start
            if kind and begin == "I" and kind == current:
                spans[-1] = (spans[-1][0], place + len(word), spans[-1][2])
            elif kind:
                spans.append((place, place + len(word), kind))
            current = kind
        whole += text + " "
    return whole, [(start, end, _TYPES[kind]) for start, end, kind in spans if kind in _TYPES]


def gum_sentence(text: str, rows: list[Word]) -> Sentence:
    """The names among the entities of one sentence: those whose head is a proper noun."""
    open_entities: list[tuple[str, str, int]] = []
    entities: list[tuple[str, int, int]] = []
    for place, row in enumerate(rows):
        found = _ENTITY.search(row.misc)
        for opened, body, closed in _BRACKETS.findall(found.group(1)) if found else ():
            if opened:
                parts = body.split("-")
                open_entities.append((parts[0], parts[1], place))
            if closed and body:
                name = body.split("-")[0]
                for number in range(len(open_entities) - 1, -1, -1):
                    if open_entities[number][0] == name:
                        _, kind, start = open_entities.pop(number)
                        entities.append((kind, start, place))
                        break
    labels = ["O"] * len(rows)
    for kind, start, end in sorted(entities, key=lambda entity: entity[1] - entity[2]):
        span = _proper_part(rows, kind, start, end) if kind in _TYPES else None
        if span and all(labels[place] == "O" for place in range(span[0], span[1] + 1)):
            for place in range(span[0], span[1] + 1):
                labels[place] = f"{'B' if place == span[0] else 'I'}-{kind}"
    return Sentence(text, [row.form for row in rows], labels)


def _proper_part(rows: list[Word], kind: str, start: int, end: int) -> tuple[int, int] | None:
    """First and last word of the name in an entity, None if its head is no proper noun; titles of persons are left out."""
    head = next((place for place in range(start, end + 1) if not start <= rows[place].head <= end), None)
    if head is None or not _is_proper(rows, head):
        return None
    first = last = head
    while first > start and (
        _is_proper(rows, first - 1)
        or (
            rows[first - 1].form in ("of", "-", "\u2013", "&", ".")
            and first - 2 >= start
            and _is_proper(rows, first - 2)
        )
    ):
        first -= 1
    while last < end:
        if _is_proper(rows, last + 1):
            last += 1
        elif rows[last + 1].form in ("-", "of", "&") and last + 2 <= end and _is_proper(rows, last + 2):
            last += 2
        elif (
            last + 3 <= end
            and [rows[last + 1].form, rows[last + 2].form] == ["of", "the"]
            and _is_proper(rows, last + 3)
        ):
            last += 3
        else:
            break
    while kind == "person" and first < head and rows[first].relation.startswith(("nmod", "compound")):
        first += 1
    return first, last


def _is_proper(rows: list[Word], place: int) -> bool:
    return rows[place].tag in ("NNP", "NNPS")


def gum(lines: Iterable[str]) -> Iterator[Sentence]:
    """The sentences of a CoNLL-U file."""
    text = ""
    rows: list[Word] = []
    for line in (*lines, ""):
        if line.startswith("# text ="):
            text = line[8:].strip()
        elif not line.strip():
            if rows:
                yield gum_sentence(text, rows)
            rows = []
        elif not line.startswith("#"):
            columns = line.split("\t")
            if columns[0].isdigit():
                rows.append(Word(columns[1], columns[4], int(columns[6]) - 1, columns[7], columns[9]))


def read(form: str, lines: list[str]) -> Iterator[Sentence]:
    """The sentences of a file. Raises `ValueError` on an unknown form."""
    if form == "iob":
        return sentences(lines, 1, 2, "\t")
    if form == "two":
        return sentences(lines, 0, 1, None)
    if form == "wikiann":
        return filter(is_whole, sentences((line.partition(":")[2] for line in lines), 0, 1, "\t"))
    if form == "gum":
        return gum(lines)
    raise ValueError(f"unknown form {form!r}: iob, two, wikiann or gum")


def main() -> None:
    for entry in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        form, language, name, path = entry.split(maxsplit=3)
        parts = read(form, Path(path).read_text(encoding="utf-8").split("\n"))
        while batch := list(islice(parts, None if form == "gum" else _SENTENCES_A_DOCUMENT)):
            text, spans = document(batch)
            print(json.dumps({"lang": language, "src": name, "text": text, "spans": spans}, ensure_ascii=False))


if __name__ == "__main__":
    main()
