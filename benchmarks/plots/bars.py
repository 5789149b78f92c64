"""Draws horizontal bars as SVG: the same figures give the same bytes.

bars("CPU ms a page", (Bar("copydesk", 21.0, ours=True), Bar("datatrove", 140.2)))  ->  "<svg …"
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_WIDTH, _LABELS, _ROW, _TOP = 760, 250, 30, 44
_OURS, _OTHERS, _INK = "#2563a8", "#a9b4c2", "#222"


class Bar(NamedTuple):
    """One bar; `note` stands behind its value."""

    label: str
    value: float
    note: str = ""
    ours: bool = False


def bars(title: str, given: Sequence[Bar]) -> str:
    """The SVG of bars on one scale from 0, in the order given. Raises ValueError for none, or for negative values."""
    if not given or min(bar.value for bar in given) < 0:
        raise ValueError("bars need at least one value, and none below 0")
    room = _WIDTH - _LABELS - 150
    most = max(bar.value for bar in given) or 1.0
    height = _TOP + _ROW * len(given) + 12
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        'font-family="sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="12" y="24" font-size="15" fill="{_INK}">{escape(title)}</text>',
    ]
    for number, bar in enumerate(given):
        y = _TOP + _ROW * number
        length = bar.value / most * room
        value = f"{bar.value:,.0f}" if bar.value >= 100 else f"{bar.value:.1f}"
        lines += [
            f'<text x="{_LABELS - 8}" y="{y + 15}" text-anchor="end" fill="{_INK}">{escape(bar.label)}</text>',
            f'<rect x="{_LABELS}" y="{y}" width="{length:.1f}" height="20" fill="{_OURS if bar.ours else _OTHERS}"/>',
            f'<text x="{_LABELS + length + 6:.1f}" y="{y + 15}" fill="{_INK}">{value}{" " if bar.note else ""}{escape(bar.note)}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])
