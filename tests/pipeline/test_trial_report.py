"""The report on trying rule files, its layout, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.rule_check import RuleFailure
from pipeline.rule_trial import ArticleChange, Change, Trial
from pipeline.summary import Summary
from pipeline.trial_report import Report, sum_up
from pipeline.trial_report_text import trial_json, trial_text
from schemas.rules import Where
from transforms.cleaning.boilerplate import RuleIndex
from transforms.cleaning.clean_rules import clean_rules

NONE = clean_rules(())
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


def report(*changes: ArticleChange | None, ids: tuple[str, ...] = ("a.b",), **trial: object) -> Report:
    known: dict[str, object] = {"removed_ids": (), "failures": (), **trial}
    return sum_up(changes, Trial(NONE, NONE, RuleIndex(()), ids, **known), examples=2)  # type: ignore[arg-type]


def change(text: str = "x y", rule_id: str = "a.b", where: Where = Where.TAIL) -> Change:
    return Change(rule_id, text, len(text.split()), where, "Before.", "" if where is Where.TAIL else "After.")


def test_counts_by_rule() -> None:
    found = report(
        ArticleChange("1", 100, (change(), change("z")), hits=(("a.b", 3),)),
        ArticleChange("2", 100, (change("c d e", "other.rule"),), (change("f"),)),
        ArticleChange("3", 100),
        None,
    )
    assert (found.articles, found.skipped, found.changed) == (3, 1, 2)
    assert (found.lines_taken, found.words_taken, found.lines_left) == (3, 6, 1)
    first, other = found.effects
    assert (first.rule_id, first.is_tried, first.hits, first.articles, first.lines) == ("a.b", True, 3, 1, 2)
    assert (first.words, first.left, first.share, first.share_article) == (3, 1, 0.03, "1")
    assert (other.rule_id, other.is_tried) == ("other.rule", False)
    assert found.warnings == ()


def test_examples_are_few_and_in_the_order_of_the_articles() -> None:
    found = report(*(ArticleChange(str(number), 100, (change(),)) for number in range(5)))
    assert [each.article for each in found.effects[0].examples] == ["0", "1"]


def test_warnings_name_what_to_look_at() -> None:
    found = report(
        ArticleChange("1", 60, (change("w " * 9, where=Where.BODY),), hits=(("a.b", 1),)),
        ArticleChange("2", 20, is_lost=True),
        ids=("a.b", "a.never"),
    )
    assert found.warnings == (
        "nothing is left of 1 article; the first is 2",
        "a.b takes 15% of the words of 1",
        "a.b takes 1 line between kept lines; look at each of them",
        "1 rule of the files never hit here: a.never",
    )
    assert report(ids=()).warnings == ("the files change no rule",)


def test_a_short_article_is_not_warned_of() -> None:
    assert report(ArticleChange("1", 10, (change(),), hits=(("a.b", 1),))).warnings == ()


def test_the_layout() -> None:
    found = report(
        ArticleChange(
            "1.txt", 100, (change(where=Where.BODY),), (change("gone\x1b"),), (("a.b", 1),), (("c.d", "a.b"),)
        ),
        failures=(RuleFailure("a.b", "f.toml", "line", "the example is not matched by its rule"),),
    )
    assert trial_text(found).splitlines() == [
        "1 of 1 article changed",
        "1 line (2 words) more taken, 1 line no longer",
        "",
        "a.b: 1 line (2 words) more in 1 article, 1 of them between kept lines; 1 line no longer",
        "  - “x y”  [middle, 1.txt]",
        "      after   Before.",
        "      before  After.",
        "  + “gone\\x1b”  [tail, 1.txt]",
        "      after   Before.",
        "",
        "1 line that c.d took, a.b takes now",
        "",
        "warning: a.b takes 1 line between kept lines; look at each of them",
        "",
        "f.toml: rule a.b: the example is not matched by its rule: 'line'",
        "1 example wrong",
    ]


def test_json_has_names_and_codes() -> None:
    found = json.loads(trial_json(report(ArticleChange("1", 100, (change(),)))))
    assert found["effects"][0]["examples"][0]["change"]["where"] == "tail"
    assert found["effects"][0]["rule_id"] == "a.b"


@pytest.fixture
def rule_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "own.toml"
    file.write_text(LANTERN, encoding="utf-8")
    return str(file)


def test_the_command_tries_inputs(rule_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(f"{FIRST}\nNine lanterns of Elswick\n{SECOND}\n", encoding="utf-8")
    assert main(["rules", "try", rule_file, "--on", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("2 of 2 articles changed\n2 lines (8 words) more taken, 0 lines no longer\n")
    assert f"[middle, {folder}/a.txt]" in printed
    assert main(["rules", "try", rule_file, "--on", str(folder), "--limit", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["articles"] == 1


def test_the_command_tries_a_lake(
    rule_file: str, sample_run: tuple[Path, Summary], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "try", rule_file, "--on", str(sample_run[0])]) == 0
    assert "1 rule of the files never hit here: other.lanterns" in capsys.readouterr().out


def test_wrong_examples_end_with_1(rule_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path(rule_file).write_text(LANTERN.replace('["Nine lanterns of Elswick"]', '["Ten"]'), encoding="utf-8")
    (tmp_path / "a.txt").write_text(FIRST, encoding="utf-8")
    assert main(["rules", "try", rule_file, "--on", str(tmp_path / "a.txt")]) == 1
    assert capsys.readouterr().out.endswith("1 example wrong\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["try"], "rules try needs a rule file"),
        (["try", "own.toml"], "rules try needs --on PATH"),
        (["try", "own.toml", "--on", "nowhere"], "does not exist"),
        (["try", "none.toml", "--on", "own.toml"], "none.toml: no such file"),
        (["try", "own.toml", "--on", "own.toml", "--limit", "0"], "--limit: '0'; allowed is a whole number from 1"),
        (["list", "own.toml"], "rules list takes no further argument 'own.toml'"),
    ],
)
def test_bad_usage_ends_with_2(
    rule_file: str, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", *arguments]) == 2
    assert message in capsys.readouterr().err
