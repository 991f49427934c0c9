"""A process that repeatedly submits a project and withdraws the submission. Arguments: PROJECT TIMES.

Says that it is ready, waits for a line, and prints the id of each submission that was acknowledged.
"""

import asyncio
import sys

from incubator.db.engines import current_engine
from incubator.gates.submit import submit, take_back
from incubator.people.tables import Person
from incubator.projects.tables import Member, Project


async def hand_in(project_id: int, times: int) -> None:
    engine = current_engine()
    await engine.start_connection_pool()
    try:
        captain = await Person.objects().get(Person.email == "captain@example.org")
        assert captain is not None
        assert await Member.exists().where((Member.project == project_id) & (Member.person == captain.id))
        print("ready", flush=True)
        sys.stdin.readline()
        for _time in range(times):
            project = await Project.objects().get(Project.id == project_id)
            assert project is not None
            submission = await submit(project, by=captain)
            print(submission.id, flush=True)
            project = await Project.objects().get(Project.id == project_id)
            assert project is not None
            await take_back(project, by=captain)
    finally:
        await engine.close_connection_pool()


if __name__ == "__main__":
    asyncio.run(hand_in(int(sys.argv[1]), int(sys.argv[2])))
