"""Finds the names in a text that the alias store knows, each with the entity it means.

Before: "Iran's delegation told the U.N. Security Council". After: "Iran" → Q794, "U.N. Security Council" → Q37470.

At each token the longest alias wins whose way of writing fits. Where several entities share it, the ones whose period does not hold the
day of publication drop out, then words of context in the article decide, then the prior; what stays undecided is no mention, and nothing
shorter inside it is one either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import accumulate

from schemas.entities import AliasKind, EntityType, FoundName, MentionMethod
from transforms.entities.alias_key import exact_form, fold_tokens
from transforms.entities.alias_rules import AliasRules, Clitics
from transforms.entities.store import BEGINS_SMALL, AliasStore
from transforms.entities.store_format import CASE_BITS, COMMA, EXACT_CASE, LITERAL, TITLE_CASE, Reading
from transforms.entities.tokens import Tokens
from transforms.language_rules import stop_words

_KINDS = tuple(AliasKind)
_ACRONYM, _DEMONYM, _METONYM = (
    _KINDS.index(kind) for kind in (AliasKind.ACRONYM, AliasKind.DEMONYM, AliasKind.METONYM)
)
_JOINS = frozenset((" ", "-", "'", "\u2019", "\u00a0", ""))
# Between the tokens of one name; a stop only behind an abbreviation, which is looked at apart.
_GAP = re.compile(
    "[ \u00a0\u202f]{1,3}|[-\u2010\u2011\u2013'\u2019\u02bc\u02bb\u2018`\u00b4\u00b7\u30fb&+/]|[ \u00a0]?[&+\u2013-][ \u00a0]?"
)
_STOP = re.compile("\\.[ \u00a0\u202f]?")
_COMMA = re.compile("[,\u060c] ?")
_CONJUNCTIONS = frozenset(("and", "und", "et", "y", "e", "и", "en", "og", "och", "i"))
_ABBREVIATION = 3
"""Letters of a word at most behind which a stop is no sentence's end: "St. Louis", "Gen."."""
_COMMA_TOKENS = 4
"""Tokens of a name at least for which "Saint Vincent, and the Grenadines" is still it."""
_ADDRESS = frozenset("@\\_")
_UNKNOWN_LANGUAGE = ("", "und")


def find_aliases(
    tokens: Tokens, language: str, store: AliasStore, published: date | None, rules: AliasRules | None = None
) -> tuple[FoundName, ...]:
    """The known names in `tokens`, in order and without overlap; offsets are code points of `tokens.text`.

    `language` (BCP 47) chooses among aliases that belong to one; with "und" all count. `published` chooses among readings that hold for
    a time; None leaves that open. A possessive 's and particles written together with a name stay outside.
    """
    search = _Search(tokens, language, store, published, rules or AliasRules.load())
    return tuple(search.run())


class _Search:
    """One text's search: what is worked out once for it."""

    def __init__(
        self, tokens: Tokens, language: str, store: AliasStore, published: date | None, rules: AliasRules
    ) -> None:
        self.tokens = tokens
        self.store = store
        self.rules = rules
        self.day = published.toordinal() if published else 0
        base = language.partition("-")[0]
        codes = ("*", language, base)
        self.languages = (
            None
            if language in _UNKNOWN_LANGUAGE
            else frozenset(store.languages[code] for code in codes if code in store.languages)
        )
        self.clitics = rules.clitics.get(base)
        self.small_words = stop_words().get(base, frozenset())
        self.keys = fold_tokens(tokens.words) if tokens.words else []
        self.joined = " ".join(self.keys) + " "
        self.counted: dict[int, int] = {}
        self.places = [0, *accumulate(map(len, self.keys))]
        """Characters of the keys before each token, without the spaces between."""

    def run(self) -> list[FoundName]:
        found: list[FoundName] = []
        prefixes, longest = self.store.aliases.prefixes, self.store.longest
        joined, places = self.joined, self.places
        free = 0
        for index in self._firsts():
            if index < free:
                continue
            place = places[index] + index
            hits = prefixes(joined[place : place + longest])
            if hits:
                free = self._longest(index, hits, found)
            if free <= index and self.clitics and not self.tokens.words[index].isascii():
                self._with_clitics(index, self.clitics, found)
        return found

    def _firsts(self) -> list[int]:
        """The tokens with which an alias may begin; for a language with particles written together with names, all but those in small
        letters."""
        words, clitics = self.tokens.words, self.clitics
        return [
            index
            for index, begins in enumerate(map(self.store.begins.__getitem__, self.keys))
            if begins == BEGINS_SMALL or ((begins or clitics) and not words[index][0].islower())
        ]

    def _longest(self, index: int, hits: Sequence[str], found: list[FoundName]) -> int:
        """Adds the longest of the aliases that begin at `index` if it means something; returns the first token behind it."""
        for hit in reversed(hits):
            count = hit.count(" ")
            commas = self._gaps(index, count)
            if commas is None:
                continue
            readings = [
                reading
                for reading in self.store.readings(self.store.aliases[hit])
                if self._fits(reading, index, count, commas)
            ]
            if not readings:
                continue
            start, end = self.tokens.starts[index], self.tokens.ends[index + count - 1]
            chosen = self._choose(self._where_stood(readings, index))
            if chosen and not self._is_no_name(chosen, index, count):
                found.append(self._found(chosen, start, end))
            return index + count
        return index

    def _where_stood(self, readings: list[Reading], index: int) -> list[Reading]:
        """Behind "in" only the places among `readings`, where there are some: a city, not the club that is called as it."""
        if len(readings) < 2 or not index or self.keys[index - 1] not in self.rules.before_places:
            return readings
        places = [reading for reading in readings if self.store.entity(reading.entity).type is EntityType.PLACE]
        return places or readings

    def _with_clitics(self, index: int, clitics: Clitics, found: list[FoundName]) -> None:
        """Adds the name that is left of token `index`, or starts there, without the particles written together with it."""
        key, word = self.keys[index], self.tokens.words[index]
        if len(key) != len(word):  # Folded in length: the place of the rest is not known.
            return
        rests = [(len(each), len(key)) for each in clitics.before if key.startswith(each) and len(key) > len(each) + 2]
        rests += [
            (0, len(key) - len(each)) for each in clitics.after if key.endswith(each) and len(key) > len(each) + 1
        ]
        for begin, end in rests:
            number = self.store.aliases.get(key[begin:end] + " ")
            if number is None:
                continue
            readings = [reading for reading in self.store.readings(number) if self._speaks(reading)]
            chosen = self._choose([reading for reading in readings if reading.flags & CASE_BITS != EXACT_CASE])
            if chosen:
                start = self.tokens.starts[index]
                found.append(self._found(chosen, start + begin, start + end))
                return

    def _gaps(self, index: int, count: int) -> int | None:
        """Whether tokens `index` to `index + count` can be one name: the commas between them, None if they can't."""
        text, starts, ends = self.tokens.text, self.tokens.starts, self.tokens.ends
        commas = 0
        for at in range(index, index + count - 1):
            gap = text[ends[at] : starts[at + 1]]
            if gap in _JOINS or _GAP.fullmatch(gap):
                continue
            if _STOP.fullmatch(gap) and ends[at] - starts[at] <= _ABBREVIATION:
                continue
            if not _COMMA.fullmatch(gap):
                return None
            commas += 1 if count >= _COMMA_TOKENS and self.keys[at + 1] in _CONJUNCTIONS else 100
        return commas

    def _speaks(self, reading: Reading) -> bool:
        """Whether the reading belongs to the text's language and finds the words it needs."""
        if self.languages is not None and reading.language not in self.languages:
            return False
        return not reading.only_with or self._has_one(reading.only_with) > 0

    def _fits(self, reading: Reading, index: int, count: int, commas: int) -> bool:
        """Whether the text is written as the reading asks."""
        if commas >= 100 and not reading.flags & COMMA:
            return False
        words, case = self.tokens.words, reading.flags & CASE_BITS
        if case == TITLE_CASE:
            capitals, at = reading.capitals, index
            while capitals:
                if capitals & 1 and words[at][0].islower():
                    return False
                capitals >>= 1
                at += 1
            if count == 1 and self.tokens.opens[index] and words[index].lower() in self.small_words:
                return False  # "Того же мнения …" is no Togo: the capital is the sentence's.
        elif case == EXACT_CASE and not reading.flags & LITERAL:
            if exact_form(words[index : index + count]) != self.store.text(reading.form):
                return False
            if self.keys[index] in self.rules.words_in_capitals and count == 1 and self._in_capitals(index):
                return False
        if reading.flags & LITERAL:
            written = self.tokens.text[self.tokens.starts[index] : self.tokens.ends[index + count - 1]]
            if written.casefold() != self.store.text(reading.form).casefold():
                return False
        return self._speaks(reading)

    def _in_capitals(self, index: int) -> bool:
        """Whether the line around the token is all in capitals."""
        text, start = self.tokens.text, self.tokens.starts[index]
        end = text.find("\n", start)
        line = text[text.rfind("\n", 0, start) + 1 : len(text) if end < 0 else end]
        return line.isupper() and len(line.split()) >= self.rules.min_words

    def _is_no_name(self, reading: Reading, index: int, count: int) -> bool:
        """Whether what stands around the name makes it part of something else: an address, a person's name."""
        text, start, end = self.tokens.text, self.tokens.starts[index], self.tokens.ends[index + count - 1]
        if start and text[start - 1] in _ADDRESS:
            return True
        if text[end : end + 1] in (".", "@") and text[end + 1 : end + 2].isalnum() and text[end - 1] != ".":
            return True
        if count > 1 or not index or self.keys[index - 1] not in self.rules.honorifics:
            return False
        between = text[self.tokens.ends[index - 1] : start]
        return between in (" ", ". ") and self.store.entity(reading.entity).type is EntityType.PLACE

    def _choose(self, readings: Sequence[Reading]) -> Reading | None:
        """The reading that is meant, None if that is open. `readings` are in the store's order."""
        if self.day and len(readings) > 0:
            readings = [reading for reading in readings if self._is_valid(reading)]
        named = [reading for reading in readings if reading.kind != _METONYM]
        readings = named or readings
        if not readings:
            return None
        if len({reading.entity for reading in readings}) == 1:
            return readings[0]
        # Words without which a reading is out of the question speak for it where they are found.
        asked = [(reading, reading.context or reading.only_with) for reading in readings]
        found = [(self._has_one(words) if words else 0, reading) for reading, words in asked]
        told = [pair for pair in found if pair[0]]
        # Without its words of context a reading is out of the question where another needs none.
        left = told or [pair for pair in found if not pair[1].context]
        if not left:
            return None
        highest = max(pair[1].prior for pair in left)
        best = [pair for pair in left if pair[1].prior == highest]
        if len({reading.entity for _, reading in best}) > 1 and told:
            most = max(count for count, _ in best)
            best = [pair for pair in best if pair[0] == most]
        return best[0][1] if len({reading.entity for _, reading in best}) == 1 else None

    def _is_valid(self, reading: Reading) -> bool:
        return reading.first <= self.day and (not reading.last or self.day <= reading.last)

    def _has_one(self, place: int) -> int:
        """How many of the words and phrases at `place` the text has."""
        count = self.counted.get(place)
        if count is None:
            joined = f" {self.joined}"
            count = self.counted[place] = sum(1 for phrase in self.store.words(place) if f" {phrase} " in joined)
        return count

    def _found(self, reading: Reading, start: int, end: int) -> FoundName:
        entity = self.store.entity(reading.entity)
        return FoundName(
            start=start,
            end=end,
            surface=self.tokens.text[start:end],
            type=EntityType.GROUP if reading.kind == _DEMONYM else entity.type,
            method=MentionMethod.ACRONYM if reading.kind == _ACRONYM else MentionMethod.ALIAS,
            kind=_KINDS[reading.kind],
            entity=entity,
        )
