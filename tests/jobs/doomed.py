"""A process that takes a job, runs three of its steps and pauses, until it is killed."""

import asyncio
from typing import Any

from incubator.db import connected
from incubator.jobs.kinds import JobKind, joined
from incubator.jobs.running import Running
from incubator.jobs.worker import run_waiting


async def count(job: Running, *, to: int) -> Any:
    for step in range(job.cursor or 0, to):
        if step == 3:
            print(f"at {step}", flush=True)
            await asyncio.Event().wait()
        await job.advance(step + 1, to, cursor=step + 1)
    return "never"


async def main() -> None:
    async with connected():
        await run_waiting(joined([JobKind("count", count)]))


if __name__ == "__main__":
    asyncio.run(main())
