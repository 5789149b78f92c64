"""Tells markup from text by what stands in it, for strings and bytes that carry no name of their own.

Before: "<p>The harbour reopened.</p>". After: True. "Profit < 3 % and > 1 %": False.
"""

from __future__ import annotations

import re

_TAGS = (
    "a|abbr|article|aside|b|blockquote|body|br|center|cite|code|dd|div|dl|dt|em|embed|figcaption|figure|font|footer|form|h[1-6]|head|"
    "header|hr|html|i|iframe|img|input|label|li|link|main|meta|nav|ol|option|p|picture|pre|script|section|select|small|source|span|"
    "strong|style|sub|sup|svg|table|tbody|td|th|thead|time|title|tr|u|ul|video"
)
# HTML's own elements (WHATWG HTML, section 4), those that pages of text use. Attributes are bounded, so one pass is linear.
_TAG = re.compile(rf"<(/?)({_TAGS})(?=[\s/>])[^<>]{{0,2000}}>", re.IGNORECASE)
_START = re.compile(rf"(?:<!doctype\s+html|<!--|<\?xml|<(?:{_TAGS})(?=[\s/>]))", re.IGNORECASE)
_STRONG = re.compile(r"<!doctype\s+html|<html(?=[\s>])|<body(?=[\s>])", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:#\d{2,6}|#x[0-9a-f]{2,6}|nbsp|amp|lt|gt|quot|[lr][ds]quo|[mn]dash|hellip|[a-z]{1,2}(?:uml|acute|grave|circ|cedil|tilde|slash|ring|lig));",
    re.IGNORECASE,
)

_LOOKED_AT = 64 * 1024
"""Characters looked at: markup that starts later than this is text that quotes markup."""


def looks_like_html(text: str) -> bool:
    """Whether a string is markup: it starts with an HTML tag, or holds at least two tags of which one closes, breaks a line
    or shows an image. One tag in passing ("the <p> element") is text."""
    head = text[:_LOOKED_AT]
    if "<" not in head:
        return False
    if _START.match(head.lstrip("\ufeff \t\r\n")):
        return True
    telling = False
    for tags, match in enumerate(_TAG.finditer(head), 1):
        telling = telling or bool(match[1]) or match[2].lower() in ("br", "hr", "img", "p")
        if tags >= 2 and telling:
            return True
    return False


def has_entities(text: str) -> bool:
    """Whether character references are left in a string, as in a feed's description that was escaped once more."""
    return _ENTITY.search(text[:_LOOKED_AT]) is not None


def is_page(head: str) -> bool:
    """Whether a file that starts with `head` is an HTML page or fragment: it starts with a tag, or <html>, <body> or a doctype
    stands in it near the start (after a line of something else, such as HTTP headers or a warning of the server)."""
    return _START.match(head.lstrip("\ufeff \t\r\n")) is not None or _STRONG.search(head[:4096]) is not None
