"""The block model: how it reads, sums, explains and stops."""

from __future__ import annotations

import numpy as np
import pytest

from schemas.codes import BlockKind, Category, Payload, SourceFormat
from schemas.errors import UsageError
from schemas.records import Block, Cut, ParsedDocument, RawDocument
from transforms.html.block_features import FEATURES, measure
from transforms.html.block_model import BlockModel, built_in_model, explain, refine

LONG = "The ferry between the two islands was held in port for the third day, the harbour master said on Monday, and nobody knew why."
SHORT = "Get our magazine every month"
LIMITS = """
[limits]
max_share = {share}
paragraph = 0
long_paragraph = -500
standfirst = 0
list_item = -1000
"""
TREE = """
[[tree]]
features = ["words", "same_path"]
thresholds = [19.5, 0.5]
leaves = [-{against}, 50, 300, 400]
"""


def model(against: int = 700, share: float = 0.25, trees: int = 1) -> BlockModel:
    return BlockModel.load(
        "base = 100\n" + LIMITS.format(share=share) + TREE.format(against=against) * trees, "[words]"
    )


def parsed(*parts: tuple[str, BlockKind, str, Cut | None]) -> ParsedDocument:
    blocks = []
    offset = 0
    for text, kind, path, cut in parts:
        blocks.append(Block(offset, offset + len(text), kind, path=path, cut=cut))
        offset += len(text) + 1
    raw = RawDocument("page.html", "page.html", SourceFormat.HTML, Payload.HTML, b"")
    return ParsedDocument(raw, "utf-8", "\n".join(text for text, *_ in parts), tuple(blocks))


def rules_of(document: ParsedDocument) -> list[str | None]:
    return [block.cut.rule_id if block.cut else None for block in document.blocks]


BODY = (LONG, BlockKind.PARAGRAPH, "article/p", None)
NOTE = (SHORT, BlockKind.PARAGRAPH, "div/p", None)


def row(**values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([values.get(name, 0.0) for name in FEATURES])


def test_scores_add_the_leaves_that_the_answers_name() -> None:
    rows = np.stack([row(words=5), row(words=5, same_path=0.6), row(words=20), row(words=20, same_path=0.6)])
    assert model().scores(rows).tolist() == [-600, 150, 400, 500]
    assert model(trees=2).scores(rows).tolist() == [-1300, 200, 700, 900]


def test_what_reads_like_no_part_of_the_article_goes() -> None:
    after = refine(parsed(BODY, NOTE, BODY), model())
    assert rules_of(after) == [None, "page.model.structure", None]
    cut = after.blocks[1].cut
    assert cut is not None
    assert cut.category is Category.OTHER
    assert after.text == parsed(BODY, NOTE, BODY).text


@pytest.mark.parametrize(
    "kind", [BlockKind.HEADING, BlockKind.QUOTE, BlockKind.TABLE_ROW, BlockKind.HEADLINE, BlockKind.PREFORMATTED]
)
def test_it_has_no_say_in_other_kinds(kind: BlockKind) -> None:
    document = parsed(BODY, (SHORT, kind, "div/p", None), BODY)
    assert refine(document, model()) is document


def test_list_items_go_only_after_the_last_paragraph() -> None:
    item = (SHORT, BlockKind.LIST_ITEM, "ul/li", None)
    assert rules_of(refine(parsed(BODY, item, BODY), model(against=2000))) == [None, None, None]
    assert rules_of(refine(parsed(BODY, BODY, item), model(against=2000))) == [None, None, "page.model.structure"]


def test_long_standfirsts_stay_and_short_ones_are_judged() -> None:
    lead = (LONG, BlockKind.STANDFIRST, "div/p", None)
    label = (SHORT, BlockKind.STANDFIRST, "div/p", None)
    assert rules_of(refine(parsed(lead, label, BODY, BODY), model()))[:2] == [None, "page.model.structure"]


def test_it_never_takes_more_than_its_share() -> None:
    document = parsed(BODY, NOTE, NOTE, NOTE)
    assert rules_of(refine(document, model(share=0.3))).count("page.model.structure") == 2
    assert refine(parsed(NOTE, NOTE), model(share=0.3)).blocks == parsed(NOTE, NOTE).blocks


def test_cuts_of_rules_stay_as_they_are() -> None:
    cut = Cut("page.link_only", Category.RELATED)
    assert rules_of(refine(parsed(BODY, (*NOTE[:3], cut), BODY), model()))[1] == "page.link_only"


@pytest.mark.parametrize(
    "text",
    [
        "base = [",
        "base = 1",
        LIMITS.format(share=1) + "[[tree]]\nfeatures = ['words']\nthresholds = [1]\nleaves = [1, 2]",
        "base = 1\n" + LIMITS.format(share=1) + "[[tree]]\nfeatures = ['mood']\nthresholds = [1]\nleaves = [1, 2]",
        "base = 1\n" + LIMITS.format(share=1) + "[[tree]]\nfeatures = ['words']\nthresholds = [1, 2]\nleaves = [1, 2]",
        "base = 1\n" + LIMITS.format(share=1) + "[[tree]]\nfeatures = ['words']\nthresholds = [1]\nleaves = [1, 2, 3]",
    ],
)
def test_an_unusable_model_is_named_in_one_line(text: str) -> None:
    with pytest.raises(UsageError, match=r"^block_model\.toml: [^\n]+$"):
        BlockModel.load(text, "[words]")


def test_unusable_words_are_named_in_one_line() -> None:
    with pytest.raises(UsageError, match=r"^block_words\.toml: [^\n]+$"):
        BlockModel.load(None, "[words]\nnewsletter = 'no'")


def test_verdicts_tell_scores_limits_and_what_spoke_against() -> None:
    item = ("Ships", BlockKind.LIST_ITEM, "ul/li", None)
    document = parsed(BODY, NOTE, item, BODY)
    first, note, listed, _ = explain(document, model())
    assert (note.block, note.score, note.limit, note.is_cut) == (1, -0.6, 0.0, True)
    assert note.contributions[:2] == (("structure", pytest.approx(-0.375)), ("shape", pytest.approx(-0.3375)))
    assert (first.is_cut, listed.limit, listed.is_cut) == (False, None, False)


def test_contributions_and_the_starting_point_add_up_to_the_score() -> None:
    packaged = built_in_model()
    document = parsed(BODY, NOTE, BODY)
    rows = measure(document.text, document.blocks, packaged.words)[1]
    start = packaged.base + packaged.leaves.mean(axis=1).sum()
    assert packaged.contributions(rows).sum(axis=1) + start == pytest.approx(packaged.scores(rows))


def test_verdicts_agree_with_what_is_cut() -> None:
    document = parsed(BODY, NOTE, NOTE, NOTE)
    cut = [block.cut is not None for block in refine(document, model(share=0.3)).blocks]
    verdicts = explain(document, model(share=0.3))
    assert [verdict.is_cut for verdict in verdicts] == cut
    assert all(verdict.score < 0.0 for verdict in verdicts[1:])  # below the limit, but too much would go
    assert explain(parsed(), model()) == ()


def test_the_packaged_model_spares_an_ordinary_article() -> None:
    document = parsed(*[BODY] * 8)
    assert refine(document, built_in_model()) is document


def test_the_packaged_model_trusts_the_article_more_than_what_follows_elsewhere() -> None:
    related = ("More ships", BlockKind.CHROME, "", Cut("page.class.related", Category.RELATED))
    prompt = ("Example Gazette Morning Post", BlockKind.PARAGRAPH, "article/div/div/section/div/span", None)
    document = parsed(*[BODY] * 8, related, related, prompt, prompt)
    packaged = built_in_model()
    scores = packaged.scores(measure(document.text, document.blocks, packaged.words)[1]).tolist()
    assert min(scores[:8]) > max(scores[8:]) + 1000


def test_many_blocks_are_scored_in_parts_to_the_same_end(monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = built_in_model()
    document = parsed(*[BODY, NOTE] * 5)
    whole = explain(document, packaged)
    monkeypatch.setattr("transforms.html.block_model._AT_ONCE", 3)
    assert explain(document, packaged) == whole
