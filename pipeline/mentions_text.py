"""Lays out what an article names, for `copydesk inspect`.

Before: its mentions. After: one line an entity, the commonest first, then names without one, dates and quotes:
    person        Mara Lind  local:mara-lind       3 × Mara Lind, Lind
With --why one line a mention: place, text, what it is, how it was found and how sure that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from pipeline.visible import one_line
from schemas.entities import AliasKind, Mention, Mentions

_TYPE_WIDTH = len("organization")
_SPELLINGS_SHOWN = 6
_QUOTE_SHOWN = 160


def print_mentions(found: Mentions, console: Console) -> None:
    """Prints entities with their spellings, names that nobody is known to bear, dates with their values, and quotes."""
    if not found.mentions:
        return
    console.print()
    for kind, text, remark in mention_lines(found):
        line = Text(f"{kind:<{_TYPE_WIDTH}}  ", style="bold")
        line.append(text)
        line.append(f"  {remark}", style="dim")
        console.print(line, soft_wrap=True)


def mention_lines(found: Mentions) -> Iterator[tuple[str, str, str]]:
    """(what it is, what it is called, id or value and how often it was written how), a line each."""
    by_entity: dict[str, list[Mention]] = {}
    for mention in found.mentions:
        by_entity.setdefault(mention.entity_id or f"\0{mention.entity_type}\0{mention.surface}", []).append(mention)
    linked = [mentions for key, mentions in by_entity.items() if not key.startswith("\0")]
    others = [mentions for key, mentions in by_entity.items() if key.startswith("\0")]
    for mentions in sorted(linked, key=lambda each: (-len(each), each[0].seq)):
        # "Norwegians" are a group; the entity is the country.
        first = next((each for each in mentions if each.kind is not AliasKind.DEMONYM), mentions[0])
        yield (
            first.entity_type.value,
            one_line(first.canonical_name or ""),
            f"{first.entity_id}  {_spellings(mentions)}",
        )
    for mentions in others:
        first = mentions[0]
        times = f" × {len(mentions)}" if len(mentions) > 1 else ""
        yield first.entity_type.value, one_line(first.surface), f"{first.value or 'unlinked'}{times}"
    for quote in found.quotes:
        speaker = quote.speaker_entity_id or "unlinked"
        yield "quote", f"{one_line(quote.quote, _QUOTE_SHOWN)}", f"{one_line(quote.speaker_surface)} [{speaker}]"


def print_why(mentions: Sequence[Mention], console: Console) -> None:
    """Prints each mention with its place, method, kind and confidence."""
    if not mentions:
        return
    console.print()
    console.print(Text("mentions", style="bold"))
    for each in mentions:
        line = Text(f"{each.start:>7}  ", style="dim")
        line.append(one_line(each.surface))
        meant = each.value if each.entity_id is None else f"{each.canonical_name} [{each.entity_id}]"
        line.append(f"  {each.entity_type} {one_line(meant or 'unlinked')}")
        line.append(f"  ({each.method}, {each.kind}, confidence {each.confidence:.2f})", style="dim")
        console.print(line, soft_wrap=True)


def _spellings(mentions: Sequence[Mention]) -> str:
    counts: dict[str, int] = {}
    for mention in mentions:
        counts[mention.surface] = counts.get(mention.surface, 0) + 1
    common = sorted(counts, key=lambda surface: -counts[surface])
    more = f" and {len(common) - _SPELLINGS_SHOWN} more" if len(common) > _SPELLINGS_SHOWN else ""
    return f"{len(mentions)} × {', '.join(one_line(each) for each in common[:_SPELLINGS_SHOWN])}{more}"
