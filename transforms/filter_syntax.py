"""Parses a filter expression: 'language == "en" and word_count >= 100' -> And(Compare("==", …), Compare(">=", …)).

    expression := term ("or" term)*            term := factor ("and" factor)*        factor := "not" factor | test
    test       := value [("==" | "!=" | "<" | "<=" | ">" | ">=") value | ["not"] "in" (list | value) | "is" ["not"] "null"]
    value      := number | "text" | true | false | column ["." field] | function "(" expression ")" | "(" expression ")"
    list       := "(" value ("," value)* ")", also in square brackets

No Python is run and nothing is looked up here: what a column is stands in `transforms.filter_types`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isinf
from typing import NamedTuple

from schemas.errors import UsageError

MAX_LENGTH = 4_000
"""Characters of an expression."""
_MAX_DEPTH = 40
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?(?![\w.]))
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<name>[^\W\d]\w*)
    | (?P<mark>==|!=|<>|<=|>=|<|>|=|\(|\)|\[|\]|,|\.|-)
    )""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_COMPARISONS = {"==": "==", "=": "==", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_WORDS = frozenset({"and", "or", "not", "in", "is", "null", "true", "false", "none"})


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text or truth value. `start` and `end` of every node are its place in the expression."""

    value: float | str | bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Items:
    """The list behind `in`."""

    items: tuple[Literal, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or a field of one ("quality.symbol_share")."""

    name: str
    field: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one value."""

    function: str
    argument: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Compare:
    """`operator` is ==, !=, <, <=, > or >=."""

    operator: str
    left: Node
    right: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class In:
    """Whether `item` is among a list, in a list column, or part of a text."""

    item: Node
    container: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether a value is unknown."""

    operand: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Not:
    operand: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]
    start: int
    end: int


Node = Literal | Items | Column | Call | Compare | In | IsNull | Not | And | Or


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def fault(expression: str, reason: str, place: int) -> UsageError:
    """The error for what is wrong at `place` (from 0) of `expression`."""
    return UsageError(f"filter.expression: {reason} (at character {place + 1} of {expression[:200]!r})")


def parse_filter(expression: str) -> Node:
    """The tree of `expression`. Raises UsageError, one line that says where, for anything that is no expression."""
    if len(expression) > MAX_LENGTH:
        raise UsageError(f"filter.expression: {len(expression):,} characters; allowed: up to {MAX_LENGTH:,}")
    return _Parser(expression, _tokens(expression)).whole()


def _tokens(expression: str) -> tuple[_Token, ...]:
    tokens: list[_Token] = []
    place, end = 0, len(expression.rstrip())
    while place < end:
        match = _TOKEN.match(expression, place)
        if match is None:
            place += len(expression[place:]) - len(expression[place:].lstrip())
            odd = expression[place]
            reason = "the text that begins here has no end" if odd in "\"'" else f"{odd!r} is not understood"
            raise fault(expression, reason, place)
        kind = str(match.lastgroup)
        tokens.append(_Token(kind, match.group(kind), match.start(kind), match.end(kind)))
        place = match.end()
    return (*tokens, _Token("end", "the end", end, end))


class _Parser:
    """Recursive descent over the tokens of one expression; `_at` is the next one."""

    def __init__(self, expression: str, tokens: tuple[_Token, ...]) -> None:
        self._expression = expression
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._or()
        if self._next.kind != "end":
            comparison = isinstance(node, Compare) and self._next.text in _COMPARISONS
            raise self._fault(
                "comparisons can't be chained; join two with `and`"
                if comparison
                else f"{self._shown} is not expected here"
            )
        return node

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    @property
    def _shown(self) -> str:
        return "the end" if self._next.kind == "end" else repr(self._next.text[:40])

    def _fault(self, reason: str) -> UsageError:
        return fault(self._expression, reason, self._next.start)

    def _word(self, word: str) -> bool:
        """Whether the next token is the keyword; if so it is taken."""
        found = self._next.kind == "name" and self._next.text.lower() == word
        self._at += found
        return found

    def _mark(self, mark: str) -> bool:
        found = self._next.kind == "mark" and self._next.text == mark
        self._at += found
        return found

    def _end(self) -> int:
        return self._tokens[self._at - 1].end

    def _or(self) -> Node:
        return self._joined("or", self._and, Or)

    def _and(self) -> Node:
        return self._joined("and", self._not, And)

    def _joined(self, word: str, part: Callable[[], Node], make: Callable[[tuple[Node, ...], int, int], Node]) -> Node:
        start = self._next.start
        parts = [part()]
        while self._word(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else make(tuple(parts), start, self._end())

    def _not(self) -> Node:
        start = self._next.start
        if not self._word("not"):
            return self._test()
        self._deeper()
        operand = self._not()
        self._depth -= 1
        return Not(operand, start, self._end())

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._fault(f"nested deeper than {_MAX_DEPTH} levels")

    def _test(self) -> Node:
        start = self._next.start
        left = self._value()
        if self._next.kind == "mark" and self._next.text in _COMPARISONS:
            operator = _COMPARISONS[self._next.text]
            self._at += 1
            right = self._value()
            return Compare(operator, left, right, start, self._end())
        if self._word("is"):
            negated = self._word("not")
            if not (self._word("null") or self._word("none")):
                raise self._fault(f"`null` is expected after `is`, not {self._shown}")
            null = IsNull(left, start, self._end())
            return Not(null, start, self._end()) if negated else null
        negated = self._word("not")
        if negated and not (self._next.kind == "name" and self._next.text.lower() == "in"):
            raise self._fault(f"`in` is expected after `not`, not {self._shown}")
        if self._word("in"):
            found = In(left, self._container(), start, self._end())
            return Not(found, start, found.end) if negated else found
        return left

    def _container(self) -> Node:
        start = self._next.start
        for opening, closing in (("(", ")"), ("[", "]")):
            if self._mark(opening):
                items = [self._literal()]
                while self._mark(","):
                    items.append(self._literal())
                if not self._mark(closing):
                    raise self._fault(f"`,` or `{closing}` is expected in a list, not {self._shown}")
                return Items(tuple(items), start, self._end())
        return self._value()

    def _literal(self) -> Literal:
        value = self._value()
        if not isinstance(value, Literal):
            raise fault(self._expression, "a list holds numbers or texts only", value.start)
        return value

    def _value(self) -> Node:
        token = self._next
        start = token.start
        if self._mark("("):
            self._deeper()
            inner = self._or()
            self._depth -= 1
            if not self._mark(")"):
                raise self._fault(f"`)` is expected, not {self._shown}")
            return inner
        if self._mark("-"):
            number = self._next
            if number.kind != "number":
                raise self._fault(f"a number is expected after `-`, not {self._shown}")
            self._at += 1
            return Literal(-self._number(number), start, number.end)
        if token.kind == "number":
            self._at += 1
            return Literal(self._number(token), start, token.end)
        if token.kind == "text":
            self._at += 1
            unescaped = _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), token.text[1:-1])
            return Literal(unescaped, start, token.end)
        if self._word("true") or self._word("false"):
            return Literal(token.text.lower() == "true", start, token.end)
        if token.kind != "name" or token.text.lower() in _WORDS:
            raise self._fault(f"a column, a number or a text is expected, not {self._shown}")
        self._at += 1
        return self._name(token)

    def _number(self, token: _Token) -> float:
        value = float(token.text)
        if isinf(value):
            raise fault(self._expression, f"{token.text[:40]} is too large for a number", token.start)
        return value

    def _name(self, token: _Token) -> Node:
        if self._mark("("):
            self._deeper()
            argument = self._or()
            self._depth -= 1
            if not self._mark(")"):
                raise self._fault(f"`)` is expected, not {self._shown}")
            return Call(token.text, argument, token.start, self._end())
        if self._mark("."):
            if self._next.kind != "name":
                raise self._fault(f"a field is expected after `{token.text}.`, not {self._shown}")
            self._at += 1
            return Column(token.text, self._tokens[self._at - 1].text, token.start, self._end())
        return Column(token.text, None, token.start, token.end)
