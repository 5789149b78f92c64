"""Tests of transforms.metadata.urls: one address for one article."""

from __future__ import annotations

import time
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.metadata.url_rules import UrlRules
from transforms.metadata.urls import absolute_url, canonical_url, host_of, work_key


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTPS://Example.ORG:443/A/harbour?utm_source=x&id=7&fbclid=1#top", "https://example.org/A/harbour?id=7"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("http://m.example.org:8080/a", "http://example.org:8080/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://m.example.org/a", "https://example.org/a"),
        ("https://en.m.example.org/a", "https://en.example.org/a"),
        ("https://amp.m.example.org/a", "https://example.org/a"),
        ("https://mobile.example.co.uk/a", "https://example.co.uk/a"),
        ("https://m.org/a", "https://m.org/a"),
        ("https://amp.co.uk/a", "https://amp.co.uk/a"),
        ("https://www.m.org/a", "https://www.m.org/a"),
        ("https://amp.example.org/a/amp/", "https://example.org/a"),
        ("https://example.org/amp/a", "https://example.org/a"),
        ("https://example.org/news/amp/a-42", "https://example.org/news/a-42"),
        ("https://example.org/a.amp.html", "https://example.org/a.html"),
        ("https://example.org/a.amp", "https://example.org/a"),
        ("https://example.org/a?amp=1", "https://example.org/a"),
        ("https://example.org/a?amp", "https://example.org/a"),
        ("https://example.org/a?outputType=amp&id=7", "https://example.org/a?id=7"),
        ("https://example.org/amplifier", "https://example.org/amplifier"),
        ("https://example.org/a/amplifier?amplifier=1", "https://example.org/a/amplifier?amplifier=1"),
        ("https://www.google.com/amp/s/www.example.org/a/amp/", "https://www.example.org/a"),
        ("https://www.google.co.uk/amp/example.org/a", "http://example.org/a"),
        ("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a?usqp=x", "https://www.example.org/a"),
        ("https://www-example-org.cdn.ampproject.org/v/s/example.org/a.amp.html", "https://example.org/a.html"),
        ("https://www.bing.com/amp/s/amp.example.org/a", "https://example.org/a"),
        ("https://www.google.com/search?q=a", "https://www.google.com/search?q=a"),
        ("https://example.org/a?print=1", "https://example.org/a"),
        ("https://example.org/a?view=print", "https://example.org/a"),
        ("https://example.org/a?view=harbour", "https://example.org/a?view=harbour"),
        ("https://example.org/print/a", "https://example.org/a"),
        ("https://example.org/a/print/", "https://example.org/a"),
        ("https://example.org/a/drucken", "https://example.org/a"),
        ("https://example.org/a.print.html", "https://example.org/a.html"),
        ("https://example.org/printers/a", "https://example.org/printers/a"),
        ("https://example.org/print", "https://example.org/print"),
        ("https://example.org/a/index.html", "https://example.org/a/"),
        ("https://example.org/index.php?id=7", "https://example.org/?id=7"),
        ("https://example.org/a/index-of-prices.html", "https://example.org/a/index-of-prices.html"),
        ("https://example.org/a;jsessionid=0A1B?id=7", "https://example.org/a?id=7"),
        ("https://example.org/a?PHPSESSID=0a&id=7", "https://example.org/a?id=7"),
        ("https://example.org/a/../b/./c", "https://example.org/b/c"),
        ("https://example.org/../a/..", "https://example.org/"),
        ("https://example.org//a//b", "https://example.org/a/b"),
        ("https://example.org/%7ejane/%e4%b8%ad", "https://example.org/~jane/%E4%B8%AD"),
        ("https://example.org/中/é", "https://example.org/%E4%B8%AD/%C3%A9"),
        ("https://münchen.example/a", "https://xn--mnchen-3ya.example/a"),
        ("https://XN--MNCHEN-3YA.example/a", "https://xn--mnchen-3ya.example/a"),
        ("//example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/?id=42&b=&a=1", "https://example.org/?a=1&b=&id=42"),
        ("https://example.org/?a=2&a=1", "https://example.org/?a=2&a=1"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org/a?id=7&amp;utm_medium=x", "https://example.org/a?id=7"),
        ("https://example.org/a?ref=1234", "https://example.org/a?ref=1234"),
        ("mailto:jane@example.org", None),
        ("/a/harbour", None),
        ("https://localhost/a", None),
        ("http://[broken", None),
        ("https://example.org:99999/a", None),
        ("https://é..example/a", None),
        ("https://www.google.com/amp/s/localhost/a", "https://www.google.com/s/localhost/a"),
        ("", None),
        (None, None),
    ],
)
def test_canonical_url(url: str | None, normal: str | None) -> None:
    assert canonical_url(url) == normal


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.example.org/a/", "example.org/a"),
        ("http://m.example.org/a?utm_source=x", "example.org/a"),
        ("https://example.org/?id=7", "example.org?id=7"),
        ("https://www.org/a", "www.org/a"),
        ("https://example.org/", None),
        ("https://example.org/index.html", None),
        ("nonsense", None),
        (None, None),
    ],
)
def test_work_key(url: str | None, key: str | None) -> None:
    assert work_key(url) == key


_PART = st.from_regex(r"[a-z0-9]{1,6}(?:-[a-z0-9]{1,6}){1,3}", fullmatch=True)
_VERSIONS = (
    "https://www.example.org{path}",
    "http://example.org{path}/",
    "http://example.org:80{path}#comments",
    "https://EXAMPLE.org{path}?utm_campaign=x&utm_source=y",
    "https://m.example.org{path}",
    "https://mobile.example.org{path}?m=1",
    "https://www.example.org{path}?m=1",
    "https://amp.example.org{path}",
    "https://www.example.org{path}/amp",
    "https://www.example.org{path}/amp/?usqp=x",
    "https://www.example.org/amp{path}",
    "https://www.example.org{path}?amp=1",
    "https://www.example.org{path}?outputType=amp-type",
    "https://www.google.com/amp/s/www.example.org{path}/amp/",
    "https://www-example-org.cdn.ampproject.org/c/s/www.example.org{path}/amp",
    "https://www.example.org/print{path}",
    "https://www.example.org{path}/print/",
    "https://www.example.org{path}?print=true&fbclid=x",
    "https://www.example.org{path}?view=print",
    "https://www.example.org{path}/index.html",
)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(_PART, min_size=1, max_size=4))
def test_versions_of_one_article_are_one_work(parts: list[str]) -> None:
    path = "/" + "/".join(parts)
    assert {work_key(version.format(path=path)) for version in _VERSIONS} == {f"example.org{path}"}


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(_PART, min_size=1, max_size=3), st.lists(_PART, min_size=1, max_size=3))
def test_two_articles_are_two_works(one: list[str], other: list[str]) -> None:
    first, second = (work_key("https://example.org/" + "/".join(parts)) for parts in (one, other))
    assert (first == second) == (one == other)


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


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.text(alphabet="abmprint./?&=#:;%-_ é|[]@1A7e中", max_size=40))
def test_normal_form_is_stable(path: str) -> None:
    normal = canonical_url("https://example.org/" + path)
    assert normal is None or canonical_url(normal) == normal


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(["amp", "s", "m", "print", "index.html", "a", "..", "x.amp.html", "b?print=1"]), max_size=8
    )
)
def test_normal_form_of_versions_is_stable(parts: list[str]) -> None:
    for host in ("m.example.co.uk", "www.google.com", "x.cdn.ampproject.org/c"):
        normal = canonical_url(f"https://{host}/{'/'.join(parts)}")
        assert normal is not None
        assert canonical_url(normal) == normal


def test_hostile_addresses_are_answered_fast() -> None:
    started = time.process_time()
    for part in ("/amp", "/../", "%7", "m.", "&a", ";s=", "/print/a", "//"):
        canonical_url("https://example.org/" + part * 600)
    assert time.process_time() - started < 0.5


def test_rules_are_lower_case_where_they_are_compared_so() -> None:
    rules = UrlRules.load()
    for words in (
        rules.tracking,
        rules.mobile_hosts,
        rules.registry_labels,
        rules.index_files,
        *rules.versions.values(),
    ):
        assert all(word == word.lower() for word in words)


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/a?x=1#y",
        "https://example.org/a/../b;c?d=//e",
        "http://example.org/a;",
        "https://example.org//a?#",
        "HTTPS://Example.org/A",
        "//other.example/a",
        "/a;b",
        "a b",
        "?q",
        "https:///a",
        "http://[a",
    ],
)
def test_joining_is_spared_only_where_it_changes_nothing(url: str) -> None:
    base = "https://example.org/s/t"
    try:
        joined = urljoin(base, url)
    except ValueError:
        joined = ""
    assert absolute_url(url, base) == absolute_url(joined, None)


def test_an_address_that_escapes_make_too_long_is_none() -> None:
    address = "https://news.example.org/" + "é" * 1900
    assert canonical_url(address) is None
    assert work_key(address) is None
