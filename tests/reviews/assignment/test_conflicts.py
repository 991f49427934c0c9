"""Conflicts of interest: which ones exclude a mentor, and which are only shown."""

from dataclasses import replace

from incubator.core.folding import folded
from incubator.reviews.assignment.conflicts import Declared, Facts, conflicts, is_barred, is_named_in, telling_names

FREE = Facts(1, frozenset({10}), frozenset({100}), 20, 200, frozenset({5, 6}))


def test_none() -> None:
    assert conflicts(FREE) == []


def test_hard_ones_bar() -> None:
    for facts, code in (
        (replace(FREE, project_organisation=10), "organisation"),
        (replace(FREE, members=frozenset({1})), "member"),
        (replace(FREE, member_organisations=frozenset({10})), "organisation"),
        (replace(FREE, former_coaches=frozenset({1})), "former_coach"),
        (replace(FREE, declared=(Declared(True, "family", "мой племянник"),)), "family"),
    ):
        assert [c.code for c in conflicts(facts)] == [code]
        assert is_barred(facts)


def test_soft_ones_are_shown_only() -> None:
    for facts, code in (
        (replace(FREE, project_municipality=100), "municipality"),
        (replace(FREE, is_partner=True), "partner"),
        (replace(FREE, declared=(Declared(False, "other", "соседи"),)), "other"),
    ):
        assert [c.code for c in conflicts(facts)] == [code]
        assert not is_barred(facts)


def test_unknown_organisations_are_no_conflict() -> None:
    unknown = replace(
        FREE,
        mentor_organisations=frozenset(),
        mentor_municipalities=frozenset(),
        project_organisation=None,
        project_municipality=None,
    )
    assert conflicts(unknown) == []


def test_a_partner_is_recognised_by_the_name_in_quotation_marks() -> None:
    text = folded("Завод «Заря» даёт станок на две недели, лицей № 2 – мастерскую")
    assert is_named_in(telling_names("ООО «Заря»"), text)
    assert is_named_in(telling_names("Лицей № 2"), text)
    assert not is_named_in(telling_names("Комбинат «Закат»"), text)
    assert not is_named_in(telling_names("«А»"), text)
