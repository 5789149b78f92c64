from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.decoding.mojibake import repair_mojibake

CLEAN = {
    "en": "The town’s café won’t open – “not yet”, said £40m owner… at 20 °C, §5, ½ price, naïve façade • next",
    "de": "Der Hafen von Grünsund öffnet „endlich“ – sagte Käthe Möller. Größe, Maß, ÄÖÜ, Ärger; «Straße» 5 € · § 12",
    "fr": "Le port a été inauguré à l’été : « Nous avons attendu », a-t-il dit… Où ? À Évian, Noël, cœur, ŒUVRE, Ça, ÎLE, Â côté",
    "es": "¿Qué pasó? ¡Ésta es la señal! El niño español; Ñandú, «cañón», 3ª y 4º, ÁÉÍÓÚ",
    "pt": "NÃO! A situação é “grave”. SÃO PAULO — AÇÃO, Ã, coração, PREOCUPAÇÕES… Ê, Ô, À",
    "pl": "Łucja Żak powiedziała: „Czekaliśmy na to” – źródło, ćma, ŁÓDŹ, ŻÓŁĆ, ĄĘŚŃ",
    "cs": "Přístav otevřel v pondělí; Š, Č, Ř, Ž, ÝÁÍÉ, Ď, Ť, Ů, Ĺ, „náhle“",
    "ru": "Порт снова открыт — «наконец», заявил Пётр Ильин. С № 5 — Р. С., СССР… РЎ не бывает? вЃ нет; Вот «Р»",
    "uk": "Порт знову відкрито: «нарешті», — сказала Ганна Їжак. Ґанок, Єва, Іван’ко",
    "fa": "شهر بندری اسکلهٔ تازه‌ای را گشود؛ شهردار گفت: «سرانجام». ۲۰ درصد",
    "ar": "افتتحت المدينة الساحلية رصيفا جديدا، وقالت: «أخيرا». ٪٢٠",
    "zh": "港口城市周一启用了新码头。“我们等了很久,”一位渔民说。《北方信使报》——三十亿元·约",
    "vi": "Thành phố cảng đã khai trương bến tàu mới. ĐÃ, Ã, Ả, Ấ, “Ê”, Ư, Ơ, Đường Â, Ô",
    "tr": "Liman kenti “sonunda” açıldı: İĞŞÇÖÜ ığşçöü, Â, Î, Û – kâğıt",
    "el": "Το λιμάνι «άνοιξε» – είπε η δήμαρχος· Ά, Έ, Ή, Ί, Ό, Ύ, Ώ",
    "he": "עיר הנמל פתחה רציף חדש — „סוף סוף”, אמרה",
    "hi": "बंदरगाह शहर ने नया घाट खोला। “आखिरकार”",
    "ja": "港町では「ずっと待っていました」と漁師は語った。（北方新報）…",
    "ko": "항구 도시는 “드디어” 새 부두를 열었다…",
    "sv": "Å i åa ä e ö. ”Äntligen”, sa hon – ÅÄÖ",
    "ro": "Portul s-a deschis „în sfârșit” – Âncă, ÎN, ȘI, ȚARĂ, Ţară, Ş",
}


@pytest.mark.parametrize("language", sorted(CLEAN))
def test_clean_text_is_never_touched(language: str) -> None:
    text = CLEAN[language]
    for clean in (text, text.upper(), f"{text}\n" * 3, f"<p>{text}</p><b>{text}</b>", text.replace(" ", "\xa0")):
        assert repair_mojibake(clean) is clean


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pl", "ru", "zh", "ja", "ko", "fa"])
def test_text_decoded_wrongly_is_repaired(language: str, wrong: str) -> None:
    text = {"en": "The town’s café won’t open – “not yet”", "fr": "L’été « déjà » à Évian, cœur"}.get(
        language, CLEAN[language]
    )
    broken = "".join(
        bytes([byte]).decode(wrong) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in text.encode()
    )
    assert broken != text
    assert (
        repair_mojibake(f"clean line, as written\r\n{broken}\r\nand – “more”")
        == f"clean line, as written\r\n{text}\r\nand – “more”"
    )


def test_windows_1251_and_twice() -> None:
    assert repair_mojibake("Привет, город".encode().decode("cp1251", "ignore")) == "Привет, город"
    twice = "déjà vu à Évian".encode().decode("latin-1").encode().decode("latin-1")
    assert repair_mojibake(twice) == "déjà vu à Évian"


def test_only_the_encoding_is_repaired() -> None:
    text = "“quotes” ﬁne &eacute; \u2028 ‘x’ cafÃ©\r\nA\u0301 ＡＢ"
    assert repair_mojibake(text) == text.replace("Ã©", "é")
    assert repair_mojibake("we\x92re <b>cafÃ©</b>") == "we’re <b>café</b>"


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(alphabet=st.sampled_from("aé’“Ââ€™Ã©ÑРС\x80\x99\xa0 \n<>я中"), max_size=40))
def test_line_ends_and_tags_stay(text: str) -> None:
    repaired = repair_mojibake(text)
    assert [letter for letter in repaired if letter in "\n<>"] == [letter for letter in text if letter in "\n<>"]
    assert len(repaired) <= len(text)
