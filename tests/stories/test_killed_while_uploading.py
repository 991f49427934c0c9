"""The server is killed while fifty people upload: no row without its file, nothing acknowledged is lost, and the site goes on."""

import asyncio
import os
import re
import signal
from asyncio.subprocess import Process
from pathlib import Path
from random import Random

import httpx

from incubator.attachments.tables import Attachment, Rendition
from incubator.core.clock import clock_at, now
from incubator.db.engines import AnyEngine
from incubator.files.orphans import OBJECT_AGE, remove_orphans
from incubator.files.tables import StoredFile
from incubator.people.sessions import begin_session
from incubator.projects.answers import answer_of
from incubator.projects.kinds.files import refs_in
from incubator.projects.tables import Project
from tests.attachments.uploads import KEY, photo
from tests.crowd import make_crowd
from tests.engines import address_of
from tests.files.conftest import folder
from tests.scale import scaled
from tests.stories.test_killed import doomed

#: On each engine, and how many upload at once each time.
KILLS, UPLOADS, PROJECTS = scaled(5), 50, 25
__all__ = ["folder"]
SCRIPT = {"accept": "application/json", "x-requested-with": "fetch"}


class Uploader:
    """Somebody of a team whose browser stays open while servers come and go."""

    def __init__(self, project: Project, cookie: str) -> None:
        self.project = project
        self._cookie = cookie
        self.acknowledged = 0

    async def upload(self, base: str, picture: bytes) -> None:
        address = f"/projects/{self.project.id}/files/new/{KEY}"
        async with httpx.AsyncClient(
            base_url=base, cookies={"session": self._cookie}, headers={"origin": base}, timeout=60
        ) as client:
            found = re.search(r'name="csrf" value="([^"]+)"', (await client.get(address)).text)
            assert found
            answer = await client.post(
                address, data={"csrf": found[1]}, files={"files": ("a.jpg", picture)}, headers=SCRIPT
            )
            assert answer.status_code == 201, answer.text
            self.acknowledged += 1


async def uploaders() -> list[Uploader]:
    crowd = await make_crowd(PROJECTS, 1, reviews=0, waiting=0)
    await Project.update({Project.state: "draft"}, force=True)
    found = []
    for captain, row in zip(crowd.captains, crowd.submissions, strict=True):
        project = await Project.objects().get(Project.id == row.project)
        assert project
        found.append(Uploader(project, await begin_session(captain, user_agent="")))
    return found


async def one_life(server: Process, base: str, people: list[Uploader], *, enough: int, number: int) -> None:
    """Let everybody upload at once; when so many more were acknowledged, the server is killed."""
    before = sum(each.acknowledged for each in people)
    tasks = [
        asyncio.ensure_future(people[n % PROJECTS].upload(base, photo(40 + n, 40 + number, colour=f"#{n:02x}60{number:02x}")))
        for n in range(UPLOADS)
    ]  # fmt: skip
    while sum(each.acknowledged for each in people) - before < enough and not all(task.done() for task in tasks):
        await asyncio.wait(tasks, timeout=0.01)
    os.killpg(server.pid, signal.SIGKILL)
    await server.wait()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, BaseException) and not isinstance(result, httpx.TransportError):
            raise result  # broken connections are expected


async def whole(people: list[Uploader], folder: Path) -> None:
    """Assert that what was acknowledged is there, and everything that is there is complete."""
    for file in await StoredFile.objects():
        assert (folder / file.digest[:2] / file.digest[2:4] / file.digest).stat().st_size == file.size
    for each in people:
        rows = await Attachment.objects().where(Attachment.project == each.project.id)
        answer = await answer_of(each.project.id, KEY)
        named = {ref.id for ref in refs_in(answer.text)} if answer else set()
        assert named == {row.id for row in rows}, "the section names what there is, and nothing else"
        assert len(rows) >= each.acknowledged, "an acknowledged file is lost"
        for row in rows:
            files = await Rendition.objects(Rendition.file).where(Rendition.attachment == row.id)
            assert sum(file.file.size for file in files) == row.size


def make(folder: Path) -> None:
    folder.mkdir(parents=True)


def stored(folder: Path) -> set[str]:
    return {file.name for file in folder.rglob("*") if file.is_file()}


async def test_killed_while_fifty_upload(database: AnyEngine, folder: Path) -> None:
    random = Random(13)
    people = await uploaders()
    make(folder)
    for number in range(KILLS):
        async with doomed(address_of(database), "", folder.parent) as (base, server):
            await one_life(server, base, people, enough=random.randint(2, 25), number=number)
        await whole(people, folder)
    acknowledged = sum(each.acknowledged for each in people)
    assert acknowledged > KILLS, "it was killed before it did anything"
    async with doomed(address_of(database), "", folder.parent) as (base, _server):  # and the site goes on
        await people[0].upload(base, photo(300, 200))
    with clock_at(now() + 2 * OBJECT_AGE):
        await remove_orphans()
    assert stored(folder) == {row["digest"] for row in await StoredFile.select(StoredFile.digest)}, (
        "nothing else is kept"
    )
    await whole(people, folder)
