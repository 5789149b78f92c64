"""The texts that rule files are tried on: the inputs of a folder, or the articles of a lake with what was removed put back.

Before: a lake.  After: for each article its body's lines and its removed stretches, in their order, as blocks; a stretch that
a tried rule took is open again, every other one stays decided.

A lake has no markup. So for pages from a lake, what the page's structure decided stays as it was, and whether a line was a
heading or a list item is no longer known; name the pages themselves for what is exact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.chain import Rules, parse_record, read_all
from schemas.codes import Action, BlockKind, Category, Field, Payload, Scope, SourceFormat
from schemas.records import Block, Cut, ParsedDocument, RawDocument, Reject, SuppliedFields

_BATCH = 500
"""Articles of a lake that are in memory at once, with their removals."""
_GAP = "\n\n"
_BY_STRUCTURE = "page."
"""How the ids of cuts begin that only a page's structure decides: its record was a page, whatever it came in."""
_ARTICLE_COLUMNS = ("article_id", "source_uri", "source_format", "headline", "body", "url", "language")
_REMOVED_COLUMNS = ("article_id", "seq", "field", "text", "body_offset", "rule_id", "category", "scope", "action")


class TrialText(NamedTuple):
    """One text to try rules on, with the name that reports give it."""

    name: str
    parsed: ParsedDocument


def is_lake(path: str) -> bool:
    """Whether the folder is a lake: it has a folder of manifests."""
    return Path(path, "_runs").is_dir()


def trial_texts(path: str, rules: Rules, tried: Collection[str]) -> Iterator[TrialText | None]:
    """The texts of a lake, a folder, a file or a glob, in order of name; None for a record that is no article.

    `tried` are the ids of the rules whose removals are open again. Raises UsageError where there is nothing to read.
    """
    yield from _lake_texts(path, tried) if is_lake(path) else _input_texts(path, rules)


def _input_texts(path: str, rules: Rules) -> Iterator[TrialText | None]:
    for record in read_all(path, rules):
        parsed = record if isinstance(record, Reject) else parse_record(record, rules)
        yield None if isinstance(parsed, Reject) else TrialText(parsed.source.source_uri, parsed)


def _lake_texts(path: str, tried: Collection[str]) -> Iterator[TrialText]:
    import pyarrow.dataset as ds

    from pipeline.lake.read import dataset

    articles, removed = dataset(path, "articles"), dataset(path, "removed")
    for fragment in sorted(articles.get_fragments(), key=lambda each: str(getattr(each, "path", ""))):
        for batch in fragment.to_batches(schema=articles.schema, columns=list(_ARTICLE_COLUMNS), batch_size=_BATCH):
            rows = batch.to_pylist()
            if not rows:
                continue  # An empty list has no type that ids could be compared with.
            wanted = ds.field("article_id").isin([row["article_id"] for row in rows])
            taken = removed.to_table(columns=list(_REMOVED_COLUMNS), filter=fragment.partition_expression & wanted)
            spans: dict[str, list[Mapping[str, Any]]] = {}
            for span in taken.to_pylist():
                spans.setdefault(span["article_id"], []).append(span)
            for row in rows:
                yield TrialText(row["source_uri"], lake_document(row, spans.get(row["article_id"], ()), tried))


def lake_document(
    article: Mapping[str, Any], removed: Sequence[Mapping[str, Any]], tried: Collection[str]
) -> ParsedDocument:
    """The document that an article's row and its removed rows stand for; stretches taken by `tried` rules are open."""
    is_page = article["source_format"] == SourceFormat.HTML.value or any(
        span["rule_id"].startswith(_BY_STRUCTURE) for span in removed
    )
    kind = BlockKind.PARAGRAPH if is_page else BlockKind.LINE
    parts: list[str] = []
    blocks: list[Block] = []
    offset = 0
    for text, cut in _lines(article["body"], removed, tried):
        parts.append(text)
        blocks.append(Block(offset, offset + len(text), kind, cut=cut))
        offset += len(text) + len(_GAP)
    source = RawDocument(
        source_uri=article["source_uri"],
        name=article["source_uri"],
        format=SourceFormat(article["source_format"]),
        payload=Payload.TEXT,
        raw=b"",
        url=article["url"],
        # What a page states as its language was known when it was cleaned; a text states none.
        supplied=SuppliedFields(headline=article["headline"], language=article["language"] if is_page else None),
    )
    return ParsedDocument(source=source, charset="utf-8", text=_GAP.join(parts), blocks=tuple(blocks))


def _lines(body: str, removed: Sequence[Mapping[str, Any]], tried: Collection[str]) -> Iterator[tuple[str, Cut | None]]:
    """The body's lines and the removed stretches in reading order, each stretch on a line of its own."""
    place = 0
    for span in sorted(removed, key=lambda each: int(each["seq"])):
        if span["field"] != Field.BODY.value:
            continue
        upto = min(max(int(span["body_offset"]), place), len(body))
        yield from ((line, None) for line in body[place:upto].split("\n") if line.strip())
        place = upto
        text = span["text"].strip()
        if text:
            yield text, None if span["rule_id"] in tried else _cut(span)
    yield from ((line, None) for line in body[place:].split("\n") if line.strip())


def _cut(span: Mapping[str, Any]) -> Cut:
    return Cut(span["rule_id"], Category(span["category"]), Scope(span["scope"]), Action(span["action"]))
