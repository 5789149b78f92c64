"""What the cuts that a page's structure decides mean, in one sentence each, for a person.

Before: "page.link_only".  After: "More than link_only_share of its characters are links."
Limits are keys of configs/page.toml.
"""

from __future__ import annotations

from transforms.html.carve import OUTSIDE
from transforms.html.judge import (
    AUTHOR_BIO,
    BARE_HEADING,
    COPY,
    DATE_LINE,
    HEAD_LINE,
    HEADLINE_REPEAT,
    LINK_ONLY,
    LINK_TAIL,
)
from transforms.html.next_article import NEXT_ARTICLE
from transforms.html.prune import IMAGE_TEXT
from transforms.html.witness import WITNESS

PAGE_CUTS: dict[str, str] = {
    OUTSIDE.rule_id: "It stands outside the element that was chosen as main content.",
    IMAGE_TEXT.rule_id: "A box with an image, little text and no paragraph: a caption, a credit or a teaser.",
    LINK_ONLY.rule_id: "More of its characters are links than link_only_share allows.",
    LINK_TAIL.rule_id: "A list item of links (link_only_share) after the last paragraph.",
    BARE_HEADING.rule_id: "A heading after the last paragraph, with no text under it.",
    HEAD_LINE.rule_id: "A line before the headline, or one above the body that is no standfirst (standfirst_min_words).",
    HEADLINE_REPEAT.rule_id: "A heading above the body that says the stated headline again, perhaps with a label before it.",
    COPY.rule_id: "A long block that says again what the other blocks say (copy_min_share, copy_min_said).",
    AUTHOR_BIO.rule_id: "One of the last two blocks, and it opens with the name of a stated author.",
    DATE_LINE.rule_id: "A line above the body with a date or a time (date_line_max_words).",
    NEXT_ARTICLE.rule_id: "It opens with an h1 of its own after the page's article: another article, appended to it.",
    WITNESS.rule_id: "The whole text that the page states in its JSON-LD lacks it (witness_min_cover, witness_min_shown).",
}
"""What each id means, in one sentence."""


def page_cut_meaning(rule_id: str) -> str:
    """One sentence on a cut that the structure of a page decided."""
    if rule_id.startswith("page.class."):
        return "An element around it has a class or id that this rule names (configs/page.toml)."
    if rule_id.startswith("page.tag."):
        return "An element around it has a tag that this rule names (configs/page.toml)."
    if rule_id.startswith("page.model."):
        return f"The block model speaks against it, mostly for its {rule_id.removeprefix('page.model.')} (docs/block-model.md)."
    return PAGE_CUTS.get(rule_id, "The structure of the page decided, before any line was read.")
