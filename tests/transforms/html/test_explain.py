"""How the main content of a page was chosen, in words."""

from __future__ import annotations

from schemas.codes import Payload, SourceFormat
from schemas.records import DecodedDocument, RawDocument
from transforms.html.explain import PageChoice, explain_page
from transforms.html.rules import PageRules

RULES = PageRules.load()
PARAGRAPH = "<p>The ferry between the two islands was held in port for the third day, the harbour master said.</p>"


def choice(body: str) -> PageChoice:
    source = RawDocument("page.html", "page.html", SourceFormat.HTML, Payload.HTML, b"")
    return explain_page(DecodedDocument(source, f"<body>{body}</body>", "utf-8"), RULES)


def test_the_way_to_the_main_content_and_what_lies_beside_it() -> None:
    found = choice(
        f'<main><article class="story"><h1>Ferry held</h1>{PARAGRAPH * 5}</article><div class="box">{PARAGRAPH}</div></main>'
    )
    assert [each.path for each in found.steps] == ["body", "body > main", "body > main > article"]
    assert [(each.labels, each.words) for each in found.containers] == [("story", 90)]
    assert [(each.path, each.words) for each in found.runners_up] == [("body > main > div", 18)]
    assert found.headline is not None
    assert found.headline.path == "body > main > article > h1"
    assert (found.words, found.kept_words) == (108, 108)


def test_only_the_outermost_marked_element_is_named() -> None:
    found = choice(
        f"<header><nav><ul><li>Home</li></ul><form>Go</form></nav></header><article>{PARAGRAPH * 4}</article>"
    )
    assert [(each.rule_id, each.element.path) for each in found.marked] == [("page.tag.nav", "body > header > nav")]


def test_a_mark_that_was_not_followed_says_why() -> None:
    found = choice(f'<div class="share">{PARAGRAPH * 12}</div>')
    [spared] = found.not_followed
    assert spared.rule_id == "page.class.share"
    assert spared.reason.startswith("holds 100% of the paragraph words; its limit is 40%")


def test_exceptions_and_word_limits_are_named() -> None:
    found = choice(
        f"<article>{PARAGRAPH * 30}<figure><table><tr><td>x</td></tr></table></figure><aside>{PARAGRAPH * 9}</aside></article>"
    )
    reasons = {each.rule_id: each.reason for each in found.not_followed}
    assert reasons["page.tag.figure"] == "holds one of blockquote, pre, table (unless_holds)"
    assert reasons["page.tag.aside"] == "has 162 paragraph words; the rule's max_words is 150"


def test_a_rule_that_is_not_heard_on_a_page_says_so() -> None:
    piece = '<div class="{}">' + PARAGRAPH + "</div>"
    found = choice("".join(piece.format(name) for name in ("share", "related", "newsletter")))
    assert [each.rule_id for each in found.marked] == ["page.class.related", "page.class.newsletter"]
    assert {each.rule_id: each.reason.split(";")[1].strip() for each in found.not_followed} == {
        "page.class.share": "limits.min_kept_share is 20%, so this rule, which cuts most, is not heard on this page"
    }
