"""The gazetteer: countries of places by any of their names."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.build_places import table
from transforms.gazetteer import Gazetteer, fold_place

PLACES = Gazetteer.load()


@pytest.mark.parametrize(
    ("place", "first"),
    [
        ("Paris", "FR"), ("MOSKAU", "RU"), ("МОСКВА", "RU"), ("طهران", "IR"), ("تهران", "IR"), ("תל אביב", "IL"),
        ("תל־אביב", "IL"), ("東京", "JP"), ("서울", "KR"), ("北京", "CN"), ("नई दिल्ली", "IN"), ("Αθήνα", "GR"),
        ("Londres", "GB"), ("Pékin", "CN"), ("Lemberg", "UA"), ("Ouagadougou", "BF"), ("St. Petersburg", "RU"),
        ("SANA'A", "YE"), ("Deutschland", "DE"), ("Germany", "DE"), ("Россия", "RU"), ("日本", "JP"), ("Tel-Aviv", "IL"),
    ],
)  # fmt: skip
def test_known_places(place: str, first: str) -> None:
    assert PLACES.countries(place)[:1] == (first,)


def test_ambiguous_names_are_ranked_by_people() -> None:
    assert PLACES.countries("Paris") == ("FR", "US")
    assert PLACES.countries("Birmingham")[:2] == ("GB", "US")
    assert {"CA", "US"} <= set(PLACES.countries("Vancouver"))


@pytest.mark.parametrize("place", ["", " ", "Port Elswick", "harbour of dreams", "x" * 100, "\n", "\t", "Paris\tFR"])
def test_unknown_places(place: str) -> None:
    assert PLACES.countries(place) == ()


def test_every_line_is_found() -> None:
    lines = PLACES.table.decode().splitlines()
    assert lines == sorted(lines, key=lambda line: line.split("\t")[0].encode())
    assert len(lines) > 80_000
    for line in (lines[0], lines[-1], *lines[:: len(lines) // 500]):
        name, countries = line.split("\t")
        assert fold_place(name) == name
        assert PLACES.countries(name) == tuple(countries.split())


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(max_size=30))
def test_folding_is_stable_and_any_name_is_answered(place: str) -> None:
    folded = fold_place(place)
    assert PLACES.countries(folded) == PLACES.countries(place) or fold_place(folded) != folded
    assert all(len(country) == 2 for country in PLACES.countries(place))


def test_table_ranks_and_folds() -> None:
    weighted = [
        ("Elswick", "GB", 5.0),
        ("ELSWICK", "US", 9.0),
        ("Elswick", "GB", 7.0),
        ("Ab", "XX", 1.0),
        ("港", "JP", 1.0),
    ]
    assert table(iter(weighted)) == "elswick\tUS GB\n"
    assert table(iter([("港町", "JP", 1.0)])) == "港町\tJP\n"


def test_the_built_in_table_does_not_travel() -> None:
    packed = pickle.dumps(Gazetteer.load())
    assert len(packed) < 1000
    assert pickle.loads(packed) is Gazetteer.load()
    other = Gazetteer.of(b"ellery\tXX\n")
    assert pickle.loads(pickle.dumps(other)) == other
