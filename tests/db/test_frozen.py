"""Queries whose SQL is built once and asked with ids."""

from typing import Any

import pytest

from incubator.core.clock import now
from incubator.db.counting import counting
from incubator.db.frozen import frozen_with
from incubator.projects.tables import Member
from tests.cast import Cast


async def test_ids_are_bound_anew_each_time(cast: Cast) -> None:
    built = 0

    @frozen_with
    def role_of(project: int, person: int) -> Any:
        nonlocal built
        built += 1
        return Member.select(Member.role).where((Member.person == person) & (Member.project == project))

    with counting() as queries:
        for person, role in ((cast.captain, "captain"), (cast.teacher, "teacher"), (cast.captain, "captain")):
            assert await role_of(cast.project.id, person.id) == [{"role": role}]
        assert await role_of(cast.project.id, cast.outsider.id) == []
        assert await role_of(cast.project.id + 1, cast.captain.id) == []
    assert built == 1
    assert len(queries) == 5


async def test_objects_with_their_person_and_what_exists(cast: Cast) -> None:
    @frozen_with
    def members(project: int) -> Any:
        return Member.objects(Member.person).where(Member.project.is_in([project])).order_by(Member.id)

    @frozen_with
    def has(project: int) -> Any:
        return Member.exists().where(Member.project == project)

    assert [row.person.family_name for row in await members(cast.project.id)][:2] == ["Кузнецова", "Соколов"]
    assert await members(0) == []
    assert [await has(cast.project.id), await has(0)] == [True, False]


async def test_a_query_about_the_moment_is_refused(cast: Cast) -> None:
    @frozen_with
    def joined(project: int) -> Any:
        return Member.select().where((Member.project == project) & (Member.joined_at < now()))

    with pytest.raises(ValueError, match="first call"):
        await joined(cast.project.id)
