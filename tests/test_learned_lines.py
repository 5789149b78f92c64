"""What a site repeats, through the whole path: learned, applied, kept, shown, corrected; and the same however it is run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from benchmarks.generator import make_story
from pipeline.cli import main
from pipeline.lake.read import dataset
from pipeline.lake.verify import verify
from pipeline.run import ingest
from pipeline.settings import Flag, load_settings
from pipeline.summary import Summary
from tests.conftest import quiet

FOOT = "The Courier stays open to everyone thanks to 4,000 households around the bay."
NOTE = "This account of the storm night was put together from calls to eleven households."


def run(inputs: Path | list[Path], lake: Path, *flags: Flag, force: bool = False) -> Summary:
    settings = load_settings(environment={}, flags=flags)
    given = [str(each) for each in (inputs if isinstance(inputs, list) else [inputs])]
    return ingest(given, str(lake), settings, force=force, dry_run=False, progress=quiet())


def write(folder: Path, numbers: range, *, foot: str = FOOT, host: str | None = "courier.example") -> Path:
    """Articles of one outlet, every other one with `foot`; `host` is stated, or the folder is all that is known."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        story = make_story(number, seed=8, language="en", characters=1200)
        lines = [story.headline, *story.paragraphs, *([foot] if number % 2 else [])]
        if host:
            record = {"url": f"https://{host}/{number}", "headline": story.headline, "text": "\n\n".join(lines[1:])}
            (folder / f"{number}.json").write_text(json.dumps(record))
        else:
            (folder / f"{number}.txt").write_text("\n\n".join(lines) + "\n")
    return folder


def contents(lake: Path) -> dict[str, str]:
    return {
        path.relative_to(lake).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(lake.rglob("*"))
        if path.is_file() and "_ledger" not in path.parts  # says where the inputs lay
    }


def feet(lake: Path, foot: str = FOOT) -> int:
    bodies = dataset(str(lake), "articles").to_table(columns=["body"]).column("body").to_pylist()
    return sum(foot in body for body in bodies)


def learned_rows(lake: Path) -> list[tuple[str, str]]:
    rows = dataset(str(lake), "removed").to_table(columns=["scope", "category", "rule_id", "text"]).to_pylist()
    assert all(row["category"] == "site_template" for row in rows if row["scope"] == "learned")
    return [(row["rule_id"], row["text"]) for row in rows if row["scope"] == "learned"]


def lines_of(lake: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["rules", "learned", str(lake), "--json"]) == 0
    lines: list[dict[str, object]] = json.loads(capsys.readouterr().out)["lines"]
    return lines


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("in"), range(10))


@pytest.fixture(scope="module")
def lake(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with ten articles of one host. Tests must not change it."""
    root = tmp_path_factory.mktemp("learned") / "lake"
    run(articles, root)
    return root


def test_a_line_of_the_site_goes_and_is_on_record(lake: Path) -> None:
    assert feet(lake) == 0
    rows = learned_rows(lake)
    assert [text for _, text in rows] == [FOOT] * 5
    assert {rule_id.partition(".")[0] for rule_id, _ in rows} == {"learned"}
    assert verify(str(lake)) == ()


def test_neither_workers_nor_the_order_of_input_matter(lake: Path, articles: Path, tmp_path: Path) -> None:
    files = sorted(articles.iterdir(), reverse=True)
    run(files, tmp_path / "lake", Flag("--workers", "run.workers", "2"))
    assert contents(tmp_path / "lake") == contents(lake)


def test_again_writes_nothing(lake: Path, articles: Path) -> None:
    before = contents(lake)
    assert run(articles, lake).nothing_new
    assert contents(lake) == before


def test_it_is_shown(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = lines_of(lake, capsys)
    assert (line["site"], line["text"], line["stories"], line["sampled"]) == ("courier.example", FOOT, 5, 10)
    assert line["first_run"] == line["last_run"] == next((lake / "_runs").glob("*.json")).stem
    assert line["verdict"] is None
    assert main(["rules", "learned", str(lake)]) == 0
    assert capsys.readouterr().out == f"courier.example\n  {line['id']}  5 of 10 stories   {line['place']}   {FOOT}\n"


def test_without_learning_it_stays(articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "lake"
    assert main(["ingest", str(articles), "--lake", str(target), "--no-learn", "--quiet"]) == 0
    assert feet(target) == 5
    assert not (target / "_learned").exists()
    assert lines_of(target, capsys) == []
    assert main(["rules", "learned", str(target)]) == 0
    assert "nothing learned so far" in capsys.readouterr().out


def test_versions_of_one_article_never_teach(tmp_path: Path) -> None:
    """Ten versions of one article, each with another change, and three other articles of the site."""
    folder = write(tmp_path / "in", range(20, 23), foot="")
    story = make_story(30, seed=8, language="en")
    for number in range(10):
        paragraphs = [*story.paragraphs, f"It was changed at {number} o'clock."]
        record = {"url": f"https://courier.example/v{number}", "text": "\n\n".join([*paragraphs, NOTE])}
        (folder / f"v{number}.json").write_text(json.dumps(record))
    run(folder, tmp_path / "lake")
    assert learned_rows(tmp_path / "lake") == []
    assert feet(tmp_path / "lake", NOTE) == 10


def test_a_folder_is_a_site_where_no_host_is_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    write(folder / "north", range(8), host=None)
    write(folder / "south", range(8, 11), host=None)
    run(folder, tmp_path / "lake")
    assert feet(tmp_path / "lake") == 1, "one article of the south has it, which is no habit"
    assert [line["site"] for line in lines_of(tmp_path / "lake", capsys)] == ["north/"]


def test_later_runs_know_and_add(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "lake"
    first = run(write(tmp_path / "a", range(1, 4)), target)
    assert feet(target) == 2, "two stories are too few"
    run(write(tmp_path / "b", range(4, 7)), target)
    assert feet(target) == 2, "the third story teaches the line, and its own run applies it"
    (line,) = lines_of(target, capsys)
    assert (line["stories"], line["sampled"], line["first_run"]) == (3, 6, first.run_id)
    run(write(tmp_path / "c", range(7, 8)), target)
    assert feet(target) == 2
    assert verify(str(target)) == ()
    assert run(tmp_path / "a", target, force=True).articles == 3
    assert feet(target) == 0, "--force applies what was learned since"
    assert verify(str(target)) == ()


def test_forgotten_lines_stay_and_pinned_ones_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "lake"
    run(write(tmp_path / "a", range(6)), target)
    (line,) = lines_of(target, capsys)
    assert main(["rules", "forget", str(target), f"learned.{line['id']}"]) == 0
    run(write(tmp_path / "b", range(6, 10)), target)
    assert feet(target) == 2
    assert [each["verdict"] for each in lines_of(target, capsys)] == ["forgotten"]
    assert main(["rules", "pin", str(target), str(line["id"])[:6]]) == 0
    # Fifty articles without the line: counted, it would no longer be the site's.
    run(write(tmp_path / "c", range(100, 140), foot=""), target)
    run(write(tmp_path / "d", range(11, 12)), target)
    assert feet(target) == 2
    (line,) = lines_of(target, capsys)
    assert (line["verdict"], line["text"]) == ("pinned", FOOT)
    assert verify(str(target)) == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["learned"], "rules learned takes a lake's folder. See"),
        (["learned", "LAKE", "x"], "rules learned takes a lake's folder. See"),
        (["pin", "LAKE"], "rules pin takes a lake's folder and the ids of lines. See"),
        (["forget", "LAKE", "zz"], "LAKE: no learned line of id 'zz'; see `copydesk rules learned LAKE`"),
        (["forget", "LAKE", ""], "LAKE: no learned line of id ''; see"),
        (["learned", "nowhere"], "nowhere: there is no lake, or no run has been committed to it"),
        (["pin", "nowhere", "x"], "nowhere: there is no lake"),
        (["list", "x"], "rules list takes no further argument 'x'. See `copydesk rules --help`."),
    ],
)
def test_mistakes_are_told_in_one_line(
    lake: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    given = [argument.replace("LAKE", str(lake)) for argument in arguments]
    assert main(["rules", *given]) == 2
    assert capsys.readouterr().err.startswith("copydesk: error: " + message.replace("LAKE", str(lake)))
    assert not Path("nowhere").exists()
