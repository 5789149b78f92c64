"""Checks of settings that need more than the settings: their rule files, expressions and libraries; in front of any reading.

Before: `describe.language_detector = "lingua"` where lingua is not installed. After: one line that says what to install.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.rules import load_rules
from pipeline.settings import Settings
from transforms.entities.name_tiers import check_tier
from transforms.language_rules import check_detector
from transforms.row_filter import RowFilter


def check_settings(settings: Settings) -> None:
    """Raises UsageError for a bad rule file or filter, and for a detector or names tier that isn't installed."""
    load_rules([Path(folder) for folder in settings.clean.rule_folders])
    RowFilter(settings.filter.expression)
    check_detector(settings.describe.language_detector)
    if settings.entities.enabled:
        check_tier(settings.entities.ner)
