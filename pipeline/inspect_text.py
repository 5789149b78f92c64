"""Lays out one inspected record for a person. Before: `Article`, its removals, its parsed page. After: headline, the
metadata with source and confidence, the text with each removal in its place; in colour on a terminal, readable without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.marked_text import MarkedLine, Piece, marked_lines
from pipeline.summary import size_text, tallies
from pipeline.visible import one_line, visible
from schemas.codes import Action, Field, ZoneSource
from schemas.records import Article, Candidate, ParsedDocument, RawDocument, Reject, Removed
from transforms.metadata.headline import SUPPLIED, choose_headline

REMOVAL_SHOWN = 300
"""Characters of one removal that are shown; JSON has all."""

_START_SHOWN = 300
_NAME_WIDTH = len("alternative")
_REMOVED_STYLE = "dim red strike"
_MOVED_STYLE = "cyan"
_RULE_STYLE = "dim"


class Fact(NamedTuple):
    """One metadata value and where it comes from."""

    name: str
    value: str
    source: str = ""


def print_article(article: Article, removed: Sequence[Removed], parsed: ParsedDocument, console: Console) -> None:
    """Prints an article: what it is, its facts, its text with the removals, and how much was taken out."""
    console.print(Text(one_line(article.source_uri, 2000), style="dim"), soft_wrap=True)
    console.print(
        Text(one_line(article.headline) if article.headline else "(no headline)", style="bold"), soft_wrap=True
    )
    for each in removed:
        if each.field is Field.HEADLINE:
            _print_line(MarkedLine((Piece(each.text, each),), whole=True), console)
    console.print()
    for fact in facts_of(article, parsed):
        value = Text(one_line(fact.value, 600))
        if fact.source:
            value.append(f"  ({one_line(fact.source, 200)})", style="dim")
        print_row(Text(f"{fact.name:<{_NAME_WIDTH}}  ", style="bold"), value, console)
    console.print()
    for line in marked_lines(article.body, removed, parsed.text):
        _print_line(line, console)
    console.print()
    console.print(Text(_balance(article, removed), style="dim"), soft_wrap=True)


def print_reject(reject: Reject, console: Console) -> None:
    """Prints a reject: where, why, what to do, and how its bytes begin."""
    console.print(Text(one_line(reject.source_uri, 2000), style="dim"), soft_wrap=True)
    console.print(Text(f"rejected at {reject.stage}: {reject.code}", style="bold red"), soft_wrap=True)
    console.print(Text(visible(reject.message)), soft_wrap=True)
    size = size_text(reject.raw_size)
    start = one_line(reject.raw[:_START_SHOWN].decode("utf-8", "backslashreplace"), _START_SHOWN)
    beginning = f", beginning: {start}" if start else ""
    console.print(Text(f"{size} at byte {reject.byte_offset:,}{beginning}", style="dim"), soft_wrap=True)


def facts_of(article: Article, parsed: ParsedDocument) -> Iterator[Fact]:
    """The article's metadata that are known, each with the place that stated it and the confidence where it has one."""
    page = parsed.metadata
    optional: tuple[tuple[str, str | None, str], ...] = (
        ("alternative", article.alternative_headline, _stated(article.alternative_headline, page.alternative_headline)),
        ("standfirst", article.standfirst, ""),
        ("description", article.description, _stated(article.description, page.description)),
        ("byline", article.byline, ""),
        ("authors", ", ".join(f"{author.name} [{author.kind}]" for author in article.authors), _author_source(parsed)),
        ("dateline", _joined(article.dateline, article.dateline_country), ""),
        ("agencies", ", ".join(agency.name for agency in article.agencies), ""),
        ("published", _published(article), _published_source(article)),
        ("modified", article.modified_at.isoformat() if article.modified_at else None, ""),
        ("section", article.section, _stated(article.section, page.section)),
        ("keywords", ", ".join(article.keywords), ""),
        ("publisher", article.publisher, _stated(article.publisher, (*page.publisher, *page.site_name))),
        ("url", article.canonical_url or article.url, ""),
        ("licence", article.license, ""),
        ("copyright", article.copyright_notice, ""),
        ("image", article.lead_image_url, ""),
        ("free", {True: "yes", False: "no", None: None}[article.is_accessible_for_free], ""),
    )
    yield Fact("headline", article.headline or "(none)", _headline_source(article, parsed))
    yield from (Fact(name, value, source) for name, value, source in optional if value)
    yield Fact("language", article.language, _confidence(article.language_confidence))
    if article.other_languages:
        others = ", ".join(f"{other.language} {other.share:.0%}" for other in article.other_languages)
        yield Fact("also in", others, "by paragraphs")
    yield Fact("read as", f"{article.source_format}, {article.charset}", ", ".join(map(str, article.normalizations)))


def _print_line(line: MarkedLine, console: Console) -> None:
    gutter = "  "
    if line.whole:
        moved = all(piece.removed and piece.removed.action is Action.MOVED for piece in line.pieces)
        gutter = "> " if moved else "- "
    text = Text()
    for piece in line.pieces:
        _append(text, piece, bracketed=not line.whole)
    text.rstrip()
    print_row(Text(gutter, style="bold red" if gutter == "- " else "bold cyan"), text, console)


def print_row(left: Text, right: Text, console: Console) -> None:
    """`left` and `right` side by side; on a terminal `right` wraps inside its own column."""
    if not console.is_terminal:
        # Piped text keeps its lines whole, so that it can be searched.
        console.print(left + right, soft_wrap=True)
        return
    grid = Table.grid()
    grid.add_column(width=len(left), no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(left, right)
    console.print(grid)


def _append(text: Text, piece: Piece, *, bracketed: bool) -> None:
    removed = piece.removed
    if removed is None:
        text.append(visible(piece.text))
        return
    style = _MOVED_STYLE if removed.action is Action.MOVED else _REMOVED_STYLE
    shown = one_line(piece.text, REMOVAL_SHOWN)
    # Brackets tell a removal inside a line from what is kept where there is no colour.
    before = " " if text.plain and not text.plain.endswith(" ") else ""
    text.append(f"{before}[-{shown}-]" if bracketed else shown, style=style)
    length = len(piece.text)
    more = f", {length:,} characters" if length > REMOVAL_SHOWN else ""
    column = ", moved" if removed.action is Action.MOVED else ""
    text.append(
        f" [{removed.rule_id}{column}{more}] " if bracketed else f"  [{removed.rule_id}{column}{more}]",
        style=_RULE_STYLE,
    )


def _balance(article: Article, removed: Sequence[Removed]) -> str:
    kept = f"kept {article.word_count:,} words"
    if not removed:
        return f"{kept}; nothing removed"
    categories = ", ".join(f"{name} {number}" for name, number in tallies((each.category.value, 1) for each in removed))
    characters = sum(len(each.text) for each in removed)
    return f"{kept}; removed {len(removed)} stretches, {characters:,} characters: {categories}"


def supplied_by(source: RawDocument) -> str:
    """Which kind of container states what a record is supplied with: "supplied by the rss item"."""
    part = {"rss": "item", "atom": "entry", "jsonl": "object", "csv": "row", "parquet": "row"}
    return f"supplied by the {source.format} {part.get(source.format, 'record')}"


def _headline_source(article: Article, parsed: ParsedDocument) -> str:
    if article.headline is None:
        return ""
    if choose_headline(parsed.metadata, parsed.source.supplied).source == SUPPLIED:
        return supplied_by(parsed.source)
    return _stated(article.headline, parsed.metadata.headline) or "text"


def _author_source(parsed: ParsedDocument) -> str:
    sources = dict.fromkeys(each.source for each in (*parsed.metadata.authors, *parsed.metadata.author_organizations))
    return ", ".join([supplied_by(parsed.source), *sources] if parsed.source.supplied.authors else sources)


def _stated(value: str | None, candidates: Sequence[Candidate]) -> str:
    """The sources that state `value`; those that state it with something around it (a site's name) come last."""
    if not value:
        return ""
    folded = _fold(value)
    exact = [each.source for each in candidates if _fold(each.value) == folded]
    longer = [each.source for each in candidates if folded in _fold(each.value)]
    return ", ".join(dict.fromkeys([*exact, *longer]))


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _joined(place: str | None, country: str | None) -> str | None:
    return f"{place} [{country}]" if place and country else place


def _published(article: Article) -> str | None:
    if article.published_at is None:
        return None
    # No finer than what the source stated: the time of day of a bare date would be invented.
    written = article.published_at.isoformat()
    cut = {"day": 10, "month": 7, "year": 4}.get(str(article.published_precision), len(written))
    return written[:cut]


def _published_source(article: Article) -> str:
    raw = f'"{article.published_raw}"' if article.published_raw else ""
    confidence = _confidence(article.published_confidence)
    return ", ".join(part for part in (str(article.published_source), raw, _zone(article), confidence) if part)


def _zone(article: Article) -> str:
    """The zone of the time and what told it: "Europe/Berlin by the publisher's country"."""
    if article.published_timezone is None or article.published_timezone_source is None:
        return ""
    return f"{article.published_timezone} {_ZONE_TOLD[article.published_timezone_source]}"


_ZONE_TOLD = {
    ZoneSource.STATED: "as stated",
    ZoneSource.PAGE: "by the page's other times",
    ZoneSource.COUNTRY: "by the publisher's country",
    ZoneSource.ASSUMED: "assumed",
}


def _confidence(value: float | None) -> str:
    return "" if value is None else f"confidence {value:.2f}"
