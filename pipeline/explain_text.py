"""Lays out an explanation for a person. Before: `Explanation`. After: the page's choice, the metadata's candidates, and each
line with its verdict, its reasons and its near misses:

       9  kept     body  heading, 4 words, article/h2
            A bridge without cars
          · No sure prose: 4 words; prose.min_words = 8.
          ~ shape.tail [page_chrome] would take it in the tail; this line stands in the body
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from pipeline.explain import Explanation, FieldCandidate
from pipeline.inspect_text import print_row
from pipeline.visible import one_line
from schemas.codes import Action
from transforms.cleaning.explain import LineVerdict
from transforms.html.explain import Element, PageChoice

TEXT_SHOWN = 180
"""Characters of a line's text that are shown; JSON has all."""

_STEPS_SHOWN = 5
_NAME_WIDTH = len("author organizations")
_INDENT = 8
_VERDICT_STYLES = {"kept": "green", "removed": "red", "moved": "cyan"}


def print_explanation(explanation: Explanation, console: Console, line: str | None = None) -> None:
    """Prints all of it, or with `line` only the lines that hold this text (or have this number) and their neighbours."""
    if line is not None:
        _print_chosen(explanation.lines, line, console)
        return
    if explanation.page is not None:
        _print_page(explanation.page, console)
    _print_fields(explanation.fields, console)
    _heading("why each line", console)
    for verdict in explanation.lines:
        _print_line(verdict, console)


def chosen_lines(lines: Sequence[LineVerdict], wanted: str) -> tuple[LineVerdict, ...]:
    """The lines whose number is `wanted` or whose text holds it, in any case and with spaces folded."""
    if wanted.isdecimal():
        return tuple(each for each in lines if each.number == int(wanted))
    folded = _fold(wanted)
    return tuple(each for each in lines if folded in _fold(each.text))


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _print_chosen(lines: Sequence[LineVerdict], wanted: str, console: Console) -> None:
    found = chosen_lines(lines, wanted)
    if not found:
        what = f"has the number {wanted}" if wanted.isdecimal() else f"holds “{one_line(wanted, 200)}”"
        console.print(Text(f"No line of this record {what}; it has {len(lines):,} lines."), soft_wrap=True)
        return
    numbers = {each.number for each in found}
    last = 0
    for number in sorted({near for each in numbers for near in (each - 1, each, each + 1) if 0 < near <= len(lines)}):
        if last and number > last + 1:
            console.print(Text("     …", style="dim"))
        last = number
        if number in numbers:
            _print_line(lines[number - 1], console)
        else:
            _print_head(lines[number - 1], console)
            _print_note(" ", Text(one_line(lines[number - 1].text, TEXT_SHOWN), style="dim"), console)


def _print_page(page: PageChoice, console: Console) -> None:
    _heading("how the page was read", console)
    rows: list[tuple[str, str]] = [
        ("words", f"{page.words:,} in paragraphs; {page.kept_words:,} without what the rules marked")
    ]
    rows += [("on the way", f"{_element(each)}") for each in page.steps[:-1]]
    rows += [("chosen", _element(each)) for each in page.containers]
    rows += [("beside it", _element(each)) for each in page.runners_up]
    rows.append(("headline", _element(page.headline) if page.headline else "no h1 near the chosen element"))
    marked = Counter(f"{each.rule_id}: {_element(each.element)}" for each in page.marked)
    rows += [("marked", f"{text} (× {times})" if times > 1 else text) for text, times in marked.items()]
    rows += [("not followed", f"{each.rule_id}: {_element(each.element)}: {each.reason}") for each in page.not_followed]
    _print_table(rows, console)


def _element(element: Element) -> str:
    labels = f" [{one_line(element.labels, 60)}]" if element.labels else ""
    steps = element.path.split(" > ")
    path = " > ".join(["…", *steps[-_STEPS_SHOWN:]] if len(steps) > _STEPS_SHOWN else steps)
    return f"{one_line(path, 200)}{labels} {element.words:,} words"


def _print_fields(candidates: Sequence[FieldCandidate], console: Console) -> None:
    if not candidates:
        return
    _heading("metadata that the record states (* chosen)", console)
    rows = []
    before = ""
    for each in candidates:
        name = "" if each.field == before else each.field.replace("_", " ")
        before = each.field
        rows.append((name, f"{'* ' if each.is_chosen else '  '}{each.source}: {one_line(each.value, TEXT_SHOWN)}"))
    _print_table(rows, console)


def _print_line(verdict: LineVerdict, console: Console) -> None:
    _print_head(verdict, console)
    _print_note(" ", Text(one_line(verdict.text, TEXT_SHOWN)), console)
    for mark, text in _notes(verdict):
        _print_note(mark, Text(one_line(text, 600), style="dim"), console)


def _print_head(verdict: LineVerdict, console: Console) -> None:
    what = verdict_name(verdict)
    head = Text(f"{verdict.number:>4}  ")
    head.append(f"{what:<8}", style=_VERDICT_STYLES[what])
    head.append(f" {verdict.where:<4}  ", style="bold")
    head.append(", ".join(_traits(verdict)))
    if verdict.cut is not None:
        head.append(f"  {verdict.cut.rule_id}", style="bold")
        head.append(f" [{verdict.cut.category}, {verdict.cut.scope}]")
    console.print(head, soft_wrap=True)


def verdict_name(verdict: LineVerdict) -> str:
    """kept, removed or moved."""
    if verdict.cut is None:
        return "kept"
    return "moved" if verdict.cut.action is Action.MOVED else "removed"


def _traits(verdict: LineVerdict) -> Iterator[str]:
    yield verdict.kind.value.replace("_", " ")
    yield f"{verdict.words:,} words" if verdict.words != 1 else "1 word"
    if verdict.link_density:
        yield f"links {verdict.link_density:.0%}"
    if verdict.path:
        yield one_line(verdict.path, 80)
    if verdict.labels:
        yield f"class {one_line(' '.join(verdict.labels), 60)}"


def _notes(verdict: LineVerdict) -> Iterator[tuple[str, str]]:
    for reason in verdict.reasons:
        yield "·", reason
    for stretch in verdict.stretches:
        yield "-", f"“{stretch.text}” goes: {stretch.cut.rule_id} [{stretch.cut.category}, {stretch.cut.scope}]"
    for miss in verdict.near_misses:
        yield "~", f"{miss.rule_id} [{miss.category}] {miss.reason}"


def _heading(text: str, console: Console) -> None:
    console.print()
    console.print(Text(text, style="bold"))


def _print_note(mark: str, text: Text, console: Console) -> None:
    print_row(Text(f"{mark:>{_INDENT - 1}} "), text, console)


def _print_table(rows: Sequence[tuple[str, str]], console: Console) -> None:
    for name, text in rows:
        print_row(Text(f"  {name:<{_NAME_WIDTH}}  ", style="bold"), Text(text), console)
