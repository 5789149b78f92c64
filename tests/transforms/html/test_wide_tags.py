"""Thousands of attributes on one tag cost no more than their bytes, and take nothing else with them."""

from __future__ import annotations

import time

import pytest

from schemas.codes import RejectCode
from schemas.errors import RecordError
from transforms.html.tree import parse_tree
from transforms.html.wide_tags import MAX_ATTRIBUTES, may_have_wide_tag, parse_wide_tags

MANY = 30_000

WIDE = {
    "unquoted": " ".join(f"a{number}=1" for number in range(MANY)),
    "bare": " ".join(f"a{number}" for number in range(MANY)),
    "slashes": "/".join(f"a{number}" for number in range(MANY)),
    "quoted": "".join(f" a{number}='1'" for number in range(MANY)),
    "no space between": "".join(f'a{number}="1"' for number in range(MANY)),
    "tags in values": "".join(f" a{number}='<b>'" for number in range(MANY)),
    "equals signs as names": "".join(f' ="{number}"' for number in range(MANY)),
    "odd names": "".join(f" @a{number}:é" for number in range(MANY)),
}


def page(attributes: str) -> str:
    return f"<html><body><p>Before</p><p class='story' {attributes}>Rain &amp; wind<br>fell</p><fb:like>After</fb:like></body></html>"


@pytest.mark.parametrize("attributes", WIDE.values(), ids=WIDE)
def test_a_tag_of_many_attributes_keeps_the_first_and_all_text(attributes: str) -> None:
    started = time.process_time()
    root = parse_tree(page(attributes))
    assert time.process_time() - started < 1
    assert "".join(root.itertext()) == "BeforeRain & windfellAfter"
    wide = root.findall(".//p")[1]
    assert wide.get("class") == "story"
    assert len(wide.attrib) <= MAX_ATTRIBUTES


def test_control_characters_by_reference_are_no_text() -> None:
    root = parse_tree(page(WIDE["bare"] + " title='a&#1;b'") + "<p>c&#2;d\ufffee</p>")
    assert "".join(root.itertext()).endswith("Aftercde")


def test_too_deep_is_told_here_too() -> None:
    with pytest.raises(RecordError) as caught:
        parse_tree(page(WIDE["bare"]) + "<div>text " * 10_000)
    assert caught.value.code is RejectCode.TOO_DEEP


@pytest.mark.parametrize(
    "markup",
    [
        "<p>short</p>",
        f"<div data-story='{{{'&quot;name&quot;: 1, ' * 2000}}}'>Rain</div>",
        "<p class=a id=b>Rain</p>" * 5000,
        "<script>" + "if (a<b && c > d) { e = 'f' } " * 5000 + "</script>",
        "<p>" + "He said 'no' and \"yes\" = maybe, 3 < 4. " * 5000,
    ],
    ids=["short", "long value", "many tags", "script", "prose"],
)
def test_ordinary_pages_go_the_ordinary_way(markup: str) -> None:
    assert not may_have_wide_tag(markup.encode())


def test_a_false_alarm_is_left_to_the_ordinary_parser() -> None:
    raw = b"<script>a <b " + b"word " * 5000 + b"</script><p>Rain</p>"
    assert may_have_wide_tag(raw)
    assert parse_wide_tags(raw) is None
    assert parse_tree(raw.decode()).findtext(".//p") == "Rain"


@pytest.mark.parametrize("unit", ["<a ", "=", "'", '"', " = ", "a=' "])
def test_looking_is_linear(unit: str) -> None:
    raw = ("<p " + unit * 1_000_000).encode()
    started = time.process_time()
    may_have_wide_tag(raw)
    assert time.process_time() - started < 2
