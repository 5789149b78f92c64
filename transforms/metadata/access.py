"""Tells whether an article can be read for free.

Before: `is_accessible_for_free=(Candidate("False", "json_ld.NewsArticle"),)`. After: False.
Sources: schema.org isAccessibleForFree of the article or of its parts (hasPart), and the tag article:content_tier, whose
"metered" means not for free. The values stand in configs/metadata.toml under [access].
"""

from __future__ import annotations

from schemas.records import PageMetadata
from transforms.metadata.rules import MetadataRules


def is_accessible_for_free(metadata: PageMetadata) -> bool | None:
    """What the first source with a known value says; None where none says anything."""
    said = (says_free(candidate.value) for candidate in metadata.is_accessible_for_free)
    return next((free for free in said if free is not None), None)


def says_free(stated: str) -> bool | None:
    """What one stated value means; None where it is no known one."""
    rules = MetadataRules.load()
    value = stated.strip().lower()
    return value in rules.free if value in rules.free or value in rules.locked else None
