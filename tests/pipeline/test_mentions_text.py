from __future__ import annotations

import io

from rich.console import Console

from pipeline.mentions_text import mention_lines, print_mentions, print_why
from schemas.entities import AliasKind, EntityType, Mention, MentionMethod, Mentions, Quote


def mention(seq: int, surface: str, entity: str | None, kind: EntityType, value: str | None = None) -> Mention:
    method = MentionMethod.DATE if value else MentionMethod.ALIAS
    alias = AliasKind.DEMONYM if kind is EntityType.GROUP else AliasKind.NAME
    name = "Norland" if entity else None
    return Mention(
        "a", seq, seq, seq + 1, surface, entity, kind, name, None, None, method, alias, 0.9, value, None, "en", None
    )


FOUND = Mentions(
    (
        mention(0, "Norlanders", "Q1", EntityType.GROUP),
        mention(1, "Lind\x1b[31m", None, EntityType.PERSON),
        mention(2, "Norland", "Q1", EntityType.PLACE),
        mention(3, "May", None, EntityType.DATE, "2024-05"),
        mention(4, "Norland", "Q1", EntityType.PLACE),
    ),
    (Quote("a", 0, 0, 4, "We will come back", None, "she", "en", None),),
)


def test_one_line_an_entity_and_the_rest_behind() -> None:
    assert list(mention_lines(FOUND)) == [
        ("place", "Norland", "Q1  3 × Norland, Norlanders"),
        ("person", "Lind\\x1b[31m", "unlinked"),
        ("date", "May", "2024-05"),
        ("quote", "We will come back", "she [unlinked]"),
    ]


def test_why_says_method_kind_and_confidence() -> None:
    stream = io.StringIO()
    print_why(FOUND.mentions, Console(file=stream, width=40))
    assert "Norlanders  group Norland [Q1]  (alias, demonym, confidence 0.90)" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_nothing_found_prints_nothing() -> None:
    stream = io.StringIO()
    print_mentions(Mentions(), Console(file=stream))
    print_why((), Console(file=stream))
    assert stream.getvalue() == ""
