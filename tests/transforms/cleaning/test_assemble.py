from __future__ import annotations

from schemas.codes import Category, Normalization
from schemas.records import Cut
from transforms.cleaning.assemble import Decided, Stretch, assemble, source_offset
from transforms.cleaning.line_joining import Paragraph, Piece
from transforms.normalize import KEEP_MARKS, fingerprint, normalize_text, rebuild

CUT = Cut("a.rule", Category.OTHER)


def paragraph(source: str, *texts: str, joints: tuple[str, ...] = (), drop: bool = False) -> Paragraph:
    pieces, at = [], 0
    for number, text in enumerate(texts):
        at = source.index(text, at)
        plain, notes = normalize_text(text)
        joint = "" if number == 0 else (joints[number - 1] if joints else " ")
        pieces.append(Piece(at, at + len(text), plain, notes, joint, drop and number > 0))
        at += len(text)
    joined = pieces[0].text
    for piece in pieces[1:]:
        joined = (joined[:-1] if piece.drop_hyphen else joined) + piece.joint + piece.text
    return Paragraph(tuple(pieces), joined, False)


def test_kept_and_cut_paragraphs() -> None:
    source = "Head\nOne\u00a0two\n\nAd\nThree"
    result = assemble(
        source,
        [
            Decided(paragraph(source, "Head"), CUT),
            Decided(paragraph(source, "One\u00a0two")),
            Decided(paragraph(source, "Ad"), CUT),
            Decided(paragraph(source, "Three")),
        ],
        KEEP_MARKS,
    )
    assert result.body == "One two\nThree"
    assert [(span.start, span.end, span.text, span.body_offset) for span in result.removed] == [
        (0, 4, "Head", 0),
        (14, 16, "Ad", 7),
    ]
    assert result.normalizations == {Normalization.NBSP}


def test_stretches_at_both_edges() -> None:
    source = "First.\nROME\u00a0– ﬁne  text. XX/YY  © Example"
    line = paragraph(source, "ROME\u00a0– ﬁne  text. XX/YY  © Example")
    text = line.text
    stretches = (
        Stretch(0, text.index("fine"), CUT),
        Stretch(text.index("XX"), text.index("©"), CUT),
        Stretch(text.index("©"), len(text), CUT),
    )
    result = assemble(
        source, [Decided(paragraph(source, "First.")), Decided(line, None, stretches)], KEEP_MARKS
    )  # fmt: skip
    assert result.body == "First.\nfine text."
    assert [(span.text, span.body_offset) for span in result.removed] == [
        ("ROME\u00a0–", 7),
        ("XX/YY", 17),
        ("© Example", 17),
    ]
    assert fingerprint(rebuild(result.body, result.removed)) == fingerprint(source)


def test_a_stretch_over_pieces_and_a_dropped_hyphen() -> None:
    source = "The govern-\nment said so. Ends\nhere"
    line = paragraph(source, "The govern-", "ment said so. Ends", "here", joints=("", " "), drop=True)
    line = Paragraph((line.pieces[0], line.pieces[1], line.pieces[2]._replace(drop_hyphen=False)), "", False)
    line = Paragraph(line.pieces, "The government said so. Ends here", False)
    result = assemble(source, [Decided(line, None, (Stretch(24, 33, CUT),))], KEEP_MARKS)
    assert result.body == "The government said so."
    assert [span.text for span in result.removed] == ["Ends\nhere"]
    assert fingerprint(rebuild(result.body, result.removed)) == fingerprint(source)


def test_offsets_in_the_source() -> None:
    source = "ab\ncd"
    line = paragraph(source, "ab", "cd")
    assert [source_offset(source, line, offset) for offset in (0, 1, 2, 3, 4, 5)] == [0, 1, 2, 3, 4, 5]


def test_everything_cut_leaves_no_body() -> None:
    source = "Ad"
    result = assemble(source, [Decided(paragraph(source, "Ad"), CUT)], KEEP_MARKS)
    assert (result.body, len(result.removed)) == ("", 1)
    assert assemble("", [], KEEP_MARKS).body == ""
