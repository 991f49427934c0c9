"""Contributions of features: nothing that concerns a person is missing from the lists that ``app.py`` joins."""

import ast
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from piccolo.columns import ForeignKey

import incubator
from incubator import app
from incubator.core.clock import today
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.history.record import Happened
from incubator.people.tables import Person
from incubator.piccolo_app import APP_CONFIG
from incubator.publication.awards import add_award, give_award
from incubator.publication.publish import ask_publication, publish
from incubator.reviews.access.visibility import JOURNAL_READERS, ReviewRole
from incubator.reviews.assignment.assign import assign
from tests.cast import Cast, fresh_project, reviewed, submitted

ROOT = Path(incubator.__file__).parent
LISTS = ("AUDIENCES", "DATED", "EVIDENCE", "REPORTS", "PERSONAL_DATA")

#: Columns that are ids of people without being foreign keys, because their packages lie below accounts.
_PLAIN = {("event", "actor_id"), ("event", "subject_id"), ("stored_file", "uploaded_by"), ("job", "created_by")}


def test_every_column_that_names_a_person_is_listed() -> None:
    named = {
        (table._meta.tablename, column._meta.name)
        for table in APP_CONFIG.table_classes
        for column in table._meta.columns
        if isinstance(column, ForeignKey) and column._foreign_key_meta.resolved_references is Person
    }
    listed = [(entry.table, entry.person) for entry in app.PERSONAL_DATA]
    assert len(listed) == len(set(listed))
    by_address = {(entry.table, entry.person) for entry in app.PERSONAL_DATA if entry.is_address}
    assert set(listed) - by_address == named | _PLAIN | {("person", "id")}


@pytest.mark.parametrize("name", LISTS)
def test_every_list_of_a_feature_is_joined(name: str) -> None:
    """Counted in the source, so that a list exported by a feature but forgotten in ``app.py`` is found."""
    exported = 0
    for path in ROOT.rglob("*.py"):
        if path.name == "app.py":
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and [t.id for t in node.targets if isinstance(t, ast.Name)] == [name]:
                module = import_module(".".join(path.relative_to(ROOT.parent).with_suffix("").parts))
                exported += len(getattr(module, name))
    assert exported == len(getattr(app, name)) > 0


def test_every_event_of_the_journal_has_its_audience() -> None:
    assert JOURNAL_READERS[ReviewRole.ORGANISER] == frozenset(Happened)
    assert all(JOURNAL_READERS[role] < frozenset(Happened) for role in ReviewRole if role is not ReviewRole.ORGANISER)


async def _of(sources: Any, person: Person) -> list[Any]:
    return [entry for source in sources for entry in await source(person)]


async def test_dates_are_told_to_whom_they_concern(cast: Cast) -> None:
    (deadline,) = await _of(app.DATED, cast.captain)
    assert deadline.url == f"/projects/{cast.project.id}"
    assert "Тихий улей" in deadline.title
    assert await _of(app.DATED, cast.outsider) == []
    submission = await submitted(cast)
    assert await _of(app.DATED, cast.captain) == []  # it is in review
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    (due,) = await _of(app.DATED, cast.mentor)
    assert (due.on, due.url) == (today() + timedelta(days=10), f"/reviews/{assignment.id}")


async def test_what_was_done_is_evidence(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    assert await _of(app.EVIDENCE, cast.captain) == []
    await release(await decide(submission, "advance", reason="Да", by=cast.organiser), by=cast.organiser)
    await ask_publication(await fresh_project(cast.project), by=cast.captain)
    await publish(await fresh_project(cast.project), by=cast.organiser)
    award = await add_award(cast.season, title_ru="Лучшая", title_en="Best", by=cast.organiser)
    await give_award(await fresh_project(cast.project), award, by=cast.organiser)
    assert [entry.kind for entry in await _of(app.EVIDENCE, cast.teammate)] == ["gate_passed", "award_won"]
    assert [entry.kind for entry in await _of(app.EVIDENCE, cast.mentor)] == ["review_given"]
    assert await _of(app.EVIDENCE, cast.teacher) == []


async def test_every_report_gives_a_value_for_each_column(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    for report in app.REPORTS:
        rows = await report.rows()
        assert rows
        assert all(len(row) == len(report.columns) for row in rows)
        assert all(column.title_ru and column.title_en for column in report.columns)
