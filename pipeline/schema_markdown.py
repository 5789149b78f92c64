"""The tables' contract as Markdown, for docs/data-format.md: `python -m pipeline.schema_markdown` prints its middle part.

Before: the Arrow schemas. After: one Markdown table for each table. A test fails when the document says something else.
"""

from __future__ import annotations

from pipeline.schema_text import type_name
from schemas.codes import REJECT_ADVICE
from schemas.tables import TABLES, Table


def tables_markdown() -> str:
    """All tables, a heading and a Markdown table each."""
    return "\n\n".join(_table(table) for table in TABLES.values())


def codes_markdown() -> str:
    """The reject codes with their advice."""
    rows = [f"| `{code.value}` | {advice} |" for code, advice in REJECT_ADVICE.items()]
    return "\n".join(["| code | what to do |", "|---|---|", *rows])


def _table(table: Table) -> str:
    parts = ", ".join(f"`{name}`" for name in table.partition_by) or "nothing"
    keys = ", ".join(f"`{name}`" for name in table.sort_by)
    lines = [
        f"### {table.name}",
        "",
        f"{table.description} Partitioned by {parts}; sorted by {keys}.",
        "",
        "| column | type | null | what it is | term |",
        "|---|---|---|---|---|",
    ]
    for column in table.schema:
        notes = {key.decode(): value.decode() for key, value in (column.metadata or {}).items()}
        null = "yes" if column.nullable else "no"
        lines.append(
            f"| `{column.name}` | {type_name(column.type)} | {null} | {notes['description']} | {notes.get('term', '')} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(f"{tables_markdown()}\n\n{codes_markdown()}")
