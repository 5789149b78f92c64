"""Every cut of a page has its sentence."""

from __future__ import annotations

from transforms.html.page_cuts import PAGE_CUTS, page_cut_meaning


def test_rules_by_class_and_tag_point_at_their_file() -> None:
    assert "class or id" in page_cut_meaning("page.class.share")
    assert "has a tag" in page_cut_meaning("page.tag.nav")


def test_each_meaning_is_one_sentence() -> None:
    assert all(text.endswith(".") and page_cut_meaning(rule_id) == text for rule_id, text in PAGE_CUTS.items())


def test_an_unknown_cut_is_no_error() -> None:
    assert page_cut_meaning("page.new").endswith(".")
