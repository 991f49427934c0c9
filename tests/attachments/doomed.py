"""A process that attaches one picture after another and says so, until it is killed."""

import asyncio
import sys

from incubator.attachments.attach import attach
from incubator.db import connected
from incubator.people.tables import Person
from tests.attachments.uploads import KEY, in_chunks, photo


async def main(project_id: int, person_id: int) -> None:
    async with connected():
        person = await Person.objects().get(Person.id == person_id)
        assert person
        for number in range(50):
            picture = photo(40, 40, colour=f"#{number * 4:02x}6040")
            ref = await attach(project_id, KEY, in_chunks(picture), name="a.jpg", by=person)
            print(ref.id, flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
