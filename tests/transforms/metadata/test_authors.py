"""Tests of transforms.metadata.authors: who wrote it."""

from __future__ import annotations

import pytest

from schemas.codes import AuthorKind
from schemas.records import Author, Candidate, PageMetadata, SuppliedFields
from transforms.byline import parse_byline
from transforms.metadata.author_names import kind_of, split_names, split_stated
from transforms.metadata.authors import choose_authors, choose_byline
from transforms.metadata.rules import MetadataRules
from transforms.metadata.visible import cut_names

RULES = MetadataRules.load()


def _names(
    *authors: tuple[str, str],
    organizations: tuple[tuple[str, str], ...] = (),
    site: str = "",
    byline: str | None = None,
) -> list[str]:
    metadata = PageMetadata(
        authors=tuple(Candidate(value, source) for source, value in authors),
        author_organizations=tuple(Candidate(value, source) for source, value in organizations),
        site_name=(Candidate(site, "og:site_name"),) if site else (),
    )
    return [author.name for author in choose_authors(metadata, SuppliedFields(), byline)]


def test_json_ld_first() -> None:
    assert _names(("json_ld.NewsArticle", "Jane Roe"), ("meta:author", "John Doe"), ("visible:by", "Ann Poe")) == [
        "Jane Roe"
    ]


def test_the_first_object_that_names_somebody() -> None:
    assert _names(("json_ld.Article", "Jane Roe"), ("json_ld.BlogPosting", "jane-roe")) == ["Jane Roe"]


def test_person_and_agency_in_one_object() -> None:
    assert _names(("json_ld.NewsArticle", "Jane Roe"), organizations=(("json_ld.NewsArticle", "EXA"),)) == [
        "Jane Roe",
        "EXA",
    ]


def test_the_outlet_gives_way_to_a_byline_but_not_to_a_link() -> None:
    outlet = (("json_ld.NewsArticle", "Example Times"),)
    assert _names(("visible:by", "Jane Roe"), organizations=outlet, site="Example Times") == ["Jane Roe"]
    assert _names(("meta:author", "Jane Roe"), organizations=outlet, site="Example Times") == ["Jane Roe"]
    assert _names(("visible:link", "Jane Roe"), organizations=outlet, site="Example Times") == ["Example Times"]


def test_a_person_who_is_the_outlet_stays() -> None:
    assert _names(("meta:author", "Jane Roe"), ("visible:by", "Jane Roe In"), site="Jane Roe") == ["Jane Roe"]


def test_the_outlet_beside_a_person_is_left_out() -> None:
    assert _names(("meta:author", "Example Times"), ("meta:author", "Jane Roe"), site="Example Times") == ["Jane Roe"]


@pytest.mark.parametrize(
    "nobody", ["admin", "https://example.org/jane", "@example", "jane@example.org", "page.head.author", "12345", "—"]
)
def test_accounts_and_addresses_are_nobody(nobody: str) -> None:
    assert _names(("meta:author", nobody)) == []
    assert _names(("meta:author", nobody), ("visible:class", "Jane Roe")) == ["Jane Roe"]


def test_text_byline_before_visible_ones() -> None:
    assert _names(("visible:by", "Ann Poe"), byline="Jane Roe and John Doe") == ["Jane Roe", "John Doe"]
    assert _names(("visible:by", "Jane Roe, EXAMPLE NORTH")) == ["Jane Roe"]
    assert _names(("visible:by", "Jane Roe Master Gardener"), ("visible:link", "Jane Roe")) == ["Jane Roe"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jane Roe", ["Jane Roe"]),
        ("By Jane Roe", ["Jane Roe"]),
        ("Jane Roe, John Doe and Ann Poe", ["Jane Roe", "John Doe", "Ann Poe"]),
        ("Jane Roe und Eva Muster", ["Jane Roe", "Eva Muster"]),
        ("Jane Roe, PhD", ["Jane Roe, PhD"]),
        ("Simon and Schuster", ["Simon and Schuster"]),
        ("Jane Roe <jane@example.org>", ["Jane Roe"]),
    ],
)
def test_splitting(text: str, names: list[str]) -> None:
    assert split_names(text, RULES) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Roe, Jane", ["Roe, Jane"]),
        ("Jane Roe, Director of Research", ["Jane Roe"]),
        ("Jane Roe, professor at Example College, example.org", ["Jane Roe"]),
        ("Jane Roe and John Doe, Springfield", ["Jane Roe", "John Doe"]),
        (", Example Times", []),
        ("Jane Roe, Example News", ["Jane Roe"]),
        ("Jane Roe, John Doe", ["Jane Roe", "John Doe"]),
        ("jr/xy;ab", ["jr/xy", "ab"]),
    ],
)
def test_stated_strings_are_split_only_between_full_names(text: str, names: list[str]) -> None:
    assert split_stated(text, RULES) == names


@pytest.mark.parametrize(
    "text",
    [
        "Jane Roe (Reuters)",
        "Jane Roe with agencies",
        "Jane Roe mit dpa",
        "Jane Roe | Example News",
        "Jane Roe - Example News",
        "By Jane Roe in Springfield",
        "Jane Roe for Example News",
        "Jane Roe @janeroe",
        "Jane Roe, 3 March 2024",
        "Jane Roe, Springfield",
        "Jane Roe, Example News",
    ],
)
@pytest.mark.parametrize("source", ["json_ld.NewsArticle", "visible:by"])
def test_what_is_no_name_is_left_out(text: str, source: str) -> None:
    assert _names((source, text)) == ["Jane Roe"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jane Roe (text) and John Doe (photos)", ["Jane Roe", "John Doe"]),
        ("Jane Roe / John Doe", ["Jane Roe", "John Doe"]),
        ("Jane Roe • John Doe", ["Jane Roe", "John Doe"]),
        ("王小明、李大伟", ["王小明", "李大伟"]),
        ("记者 王小明", ["王小明"]),
        ("علی نمونه و مریم نمونه", ["علی نمونه", "مریم نمونه"]),
        ("Staff, Agencies", []),
        ("jr/xy", ["jr/xy"]),
        ("Example - the blog", ["Example - the blog"]),
        ("Jane In", ["Jane In"]),
    ],
)
def test_marks_and_scripts(text: str, names: list[str]) -> None:
    assert _names(("json_ld.NewsArticle", text)) == names


def test_supplied_wins() -> None:
    metadata = PageMetadata(authors=(Candidate("Ann Poe", "json_ld.NewsArticle"),))
    assert [a.name for a in choose_authors(metadata, SuppliedFields(authors=("Jane Roe and John Doe",)), None)] == [
        "Jane Roe",
        "John Doe",
    ]
    assert [a.name for a in choose_authors(metadata, SuppliedFields(byline="By Jane Roe"), None)] == ["Jane Roe"]


def test_kinds() -> None:
    assert kind_of("Jane Roe", RULES) is AuthorKind.PERSON
    assert kind_of("Stafford Newsome", RULES) is AuthorKind.PERSON
    assert kind_of("Example Staff", RULES) is AuthorKind.STAFF
    assert kind_of("Example News Agency", RULES) is AuthorKind.ORGANIZATION


def test_byline_as_written() -> None:
    metadata = PageMetadata(
        authors=(Candidate("Ann Poe", "json_ld.Article"), Candidate("Jane Roe and John Doe", "visible:by"))
    )
    assert choose_byline(metadata, SuppliedFields(), None) == "Jane Roe and John Doe"
    assert choose_byline(metadata, SuppliedFields(), "Staff, Agencies") == "Staff, Agencies"
    assert choose_byline(metadata, SuppliedFields(byline="By  Eva Muster"), None) == "Eva Muster"
    assert choose_byline(PageMetadata(), SuppliedFields(), None) is None


def test_an_account_gives_way_to_a_name() -> None:
    assert _names(("meta:author", "jane.roe"), ("visible:class", "Ann Poe")) == ["Ann Poe"]
    assert _names(("meta:author", "jane.roe")) == ["jane.roe"]


def test_pieces_about_others_and_missing_names() -> None:
    assert _names(("itemprop:author", "By Jane Roe"), ("itemprop:author", "Updated by Ann Poe")) == ["Jane Roe"]
    assert _names(("json_ld.NewsArticle", ", Example Times"), ("visible:link", "Jane Roe"), site="Example Times") == [
        "Jane Roe"
    ]


def test_capitals_and_doubles() -> None:
    assert _names(("meta:author", "JANE ROE"), ("meta:author", "J. Roe"), ("meta:author", "JOHN DOE")) == [
        "Jane Roe",
        "John Doe",
    ]
    assert _names(("meta:author", "EXAMPLE TODAY"), site="Example Today") == ["EXAMPLE TODAY"]


def test_roles_behind_visible_names() -> None:
    assert _names(("visible:by", "Jane Roe, CEO of Example")) == ["Jane Roe"]
    assert _names(("visible:by", "Jane Roe, Master Gardener & Garden Educator")) == ["Jane Roe"]


def test_a_one_word_outlet_is_an_organisation() -> None:
    metadata = PageMetadata(author_organizations=(Candidate("EXA", "json_ld.NewsArticle"),))
    assert [a.kind for a in choose_authors(metadata, SuppliedFields(), None)] == [AuthorKind.ORGANIZATION]


def test_a_name_under_the_article_overrules_the_outlet() -> None:
    outlet = (("meta:author", "Example"), ("visible:page", "Jane Roe"))
    assert _names(*outlet, site="Example") == ["Jane Roe"]


@pytest.mark.parametrize("written", ["记者王小明", "王小明 记者", "本报记者 王小明", "記者 王小明"])
def test_a_reporters_title_is_no_part_of_the_name(written: str) -> None:
    metadata = PageMetadata(authors=(Candidate(written, "meta:author"),))
    assert choose_authors(metadata, SuppliedFields(), None) == (Author("王小明", AuthorKind.PERSON),)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Jane McRoe, Reuters and Tom O'Doe", ["Jane McRoe", "Tom O'Doe"]),
        ("Jane McRoe, and Tom O'Doe, Springfield", ["Jane McRoe", "Tom O'Doe"]),
        ("Jane McRoe, Ann Poe and Tom O'Doe (EXA)", ["Jane McRoe", "Ann Poe", "Tom O'Doe"]),
        ("Tom O'Doe und J. McRoe", ["Jane McRoe", "Tom O'Doe"]),
        ("Jane McRoe, Example Standard", ["Jane McRoe"]),
        ("Jane McRoe, Master Gardener and Garden Educator", ["Jane McRoe"]),
        ("Jane McRoe and agencies", ["Jane McRoe"]),
        ("Tom O'Doe and Ann Poe", ["Jane McRoe"]),
    ],
)
def test_whom_the_byline_joins_to_a_stated_author_is_one_too(line: str, names: list[str]) -> None:
    assert _names(("json_ld.NewsArticle", "Jane McRoe"), ("visible:by", line)) == names
    assert _names(("json_ld.NewsArticle", "Jane McRoe"), byline=line) == names


def test_a_stated_agency_stays_beside_the_persons() -> None:
    stated = (("json_ld.NewsArticle", "Jane McRoe"), ("json_ld.NewsArticle", "Xinhua"))
    assert _names(*stated, ("visible:by", "Jane McRoe and Tom O'Doe")) == ["Jane McRoe", "Xinhua", "Tom O'Doe"]
    assert _names(("json_ld.NewsArticle", "Anadolu Ajansı"), ("visible:by", "Jane McRoe")) == ["Jane McRoe"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Xinhua", AuthorKind.ORGANIZATION),
        ("AP", AuthorKind.ORGANIZATION),
        ("Anadolu Ajansı", AuthorKind.ORGANIZATION),
        ("Petra", AuthorKind.PERSON),  # also an agency, but a first name as well
        ("Jane Roe, EFE", AuthorKind.PERSON),
    ],
)
def test_an_agency_is_an_organisation(name: str, kind: AuthorKind) -> None:
    assert kind_of(name, RULES) is kind


@pytest.mark.parametrize("line", ["By Staff, Agencies", "By STAFF AND AGENCIES", "By Staff/Agencies"])
def test_staff_and_agencies_name_nobody_by_any_path(line: str) -> None:
    written = line.removeprefix("By ")
    paths = [
        (PageMetadata(), SuppliedFields(byline=line), None),
        (PageMetadata(), SuppliedFields(authors=(line,)), None),
        (PageMetadata(), SuppliedFields(), parse_byline(line)),
        *(
            (PageMetadata(authors=(Candidate(stated, source),)), SuppliedFields(), None)
            for source, stated in [
                ("json_ld.NewsArticle", line),
                ("meta:author", line),
                ("itemprop:author", line),
                ("visible:by", written),
            ]
        ),
    ]
    for path in paths:
        assert (choose_byline(*path), choose_authors(*path)) == (written, ())


def test_agencies_alone_name_nobody_but_staff_is_whom_the_page_names() -> None:
    assert _names(("json_ld.NewsArticle", "Agencies")) == []
    assert _names(("json_ld.NewsArticle", "Staff")) == ["Staff"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Jane Roe in Brussels and John Doe in Paris", ["Jane Roe", "John Doe"]),
        ("Jane Roe in New York and San Francisco", ["Jane Roe"]),
        ("Jane Roe in Trinidad and Tobago", ["Jane Roe"]),
        ("Jane Roe and John Doe, Senior Editor", ["Jane Roe", "John Doe"]),
    ],
)
def test_places_and_roles_around_joined_names(line: str, names: list[str]) -> None:
    cut = cut_names(line, RULES)
    assert cut is not None
    assert _names(("visible:by", cut)) == names


def test_inverted_names() -> None:
    assert _names(("visible:by", "Roe, Jane")) == ["Jane Roe"]
    assert _names(("meta:author", "By Roe, Jane")) == ["Jane Roe"]
    assert _names(("meta:author", "Roe, Jane")) == ["Roe, Jane"]  # as the page files it
    assert _names(("meta:author", "Roe, Aiko; Doe, Sven")) == ["Aiko Roe", "Sven Doe"]


def test_a_persian_label_is_no_part_of_the_name() -> None:
    line = "گزارش: علی رضایی"
    assert _names(("json_ld.NewsArticle", line)) == ["علی رضایی"]
    assert _names(byline=parse_byline(line)) == ["علی رضایی"]
