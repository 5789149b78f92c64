"""The texts that rules are tried on."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pipeline.chain import Rules
from pipeline.lake.read import dataset
from pipeline.progress import Mode, ProgressView
from pipeline.run import ingest
from pipeline.settings import default_settings
from pipeline.summary import Summary
from pipeline.trial_texts import is_lake, lake_document, trial_texts
from schemas.codes import BlockKind
from transforms.cleaning.clean import clean
from transforms.normalize import fingerprint

ARTICLE = {
    "source_uri": "a.txt",
    "source_format": "text",
    "headline": "Ferries",
    "body": "One.\nTwo.",
    "url": None,
    "language": "en",
}


def row(seq: int, text: str, offset: int, rule_id: str, field: str = "body") -> dict[str, object]:
    codes = {"category": "share", "scope": "global", "action": "removed"}
    return {"seq": seq, "field": field, "text": text, "body_offset": offset, "rule_id": rule_id, **codes}


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.load(default_settings())


def test_removed_stretches_stand_in_their_places_and_tried_ones_are_open() -> None:
    removed = [row(1, "Share", 4, "share.this"), row(0, "Menu", 0, "x.menu"), row(2, "End", 9, "x.end")]
    found = lake_document(ARTICLE, [*removed, row(3, "| Site", 0, "headline.site", "headline")], {"share.this"})
    lines = [(found.text[each.start : each.end], each.cut and each.cut.rule_id) for each in found.blocks]
    assert lines == [("Menu", "x.menu"), ("One.", None), ("Share", None), ("Two.", None), ("End", "x.end")]
    assert {each.kind for each in found.blocks} == {BlockKind.LINE}
    assert found.source.supplied.headline == "Ferries"
    assert found.source.supplied.language is None


def test_a_record_with_cuts_of_a_page_was_a_page() -> None:
    found = lake_document(ARTICLE, [row(0, "Menu", 0, "page.tag.nav")], ())
    assert {each.kind for each in found.blocks} == {BlockKind.PARAGRAPH}
    assert found.source.supplied.language == "en"


def test_a_lake_gives_its_articles_with_all_their_text(sample_run: tuple[Path, Summary], rules: Rules) -> None:
    lake = str(sample_run[0])
    assert is_lake(lake)
    rows = dataset(lake, "articles").to_table(columns=["source_uri", "body", "text_fingerprint"]).to_pylist()
    known = {each["source_uri"]: each for each in rows}
    found = [each for each in trial_texts(lake, rules, ()) if each]
    assert sorted(each.name for each in found) == sorted(known)
    assert [each.name for each in found] == [each.name for each in trial_texts(lake, rules, ()) if each]
    same = 0
    for name, parsed in found:
        assert fingerprint(parsed.text) == known[name]["text_fingerprint"]
        same += clean(parsed, rules.clean).body == known[name]["body"]
    assert same / len(found) >= 0.95


def test_a_lake_of_articles_without_dates(rules: Rules, tmp_path: Path) -> None:
    sentence = "The harbour of the old town reopened on Monday after a storm that lasted three days."
    (tmp_path / "a.txt").write_text(f"{sentence}\n\n{sentence[4:]}\n", encoding="utf-8")
    lake, quiet = str(tmp_path / "lake"), ProgressView(Mode.QUIET, io.StringIO())
    ingest([str(tmp_path / "a.txt")], lake, default_settings(), force=False, dry_run=False, progress=quiet)
    # Besides the article's file there is one without rows, which tells readers the partitions' types.
    assert [each is not None for each in trial_texts(lake, rules, ())] == [True]


def test_inputs_go_through_the_chain_and_rejects_are_no_articles(samples: Path, rules: Rules, tmp_path: Path) -> None:
    assert not is_lake(str(samples))
    found = list(trial_texts(str(samples / "pages"), rules, ()))
    assert next(each for each in found if each).name.endswith("/bridge.html")
    (tmp_path / "empty.txt").write_text("  \n", encoding="utf-8")
    assert list(trial_texts(str(tmp_path), rules, ())) == [None]
