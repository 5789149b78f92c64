"""Chooses an article's licence and copyright notice among its own lines, its container and its page.

Before: `license_lines=("… a Creative Commons Attribution 4.0 International License.",)`. After: "CC-BY-4.0".
"""

from __future__ import annotations

from schemas.records import CleanedDocument, SuppliedFields
from transforms.license import LicenseRules, copyright_notice_of, spdx_of


def choose_license(cleaned: CleanedDocument, supplied: SuppliedFields, rules: LicenseRules) -> str | None:
    """The first licence that can be told: the text's own lines, the container's field, then the page's links."""
    metadata = cleaned.parsed.metadata
    lines = [*cleaned.license_lines, *cleaned.copyright_lines]
    stated = [supplied.license] if supplied.license else []
    page = [candidate.value for candidate in (*metadata.license, *metadata.copyright)]
    return next((found for text in lines + stated + page if (found := spdx_of(text, rules))), None)


def choose_copyright(cleaned: CleanedDocument, rules: LicenseRules) -> str | None:
    """The first line or statement of the page that is a copyright notice; else the first line taken for one."""
    stated = [candidate.value for candidate in cleaned.parsed.metadata.copyright]
    lines = [*cleaned.copyright_lines, *cleaned.license_lines, *stated]
    noticed = (notice for line in lines if (notice := copyright_notice_of(line, rules)))
    return next(noticed, next(iter([*cleaned.copyright_lines, *stated]), None))
