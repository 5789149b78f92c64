from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from benchmarks import growth
from benchmarks.generator import SHORT_BODY_CHARACTERS, SHORT_PAGE_BYTES, make_story, write_archives
from benchmarks.lake_digest import lake_digest
from benchmarks.peers.compare import PEERS, PeerError, Round, copies, environment, inputs
from benchmarks.peers.comparison import part, results_of
from benchmarks.plots.bars import Bar, bars
from benchmarks.report_parts import replace_part
from pipeline.chain import Rules, read_all, run_record
from pipeline.settings import default_settings
from schemas.records import RawDocument, Reject

HERE = Path(__file__).parent.parent.parent / "benchmarks"


def test_a_part_is_replaced_and_the_others_stay() -> None:
    text = "# Report\n\n## A\n\nold\n\n### finer\n\nold too\n\n## B\n\nstays\n"
    once = replace_part(text, "A", "new")
    assert once == "# Report\n\n## A\n\nnew\n\n## B\n\nstays\n"
    assert replace_part(once, "A", "new") == once
    last = replace_part(once, "B", "newer\n")
    assert last == "# Report\n\n## A\n\nnew\n\n## B\n\nnewer\n"
    assert replace_part(once, "C", r"a \1 new one") == once + "\n## C\n\na \\1 new one\n"


def test_bars_are_svg_and_to_scale() -> None:
    given = (Bar("ours & theirs", 50, "ms", ours=True), Bar("theirs", 200), Bar("none", 0))
    drawn = bars("title <1>", given)
    assert drawn == bars("title <1>", given)
    tree = ElementTree.fromstring(drawn)
    widths = [float(each.get("width", "0")) for each in tree.iterfind("{*}rect")][1:]
    assert widths[1] == pytest.approx(4 * widths[0], abs=0.2)
    assert widths[2] == 0
    texts = [each.text for each in tree.iterfind("{*}text")]
    assert {"ours & theirs", "50.0 ms", "200"} <= set(texts)
    with pytest.raises(ValueError, match="none below 0"):
        bars("t", [Bar("b", -1)])


def test_start_up_is_taken_off_and_losses_are_counted() -> None:
    ours, theirs = Round(12.0, 11.0, 300.0, 95, 6), Round(41.0, 31.0, 700.0, 80, 0)
    starts = {"copydesk": [Round(2, 1, 9, 1, 0)], "datatrove": [Round(1, 1, 9, 1, 0)]}
    titles = {"copydesk": "copydesk, all tables", "datatrove": "datatrove"}
    runs = {"copydesk": [ours], "datatrove": [theirs]}
    results = results_of("pages", 101, 1, 40_000, "2 cores", titles, starts, runs)
    title, text, plot = part(results, "plots/peers.svg")
    assert title == "Beside other tools"
    assert "| copydesk, all tables | 100.0 | 10.0 |  | 1.0 | 300 | 95 | 6 | 0 |" in text
    assert "| datatrove | 300.0 | 2.5 | 3.00× | 1.0 | 700 | 80 | 0 | 21 |" in text
    assert "datatrove" in plot


def test_growth_is_told_as_ratios() -> None:
    run = {"pages": 100, "workers": 1, "input_mib": 1.0, "seconds": 10.0, "cpu_seconds": 9.0, "peak_mib": 300}
    run |= {"articles": 100, "rejects": 0}
    large = {**run, "pages": 1000, "seconds": 95.0, "cpu_seconds": 90.0, "peak_mib": 330}
    two = {**large, "workers": 2, "seconds": 50.0}
    results = {"page_bytes": 10_000, "machine": "2 cores", "same_tables": True, "runs": [run, large, two]}
    text, plot = growth.part(results, "plots/growth.svg")
    assert (
        "1,000 pages take 9.5 times the time of 100 (10.0 times the processor time) and 1.10 times the memory" in text
    )
    assert "Two workers are 1.90 times as fast as one and give the same tables, byte for byte" in text
    assert "OTHER TABLES" in growth.part({**results, "same_tables": False}, "")[0]
    assert "330 MiB" in plot


def test_lakes_of_the_same_content_have_the_same_digest(tmp_path: Path) -> None:
    for lake, seen, row in (("a", "1", "row"), ("b", "2", "row"), ("c", "1", "other")):
        for name, content in (("_ledger/seen", seen), ("articles/part-0.parquet", row)):
            path = tmp_path / lake / name
            path.parent.mkdir(parents=True)
            path.write_text(content)
    digests = [lake_digest(tmp_path / lake) for lake in "abc"]
    assert digests[0] == digests[1] != digests[2]


def test_archives_hold_short_pages_that_the_pipeline_reads(tmp_path: Path) -> None:
    few = write_archives(tmp_path / "few", 3, weight=SHORT_PAGE_BYTES, pages_a_file=2)
    assert [path.name for path in few] == ["pages-00000.warc.gz", "pages-00001.warc.gz"]
    assert few[0].read_bytes() == write_archives(tmp_path / "one", 2, weight=SHORT_PAGE_BYTES)[0].read_bytes()
    rules = Rules.load(default_settings())
    records = [each for path in few for each in read_all(str(path), rules)]
    documents = [each for each in records if isinstance(each, RawDocument)]
    assert len(documents) == 3
    story = make_story(0, characters=SHORT_BODY_CHARACTERS)
    outcome = run_record(documents[0], rules)
    assert not isinstance(outcome, Reject)
    assert outcome.article.headline == story.headline
    assert outcome.article.url == story.url


def test_pages_and_texts_are_not_mixed(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(b"")
    (tmp_path / "other.json").write_bytes(b"")
    assert [path.name for path in inputs([str(tmp_path)])] == ["a.html.gz"]
    assert copies(inputs([str(tmp_path)]), tmp_path / "copies", 3) == 3
    assert len(list((tmp_path / "copies").rglob("*.gz"))) == 3
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(PeerError, match="not both"):
        inputs([str(tmp_path)])


def test_every_peer_has_its_script_and_its_pins() -> None:
    for peer in PEERS:
        assert not peer.script or (HERE / "peers" / peer.script).exists()
        pins = HERE / "peers" / "requirements" / f"{peer.requirements}.txt"
        assert not peer.requirements or all("==" in line for line in pins.read_text().split("\n") if line.strip())
        assert peer.requirements or environment(peer, HERE)
