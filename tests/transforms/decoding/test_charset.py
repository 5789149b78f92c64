from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import RejectCode
from schemas.errors import RecordError
from transforms.decoding.charset import (
    check_text,
    choose_charset,
    codec_of,
    decode_bytes,
    decode_line,
    public_name,
    stated_charset,
)

RU = (
    "Портовый город Северин открыл новый причал в понедельник после двух лет строительства. Мэр Анна Белова сказала "
    "журналистам, что причал будет принимать до сорока судов в день. Жители прибрежных улиц опасаются шума."
)
PL = (
    "Port w mieście Zielonka otworzył w poniedziałek nowe nabrzeże po dwóch latach budowy. Burmistrzyni Łucja Żak powiedziała "
    "dziennikarzom, że nabrzeże będzie przyjmować do czterdziestu statków dziennie. Mieszkańcy obawiają się hałasu."
)
DE = (
    "Der Hafen von Grünsund eröffnete am Montag nach zwei Jahren Bauzeit einen neuen Kai. Bürgermeisterin Käthe Möller sagte vor "
    "Journalisten, dass täglich bis zu vierzig Schiffe anlegen könnten. Die Behörde verspricht bis Herbst eine Schutzmauer."
)
EN = "The harbour of Norwick opened on Monday. “We have waited for this,” said one fisherman – the town’s oldest – at the café."
ZH = "港口城市周一在经过两年建设后启用了新码头。市长对记者表示,新码头每天最多可停靠四十艘船只。沿岸居民担心噪音。"
TW = "港口城市週一在經過兩年建設後啟用了新碼頭。市長對記者表示,新碼頭每天最多可停靠四十艘船隻。沿岸居民擔心噪音。"
JA = "港町では月曜日、二年間の工事を経て新しい岸壁が開業した。市長は記者団に対し、岸壁には一日最大四十隻の船が接岸できると述べた。"
KO = "항구 도시는 월요일 2년간의 공사 끝에 새 부두를 열었다. 시장은 기자들에게 부두가 하루 최대 마흔 척의 배를 받을 수 있다고 말했다."
AR = "افتتحت المدينة الساحلية رصيفا جديدا يوم الاثنين بعد عامين من أعمال البناء. وقالت رئيسة البلدية للصحفيين إن الرصيف سيستقبل السفن."


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (RU, "cp1251"),
        (RU, "koi8-r"),
        (PL, "cp1250"),
        (PL, "iso8859-2"),
        (DE, "cp1252"),
        (EN, "cp1252"),
        (ZH, "gbk"),
        (TW, "big5"),
        (JA, "shift_jis"),
        (JA, "euc_jp"),
        (KO, "euc_kr"),
        (AR, "cp1256"),
    ],
)
def test_undeclared_articles_are_detected(text: str, charset: str) -> None:
    raw = text.encode(charset)
    assert decode_bytes(raw).text == text
    page = f'<html><head><title>x</title><script>var a = "{"b" * 3000}";</script></head><body>{"<div class=menu><a href=/x>Menu</a></div>" * 40}<p>{text}</p></body></html>'
    assert decode_bytes(page.encode(charset), markup=True).text == page


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso2022_jp"])
def test_unicode_forms(charset: str) -> None:
    text = "港町では月曜日 2024 年、\r\n新しい岸壁が開業した。\n"
    decoded = decode_bytes(text.encode(charset), "windows-1252")
    assert (decoded.text, decoded.replaced) == (text, False)


def test_declarations() -> None:
    short = "Мэр"  # too short to be detected
    assert decode_bytes(short.encode("koi8-r"), "KOI8-R").text == short
    assert decode_bytes(short.encode("cp1251"), " 'windows-1251' ").text == short
    page = '<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Мэр</p>'
    assert decode_bytes(page.encode("cp1251"), markup=True) == (page, "windows-1251", False)
    page = "<meta charset=gb2312><p>镕基 表示</p>"  # 镕 is in GBK only
    assert decode_bytes(page.encode("gbk"), markup=True).text == page
    page = "<meta charset='iso-8859-1'><p>“won’t”</p>"
    assert decode_bytes(page.encode("cp1252"), markup=True) == (page, "windows-1252", False)


def test_utf8_wins_over_a_wrong_declaration() -> None:
    text = DE * 3
    assert decode_bytes(text.encode(), "iso-8859-1").text == text
    broken = text.encode() + b" \xff caf\xe9"
    decoded = decode_bytes(broken, "iso-8859-1")
    assert decoded.charset == "utf-8"
    assert decoded.replaced
    assert decoded.text.startswith(text)


def test_a_multibyte_page_with_one_broken_character() -> None:
    raw = JA.encode("shift_jis") * 3 + b"\x85\xff" + JA.encode("shift_jis")
    decoded = decode_bytes(raw, "shift_jis")
    assert (decoded.charset, decoded.replaced) == ("shift_jis", True)
    assert decoded.text.startswith(JA)


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        ("latin1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("GB2312", "gb18030"),
        ("x-sjis", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("iso_8859-2", "iso8859-2"),
        ("ISO-8859-9", "cp1254"),
        ("x-cp1251", "cp1251"),
        ("UTF8", "utf-8"),
        ("rot13", None),
        ("base64", None),
        ("no-such", None),
        ("", None),
        ("idna", None),
    ],
)
def test_labels(label: str, codec: str | None) -> None:
    assert codec_of(label) == codec


def test_names_and_places() -> None:
    assert [public_name(codec) for codec in ("cp1252", "cp932", "iso8859-2", "gb18030")] == [
        "windows-1252",
        "shift_jis",
        "iso-8859-2",
        "gb18030",
    ]
    assert stated_charset(b"<?xml version='1.0' encoding='koi8-r'?><html>") == "koi8-r"
    assert stated_charset(b"<html>" + b" " * 5000 + b'<META CHARSET="Big5">') == "Big5"
    assert stated_charset(b"<meta name=x content='no charset here'>") is None


def test_line_by_line() -> None:
    assert choose_charset((RU + "\n").encode("cp1251")) == "cp1251"
    assert choose_charset(RU.encode()[:101]) == "utf-8"  # cut inside a character
    assert decode_line("Grün\n".encode("cp1252"), "utf-8") == "Grün\n"


def test_what_is_no_text() -> None:
    check_text("A text\twith\r\n\fa few \x0b controls\x85 and \x1b[0m")
    with pytest.raises(RecordError) as caught:
        check_text("\x01\x02\x03abc" * 100)
    assert caught.value.code is RejectCode.UNDECODABLE_TEXT


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.binary(max_size=200),
    st.sampled_from([None, "utf-8", "gbk", "shift_jis", "x", "utf-16", "cp1256"]),
    st.booleans(),
)
def test_any_bytes_give_text_that_can_be_written(raw: bytes, declared: str | None, markup: bool) -> None:
    decoded = decode_bytes(raw, declared, markup=markup)
    decoded.text.encode("utf-8")
    assert decoded == decode_bytes(raw, declared, markup=markup)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=100))
def test_valid_utf8_is_read_as_such(text: str) -> None:
    assert decode_bytes(text.encode(), "windows-1251").text == text.removeprefix("\ufeff")
