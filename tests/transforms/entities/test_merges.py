"""New ids that are another spelling of an earlier one."""

from __future__ import annotations

from schemas.entities import Entity, EntityType
from transforms.entities.local_id import local_id
from transforms.entities.merges import SameAs, merges


def person(name: str, identity: str | None = None) -> Entity:
    return Entity(identity or local_id(name), name, EntityType.PERSON)


def test_a_spelling_of_one_known_person() -> None:
    new = person("Kassem Suleimani")
    assert merges([new], [person("Qassem Soleimani"), person("Ali Larijani")]) == (
        SameAs(new.id, local_id("Qassem Soleimani")),
    )


def test_a_known_id_of_a_list() -> None:
    new = person("Wladimir Putjin")
    assert merges([new], [person("Vladimir Putin", "Q7747")]) in ((), (SameAs(new.id, "Q7747"),))
    assert merges([person("Volodimir Putin")], [person("Vladimir Putin", "Q7747")]) == (
        SameAs(local_id("Volodimir Putin"), "Q7747"),
    )


def test_two_known_persons_are_no_answer() -> None:
    known = [person("Gholam Hossein Rezaei"), person("Gholam Hosein Rezai", "Q1")]
    assert merges([person("Gholam Hussein Rezayi")], known) == ()


def test_look_alikes_and_other_things_stay() -> None:
    known = [person("Ali Larijani"), person("Ali Khamenei", "Q2"), Entity("Q3", "Harbour Roe", EntityType.PLACE)]
    new = [person("Sadeq Larijani"), person("Ali Khatami"), person("A. Larijani"), person("Larijani")]
    assert merges(new, known) == ()
    assert merges([Entity("local:x", "Ali Larijany", EntityType.ORGANIZATION)], known) == ()


def test_known_ids_are_never_merged_again_and_order_does_not_matter() -> None:
    known = [person("Qassem Soleimani"), person("Sergei Shoigu")]
    new = [person("Kassem Suleimani"), person("Sergei Schoigu"), person("Sergey Shoygu")]
    rows = merges(new, known)
    assert [row.entity_id for row in rows] == sorted(row.entity_id for row in rows)
    assert merges(new[::-1], known[::-1]) == rows
    assert not {row.entity_id for row in rows} & {entity.id for entity in known}
