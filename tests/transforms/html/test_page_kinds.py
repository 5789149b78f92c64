"""Kinds of pages as the web has them, in this project's own words: what stays, what goes, and by which rule."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from schemas.codes import Payload, SourceFormat
from schemas.records import DecodedDocument, RawDocument
from transforms.html.page import parse_page
from transforms.html.rules import PageRules

RULES = PageRules.load()
FERRY = (
    "The ferry between the two islands was held in port for the third day on Tuesday, the harbour master said.",
    "About two hundred passengers slept in the terminal, where the town's bakers handed out bread and warm soup.",
    "Winds reached ninety kilometres an hour in the night and tore the roof off a boathouse near the old pier.",
    "The company that runs the line said it would sail again as soon as the waves were lower than three metres.",
)
BREAD = (
    "A bakery in the upper town has won the national prize for rye bread, the second time in four years.",
    "Its owner learned the trade from an aunt who baked for the railway workers' canteen until it closed.",
    "The jury praised the crust, which is baked twice, and the patience that the dough is given overnight.",
)
OWN = "<h1>Ferry held in port</h1>"
NEXT = "<h1>Prize for bread</h1>"


class Read(NamedTuple):
    """The lines of a page that stay, and those that go with their rule."""

    kept: tuple[str, ...]
    cut: dict[str, str]


def paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(body: str) -> Read:
    markup = f"<html><head><title>Ferry held in port | Example Gazette</title></head><body>{body}</body></html>"
    source = RawDocument("page.html", "page.html", SourceFormat.HTML, Payload.HTML, b"")
    parsed = parse_page(DecodedDocument(source, markup, "utf-8"), RULES)
    lines = [(line, b.cut) for b in parsed.blocks for line in parsed.text[b.start : b.end].split("\n")]
    kept = tuple(line for line, cut in lines if cut is None)
    return Read(kept, {line: cut.rule_id for line, cut in lines if cut is not None})


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (
            f"<article>{OWN}{paragraphs(FERRY)}</article><article>{NEXT}{paragraphs(BREAD)}</article>",
            "page.outside_main",
        ),
        (
            f"<article>{OWN}{paragraphs(FERRY)}<article>{NEXT}{paragraphs(BREAD)}</article></article>",
            "page.next_article",
        ),
        (
            f'<div class="story">{OWN}{paragraphs(FERRY)}</div><div class="story">{NEXT}{paragraphs(BREAD)}</div>',
            "page.outside_main",
        ),
        (
            f"<div><section>{OWN}{paragraphs(FERRY)}</section><section>{NEXT}{paragraphs(BREAD * 3)}</section></div>",
            "page.outside_main",
        ),
    ],
)
def test_the_next_article_goes(body: str, rule: str) -> None:
    page = read(body)
    assert page.kept == ("Ferry held in port", *FERRY)
    assert {page.cut[text] for text in ("Prize for bread", *BREAD)} == {rule}


@pytest.mark.parametrize(
    "body",
    [
        f"<article>{OWN}{paragraphs(FERRY)}<h1>A bakery too</h1>{paragraphs(BREAD)}</article>",
        f'<header>{OWN}</header><div class="text"><section><h1>First</h1>{paragraphs(FERRY)}</section>'
        f"<section><h1>Second</h1>{paragraphs(BREAD)}</section></div>",
        f'<article>{OWN}{paragraphs(FERRY)}<div class="print"><h1>Ferry held in port</h1>{paragraphs(BREAD)}</div></article>',
    ],
)
def test_subheads_and_repeated_headlines_in_h1_begin_no_other_article(body: str) -> None:
    assert {*FERRY, *BREAD} <= {*read(body).kept}


def test_of_several_articles_the_one_with_the_stated_headline_is_read() -> None:
    page = read(
        f"<article><h1>Prize for bread</h1>{paragraphs(BREAD * 2)}</article><article>{OWN}{paragraphs(FERRY)}</article>"
        f"<article><h1>Third of the day</h1>{paragraphs(BREAD * 2)}</article>"
    )
    assert page.kept == ("Ferry held in port", *FERRY)


def test_entries_of_a_live_blog_stay_in_order() -> None:
    entries = "".join(f"<article><h2>Entry {n}</h2><p>{text}</p></article>" for n, text in enumerate(FERRY))
    page = read(
        f"<main>{OWN}<p>Follow the storm on the northern coast as it happens, hour by hour.</p>{entries}</main>"
    )
    assert [line for line in page.kept if line in FERRY] == list(FERRY)


def test_captions_of_a_gallery_go_and_its_text_stays() -> None:
    shots = "".join(
        f"<figure><img src=x><figcaption>Boat {n}</figcaption></figure><p>{t}</p>" for n, t in enumerate(FERRY)
    )
    page = read(f"<article>{OWN}{shots}</article>")
    assert page.kept == ("Ferry held in port", *FERRY)
    assert page.cut["Boat 2"] == "page.tag.figure"


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{OWN}{'<br><br>'.join(FERRY)}</div>",
        f"<div><div>{OWN}</div>{''.join(f'<div>{text}</div>' for text in FERRY)}</div>",
        f"{OWN}{'<p>'.join(FERRY)}",
        f"<table><tr><td><a href=/>Home</a></td><td>{OWN}<br>{'<br><br>'.join(FERRY)}</td></tr></table>",
        f"<nav><ul><li><a href=/>Home</nav><article>{OWN}<p>{'<p>'.join(FERRY)}<footer>bye",
        f"<article>{OWN}<template><p>{BREAD[0]}</p></template><noscript><p>{BREAD[1]}</p></noscript>{paragraphs(FERRY)}</article>",
    ],
)
def test_markup_of_any_age(body: str) -> None:
    assert [line for line in read(body).kept if line != "Ferry held in port"] == list(FERRY)


def test_components_of_amp_pages_go() -> None:
    page = read(
        f"<amp-sidebar><p>{BREAD[0]}</p></amp-sidebar><article>{OWN}<p>{FERRY[0]}</p><amp-ad><div>Advertisement</div></amp-ad>"
        f"{paragraphs(FERRY[1:])}<amp-iframe><p placeholder>Loading the map</p></amp-iframe></article>"
        f"<amp-consent><div>We use cookies</div></amp-consent>"
    )
    assert page.kept == ("Ferry held in port", *FERRY)
    assert page.cut["Advertisement"] == page.cut["Loading the map"] == "page.tag.amp"


def test_questions_answers_lists_and_rows_stay() -> None:
    page = read(
        f"<article>{OWN}<p>{FERRY[0]}</p><details><summary>Why was it held?</summary><p>{FERRY[1]}</p></details>"
        f"<p><strong>And what now?</strong></p><p>{FERRY[2]}</p><table><tr><td>Monday</td><td>80</td></tr></table>"
        f"<ol><li>Wait.</li><li>Sail.</li></ol><p>{FERRY[3]}</p></article>"
    )
    assert {"Why was it held?", "And what now?", "Monday 80", "Wait.", "Sail."} <= {*page.kept}


@pytest.mark.parametrize(
    "texts",
    [
        ("أعلنت إدارة الميناء أن العبارة ستبقى في المرسى لليوم الثالث بسبب العاصفة.", "نام نحو مئتي مسافر في قاعة الانتظار.", "لم تتوفر الأموال بعد."),
        ("המעבורת בין שני האיים נשארה בנמל זה היום השלישי, כך מסר מנהל הנמל.", "כמאתיים נוסעים ישנו באולם.", "ראש העיר מחכה."),
        ("رئیس بندر گفت که کشتی میان دو جزیره برای سومین روز در بندر ماند.", "نزدیک به دویست مسافر در سالن خوابیدند.", "باد می‌وزد."),
        ("二つの島を結ぶ連絡船は三日続けて港に留め置かれたと港長が述べた。", "約二百人の乗客が待合所で夜を明かした。", "風は強い。"),
        ("港口负责人说，两岛之间的渡轮已经连续第三天停在港内。", "大约两百名乘客在候船大厅过夜。", "镇长希望加长防波堤。"),
    ],
)  # fmt: skip
def test_scripts_from_right_to_left_and_without_spaces(texts: tuple[str, ...]) -> None:
    page = read(f"<nav><a href=/>{texts[1][:6]}</a></nav><div><h1>{texts[0][:11]}</h1>{paragraphs(texts)}</div>")
    assert page.kept == (texts[0][:11], *texts)
