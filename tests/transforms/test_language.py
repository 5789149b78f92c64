from __future__ import annotations

import time
from dataclasses import replace

import langdetect.detector_factory as reference
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import UsageError
from transforms.language import UNKNOWN, Language, LanguageExample, LanguageRules, identify

RULES = LanguageRules.load()

SENTENCES = {
    "bg": "Кметът каза, че мостът ще остане затворен, докато инженерите не проверят всички въжета.",
    "cs": "Starosta uvedl, že most zůstane uzavřen, dokud technici neprověří všechna lana.",
    "da": "Borgmesteren sagde, at broen forbliver lukket, indtil ingeniørerne har kontrolleret alle kabler.",
    "el": "Ο δήμαρχος δήλωσε ότι η γέφυρα θα παραμείνει κλειστή έως ότου ελεγχθούν όλα τα καλώδια.",
    "fi": "Kaupunginjohtaja sanoi, että silta pysyy suljettuna, kunnes kaikki vaijerit on tarkastettu.",
    "he": "ראש העיר אמר כי הגשר יישאר סגור עד שהמהנדסים יבדקו את כל הכבלים.",
    "hi": "महापौर ने कहा कि जब तक इंजीनियर सभी तारों की जाँच नहीं कर लेते तब तक पुल बंद रहेगा।",
    "hu": "A polgármester közölte, hogy a híd zárva marad, amíg a mérnökök minden kábelt meg nem vizsgálnak.",
    "it": "Il sindaco ha detto che il ponte resterà chiuso finché tutti i cavi non saranno controllati.",
    "ko": "시장은 기술자들이 모든 케이블을 점검할 때까지 다리를 폐쇄한다고 밝혔다.",
    "nl": "De burgemeester zei dat de brug gesloten blijft totdat alle kabels zijn gecontroleerd.",
    "pl": "Burmistrz powiedział, że most pozostanie zamknięty, dopóki inżynierowie nie sprawdzą wszystkich lin.",
    "pt": "O presidente da câmara disse que a ponte continuará fechada até que todos os cabos sejam verificados.",
    "sv": "Borgmästaren sade att bron förblir stängd tills ingenjörerna har kontrollerat alla kablar.",
    "th": "นายกเทศมนตรีกล่าวว่าสะพานจะยังคงปิดจนกว่าวิศวกรจะตรวจสอบสายเคเบิลทั้งหมด",
    "tr": "Belediye başkanı, mühendisler tüm halatları kontrol edene kadar köprünün kapalı kalacağını söyledi.",
    "uk": "Міський голова повідомив, що міст залишиться зачиненим, доки інженери не перевірять усі троси.",
    "ur": "میئر نے کہا کہ جب تک انجینئر تمام تاروں کی جانچ نہیں کر لیتے پل بند رہے گا۔",
    "vi": "Thị trưởng cho biết cây cầu sẽ tiếp tục đóng cửa cho đến khi các kỹ sư kiểm tra hết dây cáp.",
}


@pytest.mark.parametrize("example", RULES.examples, ids=lambda example: example.tag)
def test_examples_of_the_rule_file(example: LanguageExample) -> None:
    assert identify(example.text).tag == example.tag


@pytest.mark.parametrize(("tag", "text"), SENTENCES.items())
def test_one_sentence_is_enough(tag: str, text: str) -> None:
    found = identify(text)
    assert found.tag == tag
    assert found.confidence is not None
    assert 0.5 <= found.confidence <= 1


def test_agrees_with_langdetect_itself() -> None:
    reference.init_factory()
    reference._factory.seed = 0
    assert [identify(text).tag for text in SENTENCES.values()] == [reference.detect(t) for t in SENTENCES.values()]


def test_a_longer_text_is_surer() -> None:
    sentence = SENTENCES["da"]
    short, long = identify(sentence[:45]), identify(sentence)
    assert short.confidence is not None
    assert long.confidence is not None
    assert short.confidence < long.confidence


@pytest.mark.parametrize("text", ["", " ", "\n\n", "12:30", "Live", "\x00\ud800", "!?…" * 500, "5 " * 9000])
def test_too_little_text_is_unknown(text: str) -> None:
    assert identify(text) == Language(UNKNOWN, None)


def test_unsure_is_unknown() -> None:
    assert identify(SENTENCES["nl"], replace(RULES, confidence_scale=1e-6, word_weight=1e-6)) == Language(UNKNOWN, None)


def test_what_the_page_states_is_a_weak_hint() -> None:
    either = "Das Hafenamt Korbacher Brücke"
    unhinted, hinted = identify(either), identify(either, RULES, ["de-CH"])
    assert hinted.tag == "de"
    assert (hinted.confidence or 0) > (unhinted.confidence or 0)
    assert identify(SENTENCES["it"], RULES, ["en"]).tag == "it"


@pytest.mark.parametrize(("stated", "tag"), [("zh_TW", "zh-Hant"), ("zh-cn", "zh-Hans"), ("en", "zh"), ("zh", "zh")])
def test_shared_chinese_characters_take_the_stated_script(stated: str, tag: str) -> None:
    shared = next(example.text for example in RULES.examples if example.tag == "zh")
    assert identify(shared, RULES, [stated]).tag == tag


def test_kana_make_it_japanese_and_hangul_korean() -> None:
    assert identify("東京都知事は橋の閉鎖を発表した").tag == "ja"
    assert identify("서울시장은 다리를 폐쇄한다고 발표했다 (漢江大橋)").tag == "ko"


def test_a_name_in_latin_letters_lowers_the_confidence_of_a_script_only() -> None:
    plain, with_name = identify("ხიდი დაკეტილი დარჩება შემოწმებამდე"), identify("ხიდი დაკეტილი Reuters დარჩება")
    assert plain.tag == with_name.tag == "ka"
    assert (plain.confidence or 0) > (with_name.confidence or 0)


def test_dense_scripts_need_fewer_characters() -> None:
    assert identify("大桥将继续关闭").tag == "zh-Hans"
    assert identify("大桥将继续关闭", replace(RULES, dense_letter_weight=1)).tag == UNKNOWN


def test_addresses_and_quoted_names_do_not_decide() -> None:
    russian = "Портовые власти сообщили, что мост закрыт, пишет агентство"
    address = "https://example.org/the-harbour-bridge-will-stay-closed-until-every-cable-is-checked"
    assert identify(f"{address} press.office@harbour-authority.example.org {russian} Harbour News Weekly").tag == "ru"


def test_words_in_capitals_do_not_change_the_label() -> None:
    assert identify("HARBOUR AUTHORITY CLOSES BRIDGE " + SENTENCES["pl"]).tag == "pl"


def test_only_the_first_characters_count() -> None:
    english = "The mayor said that the bridge would stay closed until the cables had been checked. " * 20
    assert identify(english + SENTENCES["pl"] * 40) == identify(english)


def test_hostile_text_costs_no_more_than_a_long_one() -> None:
    identify(SENTENCES["it"])
    start = time.process_time()
    for text in ("a@" * 500_000, "a" * 1_000_000, "http://" * 200_000, "é\u0301" * 500_000, "\u4e00" * 1_000_000):
        identify(text)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("change", [{"min_confidence": 1.5}, {"sample_characters": 0}, {"confidence_scale": 0.0}])
def test_unusable_thresholds_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=f"language.{next(iter(change))} is .*allowed"):
        replace(RULES, **change)  # type: ignore[arg-type]


@settings(derandomize=True, deadline=None, max_examples=80)
@given(st.text(max_size=400))
def test_any_text_has_one_answer(text: str) -> None:
    found = identify(text)
    assert found == identify(text)
    assert (found.confidence is None) == (found.tag == UNKNOWN)
    assert found.confidence is None or RULES.min_confidence <= found.confidence <= 1
