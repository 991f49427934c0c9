"""Asking whether an address has an account: forms that must tell say so only so often to one network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from incubator.core.languages import _
from incubator.core.networks import network_of
from incubator.core.refusals import TooOften
from incubator.db import writing
from incubator.people.rate_limits import HOUR, Limit, give_back, key_of, take

#: Addresses that turned out to be taken, in an hour. One network may be a whole school that signs up again.
MOST_TAKEN = 100


@asynccontextmanager
async def counting_taken(address: str) -> AsyncIterator[None]:
    """Count the block if it raises: then somebody learned that an address is taken. Raises TooOften before it.

    ``address``: of the client; empty where nobody asks from outside. Use it outside transactions.
    """
    if not address:
        yield
        return
    async with writing():
        limit = Limit(key_of("taken", network_of(address)), MOST_TAKEN, HOUR)
        rows = await take([limit], _("Отсюда уже спрашивали о многих занятых адресах."))
    try:
        yield
    except TooOften:  # of mails: nothing was learned
        await give_back(rows)
        raise
    await give_back(rows)
