from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import Payload, RejectCode
from schemas.errors import RecordError, UsageError
from transforms.read.fields import KEYS, field_examples, field_names, folded, known_columns, pick

NAMES = field_names()


def test_every_list_has_an_example_and_a_counterexample() -> None:
    examples = field_examples()
    assert {example.key for example in examples} == set(KEYS)
    for example in examples:
        found = {path[0] for path in NAMES.of(example.key) if len(path) == 1}
        assert folded(example.example) in found, example
        assert folded(example.counterexample) not in found, example


def test_pick_reads_nested_and_listed_values() -> None:
    picked = pick(
        {
            "Title": " Harbour reopens ",
            "articleBody": ["One.", {"text": "Two."}, ""],
            "author": [{"@type": "Person", "name": "Ada Brook"}, "Jo Marsh", "Ada Brook"],
            "source": {"id": None, "name": "Northern Courier"},
            "urlToImage": {"url": "https://n.example/1.jpg"},
            "datePublished": 1709287200,
            "tags": "ports",
            "inLanguage": "en",
        },
        NAMES,
    )
    assert (picked.content, picked.payload) == ("One.\n\nTwo.", Payload.TEXT)
    said = picked.supplied
    assert said.headline == "Harbour reopens"
    assert said.authors == ("Ada Brook", "Jo Marsh")
    assert said.publisher == "Northern Courier"
    assert said.image_url == "https://n.example/1.jpg"
    assert said.published == "1709287200"
    assert said.keywords == ("ports",)
    assert said.language == "en"


def test_text_wins_over_html_and_html_is_told() -> None:
    assert pick({"html": "<p>x</p>", "text": "words"}, NAMES).payload is Payload.TEXT
    assert pick({"html": "words only", "text": "  "}, NAMES).payload is Payload.HTML
    assert pick({"content": "<div>words</div>"}, NAMES).payload is Payload.HTML


def test_wrapped_records() -> None:
    picked = pick({"_id": 1, "_source": {"title": "T", "body": "words"}}, NAMES)
    assert (picked.content, picked.supplied.headline) == ("words", "T")


def test_own_names_come_first() -> None:
    names = field_names({"text": ["payload.inner", "lede"]})
    assert pick({"text": "guess", "payload": {"inner": "own"}}, names).content == "own"
    assert pick({"text": "guess", "Lede": "own"}, names).content == "own"
    assert pick({"text": "guess"}, names).content == "guess"
    with pytest.raises(UsageError, match="did you mean 'headline'"):
        field_names({"headlin": ["x"]})


def test_missing_text_names_the_fields() -> None:
    with pytest.raises(RecordError, match="id, title") as caught:
        pick({"title": "x", "id": 3}, NAMES)
    assert caught.value.code is RejectCode.MISSING_TEXT


def test_lone_surrogates_are_replaced() -> None:
    assert pick({"text": "a", "title": "b\ud800"}, NAMES).supplied.headline == "b�"


def test_known_columns() -> None:
    assert known_columns(["Title", " article_body ", "price"], NAMES) == 2


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "title", "author", "name", "source", "data"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["text", "body", "title", "author", "source", "data", "keywords"]), _JSON, max_size=5
    )
)
def test_any_object_gives_text_or_missing_text(record: dict[str, object]) -> None:
    try:
        picked = pick(record, NAMES)
    except RecordError as error:
        codes = {error.code}
    else:
        codes = set()
        assert picked.content.strip()
        assert all(picked.supplied.authors)
    assert codes <= {RejectCode.MISSING_TEXT}
