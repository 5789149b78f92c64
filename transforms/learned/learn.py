"""Learns which lines a site repeats: a pure function of sampled articles, the same in whatever order they come.

Before: 12 sampled articles of example.org, 5 of which end with one line  After: `LearnedLine("example.org", id, EDGE, 5, 12)`.
Versions of one story count once: what only they share is the story's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.learned.place import Place
from transforms.learned.sample import SampledArticle
from transforms.learned.story import stories_of
from transforms.learned.thresholds import LearnLimits, Thresholds


class LearnedLine(NamedTuple):
    """A line that `stories` of the `sampled` stories of `site` have."""

    site: str
    id: str
    place: Place
    stories: int
    sampled: int


@dataclass(frozen=True, slots=True)
class Round:
    """The articles that one run sampled; `number` counts the runs of a lake from 1, so that later ones weigh first."""

    number: int
    articles: tuple[SampledArticle, ...]


def learn(rounds: Iterable[Round], limits: Thresholds) -> tuple[LearnedLine, ...]:
    """The lines that sites repeat, sorted. An article sampled twice counts once."""
    return tuple(
        line
        for site, articles in sorted(latest_by_site(rounds, limits.learn).items())
        for line in learn_site(site, articles, limits)
    )


def latest_by_site(rounds: Iterable[Round], limits: LearnLimits) -> Mapping[str, Sequence[SampledArticle]]:
    """Each site's articles, the latest round first and then by key, no more than count."""
    by_site: dict[str, dict[str, SampledArticle]] = {}
    for each in sorted(rounds, key=lambda each: -each.number):
        for article in sorted(each.articles):
            site = by_site.setdefault(article.site, {})
            if len(site) < limits.articles_per_site:
                site.setdefault(article.key, article)
    return {site: tuple(articles.values()) for site, articles in by_site.items()}


def learn_site(site: str, articles: Sequence[SampledArticle], limits: Thresholds) -> tuple[LearnedLine, ...]:
    """The lines that one site's articles share, sorted by id."""
    counts = Counter(line.id for article in articles for line in article.lines)
    if max(counts.values(), default=0) < min(
        limits.learn.edge_stories, limits.learn.anywhere_stories, limits.learn.long_stories
    ):
        return ()
    stories = stories_of([article.sketch for article in articles], limits.stories)
    seen: dict[str, set[int]] = {}
    at_edge: dict[str, set[int]] = {}
    long: set[str] = set()
    for article, story in zip(articles, stories, strict=True):
        for line in article.lines:
            seen.setdefault(line.id, set()).add(story)
            if line.at_edge:
                at_edge.setdefault(line.id, set()).add(story)
            if line.is_long:
                long.add(line.id)
    sampled = len(set(stories))
    found: list[LearnedLine] = []
    for identity in sorted(seen):
        everywhere, edge = len(seen[identity]), len(at_edge.get(identity, ()))
        place = _place(everywhere, edge, sampled, identity in long, limits.learn)
        if place is not None:
            found.append(LearnedLine(site, identity, place, edge if place is Place.EDGE else everywhere, sampled))
    return tuple(found)


def _place(everywhere: int, edge: int, sampled: int, is_long: bool, limits: LearnLimits) -> Place | None:
    """Where a line of these counts of stories may be cut; None where it is not learned."""
    if is_long:
        return Place.EDGE if edge >= max(limits.long_stories, limits.long_share * sampled) else None
    if everywhere >= max(limits.anywhere_stories, limits.anywhere_share * sampled):
        return Place.ANYWHERE
    return Place.EDGE if edge >= max(limits.edge_stories, limits.edge_share * sampled) else None
