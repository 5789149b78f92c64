"""Finds who said what: quotations whose speaker stands beside them.

Before: “The bridge will open,” said the engineer Mara Lind. After: FoundQuote("The bridge will open,", speaker Mara Lind).

Precise rather than complete: a quotation counts only with a verb of speech (configs/quotes.toml) between it and a name or pronoun in the
same sentence, or where it goes on with one that has that. He and she are the one person named before them in this paragraph or the
one above; where that could be two, the words are a quotation of nobody known.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from schemas.entities import AliasKind, Entity, EntityType, FoundName, FoundQuote
from transforms.entities.quote_rules import Phrases, QuoteRules, QuoteWords
from transforms.entities.tokens import Tokens

_REACH = 14
"""Tokens between a quotation and the farther end of its speaker at most."""
_LEAD_IN = 12
"""Tokens between a verb of speech and the quotation that follows it: "told reporters in the capital on Monday: …"."""
_NEAR = 80
"""Characters between two quotations of one speaker, in one paragraph, at most."""
_SENTENCE_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f](?=[\s\u201d\u00bb\"]|$)|\n")
_STRAIGHT = '"'
_ENDS_SENTENCE = (".", "\u3002")
_GOES_ON = (",", "?", "!", "\u2026", "-", "\u2013", "\u2014", "\uff0c", "\uff1f", "\uff01")
_LEADS_IN = (":", ",", "\uff1a", "\uff0c")


class _Quotation(NamedTuple):
    """A stretch in quotation marks: the places of its words, of the opening mark, and behind the closing one."""

    start: int
    end: int
    opening: int
    after: int


class _Speaker(NamedTuple):
    """Who spoke: the place of the name or pronoun, and whom it means."""

    start: int
    end: int
    entity: Entity | None


def find_quotes(tokens: Tokens, language: str, names: Sequence[FoundName], rules: QuoteRules) -> tuple[FoundQuote, ...]:
    """The quotations with a speaker, in order, not overlapping; offsets are code points of `tokens.text`.

    `names` are the article's names, sorted, not overlapping. Empty for a language without words in `rules`.
    """
    words = rules.languages.get(language.partition("-")[0])
    if words is None:
        return ()
    return _Finder(tokens, words, names, rules).run()


class _Finder:
    """One article's quotations."""

    def __init__(self, tokens: Tokens, words: QuoteWords, names: Sequence[FoundName], rules: QuoteRules) -> None:
        self.tokens = tokens
        self.words = words
        self.rules = rules
        self.speakers = [name for name in names if _may_speak(name)]
        self.name_starts = [name.start for name in self.speakers]

    def run(self) -> tuple[FoundQuote, ...]:
        quotations = quotations_of(self.tokens.text, self.rules)
        found: list[FoundQuote] = []
        before: _Quotation | None = None
        for quotation in quotations:
            text = self.tokens.text[quotation.start : quotation.end]
            last = found[-1] if found and before and found[-1].start == before.start else None
            speaker = (
                self._after(quotation, found)
                or self._before(quotation, before, found)
                or (self._same(quotation, before, last) if before and last else None)
            )
            short = self._at(quotation.end) - self._at(quotation.start) < self.rules.min_words
            # A short one counts where it goes with a longer one: “No,” she said. “Not before the winter.”
            if speaker is not None and not short:
                found.append(FoundQuote(quotation.start, quotation.end, text, *speaker))
            before = quotation
        return tuple(found)

    def _at(self, place: int) -> int:
        """The first token at or after a place."""
        return bisect_left(self.tokens.starts, place)

    def _after(self, quotation: _Quotation, found: Sequence[FoundQuote]) -> _Speaker | None:
        """The speaker in what follows: “…,” said X / X said / he said / according to X."""
        text = self.tokens.text
        inner = text[: quotation.end].rstrip()
        outer = text[quotation.after : quotation.after + 1]
        if (inner.endswith(_ENDS_SENTENCE) and not inner.endswith("..")) or outer in _ENDS_SENTENCE:
            return None
        first = self._at(quotation.after)
        end = self._sentence_end(quotation.after)
        last = min(self._at(end), first + _REACH)
        place = self._skip_between(first, last)
        length = self._phrase(self.words.verbs, place, last) or self._phrase(self.words.before_speaker, place, last)
        if length:
            return self._pronoun(place + length, last, found) or self._name(place + length, last)
        # A sign reads “No swimming” since Mara Lind said so: a mark must show that the sentence goes on with its speaker.
        if not (inner.endswith(_GOES_ON) or outer in _GOES_ON):
            return None
        pronoun = self._pronoun(first, last, found)
        if pronoun is not None and self._verb_follows(first + 1, last):
            return pronoun
        name = self._name(first, min(last, first + 6))
        if name is not None and self._verb_follows(self._at(name.end), last):
            return name
        return None

    def _before(self, quotation: _Quotation, before: _Quotation | None, found: Sequence[FoundQuote]) -> _Speaker | None:
        """The speaker in what leads in: X said: “…” / X told reporters on Monday, “…”"""
        text = self.tokens.text
        floor = max(self._sentence_start(quotation.opening), before.after if before else 0)
        first, last = self._at(floor), self._at(quotation.opening)
        lead = text[floor : quotation.opening].rstrip()
        for place in range(last - 1, max(first, last - _LEAD_IN) - 1, -1):
            length = self._phrase(self.words.verbs, place, last)
            if not length:
                continue
            if not lead.endswith(_LEADS_IN) and place + length < last:
                return None
            return self._subject(first, place, found)
        return None

    def _subject(self, first: int, verb: int, found: Sequence[FoundQuote]) -> _Speaker | None:
        """The name or pronoun that the verb at token `verb` belongs to: the nearest before it, in the same sentence."""
        at = verb - 1
        while at >= first and self.tokens.words[at].lower() in self.words.between:
            at -= 1
        if at < first:
            return None
        pronoun = self._pronoun(at, verb, found)
        if pronoun is not None:
            return pronoun
        index = bisect_left(self.name_starts, self.tokens.starts[verb]) - 1
        if index < 0:
            return None
        name = self.speakers[index]
        if name.start < self.tokens.starts[first]:
            return None
        gap = self.tokens.text[name.end : self.tokens.starts[at + 1]].strip()
        # Right before the verb, or with an apposition between commas.
        if gap and not (gap.startswith(",") and gap.endswith(",")):
            return None
        return _Speaker(name.start, name.end, name.entity)

    def _same(self, quotation: _Quotation, before: _Quotation, last: FoundQuote) -> _Speaker | None:
        """The speaker of the quotation before, where this one goes on with it: “…,” she said. “…”"""
        between = self.tokens.text[before.after : quotation.opening]
        if "\n" in between or len(between) > _NEAR or last.speaker_start < before.after:
            return None
        if self._named(last.speaker_end, quotation.opening):
            return None
        return _Speaker(last.speaker_start, last.speaker_end, last.speaker)

    def _verb_follows(self, place: int, last: int) -> bool:
        """Whether a verb of speech comes next: at once, after words such as also, or after an apposition between commas."""
        at = self._skip_between(place, last)
        if self._phrase(self.words.verbs, at, last):
            return True
        if place == 0 or place >= last or not self._gap(place - 1).lstrip().startswith(","):
            return False
        for at in range(place + 1, last):
            if self._gap(at - 1).lstrip().startswith(","):
                return self._phrase(self.words.verbs, self._skip_between(at, last), last) > 0
        return False

    def _gap(self, index: int) -> str:
        """What stands between a token and the next."""
        return self.tokens.text[self.tokens.ends[index] : self.tokens.starts[index + 1]]

    def _skip_between(self, place: int, last: int) -> int:
        while place < last and self.tokens.words[place].lower() in self.words.between:
            place += 1
        return place

    def _phrase(self, phrases: Phrases, place: int, last: int) -> int:
        """How many tokens a phrase at `place` has; 0 where none stands there."""
        if place >= last:
            return 0
        words = self.tokens.words
        for phrase in phrases.get(words[place].lower(), ()):
            if place + len(phrase) <= last and all(
                words[place + index].lower() == word for index, word in enumerate(phrase)
            ):
                return len(phrase)
        return 0

    def _name(self, first: int, last: int) -> _Speaker | None:
        """The first name that begins at one of these tokens; none where another verb of speech comes before it."""
        if first >= last:
            return None
        index = bisect_left(self.name_starts, self.tokens.starts[first])
        if index == len(self.speakers) or self.speakers[index].start >= self.tokens.ends[last - 1]:
            return None
        name = self.speakers[index]
        if any(self._phrase(self.words.verbs, place, last) for place in range(first, self._at(name.start))):
            return None
        return _Speaker(name.start, name.end, name.entity)

    def _pronoun(self, place: int, last: int, found: Sequence[FoundQuote]) -> _Speaker | None:
        """The pronoun at a token, with the one person that it can mean."""
        if place >= last or self.tokens.words[place].lower() not in self.words.pronouns:
            return None
        start, end = self.tokens.starts[place], self.tokens.ends[place]
        return _Speaker(start, end, self._meant(start, found))

    def _meant(self, place: int, found: Sequence[FoundQuote]) -> Entity | None:
        """Whom a pronoun at `place` means: the speaker before it, if nobody else was named since; else the one person of its
        own paragraph or the one above."""
        text = self.tokens.text
        paragraph = text.rfind("\n", 0, place) + 1
        above = text.rfind("\n", 0, max(0, paragraph - 1)) + 1
        if found and found[-1].speaker is not None and found[-1].start >= above:
            since = self._named(found[-1].speaker_end, place)
            if since <= {found[-1].speaker.id}:
                return found[-1].speaker
        for start in (paragraph, above):
            persons = self._named(start, place)
            if persons:
                return self._entity(persons.pop(), start, place) if len(persons) == 1 else None
        return None

    def _named(self, start: int, end: int) -> set[str]:
        """Ids of the persons named between two places."""
        first, last = bisect_left(self.name_starts, start), bisect_left(self.name_starts, end)
        return {
            name.entity.id
            for name in self.speakers[first:last]
            if name.entity is not None and name.type is EntityType.PERSON
        }

    def _entity(self, identity: str, start: int, end: int) -> Entity | None:
        first, last = bisect_left(self.name_starts, start), bisect_left(self.name_starts, end)
        return next(name.entity for name in self.speakers[first:last] if name.entity and name.entity.id == identity)

    def _sentence_end(self, place: int) -> int:
        """Where the sentence ends that goes on at `place`."""
        for match in _SENTENCE_END.finditer(self.tokens.text, place):
            if not self._abbreviates(match.start()):
                return match.start()
        return len(self.tokens.text)

    def _sentence_start(self, place: int) -> int:
        """Where the sentence begins that goes on at `place`."""
        text = self.tokens.text
        start = text.rfind("\n", 0, place) + 1
        for match in _SENTENCE_END.finditer(text, start, place):
            if not self._abbreviates(match.start()) and match.end() < place - 1:
                start = match.end()
        return start

    def _abbreviates(self, place: int) -> bool:
        """Whether the stop there belongs to an initial or a short title: "Mr. Lind", "J. Lind"."""
        index = self._at(place) - 1
        if index < 0 or self.tokens.text[place] != ".":
            return False
        word = self.tokens.words[index]
        return self.tokens.ends[index] >= place and word[:1].isupper() and len(word) <= 3


def quotations_of(text: str, rules: QuoteRules) -> tuple[_Quotation, ...]:
    """The stretches in quotation marks, each inside one paragraph, in order; a mark without its partner is passed over."""
    found: list[_Quotation] = []
    marks = re.compile("[" + re.escape("".join(rules.closing)) + "]")
    place = 0
    while (match := marks.search(text, place)) is not None:
        start = match.end()
        place = start
        if not _opens(text, match.start()):
            continue
        end = _closing(text, start, rules.closing[match.group()], rules.max_characters)
        if end is None:
            continue
        inner = text[start:end]
        if inner.strip():
            # French marks stand apart from the words: « … ».
            lead = len(inner) - len(inner.lstrip())
            found.append(_Quotation(start + lead, start + len(inner.rstrip()), match.start(), end + 1))
        place = end + 1
    return tuple(found)


def _opens(text: str, place: int) -> bool:
    """Whether the mark there can open: not right behind a letter, digit or stop, and something follows."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if not after or after == "\n":
        return False
    if text[place] == _STRAIGHT:
        return (not before or before.isspace() or before in "([{-\u2013\u2014") and not after.isspace()
    return not (before and before.isalnum())


def _closing(text: str, start: int, closers: str, longest: int) -> int | None:
    """The place of the first mark that closes what began at `start`, in the same paragraph; None where none does."""
    line_end = text.find("\n", start)
    limit = min(len(text) if line_end < 0 else line_end, start + longest)
    places = [place for closer in closers if (place := text.find(closer, start, limit)) >= 0]
    return min(places) if places else None


def _may_speak(name: FoundName) -> bool:
    return name.type in (EntityType.PERSON, EntityType.ORGANIZATION) or name.kind is AliasKind.METONYM
