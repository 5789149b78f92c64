"""The steps without Beam: one record in, an article or a reject out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.chain import Described, Rules, read_all, run_record
from pipeline.settings import Flag, default_settings, load_settings
from schemas.codes import RejectCode, Stage
from schemas.records import Reject
from transforms.html.block_model import BlockModel
from transforms.normalize import fingerprint, rebuild

RULES = Rules.load(default_settings())


def outcomes(path: Path) -> list[Described | Reject]:
    return [
        record if isinstance(record, Reject) else run_record(record, RULES) for record in read_all(str(path), RULES)
    ]


def test_a_text_becomes_an_article(samples: Path) -> None:
    (outcome,) = outcomes(samples / "text" / "ferry-timetable.txt")
    assert isinstance(outcome, Described)
    article = outcome.article
    assert article.headline == "Ferry Line Adds Night Crossings Before Harvest Festival"
    assert (article.dateline, article.language) == ("PORT ELSWICK", "en")
    assert article.body.startswith("The ferry line that links")
    assert article.body.endswith("Brandvold added.")
    assert {row.rule_id.split(".")[0] for row in outcome.removed} >= {"headline", "dateline", "most_read"}


def test_a_container_gives_articles_and_rejects_in_order(samples: Path) -> None:
    first, second, third, fourth = outcomes(samples / "feeds" / "wire.jsonl")
    assert isinstance(first, Described)
    assert isinstance(second, Described)
    assert isinstance(third, Reject)
    assert isinstance(fourth, Reject)
    assert [third.code, fourth.code] == [RejectCode.INVALID_JSON, RejectCode.MISSING_TEXT]


def test_what_has_no_body_is_a_reject_of_its_step(samples: Path) -> None:
    (outcome,) = outcomes(samples / "bad" / "navigation-only.html")
    assert isinstance(outcome, Reject)
    assert (outcome.stage, outcome.code) == (Stage.CLEAN, RejectCode.NO_BODY)


def _documents() -> list[Path]:
    folder = Path(__file__).parents[2] / "configs" / "samples"
    return sorted(path for name in ("text", "pages", "archives", "feeds") for path in (folder / name).iterdir())


@pytest.mark.parametrize("path", _documents(), ids=lambda path: path.name)
def test_body_and_removed_rebuild_what_came_in(path: Path) -> None:
    for outcome in outcomes(path):
        if isinstance(outcome, Described):
            article, removed, parsed, _ = outcome
            assert fingerprint(rebuild(article.body, removed)) == fingerprint(parsed.text) == article.text_fingerprint
            for row in removed:
                assert parsed.text[row.start : row.end] == row.text


def test_an_article_is_the_same_wherever_its_file_lies(samples: Path, tmp_path: Path) -> None:
    file = samples / "text" / "tram-strike.txt"
    copy = tmp_path / "deep" / "down" / file.name
    copy.parent.mkdir(parents=True)
    copy.write_bytes(file.read_bytes())
    (here,), (there,) = outcomes(file), outcomes(copy)
    assert isinstance(here, Described)
    assert isinstance(there, Described)
    assert replace(there.article, source_uri=here.article.source_uri) == here.article
    assert there.article.source_uri == str(copy)


SHORT_BLOCKS_GO = """
base = 0
[limits]
max_share = 0.25
paragraph = 0
long_paragraph = 0
standfirst = 0
list_item = 0
[[tree]]
features = ["words"]
thresholds = [9.5]
leaves = [-100, 100]
"""


def test_the_block_model_can_be_turned_off_and_its_cuts_are_on_record(tmp_path: Path) -> None:
    paragraph = "<p>The ferry between the two islands was held in port for the third day, the harbour master said.</p>"
    file = tmp_path / "page.html"
    file.write_text(f"<article><h1>Ferry</h1>{paragraph}<p>Nobody knew why.</p></article>", encoding="utf-8")
    (record,) = read_all(str(file), RULES)
    assert not isinstance(record, Reject)
    settings = default_settings()
    without = Rules.load(replace(settings, clean=replace(settings.clean, block_model=False)))
    assert without.model is None
    kept = run_record(record, without)
    assert isinstance(kept, Described)
    assert kept.article.body.endswith("Nobody knew why.")
    cut = run_record(record, replace(without, model=BlockModel.load(SHORT_BLOCKS_GO, "[words]")))
    assert isinstance(cut, Described)
    assert [row.text for row in cut.removed if row.rule_id == "page.model.shape"] == ["Nobody knew why."]
    assert cut.article.body.endswith("the harbour master said.")


def test_what_the_filter_does_not_keep_is_a_reject(samples: Path) -> None:
    path = samples / "text" / "ferry-timetable.txt"
    for expression, kept in (
        ('language == "en" and word_count > 20', True),
        ("word_count > 1 and word_count < 20", False),
    ):
        rules = Rules.load(load_settings(environment={}, flags=[Flag("--filter", "filter.expression", expression)]))
        (outcome,) = (
            run_record(record, rules) for record in read_all(str(path), rules) if not isinstance(record, Reject)
        )
        if kept:
            assert isinstance(outcome, Described)
        else:
            assert isinstance(outcome, Reject)
            assert (outcome.stage, outcome.code) == (Stage.DESCRIBE, RejectCode.FILTERED)
            assert outcome.message.startswith("'word_count < 20' does not hold: word_count is ")
            assert not outcome.retryable
