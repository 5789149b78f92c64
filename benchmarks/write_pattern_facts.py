"""Writes `configs/pattern_facts.jsonl`: what is known of each built-in expression, so that no process has to find it out.

python -m benchmarks.write_pattern_facts      after any change to an expression in configs/boilerplate
"""

from __future__ import annotations

from pathlib import Path

from pipeline.rules import load_rules
from transforms.cleaning.likely_patterns import without_leading
from transforms.cleaning.pattern_facts import FILE, facts_text
from transforms.cleaning.rule_match import compile_rule


def built_in_expressions() -> list[str]:
    """The expressions of the built-in rules, as `facts_of` is asked about them."""
    compiled = [compile_rule(rule) for rule in load_rules([])]
    return [without_leading(each.whole.pattern) for each in compiled if each.whole is not None]


def main() -> None:
    """Writes the file."""
    path = Path(__file__).resolve().parent.parent / "configs" / FILE
    path.write_text(facts_text(built_in_expressions()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
