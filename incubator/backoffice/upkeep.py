"""What has to happen without anybody asking: reminders, digests, assignments that a conflict has overtaken."""

import asyncio

import structlog

from incubator.http.prose import forget_rendered
from incubator.notifications.digest import send_digests
from incubator.reviews.assignment.declared_conflicts import withdraw_all_barred
from incubator.reviews.assignment.reminders import remind

log = structlog.get_logger()

#: Seconds between two rounds. Every process makes them; what is done is done once.
ROUND = 300
_TASKS = (withdraw_all_barred, remind, send_digests, forget_rendered)


async def keep_up() -> dict[str, int]:
    """One round; a task that stumbles does not stop the others. Returns what each has done."""
    done = {}
    for task in _TASKS:
        try:
            done[task.__name__] = await task()
        except Exception:
            log.exception("upkeep stumbled", task=task.__name__)
    return done


async def keep_up_forever() -> None:
    while True:
        await asyncio.sleep(ROUND)
        await keep_up()
