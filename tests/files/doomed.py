"""A process that pauses between storing the bytes and committing their row, until it is killed."""

import asyncio
import sys

from incubator.db import connected, writing
from incubator.files.keep import keep, uploaded


async def stand_still_after_put(content: bytes) -> None:
    async with uploaded(content) as upload:
        print(upload.digest, flush=True)
        await asyncio.Event().wait()


async def stand_still_before_commit(content: bytes) -> None:
    async with writing():
        file = await keep(content, name="план.pdf", media_type="application/pdf", by=7)
        print(file.digest, flush=True)
        await asyncio.Event().wait()


async def main(where: str, content: bytes) -> None:
    async with connected():
        await {"put": stand_still_after_put, "commit": stand_still_before_commit}[where](content)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2].encode()))
