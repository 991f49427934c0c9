"""A lock on one season, for changes that depend on its other rows: keys of sections, slugs, proposals."""

from incubator.db.locking import locked_row
from incubator.programme.tables import Season


async def lock_season(season_id: int) -> None:
    """Lock a season until the end of this transaction.

    Call inside a transaction, before a project of the season is locked. Readers and rows that
    merely refer to the season are not blocked.
    """
    await locked_row(Season, season_id)
