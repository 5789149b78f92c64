"""Checks a parsed filter against the columns of `articles` and makes a function of it: Compare(">=", word_count, 100) ->
`article -> bool | None`.

Logic has three values as in SQL: a comparison with null is unknown (None), and so is what depends on it.
"""

from __future__ import annotations

import difflib
import operator
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow as pa

from schemas.records import Article
from schemas.tables import ARTICLES
from transforms.filter_syntax import And, Call, Column, Compare, In, IsNull, Items, Literal, Node, Not, Or, fault

Evaluate = Callable[[Article], Any]


class Kind(str, Enum):
    """What a value is."""

    TEXT = "a text"
    NUMBER = "a number"
    TRUTH = "true or false"
    TIME = "a time"
    TEXTS = "a list of texts"
    ROWS = "a list of structs"
    STRUCT = "a struct"


class Typed(NamedTuple):
    """A part of a filter: what its value is, and how it is found in an article. None is null, or unknown."""

    kind: Kind
    evaluate: Evaluate


_ORDERED = {Kind.NUMBER, Kind.TIME, Kind.TEXT}
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FUNCTIONS: Mapping[str, tuple[frozenset[Kind], Kind, Callable[[Any], Any]]] = {
    "length": (frozenset({Kind.TEXT, Kind.TEXTS, Kind.ROWS}), Kind.NUMBER, len),
    "lower": (frozenset({Kind.TEXT}), Kind.TEXT, str.lower),
}
NOT_YET_KNOWN = frozenset({"run_id", "schema_version", "pipeline_version"})
"""Columns that are filled in when a row is written."""


def typed(node: Node, expression: str) -> Typed:
    """The function of `node`, a part of `expression`. Raises UsageError, one line that says where, if its kinds don't fit."""
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Column):
        return _column(node, expression)
    if isinstance(node, Call):
        return _call(node, expression)
    if isinstance(node, Compare):
        return _compare(node, expression)
    if isinstance(node, In):
        return _in(node, expression)
    if isinstance(node, IsNull):
        operand = typed(node.operand, expression).evaluate
        return Typed(Kind.TRUTH, lambda article: operand(article) is None)
    if isinstance(node, Not):
        truth = truth_of(node.operand, expression)
        return Typed(Kind.TRUTH, lambda article: None if (value := truth(article)) is None else not value)
    if isinstance(node, And | Or):
        decisive = isinstance(node, Or)
        parts = tuple(truth_of(part, expression) for part in node.parts)
        return Typed(Kind.TRUTH, lambda article: _any_decides(parts, article, decisive))
    raise fault(expression, "a list stands behind `in` only", node.start)


def truth_of(node: Node, expression: str) -> Evaluate:
    """The function of a part that must be true or false."""
    part = typed(node, expression)
    if part.kind is not Kind.TRUTH:
        raise fault(expression, f"a condition is expected; {_shown(node, expression)} is {part.kind.value}", node.start)
    return part.evaluate


def columns_of(node: Node) -> tuple[Column, ...]:
    """The columns that a part names, in order, each once."""
    if isinstance(node, Column):
        return (node,)
    inner: tuple[Node, ...] = ()
    if isinstance(node, And | Or):
        inner = node.parts
    elif isinstance(node, Compare):
        inner = (node.left, node.right)
    elif isinstance(node, In):
        inner = (node.item, node.container)
    elif isinstance(node, Not | IsNull):
        inner = (node.operand,)
    elif isinstance(node, Call):
        inner = (node.argument,)
    found = {(column.name, column.field): column for part in inner for column in columns_of(part)}
    return tuple(found.values())


def _any_decides(parts: tuple[Evaluate, ...], article: Article, decisive: bool) -> bool | None:
    """`and` is decided by one false, `or` by one true; else an unknown part makes the whole unknown."""
    known = True
    for part in parts:
        value: bool | None = part(article)
        if value is decisive:
            return decisive
        known = known and value is not None
    return (not decisive) if known else None


def _literal(node: Literal) -> Typed:
    value = node.value
    kind = Kind.TRUTH if isinstance(value, bool) else Kind.TEXT if isinstance(value, str) else Kind.NUMBER
    return Typed(kind, lambda article: value)


@lru_cache(maxsize=1)
def _column_types() -> Mapping[str, pa.DataType]:
    return {field.name: field.type for field in ARTICLES.schema if field.name not in NOT_YET_KNOWN}


def _kind(kind: pa.DataType) -> Kind:
    if pa.types.is_dictionary(kind):
        return _kind(kind.value_type)
    if pa.types.is_list(kind):
        return Kind.ROWS if pa.types.is_struct(kind.value_type) else Kind.TEXTS
    if pa.types.is_struct(kind):
        return Kind.STRUCT
    if pa.types.is_timestamp(kind):
        return Kind.TIME
    if pa.types.is_boolean(kind):
        return Kind.TRUTH
    return Kind.NUMBER if pa.types.is_integer(kind) or pa.types.is_floating(kind) else Kind.TEXT


def _column(node: Column, expression: str) -> Typed:
    types, name, field = _column_types(), node.name, node.field
    if name in NOT_YET_KNOWN:
        raise fault(expression, f"{name} is not known before the row is written", node.start)
    if name not in types:
        raise fault(expression, f"no such column {name}{_nearest(name, types)}", node.start)
    kind = _kind(types[name])
    if field is None:
        if kind is Kind.TEXT:
            # Enumerations are texts, but hash otherwise.
            return Typed(kind, lambda article: None if (value := getattr(article, name)) is None else str(value))
        return Typed(kind, lambda article: getattr(article, name))
    if kind not in (Kind.STRUCT, Kind.ROWS):
        raise fault(expression, f"{name} is {kind.value} and has no fields", node.start)
    struct = types[name].value_type if kind is Kind.ROWS else types[name]
    inner = {struct.field(i).name: struct.field(i).type for i in range(struct.num_fields)}
    if field not in inner:
        raise fault(expression, f"{name} has no field {field}{_nearest(field, inner)}", node.start)
    if kind is Kind.STRUCT:
        return Typed(_kind(inner[field]), lambda article: getattr(getattr(article, name), field))
    if _kind(inner[field]) is not Kind.TEXT:
        raise fault(
            expression, f"{name}.{field} is no list of texts; only such fields of a list can be used", node.start
        )
    return Typed(
        Kind.TEXTS,
        lambda article: tuple(
            str(value) for row in getattr(article, name) if (value := getattr(row, field)) is not None
        ),
    )


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    match = difflib.get_close_matches(name[:100].lower(), list(known), n=1, cutoff=0.6)
    return f"; did you mean {match[0]}?" if match else ""


def _call(node: Call, expression: str) -> Typed:
    if node.function not in _FUNCTIONS:
        raise fault(expression, f"no such function {node.function}; there are {', '.join(_FUNCTIONS)}", node.start)
    accepted, kind, function = _FUNCTIONS[node.function]
    argument = typed(node.argument, expression)
    if argument.kind not in accepted:
        raise fault(
            expression,
            f"{node.function}() takes {' or '.join(sorted(each.value for each in accepted))}, not {argument.kind.value}",
            node.argument.start,
        )
    inner = argument.evaluate
    return Typed(kind, lambda article: None if (value := inner(article)) is None else function(value))


def _compare(node: Compare, expression: str) -> Typed:
    left, right = typed(node.left, expression), typed(node.right, expression)
    if left.kind is Kind.TIME and isinstance(node.right, Literal):
        right = _time(node.right, expression)
    elif right.kind is Kind.TIME and isinstance(node.left, Literal):
        left = _time(node.left, expression)
    if left.kind is not right.kind or left.kind in (Kind.STRUCT, Kind.ROWS, Kind.TEXTS):
        names = (
            f"{_shown(node.left, expression)} is {left.kind.value}, {_shown(node.right, expression)} {right.kind.value}"
        )
        raise fault(expression, f"these can't be compared: {names}", node.start)
    if node.operator not in ("==", "!=") and left.kind not in _ORDERED:
        raise fault(expression, f"{node.operator} needs an order; {left.kind.value} has none", node.start)
    compare, first, second = _OPERATORS[node.operator], left.evaluate, right.evaluate

    def evaluate(article: Article) -> bool | None:
        a, b = first(article), second(article)
        return None if a is None or b is None else compare(a, b)

    return Typed(Kind.TRUTH, evaluate)


def _time(node: Literal, expression: str) -> Typed:
    """A text that is compared with a time: a date or a time as ISO 8601 writes it, UTC unless it says otherwise."""
    try:
        text = str(node.value)
        at = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    except ValueError as error:
        raise fault(
            expression,
            f'a time is written as "2026-03-01" or "2026-03-01T12:30:00+01:00", not {node.value!r}',
            node.start,
        ) from error
    aware = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
    return Typed(Kind.TIME, lambda article: aware)


def _in(node: In, expression: str) -> Typed:
    item = typed(node.item, expression)
    inner = item.evaluate
    if isinstance(node.container, Items):
        for each in node.container.items:
            if _literal(each).kind is not item.kind:
                raise fault(
                    expression,
                    f"the list must hold {item.kind.value} only, as {_shown(node.item, expression)} is",
                    each.start,
                )
        values = frozenset(each.value for each in node.container.items)
        return Typed(Kind.TRUTH, lambda article: None if (value := inner(article)) is None else value in values)
    container = typed(node.container, expression)
    if item.kind is not Kind.TEXT or container.kind not in (Kind.TEXT, Kind.TEXTS):
        raise fault(
            expression,
            f"`in` looks for a text in a text or in a list of texts; {_shown(node.container, expression)} is {container.kind.value}",
            node.container.start,
        )
    holds = container.evaluate

    def evaluate(article: Article) -> bool | None:
        part, whole = inner(article), holds(article)
        return None if part is None or whole is None else part in whole

    return Typed(Kind.TRUTH, evaluate)


def _shown(node: Node, expression: str) -> str:
    return expression[node.start : node.end][:60]
