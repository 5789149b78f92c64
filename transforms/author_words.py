"""The reviewed words of author lines, which the parser of text bylines and that of pages' authors share: configs/bylines.toml.

Before: `joiners = ["and", "y", …]`. After: `AuthorWords.load().joiner.split("Jane Roe and John Doe") == ["Jane Roe", "John Doe"]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from configs.toml import read_toml, text_list


@dataclass(frozen=True, slots=True)
class AuthorWords:
    """Lists as written, in small letters, and the expressions made of them.

    `behind_name` and `companion` match what may follow a full name ("in London …", " with "), `leading_place` a piece that
    says where or for whom ("for Example News"), `place_between` a place with two capitalised words, its group 1, joined to it
    (" in Paris" of "Jane Roe in Paris and John Doe").
    """

    openings: tuple[str, ...]
    colon_openings: tuple[str, ...]
    joiners: tuple[str, ...]
    particles: frozenset[str]
    roles: frozenset[str]
    occupations: frozenset[str]
    outlet_words: frozenset[str]
    organization_words: frozenset[str]
    unnamed_words: frozenset[str]
    degrees: frozenset[str]
    given_names: frozenset[str]
    joiner: re.Pattern[str]
    behind_name: re.Pattern[str]
    companion: re.Pattern[str]
    leading_place: re.Pattern[str]
    place_between: re.Pattern[str]

    @staticmethod
    def load() -> AuthorWords:
        """The built-in lists, read once a process."""
        return _load()


@lru_cache(maxsize=1)
def _load() -> AuthorWords:
    document = read_toml("bylines.toml")

    def words(key: str) -> frozenset[str]:
        return frozenset(text_list(document, key))

    def alternation(*keys: str) -> str:
        values = sorted(
            {word for key in keys for word in text_list(document, key)}, key=lambda word: (-len(word), word)
        )
        return "|".join(map(re.escape, values))

    newsroom = words("roles")
    return AuthorWords(
        openings=text_list(document, "openings"),
        colon_openings=text_list(document, "colon_openings"),
        joiners=text_list(document, "joiners"),
        particles=words("particles"),
        roles=newsroom,
        # Of the roles of newsrooms those of one word; "for" begins "for Example News".
        occupations=words("occupations") | {role for role in newsroom - words("before_places") if " " not in role},
        outlet_words=words("outlet_words"),
        organization_words=words("outlet_words") | words("institution_words"),
        unnamed_words=words("unnamed_words"),
        degrees=words("degrees"),
        given_names=words("given_names"),
        joiner=re.compile(rf"\s+(?:{alternation('joiners')})\s+", re.IGNORECASE),
        # Small letters only: "Jane In" is a name.
        behind_name=re.compile(rf"\s+(?:{alternation('before_places')})\s+(?=[^\W\d_a-z]).*"),
        companion=re.compile(rf"\s+(?:{alternation('companions')})\s+", re.IGNORECASE),
        leading_place=re.compile(rf"(?:{alternation('before_places', 'companions')}|via) ", re.IGNORECASE),
        place_between=re.compile(
            rf"\s+(?:{alternation('before_places')})(?:\s+[^\W\d_a-zß-öø-ÿа-яё][\w'’.-]{{1,30}}){{1,3}}"
            rf"(?=,?\s+(?:{alternation('joiners')})\s+([^\W\d_a-zß-öø-ÿа-яё][\w'’.-]*\s+[^\W\d_a-zß-öø-ÿа-яё][\w'’.-]+))"
        ),
    )
