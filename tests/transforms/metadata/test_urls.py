"""Tests of transforms.metadata.urls: one address for one article."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.metadata.urls import absolute_url, canonical_url, host_of


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTPS://Example.ORG:443/A/harbour?utm_source=x&id=7&fbclid=1#top", "https://example.org/A/harbour?id=7"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://m.example.org/a", "https://example.org/a"),
        ("https://en.m.example.org/a", "https://en.example.org/a"),
        ("https://m.org/a", "https://m.org/a"),
        ("https://amp.example.org/a/amp/", "https://example.org/a"),
        ("https://example.org/amp/a", "https://example.org/a"),
        ("https://example.org/a.amp.html", "https://example.org/a.html"),
        ("https://example.org/amplifier", "https://example.org/amplifier"),
        ("//example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/?id=42&b=&a=1", "https://example.org/?id=42&b=&a=1"),
        ("mailto:jane@example.org", None),
        ("/a/harbour", None),
        ("https://localhost/a", None),
        ("http://[broken", None),
        ("https://example.org:99999/a", None),
        ("", None),
        (None, None),
    ],
)
def test_canonical_url(url: str | None, normal: str | None) -> None:
    assert canonical_url(url) == normal


def test_hosts() -> None:
    assert host_of("https://WWW.Example.org:8080/a") == "example.org"
    assert host_of("https://news.example.org/") == "news.example.org"
    assert host_of("https://www.org/") == "www.org"
    assert host_of("nonsense") is None
    assert host_of(None) is None


def test_absolute_urls() -> None:
    assert absolute_url("/img/a.jpg", "https://example.org/x/y") == "https://example.org/img/a.jpg"
    assert absolute_url("a.jpg", None) is None
    assert absolute_url("data:image/png;base64,AAAA", "https://example.org/") is None
    assert absolute_url("http://[broken", "https://example.org/") is None


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(alphabet="abm./?&=#:%-_ é|[]@1A", max_size=40))
def test_normal_form_is_stable(path: str) -> None:
    normal = canonical_url("https://example.org/" + path)
    assert normal is None or canonical_url(normal) == normal
