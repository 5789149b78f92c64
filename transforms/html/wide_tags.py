"""Parses pages on which one tag has thousands of attributes, without the hours that this costs libxml2.

Before: `<p a0=1 a1=1 … a99999=1>Rain</p>`, 16 seconds. After: the tree with the first 1,000 attributes of the tag, 0.1 seconds.
libxml2 walks through all attributes of an element to add one more (`xmlSAX2AttributeNs`); its event interface does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

MAX_ATTRIBUTES = 1000
"""Attributes of one tag that are kept; real pages have below 100."""
_MAX_DEPTH = 2048
_OUTER = ("html", "body")
_SHORT = 4096
"""Bytes: a tag below this can't hold enough attributes to cost anything."""
_MAX_STEPS = 2000
# A start tag up to its ">", which may stand in quoted values. Nothing may fail after the loop, so nothing is tried twice; the
# steps are counted because each of them costs memory.
_TAG = re.compile(rb"""<[a-zA-Z](?:[^>"'=]+|=[ \t\n\r\f]*(?:"[^"]*"?|'[^']*'?)|[="']){0,%d}""" % _MAX_STEPS)
# A page can hide such a tag from a look at the distances between "<" behind values that begin with one.
_HIDING = re.compile(rb"""=["']?<""")
_WINDOW = _SHORT // 2
_START = re.compile(rb"<[a-zA-Z]")
_TAG_NAME = re.compile(rb"<(?![sS][cCtT])[a-zA-Z]")
_VALUE = re.compile(rb"""=[ \t\n\r\f]*(?:"[^"]*"?|'[^']*'?)""")
_NAME = re.compile("[A-Za-z_][A-Za-z0-9_.-]*")
_NO_NAME = re.compile("[^A-Za-z0-9_.-]")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def may_have_wide_tag(raw: bytes) -> bool:
    """Whether a tag of `raw` (UTF-8) may have more than MAX_ATTRIBUTES; True also for some pages without one, for next to none
    of the real ones. Linear; about 0.2 ms for a page of 230 KB."""
    hiding = sum(1 for _ in islice(_HIDING.finditer(raw), MAX_ATTRIBUTES))
    starts = (match.start() for match in _START.finditer(raw)) if hiding == MAX_ATTRIBUTES else _long_tags(raw)
    for match in filter(None, (_TAG.match(raw, start) for start in starts)):
        start, end = match.span()
        if end < len(raw) and raw[end] != 0x3E:  # ">": else the loop ran out of steps
            return True
        if end - start >= _SHORT:
            rest, values = _VALUE.subn(b" ", match[0])
            if values + len(rest.replace(b"/", b" ").split()) > MAX_ATTRIBUTES:
                return True
    return False


def _long_tags(raw: bytes) -> Iterator[int]:
    """Where a "<" and a tag's name stand without another "<" in the following _SHORT bytes; scripts and styles aside."""
    find, end = raw.find, len(raw)
    at = 0
    while at < end:  # so much text without a "<" has at least one whole window in it
        if find(b"<", at, at + _WINDOW) >= 0:
            at += _WINDOW
            continue
        start = raw.rfind(b"<", 0, at)
        after = find(b"<", at + _WINDOW)
        after = end if after < 0 else after
        if start >= 0 and after - start > _SHORT + 1 and _TAG_NAME.match(raw, start):
            yield start
        at = after - after % _WINDOW + _WINDOW


def parse_wide_tags(raw: bytes) -> tuple[Any, bool] | None:
    """The root element of `raw` (UTF-8) with no more than MAX_ATTRIBUTES a tag, the first of them, and whether it is nested deeper
    than the ordinary parser allows; None where no tag has more attributes, for the ordinary parser to do.

    Attributes whose names XML has not are left out; what follows `</body>` belongs to the body, as in browsers.
    """
    target = _Trimmer()
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, target=target)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError:
        root = None
    return (root, target.too_deep) if target.trimmed else None


class _Trimmer:
    """Builds the tree from the parser's events."""

    def __init__(self) -> None:
        self._builder = etree.TreeBuilder()
        self._outer: list[str] = []  # html and body, open to the end
        self._depth = 0
        self.trimmed = False
        self.too_deep = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag in self._outer:
            return
        if tag in _OUTER:
            self._outer.append(tag)
        self._depth += 1
        self.too_deep = self.too_deep or self._depth > _MAX_DEPTH
        self.trimmed = self.trimmed or len(attributes) > MAX_ATTRIBUTES
        if not self.too_deep:
            named = ((name, value) for name, value in attributes.items() if _NAME.fullmatch(name))
            kept = {name: _NO_TEXT.sub("", value) for name, value in islice(named, MAX_ATTRIBUTES)}
            self._builder.start(_element_name(tag), kept)

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag not in _OUTER:
            self._depth -= 1
            if not self.too_deep:
                self._builder.end(_element_name(tag))

    def data(self, text: str) -> None:
        """Text of the element that is open; outside the root there is only white space."""
        if self._depth and not self.too_deep:
            self._builder.data(_NO_TEXT.sub("", text))

    def close(self) -> Any:
        """The root; None where it isn't wanted."""
        if not self.trimmed or self.too_deep:
            return None
        for tag in reversed(self._outer):
            self._builder.end(tag)
        return self._builder.close()


def _element_name(tag: str) -> str:
    return tag if _NAME.fullmatch(tag) else f"x{_NO_NAME.sub('_', tag)}"
