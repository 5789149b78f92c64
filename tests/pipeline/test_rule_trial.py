"""What a rule file changes in one article."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.chain import Rules
from pipeline.rule_trial import ArticleChange, Trial, compare, prepare
from pipeline.rules import load_rules
from pipeline.settings import default_settings
from schemas.codes import Payload, SourceFormat
from schemas.errors import RecordError, UsageError
from schemas.records import DecodedDocument, ParsedDocument, RawDocument
from schemas.rules import Where
from transforms.cleaning.clean import clean
from transforms.text import parse_text

FIRST = "The harbour board said on Tuesday that two more ferries would run at night from next week on."
SECOND = "The chairman said that the boats would pay for themselves within a year, given enough walkers."
LANTERN = """
[[rule]]
id = "other.lanterns"
match = "exact"
text = ["Nine Lanterns of Elswick"]
category = "other"
example = ["Nine lanterns of Elswick"]
counterexample = ["Nine lanterns of Elswick were lit."]
"""
DELETES = """
[[rule]]
id = "comments.prompt"
remove = true
"""


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.load(default_settings())


@pytest.fixture(scope="module")
def lantern(rules: Rules, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return trial(tmp_path_factory.mktemp("rules"), rules, LANTERN)


def trial(folder: Path, rules: Rules, *texts: str) -> Trial:
    files = []
    for number, text in enumerate(texts):
        files.append(folder / f"{number}.toml")
        files[-1].write_text(text, encoding="utf-8")
    return prepare(files, (), rules.clean)


def document(*lines: str) -> ParsedDocument:
    source = RawDocument("a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, b"")
    return parse_text(DecodedDocument(source, "\n".join(lines), "utf-8"))


def test_a_line_that_goes_has_its_place_and_its_neighbours(lantern: Trial) -> None:
    change = compare("a", document(FIRST, "Nine lanterns of Elswick", SECOND), lantern)
    [taken] = change.taken
    assert (taken.rule_id, taken.text, taken.words) == ("other.lanterns", "Nine lanterns of Elswick", 4)
    assert (taken.where, taken.line_before, taken.line_after) == (Where.BODY, FIRST, SECOND)
    assert change.left == ()
    assert change.hits == (("other.lanterns", 1),)
    assert change.words == 38


def test_a_line_that_went_by_another_rule_is_handed_over(lantern: Trial) -> None:
    change = compare("a", document(FIRST, SECOND, "Nine lanterns of Elswick"), lantern)
    assert change.taken == ()
    assert change.handed_over == (("shape.tail", "other.lanterns"),)


def test_an_article_without_the_line_does_not_change(lantern: Trial) -> None:
    assert compare("a", document(FIRST, SECOND), lantern) == ArticleChange("a", 34)


def test_a_deleted_rule_leaves_its_line_or_hands_it_over(rules: Rules, tmp_path: Path) -> None:
    found = trial(tmp_path, rules, DELETES)
    assert (found.ids, found.removed_ids) == (("comments.prompt",), ("comments.prompt",))
    change = compare("a", document(FIRST, SECOND, "Post a comment"), found)
    assert [each.rule_id for each in change.left] + [before for before, _ in change.handed_over] == ["comments.prompt"]


def test_an_article_of_which_nothing_is_left_is_lost(lantern: Trial) -> None:
    change = compare("a", document("Nine lanterns of Elswick"), lantern)
    assert (change.is_lost, change.is_gained) == (True, False)


def test_own_examples_and_those_of_others_are_checked(rules: Rules, tmp_path: Path) -> None:
    wrong = LANTERN.replace('["Nine lanterns of Elswick"]\n', '["Ten lanterns"]\n').replace(
        'text = ["Nine Lanterns of Elswick"]', 'text = ["The ministers posted on Twitter"]'
    )
    reasons = {each.reason for each in trial(tmp_path, rules, wrong).failures}
    assert "the example is not matched by its rule" in reasons
    assert "the counterexample is matched by the rule other.lanterns" in reasons


def test_good_files_have_no_failures(lantern: Trial) -> None:
    assert lantern.failures == ()


def test_a_file_that_is_in_use_is_tried_against_the_rules_without_it(rules: Rules, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "a.toml").write_text(LANTERN, encoding="utf-8")
    used = replace(rules.clean, rules=load_rules([folder]))
    found = prepare([folder / "a.toml"], [folder], used)
    assert found.ids == ("other.lanterns",)
    assert all(rule.id != "other.lanterns" for rule in found.before.rules)


def test_a_built_in_file_is_tried_against_the_rules_without_it(rules: Rules) -> None:
    file = Path(__file__).parent.parent.parent / "configs" / "boilerplate" / "turkish.toml"
    found = prepare([file], (), rules.clean)
    assert found.ids
    assert len(found.before.rules) + len(found.ids) == len(found.after.rules) == len(load_rules())


def test_an_unusable_file_is_one_line(rules: Rules, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        prepare([tmp_path / "none.toml"], (), rules.clean)
    with pytest.raises(UsageError, match="no valid TOML"):
        trial(tmp_path, rules, "[[rule]")


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([FIRST, SECOND, "Nine lanterns of Elswick", "Post a comment", "By Ana Ruiz", "Most visited"]),
        min_size=1,
    )
)
def test_cleaning_once_where_no_tried_rule_speaks_changes_nothing(lantern: Trial, lines: list[str]) -> None:
    parsed = document(*lines)
    change = compare("a", parsed, lantern)
    removed = []
    for rules in (lantern.before, lantern.after):
        try:
            removed.append({(span.start, span.end) for span in clean(parsed, rules).removed})
        except RecordError:
            removed.append(None)
    before, after = removed
    if before is None or after is None:
        assert (change.is_lost, change.is_gained) == (before is not None, after is not None)
        return
    assert bool(after - before) == bool(change.taken)
    assert bool(before - after) == bool(change.left)
