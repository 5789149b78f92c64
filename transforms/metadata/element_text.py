"""The text of one element as a reader sees it, on one line.

Before: `<h1>Storm<br>closes <b>har</b>bour</h1>`. After: "Storm closes harbour".
"""

from __future__ import annotations

from typing import Any

from transforms.metadata.json_ld import fold_text

_JOINED = frozenset(("a", "abbr", "b", "em", "font", "i", "mark", "q", "strong", "sub", "sup", "u", "wbr"))
"""Tags that can stand inside a word; every other tag parts words (a `<span>` is mostly a kicker or a label)."""

_HIDDEN = frozenset(("script", "style", "svg", "noscript", "template"))
_MAX_PIECES = 500


def element_text(element: Any) -> str:
    """Folded text of an lxml element, without scripts; at most 500 pieces of text are read."""
    pieces: list[str] = [element.text or ""]
    stack = [(child, False) for child in reversed(element)]
    while stack and len(pieces) < _MAX_PIECES:
        node, done = stack.pop()
        if done:
            pieces.append(("" if node.tag in _JOINED else " ") + (node.tail or ""))
            continue
        stack.append((node, True))
        if isinstance(node.tag, str) and node.tag not in _HIDDEN:
            pieces.append(("" if node.tag in _JOINED else " ") + (node.text or ""))
            stack.extend((child, False) for child in reversed(node))
    return fold_text("".join(pieces))
