"""Makes any number of invented news articles, as heavy web pages or as plain text with leftovers; the same ones each time.

    generator.py pages 500 FOLDER  ->  page-000000.html.gz …   about 225 KB each: scripts, inline CSS, navigation, comments
    generator.py archives 500 FOLDER --page-bytes 10000  ->  pages-00000.warc.gz …   the same as WARC, here short ones
    generator.py texts 500 FOLDER  ->  article-000000.txt …    about 2,760 characters: the text that a scraper leaves behind

The sentences come from a small grammar in lexicon.toml, in seven languages in about the proportions given there. Dates
are spread over 18 months. Article `index` of a seed is the same whatever the count.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import re
import sys
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PAGE_BYTES = 225_000
"""Mean size of a page, the mean of the public evaluation pages; the median is lower, as there."""

PAGE_BODY_CHARACTERS = 5_500
"""Mean length of a page's article; with navigation, related stories and comments its text comes to about 9,000."""

TEXT_CHARACTERS = 2_300
"""Mean length of a plain-text article's body; with its leftovers it comes to about 2,760."""

_FIRST_DAY = datetime(2024, 1, 1, tzinfo=timezone.utc)
_DAYS = 546
_SLOT = re.compile(r"\{(\w+)\}")
_POOL_RULES = 12_000
_ALL_AROUND = 75_000
"""Bytes from which on a page has all its links, teasers and comments."""

SHORT_PAGE_BYTES = 10_000
SHORT_BODY_CHARACTERS = 1_500

Slots = Mapping[str, tuple[str, ...]]


class Story(NamedTuple):
    """One invented article. `paragraphs` never repeat a sentence; `published` is in UTC."""

    number: int
    language: str
    outlet: str
    host: str
    section: str
    headline: str
    standfirst: str
    author: str
    byline: str
    place: str
    published: datetime
    paragraphs: tuple[str, ...]

    @property
    def url(self) -> str:
        """The address that the page names as its own."""
        return f"https://{self.host}/{self.published:%Y/%m/%d}/story-{self.number:06}.html"


@lru_cache(maxsize=1)
def lexicon() -> Mapping[str, Slots]:
    """The words of each language: slot name to its choices."""
    tables = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))
    return {
        language: {slot: tuple(words) if isinstance(words, list) else (str(words),) for slot, words in table.items()}
        for language, table in tables.items()
    }


def _fill(template: str, slots: Slots, rng: random.Random) -> str:
    def choose(match: re.Match[str]) -> str:
        name = match.group(1)
        if name.lower() == "number":
            return str(rng.randint(3, 980))
        if name == "few":
            return str(rng.randint(2, 45))
        words = _fill(rng.choice(slots[name.lower()]), slots, rng)
        return words[0].upper() + words[1:] if name[0].isupper() else words

    return _SLOT.sub(choose, template)


def _pick(slot: str, slots: Slots, rng: random.Random) -> str:
    return _fill(rng.choice(slots[slot]), slots, rng)


def _paragraphs(characters: int, slots: Slots, rng: random.Random) -> tuple[str, ...]:
    """Paragraphs of one to four sentences, about `characters` in all; no sentence comes twice."""
    gap = " " if " " in slots["sentence"][0] else ""
    seen: set[str] = set()
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < characters:
        sentences: list[str] = []
        for _ in range(rng.choice((1, 2, 2, 3, 3, 4))):
            sentence = _pick("sentence", slots, rng)
            if sentence not in seen:
                seen.add(sentence)
                sentences.append(sentence)
        if sentences:
            paragraphs.append(gap.join(sentences))
    return tuple(paragraphs)


def make_story(number: int, *, seed: int = 0, language: str | None = None, characters: int = TEXT_CHARACTERS) -> Story:
    """Article `number` of `seed`, in `language` or in one drawn by the lexicon's shares; `characters` is the mean length."""
    rng = random.Random(f"{seed}/{number}/{language}/{characters}")
    words = lexicon()
    if language is None:
        language = rng.choices(list(words), [int(slots["share"][0]) for slots in words.values()])[0]
    slots = words[language]
    # Lengths of articles are about log-normal; CJK text says the same in a third of the characters.
    length = characters * math.exp(rng.gauss(-0.1, 0.45)) / (3 if language == "zh" else 1)
    outlet_number = rng.randrange(len(slots["outlets"]))
    author = _pick("person", slots, rng)
    place = _pick("place", slots, rng)
    return Story(
        number=number,
        language=language,
        outlet=slots["outlets"][outlet_number],
        host=f"news{outlet_number}.{language}.example.org",
        section=rng.choice(slots["sections"]),
        headline=_pick("headline", slots, rng),
        standfirst=_pick("sentence", slots, rng),
        author=author,
        byline=slots["by"][0].replace("{person}", author),
        place=place,
        published=_FIRST_DAY + timedelta(days=rng.randrange(_DAYS), minutes=rng.randrange(24 * 60)),
        paragraphs=_paragraphs(int(length), slots, rng),
    )


def _rights(story: Story) -> str:
    rights = lexicon()[story.language]["rights"][0]
    return rights.replace("{year}", str(story.published.year)).replace("{outlet}", story.outlet)


# -- plain text ----------------------------------------------------------------------------------------------------


def article_text(story: Story, *, seed: int = 0) -> str:
    """The story as a scraper leaves it when the markup is gone: headline, perhaps twice, byline, dateline, leftovers."""
    rng = random.Random(f"{seed}/{story.number}/text")
    slots = lexicon()[story.language]
    lines = [story.headline] * rng.choice((1, 1, 1, 2))
    if rng.random() < 0.6:
        lines.append(story.byline)
    if rng.random() < 0.3:
        lines.append(rng.choice(slots["share_line"]))
    paragraphs = list(story.paragraphs)
    if rng.random() < 0.5:
        paragraphs[0] = f"{story.place.upper()} – {paragraphs[0]}"
    if len(paragraphs) > 3 and rng.random() < 0.4:
        paragraphs.insert(rng.randrange(2, len(paragraphs)), rng.choice(slots["newsletter"]))
    lines += paragraphs
    if rng.random() < 0.5:
        lines += rng.sample(slots["share_line"], 2)
    if rng.random() < 0.6:
        lines.append(rng.choice(slots["related_title"]))
        lines += [_pick("headline", slots, rng) for _ in range(rng.randint(2, 4))]
    if rng.random() < 0.5:
        lines.append(rng.choice(slots["comments_title"]))
    if rng.random() < 0.5:
        lines.append(_rights(story))
    return "\n\n".join(lines) + "\n"


# -- pages ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _styles() -> tuple[str, ...]:
    """CSS rules to fill pages with; made once, since drawing them anew would cost more than the page."""
    rng = random.Random("styles")
    values = ("none", "0", "1rem", "flex", "#1a2b3c", "inherit", "24px", "rgba(0,0,0,.4)", "100%", "relative")
    names = ("display", "margin", "padding", "color", "width", "position", "background", "border-radius", "top")
    rules = []
    for number in range(_POOL_RULES):
        body = ";".join(f"{rng.choice(names)}:{rng.choice(values)}" for _ in range(rng.randint(1, 6)))
        rules.append(f".c{number:x}-{rng.choice(names)} .u-{rng.randrange(4096):03x}{{{body}}}\n")
    return tuple(rules)


def _filler(characters: int, rng: random.Random) -> str:
    rules = _styles()
    count = max(0, characters * len(rules) // sum(map(len, rules)))
    start = rng.randrange(len(rules))
    whole, part = divmod(count, len(rules))
    return "".join(rules * whole + (rules[start:] + rules[:start])[:part])


def _links(labels: tuple[str, ...], count: int, rng: random.Random) -> str:
    return "\n".join(
        f'<li class="menu__item"><a class="menu__link" href="/{rng.randrange(10**6)}/">{escape(rng.choice(labels))}</a></li>'
        for _ in range(count)
    )


def _cards(count: int, slots: Slots, rng: random.Random) -> str:
    return "\n".join(
        f'<div class="card"><a href="/s/{rng.randrange(10**6)}"><img src="/i/{rng.randrange(10**6)}.jpg" alt="">'
        f'<h3 class="card__title">{escape(_pick("headline", slots, rng))}</h3></a>'
        f'<span class="card__time">{rng.randint(1, 23)}h</span></div>'
        for _ in range(count)
    )


def _comments(count: int, slots: Slots, rng: random.Random) -> str:
    return "\n".join(
        f'<div class="comment" id="comment-{rng.randrange(10**6)}"><span class="comment__author">{escape(_pick("person", slots, rng))}'
        f"</span><p>{escape(_pick('opinion', slots, rng))}.</p></div>"
        for _ in range(count)
    )


def _head(story: Story, style: str, state: str) -> str:
    stamp = story.published.isoformat()
    linked = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.standfirst,
        "datePublished": stamp,
        "author": [{"@type": "Person", "name": story.author}],
        "publisher": {"@type": "Organization", "name": story.outlet},
        "articleSection": story.section,
        "mainEntityOfPage": story.url,
        "inLanguage": story.language,
    }
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head>
<meta charset="utf-8">
<title>{escape(story.headline)} | {escape(story.outlet)}</title>
<link rel="canonical" href="{story.url}">
<meta name="description" content="{escape(story.standfirst)}">
<meta property="og:title" content="{escape(story.headline)}">
<meta property="og:site_name" content="{escape(story.outlet)}">
<meta property="og:type" content="article">
<meta property="article:published_time" content="{stamp}">
<script type="application/ld+json">{json.dumps(linked, ensure_ascii=False)}</script>
<style>
{style}</style>
<script>window.__STATE__ = {json.dumps(state)};</script>
</head>"""


def _article(story: Story, slots: Slots, rng: random.Random) -> str:
    parts = []
    for number, paragraph in enumerate(story.paragraphs):
        parts.append(f'<p class="story__p">{escape(paragraph, quote=False)}</p>')
        if number % 9 == 5:
            parts.append('<div class="ad-slot" data-slot="inline"><script>ads.push("inline")</script></div>')
        if number == 3:
            parts.append(
                f'<figure><img src="/i/{story.number}.jpg" alt=""><figcaption>{escape(_pick("opinion", slots, rng))}'
                "</figcaption></figure>"
            )
    share = "".join(f'<li><a href="#s">{escape(line)}</a></li>' for line in slots["share_line"])
    return f"""<article class="story">
<h1 class="story__title">{escape(story.headline)}</h1>
<p class="story__standfirst">{escape(story.standfirst, quote=False)}</p>
<div class="story__meta"><span class="byline">{escape(story.byline)}</span>
<time datetime="{story.published.isoformat()}">{story.published:%d.%m.%Y %H:%M}</time></div>
<ul class="share-bar">{share}</ul>
<div class="story__body">
{chr(10).join(parts)}
</div>
</article>"""


def page_html(story: Story, *, seed: int = 0, weight: int | None = None) -> str:
    """The story as a web page of about `weight` bytes; without it, log-normal around a mean of PAGE_BYTES. A light page has fewer
    links, teasers and comments, too."""
    rng = random.Random(f"{seed}/{story.number}/page")
    slots = lexicon()[story.language]
    share = min(1.0, weight / _ALL_AROUND) if weight else 1.0

    def some(low: int, high: int) -> int:
        return round(rng.randint(low, high) * share)

    size = weight or min(8 * PAGE_BYTES, int(PAGE_BYTES * math.exp(rng.gauss(-0.18, 0.6))))
    body = f"""<body class="page">
<header class="site-header"><nav class="menu"><ul>
{_links(slots["label"], some(120, 240), rng)}
</ul></nav></header>
<main>
{_article(story, slots, rng)}
<aside class="newsletter"><h2>{escape(slots["newsletter"][0])}</h2><form><input type="email"><button>OK</button></form></aside>
<aside class="related"><h2>{escape(slots["related_title"][0])}</h2>
{_cards(some(16, 36), slots, rng)}
</aside>
<section class="comments"><h2>{escape(slots["comments_title"][0])}</h2>
{_comments(some(0, 12), slots, rng)}
</section>
</main>
<footer class="site-footer"><ul>
{_links(slots["label"], some(60, 120), rng)}
</ul><p>{escape(_rights(story))}</p></footer>
</body>
</html>
"""
    rest = max(0, size - len(body.encode()))
    return _head(story, _filler(rest * 2 // 5, rng), _filler(rest // 2, rng)) + "\n" + body


# -- files ---------------------------------------------------------------------------------------------------------


def write_pages(folder: Path, count: int, *, seed: int = 0, weight: int | None = None) -> list[Path]:
    """Writes `count` gzipped pages and returns their paths; the bytes depend on seed and `weight` only."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        path = folder / f"page-{number:06}.html.gz"
        page = page_html(make_story(number, seed=seed, characters=PAGE_BODY_CHARACTERS), seed=seed, weight=weight)
        path.write_bytes(gzip.compress(page.encode(), compresslevel=5, mtime=0))
        paths.append(path)
    return paths


def write_archives(
    folder: Path, count: int, *, seed: int = 0, pages_a_file: int = 1000, weight: int | None = None
) -> list[Path]:
    """Writes `count` pages as WARC files of `pages_a_file`, each record compressed by itself, and returns their paths.

    `weight` as in `page_html`; up to twice SHORT_PAGE_BYTES the articles are short, too: a hundred thousand such pages are some
    400 MB on the disk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    short = weight is not None and weight <= 2 * SHORT_PAGE_BYTES
    paths = []
    for first in range(0, count, pages_a_file):
        path = folder / f"pages-{first // pages_a_file:05}.warc.gz"
        with path.open("wb") as archive:
            for number in range(first, min(count, first + pages_a_file)):
                characters = SHORT_BODY_CHARACTERS if short else PAGE_BODY_CHARACTERS
                story = make_story(number, seed=seed, characters=characters)
                archive.write(_warc_record(story, page_html(story, seed=seed, weight=weight)))
        paths.append(path)
    return paths


def _warc_record(story: Story, page: str) -> bytes:
    """One gzip member with a response record (WARC 1.0, ISO 28500)."""
    body = page.encode()
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, story.url)}>\r\n"
        f"WARC-Target-URI: {story.url}\r\nWARC-Date: {story.published:%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http) + len(body)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + body + b"\r\n\r\n", compresslevel=5, mtime=0)


def write_texts(folder: Path, count: int, *, seed: int = 0) -> list[Path]:
    """Writes `count` plain-text articles in UTF-8 and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        path = folder / f"article-{number:06}.txt"
        path.write_bytes(article_text(make_story(number, seed=seed), seed=seed).encode())
        paths.append(path)
    return paths


def main() -> None:
    """The command line."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument("kind", choices=("pages", "texts", "archives"))
    arguments.add_argument("count", type=int)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--page-bytes", type=int, metavar="N", help="size of each page (default: as real ones vary)")
    given = arguments.parse_args()
    if given.kind == "pages":
        paths = write_pages(given.folder, given.count, seed=given.seed, weight=given.page_bytes)
    elif given.kind == "archives":
        paths = write_archives(given.folder, given.count, seed=given.seed, weight=given.page_bytes)
    else:
        paths = write_texts(given.folder, given.count, seed=given.seed)
    print(f"{len(paths)} {given.kind}, {sum(path.stat().st_size for path in paths):,} bytes in {given.folder}")


if __name__ == "__main__":
    main()
