"""Where in an article a learned line may be cut."""

from __future__ import annotations

from schemas.codes import Code


class Place(Code):
    """At the edges of the body, where site furniture stands, or anywhere."""

    EDGE = "edge"
    ANYWHERE = "anywhere"
