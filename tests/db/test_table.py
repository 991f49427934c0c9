"""Our tables answer as Piccolo's own do, and the reasons for having them still hold."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from piccolo.columns import ForeignKey
from piccolo.query.methods.objects import Objects
from piccolo.query.methods.select import Select
from piccolo.utils.dictionary import make_nested
from piccolo.utils.objects import make_nested_object

from incubator.people.tables import Person
from incubator.projects.tables import Member, Project
from incubator.reviews.tables import Assignment
from tests.cast import Cast, submitted

#: Queries of every form, each for either class.
QUERIES: dict[str, Callable[[Any], Any]] = {
    "all": lambda read: read(Person).order_by(Person.id),
    "some": lambda read: read(Member).where(Member.role == "student").order_by(Member.id, ascending=False).limit(2),
    "by another table": lambda read: read(Member).where(Member.person.email == "captain@example.org"),
    "ordered by another": lambda read: read(Member).order_by(Member.person.family_name, Member.id),
    "with others": lambda read: read(Project, Project.season, Project.cluster, Project.organisation).order_by(
        Project.id
    ),
    "with what lies further": lambda read: read(Assignment, Assignment.submission.project).order_by(Assignment.id),
    "in portions": lambda read: read(Person).order_by(Person.id).limit(3).offset(2),
    "none": lambda read: read(Person).where(Person.id == 0),
}


def by_piccolo(table: Any, *prefetch: Any) -> Any:
    return Objects(table=table, prefetch=prefetch)


def ours(table: Any, *prefetch: Any) -> Any:
    return table.objects(*prefetch)


def plain(row: Any) -> Any:
    """Return a row with everything that hangs on it, as values that compare."""
    if not hasattr(row, "_meta"):
        return row
    values = {column._meta.name: plain(row.__dict__[column._meta.name]) for column in row._meta.columns}
    return type(row), row._exists_in_db, values


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
async def test_the_answer_is_piccolos(cast: Cast, query: Callable[[Any], Any]) -> None:
    submission = await submitted(cast)
    await Assignment(submission=submission.id, mentor=cast.mentor.id, assigned_at=submission.submitted_at).save()
    assert [plain(row) for row in await query(ours)] == [plain(row) for row in await query(by_piccolo)]


async def test_a_row_can_be_changed_and_saved(cast: Cast) -> None:
    person = await Person.objects().get(Person.id == cast.captain.id)
    assert person
    person.given_name = "Марфа"
    await person.save([Person.given_name])
    stored = await Person.objects().get(Person.id == cast.captain.id)
    assert stored
    assert stored.given_name == "Марфа"
    assert await Person.count() == len({row.id for row in await Person.objects()})


def _source_of(query: type[Any]) -> str:
    return inspect.getsource(vars(query)["default_querystrings"].fget)


def test_piccolo_is_still_slower() -> None:
    """Once one of these fails, Piccolo has changed: see whether ``db/table.py`` is still needed."""
    assert "dir(self)" in inspect.getsource(ForeignKey.__getattribute__)
    assert "all_columns()" in _source_of(Objects)
    assert "get_select_string" in _source_of(Select)
    assert "items.sort" in inspect.getsource(make_nested)
    assert "table_class(**table_params)" in inspect.getsource(make_nested_object)
