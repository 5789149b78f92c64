"""What the lake knows of what sites repeat: a file of sampled articles for each run, and what its users decided.

Before: a run's sample. After: `_learned/<run id>.json`, moved into the lake with the run's other files and named by its manifest; it
never changes afterwards. What is learned is a pure function of all these files (`transforms.learned.learn`), so runs add to
it in any order and none has to be rewritten. `_learned/decisions.json` holds the lines that users pinned or forgot.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths, decisions_path, learned_path
from pipeline.lake.manifest import Manifest, ManifestError
from schemas.codes import Code
from transforms.learned.learn import LearnedLine, Round
from transforms.learned.lines import AppliedLine, LearnedLines
from transforms.learned.place import Place
from transforms.learned.sample import SampledArticle, SampledLine

FORMAT = 1
_LONGEST_TEXT = 300
_HASH_DIGITS = 8
_EDGE, _LONG = "^", "+"


class Verdict(Code):
    """What a user said about a line: apply it whatever is counted, or never again."""

    PINNED = "pinned"
    FORGOTTEN = "forgotten"


class Decision(NamedTuple):
    """A user's word on one line; `text` is how it reads, "" where that isn't known."""

    site: str
    id: str
    place: Place
    text: str
    verdict: Verdict


class LearnedRound(NamedTuple):
    """What one run sampled, and the texts (at most 300 characters) of the lines that were learned then, by id."""

    run_id: str
    round: Round
    texts: Mapping[str, str]


class StagedRound(NamedTuple):
    """What a run is going to leave: `content` are the bytes of its file (none where it sampled nothing), `articles` how many it
    sampled as round `round`; `lines` and `sha256` tell which learned lines it applies."""

    content: bytes
    articles: int
    lines: int
    sha256: str
    round: int


def round_json(sampled: Round, texts: Mapping[str, str]) -> bytes:
    """The bytes of one run's file."""
    content = {
        "format": FORMAT,
        "round": sampled.number,
        "articles": [
            {
                "site": article.site,
                "key": article.key,
                "sketch": "".join(f"{value:0{_HASH_DIGITS}x}" for value in article.sketch),
                "lines": [line.id + _EDGE * line.at_edge + _LONG * line.is_long for line in article.lines],
            }
            for article in sorted(sampled.articles)
        ],
        "texts": {identity: text[:_LONGEST_TEXT] for identity, text in texts.items()},
    }
    return (json.dumps(content, sort_keys=True, indent=0, ensure_ascii=True) + "\n").encode()


def read_rounds(fs: FileSystem, paths: LakePaths, manifests: Iterable[Manifest], most: int) -> tuple[LearnedRound, ...]:
    """What runs sampled, the earliest first: the latest rounds, up to the one with which they have `most` articles.

    Raises ManifestError where a file can't be read.
    """
    sampled = [
        (manifest.learned.round, manifest.run_id, manifest.learned.file.rows)
        for manifest in manifests
        if manifest.learned is not None and manifest.learned.file is not None
    ]
    found: list[LearnedRound] = []
    articles = 0
    for _, run_id, rows in sorted(sampled, reverse=True):
        if articles < most:
            found.append(read_round(fs, paths, run_id))
            articles += rows
    return tuple(reversed(found))


def read_round(fs: FileSystem, paths: LakePaths, run_id: str) -> LearnedRound:
    """What one run sampled. Raises ManifestError where its file can't be read."""
    content = _read_json(fs, paths, learned_path(run_id))
    try:
        articles = tuple(_article(entry) for entry in content["articles"])
        texts = {str(identity): str(text) for identity, text in content["texts"].items()}
        return LearnedRound(run_id, Round(int(content["round"]), articles), texts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"{learned_path(run_id)}: not a sample ({type(error).__name__}: {error})") from error


def read_decisions(fs: FileSystem, paths: LakePaths) -> tuple[Decision, ...]:
    """What users decided, sorted. Raises ManifestError where the file can't be read."""
    if not fs.exists(paths.absolute(decisions_path())):
        return ()
    content = _read_json(fs, paths, decisions_path())
    try:
        return tuple(
            sorted(
                Decision(
                    str(entry["site"]),
                    str(entry["id"]),
                    Place(entry["place"]),
                    str(entry["text"]),
                    Verdict(entry["verdict"]),
                )
                for entry in content["lines"]
            )
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"{decisions_path()}: not a list of decisions ({type(error).__name__}: {error})") from error


def write_decision(fs: FileSystem, paths: LakePaths, decision: Decision) -> None:
    """Adds a decision, in the place of an earlier one about the same line. Only the lake's one writer may call it."""
    others = [each for each in read_decisions(fs, paths) if each.id != decision.id]
    lines = [each._asdict() for each in sorted([*others, decision])]
    content = (
        json.dumps({"format": FORMAT, "lines": lines}, sort_keys=True, indent=1, ensure_ascii=True) + "\n"
    ).encode()
    path = paths.absolute(decisions_path())
    fs.make_folders(path.rpartition("/")[0])
    fs.delete(f"{path}.tmp")
    with fs.open_write(f"{path}.tmp") as stream:
        stream.write(content)
        fs.fsync_stream(stream)
    fs.replace(f"{path}.tmp", path)
    fs.fsync_folder(path.rpartition("/")[0])


def applied_lines(learned: Iterable[LearnedLine], decisions: Sequence[Decision]) -> LearnedLines:
    """The lines that go: those learned and not forgotten, and those pinned."""
    decided = {decision.id for decision in decisions}
    pinned = [AppliedLine(each.site, each.id, each.place) for each in decisions if each.verdict is Verdict.PINNED]
    return LearnedLines.of(
        [*pinned, *(AppliedLine(line.site, line.id, line.place) for line in learned if line.id not in decided)]
    )


def _article(entry: Any) -> SampledArticle:
    sketch = str(entry["sketch"])
    return SampledArticle(
        str(entry["site"]),
        str(entry["key"]),
        tuple(int(sketch[at : at + _HASH_DIGITS], 16) for at in range(0, len(sketch), _HASH_DIGITS)),
        tuple(_line(str(line)) for line in entry["lines"]),
    )


def _line(written: str) -> SampledLine:
    return SampledLine(written.rstrip(_EDGE + _LONG), _EDGE in written, _LONG in written)


def _read_json(fs: FileSystem, paths: LakePaths, where: str) -> Any:
    try:
        content = json.loads(fs.read_bytes(paths.absolute(where)))
        if content["format"] != FORMAT:
            raise ManifestError(f"{where}: of another version of copydesk")
    except OSError as error:
        raise ManifestError(f"{where}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f"{where}: can't be read ({type(error).__name__}: {error})") from error
    return content
