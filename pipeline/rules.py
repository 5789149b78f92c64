"""The only reader of boilerplate rule files: TOML → checked, frozen `Rule`s.

Before: configs/boilerplate/comments.toml with `[[rule]] id = "comments.post" …`  After: `Rule(id="comments.post", …)`.

A file may name lists of expressions once, under `[words]`; a pattern then says `{networks}` for any one of them.
"""

from __future__ import annotations

import difflib
import importlib.resources
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from configs.toml import TOMLDecodeError, parse_toml
from pipeline.rule_check import pattern_fault
from schemas.codes import Category, Code
from schemas.errors import UsageError
from schemas.rules import Match, Rule, Take, Where

_KEYS = (
    "id",
    "match",
    "text",
    "pattern",
    "language",
    "site",
    "where",
    "take",
    "category",
    "max_words",
    "example",
    "counterexample",
    "remove",
)
_ID = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_\-]+)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z_]*)\}")
_MAX_WORDS_LIMIT = 200
_C = TypeVar("_C", bound=Code)


def load_rules(folders: Sequence[Path] = (), *, without: Sequence[Path] = ()) -> tuple[Rule, ...]:
    """The built-in rules and those of `folders`, each folder's `*.toml` in order of name; sorted by id.

    A later folder's rule replaces an earlier one of the same id; with `remove = true` it deletes it. Files that are one of
    `without` are passed over. Raises `UsageError` with one line (file, rule, key, what is allowed) on anything that is not
    right.
    """
    passed = {path.resolve() for path in without}
    rules = {rule.id: rule for rule in _built_in() if not passed or _built_in_path(rule.file) not in passed}
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such folder of rule files")
        seen: dict[str, str] = {}
        for path in sorted(folder.glob("*.toml")):
            if path.resolve() not in passed:
                _merge(rules, seen, _text_of(path), str(path), check_patterns=True)
    return tuple(rules[rule_id] for rule_id in sorted(rules))


def add_rule_files(rules: Iterable[Rule], files: Sequence[Path]) -> tuple[Rule, ...]:
    """`rules` with those of single files, as if they stood in a last folder of rule files; sorted by id.

    Raises `UsageError` as `load_rules` does.
    """
    merged = {rule.id: rule for rule in rules}
    seen: dict[str, str] = {}
    for path in files:
        _merge(merged, seen, _text_of(path), str(path), check_patterns=True)
    return tuple(merged[rule_id] for rule_id in sorted(merged))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such file") from error
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: can't be read as UTF-8 text: {error}") from error


def parse_rules(text: str, file: str) -> tuple[Rule, ...]:
    """The rules of one file's TOML, in file order; entries with `remove` are left out. `file` stands in errors."""
    rules: dict[str, Rule] = {}
    _merge(rules, {}, text, file, check_patterns=True)
    return tuple(rules.values())


def _built_in_path(file: str) -> Path:
    """The path on this machine of a built-in rule file, "configs/boilerplate/share.toml"."""
    return Path(str(importlib.resources.files("configs"))).parent.joinpath(file).resolve()


@lru_cache(maxsize=1)
def _built_in() -> tuple[Rule, ...]:
    folder = importlib.resources.files("configs").joinpath("boilerplate")
    rules: dict[str, Rule] = {}
    seen: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            # Every worker loads these at its start; `check_rules` has tried their expressions before a release.
            text = entry.read_text(encoding="utf-8")
            _merge(rules, seen, text, f"configs/boilerplate/{entry.name}", check_patterns=False)
    return tuple(rules.values())


def _merge(rules: dict[str, Rule], seen: dict[str, str], text: str, file: str, *, check_patterns: bool) -> None:
    """Adds the rules of one file to `rules`. `seen` maps the ids of the same folder to their files; `check_patterns` tells
    whether expressions are tried for being right and harmless, which takes most of the time."""
    try:
        document = parse_toml(text)
    except TOMLDecodeError as error:
        raise UsageError(f"{file}: no valid TOML: {error}") from error
    for key in document:
        if key not in ("rule", "words"):
            raise UsageError(f"{file}: unknown key {key!r}; a rule file has [[rule]] entries and one [words] table")
    words = _words(document.get("words", {}), file)
    entries = document.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{file}: rules are written as [[rule]] entries")
    for number, entry in enumerate(entries, start=1):
        rule_id = _rule_id(entry, number, file)
        if rule_id in seen:
            raise UsageError(f"{file}: rule {rule_id}: the id is already used in {seen[rule_id]}")
        seen[rule_id] = file
        reader = _Entry(entry, f"{file}: rule {rule_id}")
        if reader.removes():
            if rule_id not in rules:
                raise UsageError(f"{reader.place}: remove: there is no such rule{_nearest(rule_id, rules)}")
            del rules[rule_id]
        else:
            rules[rule_id] = reader.rule(rule_id, file, words)
            fault = pattern_fault(rules[rule_id].pattern) if check_patterns else None
            if fault is not None:
                raise UsageError(f"{reader.place}: pattern: {fault}")


def _rule_id(entry: Mapping[str, object], number: int, file: str) -> str:
    rule_id = entry.get("id")
    if not isinstance(rule_id, str) or not _ID.fullmatch(rule_id):
        raise UsageError(f"{file}: rule number {number}: id: {rule_id!r}; allowed is a text such as 'comments.post_en'")
    return rule_id


def _words(table: object, file: str) -> Mapping[str, str]:
    """The `[words]` table as one alternation for each name."""
    if not isinstance(table, dict):
        raise UsageError(f"{file}: words: allowed is a table of lists of expressions")
    words: dict[str, str] = {}
    for name, values in table.items():
        if not isinstance(values, list) or not values or not all(isinstance(value, str) and value for value in values):
            raise UsageError(f"{file}: words: {name}: allowed is a list of expressions that is not empty")
        if not _PLACEHOLDER.fullmatch(f"{{{name}}}"):
            raise UsageError(f"{file}: words: {name}: a name has lower-case letters and underscores only")
        words[name] = "(?:" + "|".join(_substitute(value, words, f"{file}: words: {name}") for value in values) + ")"
    return words


def _substitute(pattern: str, words: Mapping[str, str], place: str) -> str:
    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in words:
            raise UsageError(f"{place}: {{{name}}} is not in this file's [words] so far{_nearest(name, words)}")
        return words[name]

    return _PLACEHOLDER.sub(value, pattern)


def _nearest(word: str, allowed: Iterable[str]) -> str:
    """ "; did you mean 'x'?" where a name of `allowed` is close to `word`, else nothing."""
    close = difflib.get_close_matches(word, sorted(allowed), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


class _Entry:
    """Reads one `[[rule]]` table, naming file, rule and key in every error."""

    def __init__(self, entry: Mapping[str, object], place: str) -> None:
        self.entry = entry
        self.place = place
        for key in entry:
            if key not in _KEYS:
                raise UsageError(
                    f"{place}: unknown key {key!r}{_nearest(key, _KEYS) or '; allowed are ' + ', '.join(_KEYS)}"
                )

    def removes(self) -> bool:
        """Whether the entry only deletes an earlier rule."""
        remove = self.entry.get("remove", False)
        if not isinstance(remove, bool):
            raise self.error("remove", remove, "true or false")
        if remove and len(self.entry) > 2:
            raise UsageError(f"{self.place}: remove: an entry that removes has no other key than id")
        return remove

    def rule(self, rule_id: str, file: str, words: Mapping[str, str]) -> Rule:
        """The checked rule."""
        match = self.code("match", Match, None)
        texts = self.lines("text", required=match is not Match.PATTERN)
        pattern = self.text("pattern")
        if match is Match.PATTERN:
            if pattern is None:
                raise UsageError(f"{self.place}: pattern is missing; a rule with match = 'pattern' needs one")
            if texts:
                raise UsageError(f"{self.place}: text is for exact and prefix rules; this one has match = 'pattern'")
            pattern = _substitute(pattern, words, f"{self.place}: pattern")
        elif pattern is not None:
            raise UsageError(
                f"{self.place}: pattern is for rules with match = 'pattern'; this one has match = {match.value!r}"
            )
        language = self.text("language")
        if language is not None and not _LANGUAGE.fullmatch(language):
            raise self.error("language", language, "a BCP 47 tag such as 'en' or 'pt-BR'")
        max_words = self.entry.get("max_words", 25)
        if not isinstance(max_words, int) or isinstance(max_words, bool) or not 1 <= max_words <= _MAX_WORDS_LIMIT:
            raise self.error("max_words", max_words, f"a whole number from 1 to {_MAX_WORDS_LIMIT}")
        return Rule(
            id=rule_id,
            match=match,
            category=self.code("category", Category, None),
            texts=texts,
            pattern=pattern,
            language=language,
            site=self.text("site"),
            where=self.code("where", Where, Where.ANY),
            take=self.code("take", Take, Take.LINE),
            max_words=max_words,
            examples=self.lines("example", required=True),
            counterexamples=self.lines("counterexample", required=True),
            file=file,
        )

    def text(self, key: str) -> str | None:
        """A text that is not empty, or None where the key is missing."""
        value = self.entry.get(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.error(key, value, "a text that is not empty")
        return value

    def lines(self, key: str, *, required: bool) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        value = self.entry.get(key)
        if value is None:
            if required:
                raise UsageError(f"{self.place}: {key} is missing; give at least one line")
            return ()
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not values or not all(isinstance(v, str) and v.strip() for v in values):
            raise self.error(key, value, "a list of texts, at least one, none empty")
        return tuple(values)

    def code(self, key: str, codes: type[_C], default: _C | None) -> _C:
        """A value of a fixed list."""
        value = self.entry.get(key, default)
        allowed = [code.value for code in codes]
        if value is None:
            raise UsageError(f"{self.place}: {key} is missing; allowed are {', '.join(allowed)}")
        if not isinstance(value, str) or str(value) not in allowed:
            hint = _nearest(str(value), allowed)
            raise UsageError(f"{self.place}: {key}: {value!r}; allowed are {', '.join(allowed)}{hint}")
        return codes(str(value))

    def error(self, key: str, value: object, allowed: str) -> UsageError:
        """The one-line error for an unusable value."""
        return UsageError(f"{self.place}: {key}: {value!r}; allowed is {allowed}")
