"""The conditions that Google's store is asked to keep, which its emulator does not."""

from __future__ import annotations

import io
from typing import Any

import pytest

from transforms.storage import gcs
from transforms.storage.gcs import GoogleStore

pytest.importorskip("google.cloud.storage")


class _Blob:
    def __init__(self, asked: list[dict[str, Any]]) -> None:
        self.asked = asked
        self.name, self.size, self.generation, self.updated = "k", 1, 7, None

    def upload_from_file(self, body: Any, **conditions: Any) -> None:
        self.asked.append(conditions)

    def delete(self, **conditions: Any) -> None:
        from google.api_core.exceptions import PreconditionFailed

        self.asked.append(conditions)
        raise PreconditionFailed("changed")


def test_what_must_be_absent_or_unchanged_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(GoogleStore, "_blob", lambda self, bucket, key: _Blob(asked))
    store = GoogleStore()
    assert store.put("b", "k", io.BytesIO(b"x"), if_absent=True) == "7"
    store.put("b", "k", io.BytesIO(b"x"), if_etag="41")
    store.put("b", "k", io.BytesIO(b"x"))
    assert not store.delete_if("b", "k", "41")
    assert [entry.get("if_generation_match") for entry in asked] == [0, 41, None, 41]


def test_a_refusal_names_the_object() -> None:
    from google.api_core.exceptions import Forbidden

    with pytest.raises(PermissionError, match="gs://b/k: the store refuses"), gcs._errors("b", "k"):
        raise Forbidden("token=abc")
