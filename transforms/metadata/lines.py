"""The lines of a part of a page as a reader sees them, with the elements that each piece of text stands in.

Before: `<p>By <b>Jane Roe</b></p>3 March<br>2021`. After: "By Jane Roe", "3 March", "2021".
"""

from __future__ import annotations

from typing import Any, NamedTuple

from transforms.metadata.json_ld import fold_text

# fmt: off
_INLINE = frozenset((
    "a", "abbr", "acronym", "address", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "label", "mark",
    "q", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))
_SKIP = frozenset((
    "audio", "form", "iframe", "img", "input", "nav", "noscript", "object", "option", "picture", "script", "select", "style",
    "svg", "template", "textarea", "video",
))
# fmt: on
_MAX_STEPS = 3_000
_MAX_CHARACTERS = 1_200


class Line(NamedTuple):
    """One line as shown, folded. `elements` are those that its pieces of text stand in, in order."""

    text: str
    elements: tuple[Any, ...]


def lines_from(start: Any, stop: Any | None, limit: int, *, inside: bool) -> list[Line]:
    """At most `limit` lines in reading order, up to the element `stop`.

    `inside` tells whether the text of `start` itself belongs to them or only what follows it. Walks at most 3,000
    elements, so a page that is one endless line costs no more than any other.
    """
    lines: list[Line] = []
    pieces: list[str] = []
    owners: list[Any] = []

    def flush() -> None:
        text = fold_text(" ".join(pieces)[:_MAX_CHARACTERS])
        if text:
            lines.append(Line(text, tuple(owners)))
        pieces.clear()
        owners.clear()

    node = start
    entering = inside
    for _ in range(_MAX_STEPS):
        if entering:
            if node is stop:
                break
            tag = node.tag
            if tag not in _SKIP and isinstance(tag, str):
                if pieces and tag not in _INLINE:
                    flush()
                text = node.text
                if text and not text.isspace():
                    pieces.append(text)
                    owners.append(node)
                if len(node):
                    node = node[0]
                    continue
        if pieces and node.tag not in _INLINE and isinstance(node.tag, str):
            flush()
        text = node.tail
        if text and not text.isspace():
            parent = node.getparent()
            if parent is not None:
                pieces.append(text)
                owners.append(parent)
        if len(lines) >= limit:
            break
        following = node.getnext()
        entering = following is not None
        node = following if entering else node.getparent()
        if node is None:
            break
    if pieces:
        flush()
    return lines[:limit]
