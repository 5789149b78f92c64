"""Parts of docs/benchmarks.md that are measured apart: their figures lie in results/*.json, their text is made of these.

replace_part("# A\n\n## Growth\n\nold\n", "Growth", "new")  ->  "# A\n\n## Growth\n\nnew\n"
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
REPORT = _ROOT / "docs" / "benchmarks.md"
PLOTS = _ROOT / "docs" / "plots"
RESULTS = _ROOT / "benchmarks" / "results"


def replace_part(text: str, title: str, body: str) -> str:
    """The document with the section `## title` holding `body` instead, or with it at its end if it has none yet."""
    part = f"## {title}\n\n{body.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(text):
        return pattern.sub(lambda found: part + ("\n" if found.end() < len(text) else ""), text)
    return f"{text.rstrip()}\n\n{part}"


def save_results(name: str, results: dict[str, Any]) -> None:
    """Keeps figures for later reports, the same bytes for the same figures."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_results(name: str) -> dict[str, Any] | None:
    """What `save_results` kept; None where nothing was measured yet."""
    path = RESULTS / f"{name}.json"
    found: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found


def write_plot(name: str, svg: str) -> str:
    """Writes a plot beside the documents and gives its path from there."""
    PLOTS.mkdir(exist_ok=True)
    (PLOTS / f"{name}.svg").write_text(svg, encoding="utf-8")
    return f"plots/{name}.svg"
