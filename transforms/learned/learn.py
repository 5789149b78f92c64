"""Learns which lines a site repeats: a pure function of sampled articles, the same in whatever order they come.

Before: 12 sampled articles of example.org, 5 of which end with one line  After: `LearnedLine("example.org", id, EDGE, 5, 12)`.
Versions of one story count once: what only they share is the story's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from transforms.learned.place import Place
from transforms.learned.sample import SampledArticle
from transforms.learned.story import Stories
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


class SiteArticles(NamedTuple):
    """The articles of one site that count, and for each the number of its story."""

    articles: tuple[SampledArticle, ...]
    stories: tuple[int, ...]


def learn(rounds: Iterable[Round], limits: Thresholds) -> tuple[LearnedLine, ...]:
    """The lines that sites repeat, sorted. An article sampled twice counts once."""
    return learn_all(latest_by_site(rounds, limits), limits)


def learn_all(sites: Mapping[str, SiteArticles], limits: Thresholds) -> tuple[LearnedLine, ...]:
    """The lines that these sites repeat, sorted."""
    return tuple(line for site in sorted(sites) for line in learn_site(site, sites[site], limits))


def latest_by_site(rounds: Iterable[Round], limits: Thresholds) -> Mapping[str, SiteArticles]:
    """Each site's articles, the latest round first and then by key, no more than count.

    Of one story a few versions do: a ticker that is saved every hour must not push out all that is known of its site.
    """
    sites: dict[str, _Site] = {}
    for each in sorted(rounds, key=lambda each: -each.number):
        for article in sorted(each.articles):
            sites.setdefault(article.site, _Site(limits)).add(article)
    return {name: SiteArticles(tuple(site.articles), site.stories.numbers()) for name, site in sites.items()}


class _Site:
    """Takes in articles of one site until there are enough."""

    def __init__(self, limits: Thresholds) -> None:
        self.articles: list[SampledArticle] = []
        self.stories = Stories(limits.stories)
        self._limits = limits.learn
        self._keys: set[str] = set()

    def add(self, article: SampledArticle) -> None:
        if len(self.articles) >= self._limits.articles_per_site or article.key in self._keys:
            return
        versions = self.stories.versions_of(article.sketch)
        if len(versions) < self._limits.versions:
            self._keys.add(article.key)
            self.articles.append(article)
            self.stories.add(article.sketch, versions)


def learn_site(site: str, known: SiteArticles, limits: Thresholds) -> tuple[LearnedLine, ...]:
    """The lines that one site's articles share, sorted by id."""
    articles, stories = known
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
