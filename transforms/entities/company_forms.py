"""Widens names over the legal form and the stop that belong to them.

Before: "Elswick" in "Elswick, Inc. said", "Ann Roe Jr" in "Ann Roe Jr. said"  After: "Elswick, Inc.", "Ann Roe Jr.".
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.entities import EntityType, FoundName
from transforms.entities.link_rules import LinkRules
from transforms.entities.spans import next_token
from transforms.entities.tokens import Tokens


def with_company_forms(found: Sequence[FoundName], tokens: Tokens, rules: LinkRules) -> list[FoundName]:
    """`found` with the form behind a name as part of it; an unknown name with one is an organisation. Entities stay."""
    if rules.company_forms.isdisjoint(tokens.words) and rules.stopped_forms.isdisjoint(tokens.words):
        return list(found)
    return [_widened(name, tokens, rules) for name in found]


def _widened(name: FoundName, tokens: Tokens, rules: LinkRules) -> FoundName:
    behind, end, kind = next_token(tokens, name), name.end, name.type
    last = tokens.words[behind - 1] if behind else ""
    if behind < len(tokens.words) and (kind is EntityType.ORGANIZATION or name.entity is None):
        word = tokens.words[behind]
        if word in rules.company_forms and tokens.text[end : tokens.starts[behind]] in (" ", ", "):
            end, last, kind = tokens.ends[behind], word, EntityType.ORGANIZATION
    if last in rules.stopped_forms and tokens.text[end : end + 1] == ".":
        end += 1
    if end == name.end:
        return name
    return name._replace(end=end, surface=tokens.text[name.start : end], type=kind)
