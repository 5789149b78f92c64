from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.cleaning.clean_settings import built_in_settings
from transforms.cleaning.doubling import find_repeats, paragraph_key
from transforms.cleaning.near_doubling import _around, find_near_repeats, may_nearly_repeat

LIMITS = built_in_settings().doubling
NEAR = built_in_settings().near_doubling
ARTICLES = {
    "en": (
        "Delegates of four provinces signed an accord on Thursday that shares out the water of the Orne.",
        "It was the third attempt in a decade, and the first that all of the upstream farmers agreed to.",
        "“We waited a long time for this,” said Mayor Keller, who had led the talks.",
        "The first payments are due in spring, when the gates of the new dam are to be opened.",
        "Critics said the accord left out two smaller towns on the lower river.",
    ),
    "de": (
        "Abgeordnete aus vier Provinzen unterzeichneten am Donnerstag ein Abkommen über das Wasser der Orne.",
        "Es war der dritte Versuch in einem Jahrzehnt und der erste, dem alle Bauern zugestimmt hatten.",
        "„Wir haben lange darauf gewartet“, sagte Bürgermeisterin Keller, die die Gespräche leitete.",
        "Die ersten Zahlungen sind im Frühjahr fällig, wenn die Tore des neuen Damms geöffnet werden.",
        "Kritiker sagten, das Abkommen lasse zwei kleinere Städte am Unterlauf aus.",
    ),
    "ru": (
        "Делегаты четырёх провинций подписали в четверг соглашение, которое делит воду реки Орны.",
        "Это была третья попытка за десять лет и первая, с которой согласились все фермеры.",
        "«Мы долго этого ждали», — сказала мэр Келлер, которая вела переговоры.",
        "Первые выплаты ожидаются весной, когда впервые откроют ворота новой плотины.",
        "Критики заявили, что соглашение не учло два небольших города в низовьях.",
    ),
    "ar": (
        "وقع مندوبو أربع محافظات يوم الخميس اتفاقا يقسم مياه نهر أورن على مدى اثني عشر عاما.",
        "وكانت هذه المحاولة الثالثة خلال عشر سنوات والأولى التي وافق عليها جميع المزارعين.",
        "وقالت رئيسة البلدية كيلر التي قادت المحادثات: «انتظرنا هذا طويلا».",
        "ومن المقرر أن تدفع الدفعات الأولى في الربيع عندما تفتح بوابات السد الجديد.",
        "وقال منتقدون إن الاتفاق أغفل بلدتين صغيرتين في أسفل النهر خلال المفاوضات الأخيرة.",
    ),
    "hi": (
        "चार प्रांतों के प्रतिनिधियों ने गुरुवार को ओर्न नदी के पानी पर एक समझौते पर हस्ताक्षर किए।",
        "यह एक दशक में तीसरा प्रयास था और पहला जिस पर सभी किसान सहमत हुए थे।",
        "“हमने इसका लंबे समय तक इंतजार किया,” बातचीत का नेतृत्व करने वाली महापौर केलर ने कहा।",
        "पहला भुगतान वसंत में होना है जब नए बांध के द्वार पहली बार खोले जाएंगे।",
        "आलोचकों ने कहा कि समझौते में निचली नदी के दो छोटे शहर छूट गए हैं।",
    ),
    "zh": (
        "四省代表周四签署了一项协议，将奥恩河的水资源在今后十二年内进行分配，各方均表示满意。",
        "这是十年来的第三次尝试，也是第一次得到上游所有农民同意的方案，谈判持续了很久。",
        "“我们等这一天等了很久，”主持谈判的凯勒市长说，她对结果表示欢迎。",
        "首批款项将于春季支付，届时新水坝的闸门将首次打开，供下游农田灌溉使用。",
        "批评者表示，该协议遗漏了下游的两个较小城镇，居民对此感到十分失望。",
    ),
}
Texts = tuple[str, ...]


def kept(texts: Texts) -> Texts:
    exact = find_repeats([paragraph_key(text) for text in texts], LIMITS)
    repeats = find_near_repeats(texts, exact, NEAR) if may_nearly_repeat(texts, exact, NEAR) else exact
    return tuple(text for text, original in zip(texts, repeats, strict=True) if original is None)


def other_word(text: str) -> str:
    """The text with one word in its middle misspelt."""
    middle = len(text) // 2
    return f"{text[:middle]}{text[middle + 2]}{text[middle + 2 :]}"


def cut_short(text: str) -> str:
    return text[: len(text) // 2].rstrip() + "…"


# Each makes the copies; what stays must be the five paragraphs.
COPIES: dict[str, Callable[[Texts], Texts]] = {
    "a word corrected": lambda p: (*p, p[0], other_word(p[1]), *p[2:]),
    "a word of the first paragraph": lambda p: (*p, other_word(p[0]), *p[1:]),
    "a word of the last paragraph": lambda p: (*p, *p[:4], other_word(p[4])),
    "the second copy in one line": lambda p: (*p, " ".join(p)),
    "the first copy in one line": lambda p: (" ".join(p), *p),
    "other paragraphs": lambda p: (*p, f"{p[0]} {p[1]}", p[2], f"{p[3]} {p[4]}"),
    "the second copy cut short": lambda p: (*p, *p[:3], cut_short(p[3])),
    "the first copy cut short": lambda p: (*p[:2], cut_short(p[2]), *p),
    "the third copy cut short": lambda p: (*p, *p, *p[:2], cut_short(p[2])),
    "a teaser cut short": lambda p: (cut_short(p[0]), *p),
    "the first paragraph in capitals": lambda p: (*p, p[0].upper(), *p[1:]),
    "the first copy lacks a paragraph": lambda p: (p[0], *p[2:], *p),
    "from the middle, a word corrected": lambda p: (*p, p[2], other_word(p[3]), p[4]),
}


@pytest.mark.parametrize("language", sorted(ARTICLES))
@pytest.mark.parametrize("copies", sorted(COPIES))
def test_copies_with_small_differences(copies: str, language: str) -> None:
    article = ARTICLES[language]
    assert kept(COPIES[copies](article)) == article


STAYS: dict[str, Texts] = {
    "another number is another fact": (
        *ARTICLES["en"],
        "Delegates of 4 provinces met in the town hall on Monday, and the doors were closed at noon.",
        "It was the third meeting in a year, the clerk said, and 20 people took part in the end.",
        "Delegates of 5 provinces met in the town hall on Monday, and the doors were closed at noon.",
        "It was the third meeting in a year, the clerk said, and 30 people took part in the end.",
    ),
    "a refrain": (
        "The band played its new song for the first time on Sunday.",
        "Oh the river runs and the river bends",
        "and the boats come home at night",
        "and the lamps along the harbour wall",
        "keep burning till the light",
        "We left the town when the rain came down and never wrote a line.",
        "Oh the river runs and the river bends",
        "and the boats come home at night",
        "and the lamps along the harbour wall",
        "keep burning till the light",
        "The crowd sang along.",
    ),
    "pulled quotes": (
        "The council met on Monday. “We will not sell the harbour, not today and not tomorrow,” Mayor Keller said.",
        "We will not sell the harbour, not today and not tomorrow",
        "Opponents were disappointed. “Nobody has asked the people who work there what they want,” said Tom Okafor.",
        "Nobody has asked the people who work there what they want",
        "The next vote is planned for the second week of June, the clerk said in a statement.",
    ),
    "a summary made of the article's sentences": (
        "Three fires broke out in the hills above the town. The road to the coast was closed at noon. Nobody was hurt, the mayor said.",
        "Three fires broke out in the hills above the town.",
        "The first was seen by a farmer at ten in the morning, and the second one an hour later by a pilot.",
        "The road to the coast was closed at noon.",
        "It will be opened again when the wind has turned, which the weather office expects for Friday night.",
        "Nobody was hurt, the mayor said.",
    ),
    "questions and the same answer": (
        "Q: What will the new bridge cost the town and the county?",
        "A: We do not know yet. The first estimate was made before the flood.",
        "Q: When will it be opened to the public?",
        "A: We do not know yet. The builders have spoken of two years before.",
    ),
    "one voice after the other": (
        "Maria Keller, teacher: “I voted for the bridge because it will bring the towns together.”",
        "Tom Okafor, baker: “I voted for the bridge because it will bring the towns together, I hope.”",
        "Ana Reyes, nurse: “I voted against the bridge because it will cost too much money for a small town.”",
        "Jo Lind, student: “I voted against the bridge because it will cost too much for all of us.”",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(STAYS))
def test_what_only_looks_doubled_stays(name: str) -> None:
    texts = STAYS[name]
    exact: tuple[int | None, ...] = (None,) * len(texts)
    # Even where the fast test would let it pass.
    assert find_near_repeats(texts, exact, NEAR) == exact


def test_articles_are_not_looked_at_closely() -> None:
    for article in ARTICLES.values():
        assert not may_nearly_repeat(article, (None,) * len(article), NEAR)
    doubled = ARTICLES["en"] * 2
    exact = find_repeats([paragraph_key(text) for text in doubled], LIMITS)
    assert not may_nearly_repeat(doubled, exact, NEAR)


@given(
    st.lists(
        st.sampled_from([*ARTICLES["en"], *ARTICLES["zh"], "Share", "", other_word(ARTICLES["en"][1])]), max_size=12
    )
)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_every_repeat_leads_to_a_text_that_stays(texts: list[str]) -> None:
    exact = find_repeats([paragraph_key(text) for text in texts], LIMITS)
    repeats = find_near_repeats(texts, exact, NEAR)
    for index in range(len(texts)):
        seen, place = {index}, index
        while (following := repeats[place]) is not None:
            assert following not in seen
            seen.add(following)
            place = following


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 30)), min_size=1), st.integers(0, 300), st.integers(1, 90))
def test_the_stretches_around_a_text_are_all_that_reach_into_it(
    parts: list[tuple[int, int]], low: int, size: int
) -> None:
    spans, end = [], 0
    for gap, length in parts:
        spans.append((end + gap, end + gap + length))
        end += gap + length
    high = low + size
    near = spans[_around([start for start, _ in spans], low, high)]
    assert near
    assert [span for span in near if span[0] < high and span[1] > low] == [
        span for span in spans if span[0] < high and span[1] > low
    ]
