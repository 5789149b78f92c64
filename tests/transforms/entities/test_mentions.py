"""The finders put together: texts of our own, and plain facts."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date, datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.chain import Described, Rules, read_all, run_record
from pipeline.entities.build import store_folder
from pipeline.settings import default_settings
from schemas.codes import DatePrecision
from schemas.entities import EntityType, Mention, MentionMethod, Mentions
from schemas.records import Article
from transforms.entities.mention_rules import MentionRules, Wanted
from transforms.entities.mentions import date_anchor, find_mentions, published_day

RULES = MentionRules.open(store_folder(), Wanted(dates=True, quotes=True, quantities=True))
TEXT = (
    "The ministers of Norway and Germany met in Oslo on Sunday to speak about the North Sea Harbour Treaty (NSHT).\n"
    "“The treaty will be signed before the winter,” said Mara Lindqvist, the chief engineer of the Harbour Board.\n"
    "Lindqvist added that $2.5 million had been spent. The NSHT is 40 pages long, and the Norwegians like it."
)


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Article:
    """An article with TEXT as its body, published on Tuesday 9 January 2024."""
    path = tmp_path_factory.mktemp("in") / "a.txt"
    path.write_text(f"Treaty before the winter\n\n{TEXT}\n", encoding="utf-8")
    plain = default_settings()
    rules = Rules.load(replace(plain, entities=replace(plain.entities, enabled=False)))
    (record,) = read_all(str(path), rules)
    outcome = run_record(record, rules)
    assert isinstance(outcome, Described)
    assert outcome.mentions == Mentions()
    return replace(
        outcome.article,
        body=TEXT,
        published_at=datetime(2024, 1, 9, 12, tzinfo=timezone.utc),
        published_precision=DatePrecision.MINUTE,
        published_timezone="UTC",
        published_month="2024-01",
    )


def named(article: Article, rules: MentionRules = RULES) -> dict[str, list[Mention]]:
    """The mentions by surface."""
    found: dict[str, list[Mention]] = {}
    for mention in find_mentions(article, None, rules).mentions:
        found.setdefault(mention.surface, []).append(mention)
    return found


def test_names_dates_and_quantities_are_rows_with_their_entity_or_value(article: Article) -> None:
    found = named(article)
    (norway,) = found["Norway"]
    assert (norway.entity_id, norway.wikidata_id, norway.iso_code, norway.method) == (
        "Q20",
        "Q20",
        "NO",
        MentionMethod.ALIAS,
    )
    assert (norway.confidence, norway.value) == (RULES.confidence[MentionMethod.ALIAS], None)
    (norwegians,) = found["Norwegians"]
    assert (norwegians.entity_id, norwegians.entity_type, norwegians.kind.value) == ("Q20", EntityType.GROUP, "demonym")
    dates = [mention for mentions in found.values() for mention in mentions if mention.entity_type is EntityType.DATE]
    assert [(mention.value, mention.entity_id) for mention in dates] == [("2024-01-07", None)]
    amounts = [
        mention.value for mentions in found.values() for mention in mentions if mention.method is MentionMethod.QUANTITY
    ]
    assert "2500000 USD" in amounts


def test_what_the_article_says_of_its_names_links_them(article: Article) -> None:
    found = named(article)
    engineer = found["Mara Lindqvist"][0].entity_id
    assert engineer is not None
    assert [mention.entity_id for mention in found["Lindqvist"]] == [engineer]
    treaty = found["NSHT"][-1]
    assert (treaty.entity_type, treaty.method) == (EntityType.AGREEMENT, MentionMethod.ACRONYM)


def test_quotes_name_their_speaker_as_the_mentions_do(article: Article) -> None:
    found = find_mentions(article, None, RULES)
    (quote,) = found.quotes
    assert quote.quote == "The treaty will be signed before the winter,"
    assert quote.speaker_surface == "Mara Lindqvist"
    assert quote.speaker_entity_id in {mention.entity_id for mention in found.mentions}


def test_rows_are_in_order_inside_the_body_and_apart(article: Article) -> None:
    found = find_mentions(article, None, RULES)
    end = 0
    for seq, mention in enumerate(found.mentions):
        assert (mention.seq, mention.article_id) == (seq, article.article_id)
        assert TEXT[mention.start : mention.end] == mention.surface
        assert mention.start >= end
        end = mention.end


def test_what_is_not_asked_for_is_not_there(article: Article) -> None:
    bare = MentionRules.open(store_folder(), Wanted(dates=False))
    found = find_mentions(article, None, bare)
    assert {mention.entity_type for mention in found.mentions}.isdisjoint({EntityType.DATE, EntityType.QUANTITY})
    assert found.quotes == ()


def test_rules_travel_to_a_worker_as_what_they_were_opened_with(article: Article) -> None:
    sent = pickle.dumps(RULES)
    assert len(sent) < 2000
    assert find_mentions(article, None, pickle.loads(sent)) == find_mentions(article, None, RULES)


@pytest.mark.parametrize(
    ("zone", "precision", "day"),
    [
        ("UTC", DatePrecision.MINUTE, date(2024, 1, 9)),
        ("+09:00", DatePrecision.MINUTE, date(2024, 1, 10)),
        ("America/New_York", DatePrecision.MINUTE, date(2024, 1, 9)),
        ("Asia/Tokyo", DatePrecision.SECOND, date(2024, 1, 10)),
        (None, DatePrecision.DAY, date(2024, 1, 9)),
        (None, DatePrecision.MONTH, None),
        (None, DatePrecision.YEAR, None),
    ],
)
def test_the_day_is_that_of_the_publishers_clock(
    article: Article, zone: str | None, precision: DatePrecision, day: date | None
) -> None:
    late = datetime(2024, 1, 9, 18, tzinfo=timezone.utc)
    row = replace(article, published_at=late, published_timezone=zone, published_precision=precision)
    assert published_day(row) == day
    assert published_day(replace(row, published_at=None)) is None


@pytest.mark.parametrize(
    ("published", "written", "day"),
    [
        (date(2024, 1, 9), None, date(2024, 1, 9)),
        (date(2024, 1, 9), "January 8", date(2024, 1, 8)),
        (date(2024, 1, 2), "Dec. 31", date(2023, 12, 31)),
        # Too far away to be the day of this article.
        (date(2024, 1, 9), "August 8, 2022", date(2024, 1, 9)),
        (date(2024, 1, 9), "soon", date(2024, 1, 9)),
        (None, "August 8, 2022", date(2022, 8, 8)),
        (None, "August 8", None),
        (None, None, None),
    ],
)
def test_a_datelines_date_is_the_anchor_where_it_is_near(
    published: date | None, written: str | None, day: date | None
) -> None:
    assert date_anchor(published, written, "en", RULES).day == day


def test_one_name_has_one_id_in_every_article(article: Article) -> None:
    """Across articles nothing is shared but the name: its id is a function of it."""
    ids = []
    for body in ("The envoy Sergey Dolgov came to Oslo. Dolgov left.", "In Bergen, Sergei Dolgov spoke for an hour."):
        found = named(replace(article, body=body))
        ids.append({mentions[0].entity_id for surface, mentions in found.items() if surface.endswith("Dolgov")})
    assert ids[0] == ids[1]
    assert len(ids[0]) == 1
    assert None not in ids[0]


PIECES = [
    "Mara Lind",
    "Norway",
    "on Sunday",
    "in May 2019",
    "$3 million",
    "“",
    "”",
    "said",
    " ",
    " ",
    ", ",
    ".\n",
    "الرياض",
    "東京",
    "\u0301",
]


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    body=st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join),
    language=st.sampled_from(["en", "ru", "ar", "zh", "und"]),
)
def test_any_text_gives_rows_that_stand_in_it(article: Article, body: str, language: str) -> None:
    found = find_mentions(replace(article, body=body, language=language), None, RULES)
    end = 0
    for mention in found.mentions:
        assert body[mention.start : mention.end] == mention.surface != ""
        assert mention.start >= end
        assert (mention.value is not None) == (mention.entity_type in (EntityType.DATE, EntityType.QUANTITY))
        end = mention.end
    ids = {mention.entity_id for mention in found.mentions}
    assert all(quote.speaker_entity_id in ids for quote in found.quotes if quote.speaker_entity_id)
