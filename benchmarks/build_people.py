"""Makes configs/names/people.tsv from the name lists of Faker (MIT licence): `python -m benchmarks.build_people FOLDER`.

FOLDER is an unpacked `faker` package, which isn't needed otherwise. Each word of a given name or surname of any country
becomes one line, "g", "s" or "gs"; words of one letter, in capitals or in scripts without capitals are left out.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+")
_HEAD = "# Given names (g) and surnames (s) of many countries, from Faker (MIT licence); made by benchmarks/build_people.py.\n"


def name_words(source: str) -> Iterator[tuple[str, str]]:
    """The words of the name lists in one provider's source, each with "g" or "s"."""
    for node in ast.walk(ast.parse(source)):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            if (
                not isinstance(target, ast.Name)
                or not isinstance(node, (ast.Assign, ast.AnnAssign))
                or node.value is None
            ):
                continue
            kind = "g" if target.id.startswith("first_name") else "s" if target.id.startswith("last_name") else ""
            if not kind:
                continue
            for part in ast.walk(node.value):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and "{" not in part.value:
                    for word in _WORD.findall(part.value):
                        if len(word) > 1 and word[0].isupper() and not word.isupper():
                            yield word, kind


def main() -> None:
    kinds: dict[str, set[str]] = {}
    for path in sorted(Path(sys.argv[1]).glob("providers/person/*/__init__.py")):
        for word, kind in name_words(path.read_text(encoding="utf-8")):
            kinds.setdefault(word, set()).add(kind)
    lines = [f"{word}\t{''.join(sorted(found))}\n" for word, found in sorted(kinds.items())]
    Path("configs/names/people.tsv").write_text(_HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
