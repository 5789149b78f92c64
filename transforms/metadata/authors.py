"""Chooses an article's authors from JSON-LD, meta tags, microdata and the visible byline.

Before: JSON-LD author "Example Times" (an organisation), visible "By Jane Roe and John Doe". After: persons Jane Roe and
John Doe.
Order measured on article fixtures of fundus and WCXB: JSON-LD article, JSON-LD page, meta author, creator, microdata,
rel=author, the By line near the heading, links to author pages, byline classes. A site's organisation in JSON-LD stays
unless a meta author or a By line names a person. Pieces are dropped only inside one string, never from stated lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from schemas.codes import AuthorKind
from schemas.records import Author, PageMetadata, SuppliedFields
from transforms.byline import BylineRules, authors_of
from transforms.metadata.agreement import squeeze
from transforms.metadata.author_names import is_unnamed, joined_names, kind_of, split_names, split_stated, visible_names
from transforms.metadata.person_name import same_person, set_case, without_doubles
from transforms.metadata.rules import ARTICLE, PAGE, MetadataRules
from transforms.metadata.site_name import site_names

# Addresses, handles, bare numbers and the keys of unfilled templates ("page.author") name nobody.
_NO_NAME = re.compile(r"(?:https?:|www\.|@|/).*|[a-z0-9_.-]+@.*|\d+|[a-z0-9_]+(?:\.[a-z0-9_]+){2,}|[\W\d_]+|\{.*")
# The name of an account, not of a person: "jane.roe", "roe_news".
_ACCOUNT = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)+")
_MARKS = re.compile(r"[,;/|]")
_MAX_AUTHORS = 30


def choose_authors(metadata: PageMetadata, supplied: SuppliedFields, byline: str | None) -> tuple[Author, ...]:
    """The authors in the order of the source that names them first; () where nobody is named.

    `byline` is the line that cleaning found in the text, without the leading By; it counts before the page's own By line.
    Supplied authors win. Accounts ("admin"), addresses and handles are nobody.
    """
    rules = MetadataRules.load()
    if supplied.authors:
        named = _authors((name for text in supplied.authors for name in split_names(text, rules)), rules)
        return _set_right(named, rules)
    if supplied.byline:
        named = authors_of(supplied_byline(supplied, rules), BylineRules.load())
        return _set_right(_authors((author.name for author in named), rules), rules)
    sites = frozenset(squeeze(site) for site in site_names(metadata, supplied))
    authors = _with_byline(_chosen(metadata, byline, sites, rules), metadata, byline, rules)
    authors = _with_kinds(authors, metadata, sites)
    return _set_right(authors, rules) if any(_names_person(author, sites) for author in authors) else authors


def _chosen(
    metadata: PageMetadata, byline: str | None, sites: frozenset[str], rules: MetadataRules
) -> tuple[Author, ...]:
    """The authors of the first source that names a person; else the outlet as its own author; else an account."""
    outlet: tuple[Author, ...] = ()
    accounts: tuple[Author, ...] = ()
    for names, overrules in _groups(metadata, byline, rules):
        authors = _without_outlet(_authors(names, rules), sites)
        if authors and all(_ACCOUNT.fullmatch(a.name) and squeeze(a.name) not in sites for a in authors):
            accounts = accounts or authors
            continue
        if not authors or (outlet and not overrules):
            continue
        if any(_names_person(author, sites) for author in authors):
            # A person who is the outlet ("Jane Roe" on janeroe.example) is not overruled by a longer line about her.
            same = outlet and any(squeeze(o.name) in squeeze(a.name) for o in outlet for a in authors)
            return outlet if same else authors
        # The outlet as its own author stays only if no trusted source names a person.
        outlet = outlet or authors
    return outlet or accounts


def _with_byline(
    authors: tuple[Author, ...], metadata: PageMetadata, byline: str | None, rules: MetadataRules
) -> tuple[Author, ...]:
    """With the persons whom the byline joins to one of these: "Jane Roe" stated, "By Jane Roe and John Doe" shown."""
    people = [author.name for author in authors if author.kind is AuthorKind.PERSON]
    lines = [byline] if byline else [c.value for c in metadata.authors if c.source == "visible:by"][:1]
    joined = [name for line in lines if people for name in joined_names(line, rules)]
    others = [name for name in joined if not any(same_person(name, known) for known in people)]
    if not others or len(others) == len(joined):
        return authors
    return authors + tuple(Author(name, AuthorKind.PERSON) for name in others)


def _with_kinds(authors: tuple[Author, ...], metadata: PageMetadata, sites: frozenset[str]) -> tuple[Author, ...]:
    """With one-word names that are the outlet's, or that the page calls an organisation's, as organisations."""
    known = sites | {squeeze(candidate.value) for candidate in metadata.author_organizations}
    return tuple(
        author._replace(kind=AuthorKind.ORGANIZATION)
        if author.kind is AuthorKind.PERSON and " " not in author.name and squeeze(author.name) in known
        else author
        for author in authors
    )


def _set_right(authors: tuple[Author, ...], rules: MetadataRules) -> tuple[Author, ...]:
    """With names in capitals as names are written, and nobody twice ("J. Roe", "Jane Roe")."""
    people = {a.name: set_case(a.name, rules.particles) for a in authors if a.kind is AuthorKind.PERSON}
    kept = without_doubles(tuple(people.values())) if len(people) > 1 else tuple(people.values())
    # A double gives its place to the fuller spelling.
    spelt = {name: next((k for k in kept if same_person(k, right)), right) for name, right in people.items()}
    return tuple(dict.fromkeys(a._replace(name=spelt[a.name]) if a.name in spelt else a for a in authors))


def _names_person(author: Author, sites: frozenset[str]) -> bool:
    # "example.org, Springfield" is the outlet with its place.
    return author.kind is AuthorKind.PERSON and squeeze(author.name.split(",")[0]) not in sites


def _without_outlet(authors: tuple[Author, ...], sites: frozenset[str]) -> tuple[Author, ...]:
    """Without the outlet's own name where others stand beside it."""
    others = tuple(author for author in authors if squeeze(author.name) not in sites)
    return others or authors


def choose_byline(metadata: PageMetadata, supplied: SuppliedFields, byline: str | None) -> str | None:
    """The byline as written, without the leading By: the container's, the text's, else the page's visible By line."""
    rules = MetadataRules.load()
    if supplied.byline and supplied.byline.strip():
        return supplied_byline(supplied, rules)
    if byline:
        return byline
    for wanted in ("visible:by", "visible:dated", "visible:class"):
        for candidate in metadata.authors:
            if candidate.source == wanted:
                return without_by(candidate.value, rules)
    # What is stated as the author can be a byline too: "By Staff, Agencies" in JSON-LD or a feed.
    stated = (*supplied.authors, *(candidate.value for candidate in metadata.authors))
    return next((rest for text in stated if (rest := without_by(text, rules)) != " ".join(text.split())), None)


def without_by(text: str, rules: MetadataRules) -> str:
    """`text` without the leading By, spaces folded."""
    folded = " ".join(text.split())
    match = rules.by_pattern.match(folded) if rules.may_open(folded) else None
    return folded[match.end() :] if match and match.end() < len(folded) else folded


def supplied_byline(supplied: SuppliedFields, rules: MetadataRules) -> str:
    """The container's byline without the leading By, spaces folded; "" for none."""
    return without_by(supplied.byline or "", rules)


def _groups(metadata: PageMetadata, byline: str | None, rules: MetadataRules) -> Iterator[tuple[list[str], bool]]:
    """(names, whether they overrule the outlet named as its own author) of each source, in falling order of trust."""
    stated: dict[str, list[str]] = {}
    for candidate in metadata.authors:
        stated.setdefault(candidate.source, []).append(candidate.value)
    organizations: dict[str, list[str]] = {}
    for candidate in metadata.author_organizations:
        organizations.setdefault(candidate.source, []).append(candidate.value)

    if "visible:page" in stated and not byline:
        # Only looked for where nobody but the outlet is named.
        yield visible_names(stated["visible:page"][0], rules), True
    json_ld = [s for s in dict.fromkeys([*stated, *organizations]) if s.startswith("json_ld.")]
    ranks = {source: rules.type_rank(source[len("json_ld.") :]) for source in json_ld}
    for wanted in (ARTICLE, PAGE):
        for source in (s for s in json_ld if ranks[s] == wanted):
            people = [name for text in stated.get(source, ()) for name in split_stated(text, rules)]
            yield people + organizations.get(source, []), True
    other = ("json_ld.", "itemprop:", "rel:", "visible:", "twitter:creator")
    for source, values in stated.items():
        if not source.startswith(other):
            yield [name for text in values for name in split_stated(text, rules)], True
    for source in ("itemprop:author", "itemprop:creator", "rel:author"):
        yield [name for text in stated.get(source, ()) for name in split_stated(text, rules)], source != "rel:author"
    if byline:
        yield [author.name for author in authors_of(byline, BylineRules.load())], True
    for source in ("visible:by", "visible:dated", "visible:link", "visible:class"):
        if source in stated:
            text = stated[source][0]
            # "Jane Roe Master Gardener" with a link that says "Jane Roe": the link knows where the name ends.
            linked = next((n for n in stated.get("visible:link", ()) if text.startswith(f"{n} ") and " " in n), None)
            yield visible_names(linked or text, rules), source == "visible:by"
    for source in (s for s in json_ld if ranks[s] not in (ARTICLE, PAGE)):
        yield stated.get(source, []) + organizations.get(source, []), False
    yield stated.get("twitter:creator", []), False


def _authors(names: Iterable[str], rules: MetadataRules) -> tuple[Author, ...]:
    found: dict[str, Author] = {}
    for name in names:
        if _is_about_another(name, rules):
            continue
        text = " ".join(name.split()).strip(" ,;|")
        text = text.removesuffix(" .")
        for suffix in rules.role_suffixes:
            text = text.removesuffix(suffix).rstrip()
        for prefix in rules.role_prefixes:
            text = text.removeprefix(prefix).lstrip()
        text = without_by(text, rules)
        if not text or len(text) > 150 or _NO_NAME.fullmatch(text) or text.lower() in rules.nobody:
            continue
        found.setdefault(text.casefold(), Author(text, kind_of(text, rules)))
        if len(found) == _MAX_AUTHORS:
            break
    return _without_nameless(tuple(found.values()), rules)


def _without_nameless(authors: tuple[Author, ...], rules: MetadataRules) -> tuple[Author, ...]:
    """Nobody for "Staff, Agencies"; "Staff" alone is whom a page names, "Agencies" alone isn't."""
    if all(is_unnamed(author.name, rules) for author in authors):
        joined = any(rules.joiner_pattern.search(author.name) or _MARKS.search(author.name) for author in authors)
        if joined or len(authors) > 1:
            return ()
    return tuple(author for author in authors if author.name.lower() not in rules.nameless)


def _is_about_another(text: str, rules: MetadataRules) -> bool:
    """Whether a piece names somebody else: "Updated by Ann Poe"."""
    words = text.lower().split(maxsplit=2)
    return len(words) == 3 and words[0] in rules.label_words and words[1] in ("by", "von", "par", "por")
