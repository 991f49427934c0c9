"""A process may rely on the public revision for ten milliseconds, because who changes it waits for that long."""

import asyncio

import pytest

from incubator.db import sqlite as engine
from incubator.db import writing
from incubator.db.engines import AnyEngine
from incubator.db.raw import run_sql
from incubator.db.revision import Revision, public_revision, revision_of
from incubator.people.tables import Person
from incubator.projects.tables import Project
from incubator.reference.tables import Cluster
from tests.cast import Cast, make_cast
from tests.scale import scaled

CHANGES = scaled(20)


async def rename_clusters(title: str) -> None:
    """Change what every public page shows."""
    async with writing():
        await Cluster.update({Cluster.title_ru: title}).where(Cluster.id > 0)


async def is_late(ours: Revision, title: str) -> bool:
    """Return whether somebody who asked just before a change still relies on that after it was acknowledged."""
    assert await ours.current() == await public_revision()
    await rename_clusters(title)
    return await ours.current() != await public_revision()


async def test_nobody_relies_on_what_was_before_an_acknowledged_change(cast: Cast, database: AnyEngine) -> None:
    ours = revision_of(database)
    late = [change for change in range(CHANGES) if await is_late(ours, f"Кластер {change}")]
    await ours.close()
    assert late == []


async def test_a_commit_that_failed_leaves_the_next_one_waiting(sqlite: AnyEngine) -> None:
    await make_cast()
    ours = revision_of(sqlite)
    assert not await is_late(ours, "Кластер")
    with pytest.raises(Exception, match="FOREIGN KEY"):
        async with writing():
            await run_sql("PRAGMA defer_foreign_keys=ON")
            await Cluster.update({Cluster.title_ru: "Ничей"}).where(Cluster.id > 0)
            await Project.update({Project.cluster: 9999}).where(Project.id > 0)
    assert not await is_late(ours, "Ещё кластер")


async def test_who_changes_nothing_public_waits_for_nobody(sqlite: AnyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await make_cast()
    await rename_clusters("Кластер")
    monkeypatch.setattr(engine, "WAIT", 3600.0)
    async with asyncio.timeout(60), writing():
        await Person.update({Person.patronymic: "Ивановна"}).where(Person.id == cast.captain.id)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await rename_clusters("Ещё кластер")
