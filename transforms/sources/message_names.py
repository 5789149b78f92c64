"""The headers or attributes by which a message says what it is called and where its page was fetched.

Before: a message with the attribute name="2026/harbour-17.html". After: the input is called that.
"""

from __future__ import annotations

NAME_HEADERS = ("name", "uri")
"""The first that a message has is its name."""
URL_HEADERS = ("url",)
"""The page's address."""
