"""Tests of transforms.metadata.lines: lines as a reader sees them."""

from __future__ import annotations

from lxml import html

from transforms.metadata.lines import lines_from


def test_lines_end_at_blocks_and_stop() -> None:
    tree = html.document_fromstring("<div><p>One <b>two</b></p>three<br>four<script>x</script><p id=s>five</p></div>")
    lines = lines_from(tree.find(".//div"), tree.get_element_by_id("s"), 10, inside=True)
    assert [line.text for line in lines] == ["One two", "three", "four"]
    assert [line.text for line in lines_from(tree.find(".//div"), None, 2, inside=True)] == ["One two", "three"]


def test_what_follows_an_element_and_who_owns_it() -> None:
    tree = html.document_fromstring(
        "<main><h1>Storm</h1><p>By <a href=x>Jane Roe</a></p><form>Search</form> tail</main>"
    )
    lines = lines_from(tree.find(".//h1"), None, 10, inside=False)
    assert [line.text for line in lines] == ["By Jane Roe", "tail"]
    assert [element.tag for element in lines[0].elements] == ["p", "a"]


def test_endless_lines_are_bounded() -> None:
    tree = html.document_fromstring("<div>" + "<i>word</i> " * 20_000 + "</div>")
    assert len(lines_from(tree.find(".//div"), None, 5, inside=True)[0].text) <= 1_200
