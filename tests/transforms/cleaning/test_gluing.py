from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import Normalization
from transforms.cleaning.clean_settings import built_in_settings
from transforms.cleaning.gluing import Gluer, may_be_glued
from transforms.cleaning.line_joining import Paragraph, Piece
from transforms.normalize import KEEP_MARKS, normalize_text, skeleton

GLUING = built_in_settings().gluing
OTHER = (
    "\nThe next talks are planned for the autumn of the year, when the first results are to be known, the clerk said."
)


def split(text: str, rest: str = OTHER) -> tuple[str, Normalization | None]:
    plain, notes = normalize_text(text)
    paragraph = Paragraph((Piece(0, len(text), plain, notes),), plain, True)
    paragraphs, note = Gluer(text + rest, GLUING, KEEP_MARKS).split(paragraph)
    for part in paragraphs:
        for piece in part.pieces:
            assert normalize_text((text + rest)[piece.start : piece.end])[0] == piece.text
    return "\n".join(part.text for part in paragraphs), note


# The place where a space belongs is marked.
GLUED = [
    "The harbour of the old town reopened in the end.|The mayor said that it was a good day.",
    "The harbour of the old town reopened after the storm in Northport.|The mayor called it a good day.",
    "Who would pay for the new bridge in the end?|Nobody knew, the mayor said on Monday!|But she smiled.",
    "The harbour of the old town was first opened in 2019.|The mayor said that it was a good day.",
    "The price of water rose by nearly 20%.|The mayor said that it was a bad day for everyone.",
    "The harbour of the town reopened (after the storm).|Keller said that it was a good day for all.",
    'The mayor said on Monday to the press: "We waited a long time."|Then she went home by bus.',
    'It was a good day for the town, the mayor said.|"We waited a long time for this," she added.',
    "It was a good day for the town, the mayor said.|“We waited a long time for this,” she added.",
    "The mayor said on Monday to the press: “We waited a long time.”|Then she went home by bus.",
    "Es war ein guter Tag für die Stadt, sagte sie.|„Wir haben lange gewartet“, fügte sie hinzu.",
    "Die Bürgermeisterin sagte am Montag: „Wir haben lange gewartet.“|Danach fuhr sie nach Hause.",
    "Es war ein guter Tag für die Stadt, sagte sie.|»Wir haben lange gewartet«, fügte sie hinzu.",
    "La maire a dit lundi soir à la presse : « Nous avons attendu. »|Puis elle est rentrée en bus.",
    "La maire était contente lundi soir après le vote.|«Nous avons attendu», a-t-elle dit à la presse.",
    "Det var en bra dag för hela staden, sa hon.|”Vi har väntat länge på det här”, tillade hon sedan.",
    "Порт снова открыт после трёх дней шторма.|Мэр города заявила, что это хороший день для всех.",
    "Το λιμάνι άνοιξε ξανά μετά από τρεις ημέρες.|Η δήμαρχος είπε ότι ήταν μια καλή μέρα για όλους.",
    "أعيد فتح ميناء المدينة القديمة يوم الاثنين بعد العاصفة.|وقالت رئيسة البلدية إنه يوم جيد.",
    "هل أعيد فتح ميناء المدينة القديمة يوم الاثنين؟|وقالت رئيسة البلدية إنه يوم جيد للجميع.",
    "पुराने शहर का बंदरगाह सोमवार को फिर से खुल गया है।|महापौर ने कहा कि यह सभी के लिए अच्छा दिन है।",
    "נמל העיר העתיקה נפתח מחדש ביום שני לאחר הסערה.|ראשת העיר אמרה שזה יום טוב לכולם.",
]


@pytest.mark.parametrize("text", GLUED)
def test_sentences_without_a_space_between_them(text: str) -> None:
    assert split(text.replace("|", "")) == (text.replace("|", " "), Normalization.SPACES_ADDED)
    assert split(text.replace("|", " ")) == (text.replace("|", " "), None)


def test_an_invisible_character_is_no_space() -> None:
    text = "The harbour of the old town reopened in the end.\u200bThe mayor said that it was a good day."
    assert split(text)[0] == text.replace("\u200b", " ")


@pytest.mark.parametrize(
    "text",
    [
        "The site was written in Node.js and React.Component by two people of the town in three weeks.",
        "The U.S.Army and the E.U.Commission met with Gen.Smith and Mr.Okafor at the old town hall on Monday.",
        "The book by J.K.Lind and J.R.R.Okafor was read by the children of the old town on Monday.",
        "The site www.Example.Com and https://example.org/News.Html were down for two hours on Monday night.",
        "The travel site Fjordmail.Com said on Monday that it would open an office in the old town.",
        "The index rose by 3.5 points to 1.234.567 on Monday, and the crown fell to 0.85 per dollar.",
        "The file Report.Final.pdf and the file readme.Md were sent to Anna.Keller@Example.Com on Monday.",
        "They spoke of many things, e.g.Water and i.e.The dam, at 5 p.m.On Monday, the clerk said.",
        "The company Fjord!Media said on Monday that it would open an office in the old town hall.",
        "The mayor waited for a while...Then she said that it was a good day for the old town…And left.",
        "The singer Will.I.Am and the band Fun.Time played in the old town on Monday night for charity.",
        "pathlib.Path is what the programme uses for the names of the files that it writes every day.",
        "港口城市周一启用了新码头。“我们等了很久。”一位渔民说。No.1码头和Node.js无关，详见www.Example.Com。",
        "Short.The line has few words.",
    ],
)
def test_full_stops_inside_words_stay(text: str) -> None:
    assert split(text) == (text, None)


def test_a_line_that_is_the_whole_text_lost_its_paragraphs() -> None:
    text = "The harbour of the old town reopened on Monday.|The mayor said it was a good day.|“At last,” said a fisherman.|Ships lay in the bay."
    assert split(text.replace("|", ""), "") == (text.replace("|", "\n"), Normalization.PARAGRAPHS_SPLIT)


def test_a_single_slip_in_a_long_text_stays() -> None:
    text = "The harbour reopened in the end of it all.The mayor said that it was a good day."
    paragraph = Paragraph((Piece(0, len(text), text),), text, True)
    assert Gluer(text + OTHER, GLUING, KEEP_MARKS).is_damaged([paragraph])
    assert not Gluer(text + OTHER * 30, GLUING, KEEP_MARKS).is_damaged([paragraph])


def test_the_quick_look_lets_ordinary_text_pass() -> None:
    assert not may_be_glued("A sentence. Another one, with Node.js and 3.5 points; “quoted.” So it ends.")
    assert may_be_glued("One end.Next sentence.")


@given(st.text(alphabet='abcde Aé.!?"”»)\u200b\n\u00a0', max_size=80))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_no_letter_is_lost_and_twice_changes_nothing(text: str) -> None:
    text = f"In the old town of the north {text}"
    once, _ = split(text, "")
    assert skeleton(once) == skeleton(text)
    for line in once.split("\n"):
        assert split(line, once)[1] is None or "\n" in once
