from __future__ import annotations

import pickle

from transforms.learned.lines import NO_LINES, AppliedLine, LearnedLines
from transforms.learned.place import Place

LINES = [AppliedLine("b.example", "02", Place.EDGE), AppliedLine("a.example", "01", Place.ANYWHERE)]


def test_lines_are_found_by_site() -> None:
    learned = LearnedLines.of(LINES)
    assert learned.places("a.example") == {"01": Place.ANYWHERE}
    assert learned.places("c.example") == {}


def test_the_hash_tells_sets_apart_and_not_orders() -> None:
    learned = LearnedLines.of(LINES)
    assert learned.sha256 == LearnedLines.of(LINES[::-1] + LINES).sha256
    assert len({learned.sha256, LearnedLines.of(LINES[1:]).sha256, NO_LINES.sha256}) == 3
    assert NO_LINES.sha256 == ""


def test_they_travel_to_workers() -> None:
    learned = LearnedLines.of(LINES)
    travelled = pickle.loads(pickle.dumps(learned))
    assert travelled == learned
    assert travelled.places("b.example") == {"02": Place.EDGE}
