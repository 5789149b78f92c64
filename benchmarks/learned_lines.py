"""Measures what learning adds: lines of invented sites that no rule knows, left in the body without and with what was learned.

    learned_lines.py              a line for each site and one for all: lines left, body lost, without → with learned lines
    learned_lines.py --articles 12   from fewer articles a site (default 30)
    learned_lines.py --bodies DIR    around real texts (*.txt) instead of the generator's

Every fourth article is a version of the one before it, and the last third of every third site's articles are versions of one
story, which alone share a note: that must stay.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

_ROOT = Path(__file__).resolve().parent.parent
if str(_ROOT) not in sys.path:
    sys.path.insert(0, str(_ROOT))
logging.getLogger().setLevel(logging.ERROR)

from benchmarks.generator import make_story  # noqa: E402
from configs.toml import parse_toml  # noqa: E402
from pipeline.chain import Rules, clean_record  # noqa: E402
from pipeline.settings import default_settings  # noqa: E402
from schemas.codes import Payload, SourceFormat  # noqa: E402
from schemas.records import CleanedDocument, RawDocument, Reject  # noqa: E402
from transforms.fold import fold_line  # noqa: E402
from transforms.learned.learn import Round, learn  # noqa: E402
from transforms.learned.lines import AppliedLine, LearnedLines  # noqa: E402
from transforms.learned.sample import SampledArticle, sample_article  # noqa: E402
from transforms.learned.thresholds import thresholds  # noqa: E402

_VERSION_EVERY = 4
_NOTE = "This account of the storm night was put together from calls to eleven households on the eastern shore."


class SiteLine(NamedTuple):
    """A line that `share` of a site's articles have, at `where`."""

    text: str
    where: str
    share: float


class Site(NamedTuple):
    """An invented site."""

    host: str
    language: str
    lines: tuple[SiteLine, ...]


class Text(NamedTuple):
    """One article of a site: as it comes in, its own paragraphs, and the site's lines in it."""

    document: RawDocument
    body: tuple[str, ...]
    added: tuple[str, ...]


class Left(NamedTuple):
    """Lines of sites left in bodies, of all that there were; the articles' own paragraphs lost, of all."""

    kept: int
    added: int
    lost: int
    paragraphs: int


def sites() -> tuple[Site, ...]:
    """The sites of site_lines.toml."""
    table = parse_toml(Path(__file__).with_name("site_lines.toml").read_text(encoding="utf-8"))
    entries = table["site"]
    assert isinstance(entries, list)
    return tuple(
        Site(
            str(entry["host"]),
            str(entry["language"]),
            tuple(SiteLine(str(line["text"]), str(line["where"]), float(line["share"])) for line in entry["lines"]),
        )
        for entry in entries
    )


def make_texts(number: int, site: Site, articles: int, bodies: Sequence[tuple[str, ...]] = ()) -> tuple[Text, ...]:
    """The articles of site `number`: `bodies`, or the generator's stories; some are versions of others."""
    rng = random.Random(f"{number}/{site.host}")
    made: list[Text] = []
    for index in range(articles):
        story = make_story(1000 * number + index, seed=5, language=site.language)
        headline, paragraphs = story.headline, list(bodies[index % len(bodies)] if bodies else story.paragraphs)
        if number % 3 == 0 and index > articles * 2 // 3:
            paragraphs = [*made[articles * 2 // 3 - 1].body, paragraphs[0], _NOTE]
        elif index % _VERSION_EVERY == _VERSION_EVERY - 1:
            paragraphs = [*made[-1].body[:-1], *paragraphs[-1:]]
        lines = list(paragraphs)
        added: list[str] = []
        for line in site.lines:
            if rng.random() < line.share:
                added.append(line.text)
                at = {"head": 0, "middle": rng.randrange(1, max(2, len(lines))), "tail": len(lines)}[line.where]
                lines.insert(at, line.text)
        content = "\n\n".join([headline, *lines]) + "\n"
        name = f"{site.host}/{index}.txt"
        document = RawDocument(
            name, name, SourceFormat.TEXT, Payload.TEXT, content.encode(), url=f"https://{site.host}/{index}"
        )
        made.append(Text(document, tuple(paragraphs), tuple(added)))
    return tuple(made)


def cleaned(document: RawDocument, rules: Rules) -> CleanedDocument:
    """What a run makes of one of the made texts; raises ValueError where it is a reject, which none may be."""
    outcome = clean_record(document, rules)
    if isinstance(outcome, Reject):
        raise ValueError(outcome.message)
    return outcome


def measure(texts: Sequence[Text], rules: Rules) -> Left:
    """What `rules` leave and lose of these articles."""
    kept = lost = 0
    for text in texts:
        body = cleaned(text.document, rules).body
        lines = {fold_line(line) for line in body.split("\n")}
        kept += sum(fold_line(line) in lines for line in text.added)
        # A dateline or an end mark may go from a paragraph: its middle must stay.
        lost += sum(paragraph[20:-5] not in body for paragraph in text.body)
    return Left(kept, sum(len(text.added) for text in texts), lost, sum(len(text.body) for text in texts))


def learned_from(texts: Sequence[Text], rules: Rules) -> LearnedLines:
    """What all these articles teach."""
    limits = thresholds()
    return LearnedLines.of(
        AppliedLine(line.site, line.id, line.place) for line in learn([Round(1, tuple(_samples(texts, rules)))], limits)
    )


def _samples(texts: Sequence[Text], rules: Rules) -> Iterator[SampledArticle]:
    for text in texts:
        sampled = sample_article(cleaned(text.document, rules), thresholds())
        if sampled is not None:
            yield sampled.article


def main() -> None:
    """The command line."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument("--articles", type=int, default=30)
    arguments.add_argument("--bodies", type=Path)
    given = arguments.parse_args()
    bodies = (
        [tuple(path.read_text().split("\n")) for path in sorted(given.bodies.glob("*.txt"))] if given.bodies else []
    )
    rules = Rules.load(default_settings())
    total: list[tuple[Left, Left]] = []
    for number, site in enumerate(sites()):
        own = bodies[number * given.articles :] + bodies[: number * given.articles]
        texts = make_texts(number, site, given.articles, own)
        learned = replace(rules, clean=replace(rules.clean, learned=learned_from(texts, rules)))
        total.append((measure(texts, rules), measure(texts, learned)))
        _print(f"{site.host} ({site.language})", *total[-1])
    _print("all", *(Left(*map(sum, zip(*side, strict=True))) for side in zip(*total, strict=True)))


def _print(name: str, before: Left, after: Left) -> None:
    print(
        f"{name:<36} {before.added:>5} lines: left {before.kept / max(1, before.added):.3f} → {after.kept / max(1, after.added):.3f}"
        f"   {before.paragraphs:>6} paragraphs: lost {before.lost} → {after.lost}"
    )


if __name__ == "__main__":
    main()
