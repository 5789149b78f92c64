"""The version of copydesk that is running, as rows and manifests name it. Before: nothing. After: "0.1.0"."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version


@lru_cache(maxsize=1)
def pipeline_version() -> str:
    """The installed distribution's version; "0+source" when run from a source tree that isn't installed."""
    try:
        return version("copydesk")
    except PackageNotFoundError:
        return "0+source"
