"""The rates of taxes of a season: an organiser changes them, plans follow, and versions that were handed in keep theirs."""

from datetime import date
from decimal import Decimal
from typing import Any

from incubator.core.languages import override_locale
from incubator.gates.submit import submit
from incubator.programme.season_rates import tax_rates_of
from incubator.programme.season_terms import SeasonTerms
from incubator.programme.tables import Season, Section
from incubator.programme.tax_rates import RATES, Rate, Tax
from incubator.projects.document import frozen_parts, parts_of
from incubator.projects.kinds.cash_flow import KIND, plan_of
from incubator.projects.kinds.sheet import Sheet
from incubator.projects.tables import Submission
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, make_ready, rewrite

KEY = "problem"
NEW = {"tax": "usn_income", "since": "2020-01-01", "percent": "8,5", "source": "Поправка"}


def typed(browser: Browser, page: str, *more: dict[str, str]) -> dict[str, Any]:
    """Return the fields of the rows that the page shows, without the empty one at the end, and of more rows."""
    names = ("tax", "since", "percent", "source")
    shown = {name: [value for field, value in browser.form(page) if field == name] for name in names}
    rows = [row for row in zip(*shown.values(), strict=True) if row[1]]
    rows += [tuple(row[name] for name in names) for row in more]
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


async def test_a_season_has_the_rates_of_the_law_until_an_organiser_changes_them(cast: Cast) -> None:
    page = f"/organiser/seasons/{cast.season.id}/taxes"
    assert await tax_rates_of(cast.season.id) == list(RATES)
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/seasons/{cast.season.id}")
    assert f'href="{page}"' in office.text
    await office.open(page)
    assert "НК РФ, ст. 346.20, п. 1" in office.text
    await office.send(page, **typed(office, page, NEW))
    assert "Ставки сохранены" in office.text
    added = Rate(Tax.INCOME, date(2020, 1, 1), Decimal("8.5"), "Поправка")
    assert await tax_rates_of(cast.season.id) == [*RATES, added]


async def test_what_is_wrong_is_said_at_its_row_and_nothing_typed_is_lost(cast: Cast) -> None:
    page = f"/organiser/seasons/{cast.season.id}/taxes"
    office = await signed_in(cast.organiser)
    await office.open(page)
    await office.send(
        page, **typed(office, page, NEW | {"percent": "много", "source": ""}, NEW | {"source": "Ещё раз"})
    )
    assert office.page.status_code == 422
    for words in (
        "«много» – не число",
        "Где это написано, строка 6: заполните",
        "на этот день ставка уже есть",
        "Ещё раз",
    ):
        assert words in office.text
    assert await tax_rates_of(cast.season.id) == list(RATES)
    await office.send(page, rows="remove:0")  # without scripts a row goes, and nothing is saved yet
    assert office.page.status_code == 200
    assert not any("422-ФЗ, ст. 10, п. 1" in value for name, value in office.form(page) if name == "source")
    assert await tax_rates_of(cast.season.id) == list(RATES)


async def test_two_organisers_do_not_overwrite_each_other(cast: Cast) -> None:
    page = f"/organiser/seasons/{cast.season.id}/taxes"
    office = await signed_in(cast.organiser)
    await office.open(page)
    await Season.update({Season.version: Season.version + 1}).where(Season.id == cast.season.id)
    await office.send(page, **typed(office, page, NEW))
    assert office.page.status_code == 409
    assert "Поправка" in office.text
    assert await tax_rates_of(cast.season.id) == list(RATES)
    await office.send(page)
    assert len(await tax_rates_of(cast.season.id)) == len(RATES) + 1


async def test_what_another_organiser_has_changed_meanwhile_stays(cast: Cast) -> None:
    page = f"/organiser/seasons/{cast.season.id}/taxes"
    slow, quick = await signed_in(cast.organiser), await signed_in(cast.organiser)
    await slow.open(page)
    await quick.open(page)
    theirs = typed(quick, page)
    theirs["source"][0] = "Закон, как его прочёл другой"
    await quick.send(page, **theirs)
    assert quick.page.status_code == 200
    mine = typed(slow, page)
    mine["percent"][-1] = "12"
    await slow.send(page, **mine)
    assert slow.page.status_code == 409
    await slow.send(page)
    rates = await tax_rates_of(cast.season.id)
    assert (rates[0].source, rates[-1].percent) == ("Закон, как его прочёл другой", Decimal(12))


def percent(value: str, tax: Tax = Tax.INCOME) -> list[Decimal]:
    return [rates[tax] for rates in plan_of(KIND.sheet(value)).rates]


async def test_plans_follow_the_rates_and_a_version_that_was_handed_in_keeps_its_own(cast: Cast) -> None:
    await Section.update({Section.kind: "cash_flow"}).where((Section.season == cast.season.id) & (Section.key == KEY))
    cells = {"price": "100", "units": "10", "tax": "usn_income", "own": "1"}
    await rewrite(cast, KEY, KIND.stored(Sheet("cash_flow", fields=cells)))
    await make_ready(cast)
    submission = await submit(await fresh_project(cast.project), by=cast.captain)
    page, office = f"/organiser/seasons/{cast.season.id}/taxes", await signed_in(cast.organiser)
    await office.open(page)
    await office.send(page, **typed(office, page, NEW))
    part = next(each for each in await parts_of(await fresh_project(cast.project)) if each.key == KEY)
    assert percent(part.value) == [Decimal("8.5")]
    kept = await Submission.objects().get(Submission.id == submission.id)
    assert kept
    frozen = next(each for each in frozen_parts(kept) if each.key == KEY)
    assert percent(frozen.value) == [Decimal(6)]
    with override_locale("ru"):
        team = await signed_in(cast.captain)
        await team.open(f"/projects/{cast.project.id}")
        assert "Налог, 8,5\N{NO-BREAK SPACE}%" in team.text


def test_each_year_of_a_plan_has_the_rate_of_its_first_day() -> None:
    own = Rate(Tax.INCOME, date(2028, 1, 15), Decimal(8), "Поправка")
    season = SeasonTerms(date(2026, 9, 10), date(2027, 6, 10), (*RATES, own))
    sheet = Sheet("cash_flow", fields={"term": "24", "first": "2", "price": "1"}, season=season)
    assert percent(KIND.stored(sheet)) == [6, 8]  # February 2027 and 2028
    assert season.first_of(9) == date(2026, 9, 1)
    assert season.first_of(8) == date(2027, 8, 1)
