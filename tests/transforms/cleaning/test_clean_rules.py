from __future__ import annotations

import pickle

from schemas.codes import Category
from schemas.rules import Match, Rule
from transforms.cleaning.clean_rules import clean_rules
from transforms.normalize import NormalizeSettings

RULE = Rule("a.share", Match.EXACT, Category.SHARE, ("Share",))


def test_rules_are_indexed_once_and_survive_pickling() -> None:
    rules = clean_rules(iter([RULE]), normalize=NormalizeSettings(ascii_quotes=True), standfirst_in_body=False)
    assert rules.rules == (RULE,)
    assert rules.index.find("SHARE", 1) == (RULE,)
    again = pickle.loads(pickle.dumps(rules))
    assert again == rules
    assert again.index.find("SHARE", 1) == (RULE,)
    assert not again.standfirst_in_body
    assert again.normalize.ascii_quotes


def test_by_default_marks_and_standfirst_are_kept() -> None:
    rules = clean_rules([])
    assert rules.normalize == NormalizeSettings(ascii_quotes=False, ascii_dashes=False)
    assert rules.standfirst_in_body
