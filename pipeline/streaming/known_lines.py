"""The learned lines that a stream goes by: what the lake knew when it began. A stream learns nothing itself.

Before: a lake whose runs have learned that "The Courier is free to read" is on every page. After: that line, to be cut.
"""

from __future__ import annotations

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.learned import applied_lines, read_decisions, read_rounds
from pipeline.lake.manifest import read_manifests
from transforms.learned.learn import learn
from transforms.learned.lines import LearnedLines
from transforms.learned.thresholds import thresholds


def known_lines(fs: FileSystem, paths: LakePaths) -> LearnedLines:
    """What the lake has learned and what users decided about it. Raises ManifestError for a damaged lake."""
    limits = thresholds()
    rounds = read_rounds(fs, paths, read_manifests(fs, paths), limits.learn.articles_in_all)
    return applied_lines(learn([each.round for each in rounds], limits), read_decisions(fs, paths))
