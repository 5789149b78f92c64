"""The version is the installed distribution's."""

from __future__ import annotations

from importlib import metadata

import pytest

from pipeline import version


def test_version_of_the_distribution_or_of_the_source_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "version", lambda name: {"copydesk": "1.2.3"}[name])
    version.pipeline_version.cache_clear()
    assert version.pipeline_version() == "1.2.3"

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(version, "version", missing)
    version.pipeline_version.cache_clear()
    assert version.pipeline_version() == "0+source"
    version.pipeline_version.cache_clear()
