"""The reviewed lists behind addresses: what only tracks readers and what names a version of a page, from configs/urls.toml.

Before: `[versions] view = ["print"]`. After: `UrlRules.load().is_version("view", "print")` is true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from configs.toml import read_toml, text_list


@dataclass(frozen=True, slots=True)
class UrlRules:
    """Compiled lists. `versions` maps a parameter to the values with which it chooses a version; none means any value.

    `viewers` are (host, path) of services that show other sites' pages: what follows the path is that page's address.
    """

    tracking: frozenset[str]
    tracking_prefixes: tuple[str, ...]
    versions: Mapping[str, frozenset[str]]
    mobile_hosts: frozenset[str]
    registry_labels: frozenset[str]
    index_files: frozenset[str]
    last_part: re.Pattern[str]
    first_part: re.Pattern[str]
    ending: re.Pattern[str]
    viewers: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]

    @staticmethod
    def load() -> UrlRules:
        """The built-in rules, read once a process."""
        return _load()

    def is_tracking(self, name: str) -> bool:
        """Whether the parameter `name` (lower case) only tells where a reader came from."""
        return name in self.tracking or name.startswith(self.tracking_prefixes)

    def is_version(self, name: str, value: str) -> bool:
        """Whether `name=value` (both lower case) only chooses the AMP, mobile or print version."""
        values = self.versions.get(name)
        return values is not None and (not values or value in values)


@lru_cache(maxsize=1)
def _load() -> UrlRules:
    document = read_toml("urls.toml")
    versions, viewers = document["versions"], document["viewer"]
    assert isinstance(versions, dict)
    assert isinstance(viewers, list)
    last, first, endings = (
        "|".join(re.escape(part) for part in text_list(document, key))
        for key in ("last_parts", "first_parts", "endings")
    )
    return UrlRules(
        tracking=frozenset(text_list(document, "tracking")),
        tracking_prefixes=text_list(document, "tracking_prefixes"),
        versions={name: frozenset(text_list(versions, name)) for name in versions},
        mobile_hosts=frozenset(text_list(document, "mobile_hosts")),
        registry_labels=frozenset(text_list(document, "registry_labels")),
        index_files=frozenset(text_list(document, "index_files")),
        last_part=re.compile(rf"(?<=[^/])/(?:{last})/?$", re.IGNORECASE),
        # /amp/a and /news/amp/a
        first_part=re.compile(rf"^(/[^/]+)??/(?:{first})/(?=[^/])", re.IGNORECASE),
        ending=re.compile(rf"(?<=[^/])\.(?:{endings})(?=(?:\.s?html?|\.php)?$)", re.IGNORECASE),
        viewers=tuple((re.compile(viewer["host"]), re.compile(viewer["path"])) for viewer in viewers),
    )
