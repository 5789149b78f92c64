"""The cuts that cleaning makes without a rule of the rule files: what it recognises by itself, each with an id of its own.

`copydesk rules list` shows rule files; these ids stand beside them in `removed.rule_id`.
"""

from __future__ import annotations

from schemas.codes import Action, Category
from schemas.records import Cut

HEADLINE = Cut("headline.line", Category.HEADLINE, action=Action.MOVED)
HEADLINE_REPEAT = Cut("headline.repeat", Category.HEADLINE_REPEAT)
STANDFIRST = Cut("standfirst.block", Category.STANDFIRST, action=Action.MOVED)
BYLINE = Cut("byline.line", Category.BYLINE, action=Action.MOVED)
DATELINE = Cut("dateline.start", Category.DATELINE, action=Action.MOVED)
DATE_LINE = Cut("date_line.line", Category.DATE_LINE, action=Action.MOVED)
BODY_REPEAT = Cut("doubling.paragraph", Category.BODY_REPEAT)
BODY_REPEAT_INSIDE = Cut("doubling.inside_paragraph", Category.BODY_REPEAT)
INTRUDER = Cut("doubling.in_one_copy", Category.OTHER)
CUE_LINE = Cut("shape.cue_words", Category.PAGE_CHROME)
ANNOUNCEMENT = Cut("shape.announcement", Category.RELATED)
HEAD_SHAPE = Cut("shape.head", Category.PAGE_CHROME)
TAIL_SHAPE = Cut("shape.tail", Category.PAGE_CHROME)
TAIL_SENTENCE = Cut("shape.tail_sentence", Category.PAGE_CHROME)
EMPTY_HEADING = Cut("shape.heading_without_text", Category.PAGE_CHROME)

BUILT_IN: dict[str, str] = {
    HEADLINE.rule_id: "The headline's own line; it stands in `headline`.",
    HEADLINE_REPEAT.rule_id: "The headline again, also in capitals or with the site's name behind it.",
    STANDFIRST.rule_id: "The standfirst, where the settings keep it out of the body; it stands in `standfirst`.",
    BYLINE.rule_id: "A line that is a byline; the first one stands in `byline`.",
    DATELINE.rule_id: "Place, agency and date before the first sentence; the place stands in `dateline`.",
    DATE_LINE.rule_id: "A line of dates and times at the head or the tail.",
    BODY_REPEAT.rule_id: "A paragraph of a second copy of the body or a part of it.",
    BODY_REPEAT_INSIDE.rule_id: "A second copy of the text inside one paragraph.",
    INTRUDER.rule_id: "A short line that stands in only one of two copies of the text.",
    CUE_LINE.rule_id: "A short line made of the words with which pages speak about themselves.",
    ANNOUNCEMENT.rule_id: "A label such as 'Watch |' and another article's headline.",
    HEAD_SHAPE.rule_id: "A short line without end mark between headline and first paragraph.",
    TAIL_SHAPE.rule_id: "A short line without end mark after the last paragraph.",
    TAIL_SENTENCE.rule_id: "A short sentence behind comments, most read, share and the like, with which articles end.",
    EMPTY_HEADING.rule_id: "A heading after the last paragraph, with no text under it.",
}
"""What each id means, in one sentence."""
