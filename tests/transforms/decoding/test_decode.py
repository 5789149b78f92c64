from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import Normalization, Payload, RejectCode, SourceFormat
from schemas.errors import RecordError
from schemas.records import RawDocument
from transforms.decoding.decode import DecodeSettings, decode


def _document(
    raw: bytes, content: str | None = None, payload: Payload = Payload.TEXT, charset: str | None = None
) -> RawDocument:
    return RawDocument("in/a.txt", "a.txt", SourceFormat.TEXT, payload, raw, content, declared_charset=charset)


def test_line_ends_stay_and_the_mark_goes() -> None:
    decoded = decode(_document("\ufeffHafen\r\nöffnet\rheute\n".encode()))
    assert (decoded.text, decoded.charset, decoded.normalizations) == ("Hafen\r\nöffnet\rheute\n", "utf-8", ())


def test_declared_charsets_count() -> None:
    assert decode(_document("Мэр".encode("koi8-r"), charset="koi8-r")).charset == "koi8-r"
    page = "<meta charset=windows-1251><p>Мэр</p>"
    assert decode(_document(page.encode("cp1251"), payload=Payload.HTML)).text == page


def test_mojibake_is_repaired_and_noted() -> None:
    raw = "The cafÃ© wonâ€™t open".encode()
    decoded = decode(_document(raw))
    assert (decoded.text, decoded.normalizations) == ("The café won’t open", (Normalization.MOJIBAKE,))
    untouched = decode(_document(raw), DecodeSettings(repair_mojibake=False))
    assert (untouched.text, untouched.normalizations) == ("The cafÃ© wonâ€™t open", ())


@pytest.mark.parametrize(
    "document",
    [
        _document("Порт \0открыт".encode()),
        _document("\ufeffПорт \0открыт".encode()),
        _document("Порт \0открыт".encode("koi8-r"), charset="koi8-r"),
        _document(b"{}", content="Порт \0открыт"),
    ],
)
def test_nul_goes_wherever_the_text_comes_from(document: RawDocument) -> None:
    decoded = decode(document)
    assert (decoded.text, decoded.normalizations) == ("Порт открыт", (Normalization.CONTROL_CHARACTERS,))


def test_replaced_bytes_and_nul_are_noted() -> None:
    decoded = decode(_document("Grün und schön öffnet \0 der Hafen".encode() + b" \xff"))
    assert decoded.text == "Grün und schön öffnet  der Hafen �"
    assert decoded.normalizations == (Normalization.CONTROL_CHARACTERS, Normalization.REPLACED_BYTES)


def test_content_is_text_already() -> None:
    decoded = decode(_document(b'{"text": "..."}', "Caf\u00e9 \ud83d\ude00 \ud800"))
    assert (decoded.text, decoded.charset) == ("Café 😀 �", "utf-8")
    assert decoded.normalizations == (Normalization.REPLACED_BYTES,)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b" \n\t ", RejectCode.NO_TEXT),
        (b"\xef\xbb\xbf", RejectCode.NO_TEXT),
        (b"\x01\x02\x03\x04" * 50, RejectCode.UNDECODABLE_TEXT),
    ],
)
def test_what_is_no_text_is_refused(raw: bytes, code: RejectCode) -> None:
    with pytest.raises(RecordError) as caught:
        decode(_document(raw))
    assert caught.value.code is code


def test_a_string_that_nobody_read_is_read_and_noted() -> None:
    raw = rb"One line.\nShe said \"no\".\nThe end."
    plain = decode(RawDocument("in/a.txt", "a.txt", SourceFormat.TEXT, Payload.TEXT, raw))
    assert (plain.text, plain.normalizations) == ('One line.\nShe said "no".\nThe end.', (Normalization.ESCAPES,))
    page = decode(RawDocument("in/a.html", "a.html", SourceFormat.HTML, Payload.HTML, raw))
    assert page.text == raw.decode()


_PIECES = st.sampled_from(
    ["caf\u00e9 ", "caf\u00c3\u00a9 ", "\0", "\ufeff", "\ufffd", "\\u00e9", "\x1b$B", "<p>", "\r\n", "a"]
)


@settings(derandomize=True, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=40),
        st.lists(_PIECES, max_size=12).map(lambda pieces: "".join(pieces).encode()),
        st.lists(_PIECES, max_size=12).map(lambda pieces: "".join(pieces).encode("cp1252", "ignore")),
    ),
    st.sampled_from([Payload.HTML, Payload.TEXT]),
)
def test_what_is_handed_on_as_encoded_is_the_text(raw: bytes, payload: Payload) -> None:
    try:
        decoded = decode(_document(raw, payload=payload))
    except RecordError:
        return
    assert decoded.encoded in (None, decoded.text.encode())


def test_utf_8_is_not_encoded_again() -> None:
    assert decode(_document(b"\xef\xbb\xbfcaf\xc3\xa9")).encoded == b"caf\xc3\xa9"
    assert decode(_document(b"caf\xe9")).encoded is None
