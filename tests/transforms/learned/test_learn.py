from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.learned.learn import LearnedLine, Round, latest_by_site, learn
from transforms.learned.place import Place
from transforms.learned.sample import SampledArticle, SampledLine
from transforms.learned.thresholds import thresholds

LIMITS = thresholds()


def article(number: int, *lines: SampledLine, site: str = "example.org", story: int | None = None) -> SampledArticle:
    rng = random.Random(number if story is None else 10_000 + story)
    sketch = tuple(sorted(rng.sample(range(2**32), LIMITS.stories.runs_kept)))
    return SampledArticle(site, f"{number:016x}", sketch, tuple(sorted(lines)))


def edge(identity: str) -> SampledLine:
    return SampledLine(identity, True, False)


def middle(identity: str) -> SampledLine:
    return SampledLine(identity, False, False)


def long(identity: str) -> SampledLine:
    return SampledLine(identity, True, True)


def learned(*articles: SampledArticle) -> dict[str, LearnedLine]:
    return {line.id: line for line in learn([Round(1, articles)], LIMITS)}


def test_three_stories_of_ten_teach_a_line_at_the_edge() -> None:
    articles = [article(number, edge(f"own{number}"), *([edge("foot")] if number < 3 else [])) for number in range(10)]
    assert learned(*articles) == {"foot": LearnedLine("example.org", "foot", Place.EDGE, 3, 10)}
    more = [article(number) for number in range(10, 12)]
    assert learned(*articles, *more) == {}, "3 of 12 are less than the share"
    assert learned(*articles[1:]) == {}, "2 stories are too few"


def test_a_line_in_the_middle_must_be_what_the_site_nearly_always_has() -> None:
    articles = [article(number, middle("swipe")) for number in range(5)]
    others = [article(number) for number in range(5, 10)]
    assert learned(*articles, *others)["swipe"].place is Place.ANYWHERE
    assert learned(*articles, *others, article(10)) == {}
    assert learned(*articles[:3]) == {}


def test_a_long_line_needs_more_stories_and_only_goes_at_the_edge() -> None:
    articles = [article(number, long("about us")) for number in range(4)]
    assert learned(*articles)["about us"] == LearnedLine("example.org", "about us", Place.EDGE, 4, 4)
    assert learned(*articles[:3]) == {}
    assert learned(*articles, *(article(number) for number in range(4, 9))) == {}


def test_versions_of_one_story_teach_nothing() -> None:
    versions = [article(number, edge("note"), middle("also"), long("and this"), story=1) for number in range(30)]
    assert learned(*versions) == {}
    two_more = [article(100), article(101)]
    assert learned(*versions, *two_more) == {}
    assert learned(*versions, *two_more, article(102, edge("note"))) == {}
    assert "note" in learned(*versions, *two_more, article(102, edge("note")), article(103, edge("note")))


def test_what_two_sites_share_is_of_neither() -> None:
    articles = [article(number, edge("x"), site=f"site{number % 3}.example") for number in range(6)]
    assert learned(*articles) == {}


def test_an_article_sampled_by_two_runs_counts_once() -> None:
    articles = tuple(article(number, edge("foot")) for number in range(2))
    assert learn([Round(1, articles), Round(2, articles)], LIMITS) == ()


def test_only_the_latest_articles_of_a_site_count() -> None:
    limits = replace(LIMITS, learn=replace(LIMITS.learn, articles_per_site=4))
    old = Round(1, tuple(article(number, edge("old foot")) for number in range(6)))
    new = Round(2, tuple(article(number, edge("new foot")) for number in range(10, 14)))
    assert {line.id for line in learn([old], limits)} == {"old foot"}
    assert {line.id for line in learn([old, new], limits)} == {"new foot"}
    assert [each.key for each in latest_by_site([new, old], limits)["example.org"].articles] == [
        each.key for each in new.articles
    ]


LINES = st.lists(st.builds(SampledLine, st.sampled_from("abcdef"), st.booleans(), st.booleans()), max_size=5)
ARTICLES = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["a.example", "b.example"]), st.integers(0, 6), LINES), max_size=25
)


@given(ARTICLES, st.randoms(use_true_random=False), st.integers(1, 4))
@settings(derandomize=True, max_examples=80, deadline=None)
def test_neither_order_nor_copies_matter(
    drawn: list[tuple[int, str, int, list[SampledLine]]], rng: random.Random, rounds: int
) -> None:
    by_key = {
        number: article(number, *{line.id: line for line in lines}.values(), site=site, story=story)
        for number, site, story, lines in drawn
    }
    articles = list(by_key.values())
    dealt = [Round(number + 1, tuple(articles[number::rounds])) for number in range(rounds)]
    expected = learn(dealt, LIMITS)
    shuffled = [Round(each.number, tuple(rng.sample(each.articles, len(each.articles)))) for each in dealt]
    rng.shuffle(shuffled)
    assert learn(shuffled, LIMITS) == expected
    assert list(expected) == sorted(expected)
    for line in expected:
        owners = {
            each.sketch for each in articles if each.site == line.site and line.id in {own.id for own in each.lines}
        }
        assert len(owners) >= line.stories >= LIMITS.learn.edge_stories


def test_versions_of_one_story_do_not_push_out_the_others() -> None:
    limits = replace(LIMITS, learn=replace(LIMITS.learn, articles_per_site=10))
    old = Round(1, tuple(article(number, edge("foot")) for number in range(6)))
    ticker = Round(2, tuple(article(number, story=1) for number in range(100, 150)))
    assert [line.id for line in learn([old, ticker], limits)] == ["foot"]
    assert len(latest_by_site([old, ticker], limits)["example.org"].articles) == 6 + LIMITS.learn.versions
