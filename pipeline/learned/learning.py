"""What a run goes by of what sites repeat: what the lake knows, and what a sample of the run's own files adds.

Before: the run's new files. After: the learned lines that cleaning applies, and the sample that the lake keeps with the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.lake.lake import Lake
from pipeline.lake.learned import StagedRound, applied_lines, read_decisions, read_rounds, round_json
from pipeline.lake.manifest import read_manifests
from pipeline.learned.first_pass import take_sample
from pipeline.learned.sharing import Share
from pipeline.settings import Settings
from schemas.records import InputFile
from transforms.learned.learn import Round, latest_by_site, learn
from transforms.learned.lines import NO_LINES, LearnedLines
from transforms.learned.thresholds import thresholds


class Learning(NamedTuple):
    """`lines` are applied; `staged` goes into the lake with the run, and is None where learning is off."""

    lines: LearnedLines
    staged: StagedRound | None


NOTHING_LEARNED = Learning(NO_LINES, None)


def learn_for_run(lake: Lake, files: Sequence[InputFile], settings: Settings, share: Share) -> Learning:
    """Samples `files`, with the work dealt out by `share`, and learns from them and from what the lake holds. Raises ManifestError
    for a damaged lake."""
    if not settings.learn.enabled:
        return NOTHING_LEARNED
    limits = thresholds()
    manifests = read_manifests(lake.fs, lake.paths)
    earlier = [each.round for each in read_rounds(lake.fs, lake.paths, manifests, limits.learn.articles_in_all)]
    held = {site: len(known.articles) for site, known in latest_by_site(earlier, limits).items()}
    sample = take_sample(files, share, settings.learn, held)
    own = Round(1 + max((each.number for each in earlier), default=0), sample.articles)
    learned = learn([*earlier, own], limits)
    lines = applied_lines(learned, read_decisions(lake.fs, lake.paths))
    texts = {line.id: sample.texts[line.id] for line in learned if line.id in sample.texts}
    staged = StagedRound(round_json(own, texts), len(sample.articles), len(lines.lines), lines.sha256, own.number)
    return Learning(lines, staged)
