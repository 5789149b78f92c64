from __future__ import annotations

from schemas.codes import Action, Category
from schemas.records import Cut
from transforms.cleaning import cuts


def test_every_cut_is_explained_and_has_an_id_of_its_own() -> None:
    made = [value for value in vars(cuts).values() if isinstance(value, Cut)]
    assert sorted(cut.rule_id for cut in made) == sorted(cuts.BUILT_IN)
    assert all(text.endswith(".") for text in cuts.BUILT_IN.values())


def test_what_lives_on_in_a_column_is_moved() -> None:
    moved = {Category.HEADLINE, Category.STANDFIRST, Category.BYLINE, Category.DATELINE, Category.DATE_LINE}
    for cut in (value for value in vars(cuts).values() if isinstance(value, Cut)):
        assert (cut.action is Action.MOVED) == (cut.category in moved)
