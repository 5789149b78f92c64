"""A boilerplate rule as `configs/boilerplate/*.toml` states it. `pipeline.rules` is the only reader of those files.

[[rule]]
id = "comments.post"                 # unique; file topic first
match = "exact"                      # exact | prefix | pattern
text = ["Post a comment", "Leave a comment"]     # for exact and prefix: compared folded (case, quotes, spaces, end marks)
# pattern = '''\\d+ comments?'''      # for pattern: a regular expression that must match the whole folded-space line
language = "en"                      # left out: holds in every language
where = "tail"                       # head | body | tail | any
take = "line"                        # line | rest | span  (see Take)
category = "comments"
example = ["Post a Comment"]         # at least one; `copydesk rules test` runs them
counterexample = ["Post a comment on the treaty, the court said, and ..."]
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.codes import Category, Code, Scope


class Match(Code):
    """How a rule's text is compared with a line."""

    EXACT = "exact"
    PREFIX = "prefix"
    PATTERN = "pattern"


class Where(Code):
    """The part of the document in which a rule holds: before the first body paragraph, between, after the last one."""

    HEAD = "head"
    BODY = "body"
    TAIL = "tail"
    ANY = "any"


class Take(Code):
    """What a match takes out: its line; the line and the leftovers that follow it to the end; or, inside a line that is
    otherwise kept, only the matching stretch at the line's start or end."""

    LINE = "line"
    REST = "rest"
    SPAN = "span"


@dataclass(frozen=True, slots=True)
class Rule:
    """One reviewed rule. `texts` are the phrases of exact and prefix rules, `pattern` the expression of a pattern rule."""

    id: str
    match: Match
    category: Category
    texts: tuple[str, ...] = ()
    pattern: str | None = None
    language: str | None = None
    site: str | None = None
    where: Where = Where.ANY
    take: Take = Take.LINE
    max_words: int = 25
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    file: str = ""

    @property
    def scope(self) -> Scope:
        """How widely the rule holds, as written into `removed.scope`."""
        if self.site:
            return Scope.SITE
        return Scope.LANGUAGE if self.language else Scope.GLOBAL
