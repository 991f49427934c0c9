"""The texts of consents: numbered versions, of which the newest is in force."""

from incubator.db import writing
from incubator.people.defaults import default
from incubator.people.tables import ConsentText


async def install_consent_texts() -> None:
    """Add the packaged versions that the database lacks."""
    async with writing():
        known = {(text["purpose"], text["version"]) for text in await ConsentText.select()}
        for row in default("consents")["consent"]:
            if (row["purpose"], row["version"]) not in known:
                await ConsentText(**row).save()
