"""Parses decoded markup into an lxml tree, whatever the markup looks like, without network, entities or silent loss.

Before: `'<?xml version="1.0"?><p>A&nbsp;b'`. After: the `<html>` element that holds `<body><p>`.
libxml2 drops all text below 256 levels unless it is told that the tree may be huge, and below 2,048 in any case; the
first limit is lifted when it is hit, the second is an expected loss (`too_deep`). Tags with more attributes than
any real one are cut down before they cost anything (`wide_tags`).
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from lxml import etree

from schemas.codes import RejectCode
from schemas.errors import RecordError
from transforms.html.wide_tags import may_have_wide_tag, parse_wide_tags

_CONTROL = bytes((*range(9), 11, *range(14, 32), 127))
_SPACES = b"\t\n\f\r"
_FIRST_PRINTABLE = 32
_SURROGATE = re.compile("[\ud800-\udfff]")
_RESOURCE_LIMIT = etree.ErrorTypes.ERR_RESOURCE_LIMIT


def parse_tree(markup: str, encoded: bytes | None = None) -> Any:
    """The root element of `markup`; `encoded` is `markup` in UTF-8 where the caller has it.

    Raises RecordError: `no_text` where the markup holds no element or text at all, `too_deep` where elements are
    nested deeper than the parser keeps.
    """
    if not markup or markup.isspace():
        raise RecordError(RejectCode.NO_TEXT, "the page is empty")
    # Control characters are no text. Bytes with a stated encoding spare the parser's complaint about XML declarations in
    # str input, and make it ignore what the page declares.
    try:
        raw = markup.encode("utf-8") if encoded is None else encoded
    except UnicodeEncodeError:
        raw = _SURROGATE.sub("\ufffd", markup).encode("utf-8")
    if _has_control(raw):
        raw = raw.translate(None, _CONTROL)
    trimmed = parse_wide_tags(raw) if may_have_wide_tag(raw) else None
    root, limited = trimmed or _parse(raw, huge=False)
    if limited and trimmed is None:
        root, limited = _parse(raw, huge=True)
    if limited:
        raise RecordError(RejectCode.TOO_DEEP, "elements are nested deeper than 2,048 levels")
    if root is None:
        raise RecordError(RejectCode.NO_TEXT, "the page holds no markup and no text")
    _gather(root)
    return root


def _has_control(raw: bytes) -> bool:
    """Whether a byte of `raw` is one of `_CONTROL`. Next to no page has one, and telling so takes a third of dropping them."""
    codes = np.frombuffer(raw, np.uint8)
    return b"\x7f" in raw or bool(codes[codes < _FIRST_PRINTABLE].tobytes().translate(None, _SPACES))


def _gather(root: Any) -> None:
    """Moves what follows `</body>` or `</html>` to the end of the body, where browsers show it; libxml2 leaves it beside."""
    body = root.find("body") if root.tag == "html" else None
    if body is None:
        return
    text, body.tail = body.tail, None
    later = [*body.itersiblings(), *root.itersiblings()]
    if text and not text.isspace():
        etree.SubElement(body, "div").text = text
    for element in later:
        if element.tag in ("html", "body"):
            element.tag = "div"
        body.append(element)


def _parse(raw: bytes, *, huge: bool) -> tuple[Any, bool]:
    # Comments and processing instructions are no text, and each would cost an object in every walk over the tree.
    # Plain lxml elements: the classes of lxml.html cost a look-up in Python for each element.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=huge, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError:
        root = None
    limited = any(entry.type == _RESOURCE_LIMIT for entry in parser.error_log)
    return root, limited
