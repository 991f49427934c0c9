"""Conflicts of interest: what bars a mentor and what is only shown."""

from dataclasses import replace

from incubator.reviews.conflicts import Facts, conflicts, is_barred

FREE = Facts(1, 10, 100, 20, 200, frozenset({5, 6}))


def test_none() -> None:
    assert conflicts(FREE) == []


def test_hard_ones_bar() -> None:
    for facts, code in (
        (replace(FREE, project_organisation=10), "organisation"),
        (replace(FREE, members=frozenset({1})), "member"),
        (replace(FREE, declared_hard=("мой племянник",)), "declared"),
    ):
        assert [c.code for c in conflicts(facts)] == [code]
        assert is_barred(facts)


def test_soft_ones_are_shown_only() -> None:
    for facts, code in (
        (replace(FREE, project_municipality=100), "municipality"),
        (replace(FREE, declared_soft=("соседи",)), "declared"),
    ):
        assert [c.code for c in conflicts(facts)] == [code]
        assert not is_barred(facts)


def test_unknown_organisations_are_no_conflict() -> None:
    unknown = replace(
        FREE, mentor_organisation=None, project_organisation=None, mentor_municipality=None, project_municipality=None
    )
    assert conflicts(unknown) == []
