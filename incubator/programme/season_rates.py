"""The rates of taxes of a season: reading and changing them."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from incubator.core.refusals import Stale
from incubator.db import writing
from incubator.db.frozen import frozen_for_one
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.programme.season_terms import SeasonTerms
from incubator.programme.tables import Season, TaxRate
from incubator.programme.tax_rates import RATES, Rate, Tax


async def terms_of(season_ids: Collection[int]) -> dict[int, SeasonTerms]:
    """Return what each season gives to its plans. Two queries."""
    rows = await _rates(season_ids)
    return {
        season.id: SeasonTerms(
            season.opens_on, season.closes_on, tuple(_rate(row) for row in rows if row.season == season.id)
        )
        for season in await _seasons(season_ids)
    }


async def tax_rates_of(season_id: int) -> list[Rate]:
    """Return the rows of a season, in the order in which they were typed."""
    return [_rate(row) for row in await _rates([season_id])]


@frozen_for_one
def _seasons(season_ids: list[int]) -> Any:
    return Season.objects().where(Season.id.is_in(season_ids))


@frozen_for_one
def _rates(season_ids: list[int]) -> Any:
    return TaxRate.objects().where(TaxRate.season.is_in(season_ids)).order_by(TaxRate.id)


def _rate(row: TaxRate) -> Rate:
    return Rate(Tax(row.tax), row.since, Decimal(row.hundredths) / 100, row.source)


async def insert_rates(season_id: int, rates: Sequence[Rate] = RATES) -> None:
    """Give a season its rows. Call inside a transaction."""
    if rates:
        await TaxRate.insert(
            *(
                TaxRate(season=season_id, tax=each.tax.value, since=each.since, hundredths=int(each.percent * 100), source=each.source)
                for each in rates
            )
        )  # fmt: skip


async def change_rates(season: Season, rates: Sequence[Rate], *, version: int, by: Person) -> None:
    """Replace the rows of a season; versions that were frozen keep those of their day. Raises Stale if ``version`` is not the newest."""
    await require_staff(by, StaffAction.CHANGE_SEASONS)
    async with writing():
        won = (
            await Season.update({Season.version: version + 1})
            .where((Season.id == season.id) & (Season.version == version))
            .returning(Season.id)
        )
        if not won:
            raise Stale
        await TaxRate.delete().where(TaxRate.season == season.id)
        await insert_rates(season.id, rates)
        await record(Happened.SEASON_CHANGED, by=by, season=season.id)
