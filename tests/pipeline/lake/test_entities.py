from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from pipeline.lake.entity_counts import ALIASES_KEPT, count_entities
from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.manifest import live_files, read_manifests
from pipeline.lake.merge import merge_partition, merged_batches
from pipeline.lake.rows import RunStamp
from pipeline.lake.staging import Fragment, Stager
from pipeline.lake.verify import verify
from schemas.entities import AliasKind, EntityType, Mention, MentionMethod, Mentions
from schemas.tables import ENTITIES

RUN = "00ff00ff00ff00ff"


def mention(
    article: str,
    seq: int,
    entity: str | None,
    surface: str,
    *,
    kind: AliasKind = AliasKind.NAME,
    entity_type: EntityType = EntityType.PERSON,
    name: str = "",
    day: int = 1,
    language: str = "en",
    iso: str | None = None,
) -> Mention:
    return Mention(
        article,
        seq,
        seq * 50,
        seq * 50 + len(surface),
        surface,
        entity,
        entity_type,
        (name or surface) if entity else None,
        None,
        iso,
        MentionMethod.ALIAS,
        kind,
        0.5,
        None,
        datetime(2024, 1, day, tzinfo=timezone.utc),
        language,
        "2024-01",
    )


def counted(root: Path, articles: list[Mentions], **limits: int) -> dict[str, dict[str, Any]]:
    """The rows of `entities` by id, for articles staged and merged as a run does."""
    fs, paths = LocalFileSystem(), LakePaths(str(root))
    (root / "_staging" / "x").mkdir(parents=True)
    stager = Stager(fs, paths, "_staging/x", RunStamp(RUN, "1"))
    fragments: list[Fragment] = [fragment for article in articles for fragment in stager.add(article)]
    fragments += stager.flush()
    folders = sorted({each.directory for each in fragments if each.directory.startswith("mentions")})
    files = [
        file.staged
        for folder in folders
        for file in merge_partition(
            fs, paths, "_staging/x", folder, [each for each in fragments if each.directory == folder], RUN, "1"
        )
    ]
    found = count_entities(fs, paths, "_staging/x", files, RUN, **limits)
    rows = [row for batch, _ in merged_batches(fs, paths, ENTITIES, found) for row in batch.to_pylist()]
    assert [row["entity_id"] for row in rows] == sorted(row["entity_id"] for row in rows)
    return {row["entity_id"]: row for row in rows}


def test_an_entity_has_its_counts_spellings_and_days(tmp_path: Path) -> None:
    rows = counted(
        tmp_path,
        [
            Mentions((mention("a1", 0, "Q1", "Mara Lind", day=5), mention("a1", 1, "Q1", "Lind", day=5))),
            Mentions((mention("a2", 0, "Q1", "Lind", day=3), mention("a2", 1, None, "Oakhurst", day=3))),
            Mentions((mention("a3", 0, "Q1", "Линд", day=9, language="ru"),)),
        ],
    )
    assert list(rows) == ["Q1"]
    row = rows["Q1"]
    assert (row["articles"], row["mentions"]) == (3, 4)
    assert [tuple(alias.values()) for alias in row["aliases"]] == [
        ("Lind", "en", 2),
        ("Mara Lind", "en", 1),
        ("Линд", "ru", 1),
    ]
    assert [f"{row[name]}" for name in ("first_seen", "last_seen", "run_id")] == ["2024-01-03", "2024-01-09", RUN]


def test_the_commonest_name_and_the_entitys_own_type_win(tmp_path: Path) -> None:
    demonym = {"kind": AliasKind.DEMONYM, "entity_type": EntityType.GROUP}
    rows = counted(
        tmp_path,
        [
            Mentions(
                (
                    mention("a1", 0, "local:lind", "Lind", name="Mara Lind"),
                    mention("a1", 1, "local:lind", "Lind", name="Mara LIND"),
                    mention("a1", 2, "local:lind", "Lind", name="Mara Lind"),
                    mention("a1", 3, "Q2", "Norlanders", name="Norland", **demonym),
                    mention("a1", 4, "Q2", "Norlanders", name="Norland", **demonym),
                    mention("a1", 5, "Q2", "Norland", entity_type=EntityType.PLACE),
                    mention("a1", 6, "Q3", "Sudlanders", name="Sudland", iso="SU", **demonym),
                )
            )
        ],
    )
    assert rows["local:lind"]["canonical_name"] == "Mara Lind"
    assert rows["Q2"]["entity_type"] == "place"
    assert rows["Q3"]["entity_type"] == "place"


def test_spellings_are_capped_at_the_commonest(tmp_path: Path) -> None:
    names = [mention("a1", seq, "Q1", f"Lind {seq % (ALIASES_KEPT + 5):02d}") for seq in range(ALIASES_KEPT + 6)]
    aliases = counted(tmp_path, [Mentions(tuple(names))])["Q1"]["aliases"]
    assert len(aliases) == ALIASES_KEPT
    assert aliases[0] == {"text": "Lind 00", "language": "en", "count": 2}


def test_what_outgrows_memory_is_counted_in_parts_to_the_same_end(tmp_path: Path) -> None:
    articles = [
        Mentions(tuple(mention(f"a{number:03d}", seq, f"Q{(number * seq) % 61}", f"N{seq % 7}") for seq in range(40)))
        for number in range(60)
    ]
    whole = counted(tmp_path / "whole", articles)
    assert counted(tmp_path / "parts", articles, held_rows=10) == whole
    assert sum(row["mentions"] for row in whole.values()) == 60 * 40


def test_an_article_is_counted_once_where_a_read_cuts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [Mentions(tuple(mention(f"a{number}", seq, "Q1", "Lind") for seq in range(9))) for number in range(7)]
    for rows in (1, 2, 5, 9, 10):
        monkeypatch.setattr("pipeline.lake.entity_counts._READ_ROWS", rows)
        assert counted(tmp_path / str(rows), articles)["Q1"]["articles"] == 7


def entity_rows(root: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ds.dataset(root / "entities", format="parquet").to_table().to_pylist()
    return rows


def stated(root: Path) -> Counter[str]:
    """Mentions by entity as `entities` states them, over all runs."""
    counts: Counter[str] = Counter()
    for row in entity_rows(root):
        counts[row["entity_id"]] += row["mentions"]
    return counts


def found(root: Path) -> Counter[str]:
    """Mentions by entity, counted in `mentions`."""
    names = ds.dataset(root / "mentions", partitioning="hive").to_table(columns=["entity_id"]).column(0).to_pylist()
    return Counter(name for name in names if name is not None)


def test_replacing_some_rows_counts_what_stays_anew(kit: Any, tmp_path: Path) -> None:
    inputs = kit.inputs(20)
    root = tmp_path / "lake"
    kit.write_run(root, inputs[:12])
    kit.write_run(root, inputs[12:])
    before = stated(root)
    assert before == found(root)
    for again in (inputs[:3], inputs[2:15], inputs[5:6], inputs):
        kit.write_run(root, again, force=True)
        assert stated(root) == found(root) == before
        assert verify(str(root)) == ()
    fs, paths = LocalFileSystem(), LakePaths(str(root))
    assert len({row["run_id"] for row in entity_rows(root)}) == 1
    assert len(live_files(read_manifests(fs, paths), "entities")) == 1


def test_a_new_id_of_a_known_person_names_the_earlier_one(kit: Any, tmp_path: Path) -> None:
    """The spelling that a later run meets first stays what it is, and its row says who it is."""
    root = tmp_path / "lake"
    earlier, later = (
        written(kit, number, name) for number, name in enumerate(("Qassem Soleimani", "Kassem Suleimani"))
    )
    kit.write_run(root, [earlier])
    kit.write_run(root, [later])
    same = {row["canonical_name"]: row["same_as"] for row in entity_rows(root)}
    assert same == {"Qassem Soleimani": None, "Kassem Suleimani": "local:qassem-soleimani"}
    assert verify(str(root)) == ()
    kit.write_run(root, [later], force=True)
    assert {row["canonical_name"]: row["same_as"] for row in entity_rows(root)} == same


def written(kit: Any, number: int, name: str) -> Any:
    """An input whose article names one person."""
    item = kit.input(number + 2)
    article, removed = kit.article(item.file.uri, body=f"{name} came to the harbour.")
    row = mention(article.article_id, 0, f"local:{name.lower().replace(' ', '-')}", name)._replace(
        start=0,
        end=len(name),
        published_at=article.published_at,
        language=article.language,
        published_month=article.published_month,
    )
    return kit.Input(item.file, (article, *removed, Mentions((row,))), 1)
