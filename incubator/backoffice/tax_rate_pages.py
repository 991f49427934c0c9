"""The organiser's page of a season's rates of taxes: dated rows, with which its plans are computed."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.languages import _
from incubator.core.refusals import Stale
from incubator.core.typed_numbers import plain_number
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, organiser
from incubator.programme.season_rates import change_rates, tax_rates_of
from incubator.programme.tables import Season
from incubator.programme.tax_rates import Rate, Tax
from incubator.projects.kinds.cash_flow import regimes
from incubator.projects.kinds.cells import Column, Holds
from incubator.projects.kinds.kind import CellProblem
from incubator.projects.kinds.sheet import BASE, ROW_ACTION, Sheet, SheetKind


def _taxes() -> dict[str, str]:
    words = regimes() | {Tax.LEAST: _("УСН, минимальный налог с доходов")}
    return {str(tax): words[tax] for tax in Tax}


_SINCE = Column("since", lambda: _("С какого дня"), Holds.DATE, is_needed=True)
_PERCENT = Column("percent", lambda: _("Ставка, %"), Holds.PERCENT, most=Decimal(100), is_needed=True)
_COLUMNS = (
    Column("tax", lambda: _("Налог"), Holds.CHOICE, options=_taxes),
    _SINCE,
    _PERCENT,
    Column("source", lambda: _("Где это написано"), longest=200, is_needed=True),
)


def _twice(sheet: Sheet) -> Iterator[CellProblem]:
    """Tell the rows that say something of a tax and a day of which an earlier row speaks already."""
    said = set()
    for number, row in enumerate(sheet.rows):
        of = (row.get("tax"), row.get("since"))
        if of in said:
            yield CellProblem(f"since.{number}", _("на этот день ставка уже есть"))
        said.add(of)


#: The form: rows of cells as in a section, but stored in a table of their own.
_RATES = SheetKind("tax_rates", lambda: _("Ставки налогов"), columns=_COLUMNS, most_rows=60, checks=_twice)


class TaxRatePages(Controller):
    path = "/organiser/seasons/{season_id:int}/taxes"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest, season_id: FromPath[int]) -> Response[Any]:
        season = await _season(season_id)
        sheet = await _stored(season)
        return _page(request, season, sheet, Form([(BASE, _RATES.stored(sheet))], version=season.version))

    @post()
    async def save(self, request: PersonRequest, season_id: FromPath[int]) -> Response[Any]:
        season = await _season(season_id)
        form = await read_form(request)
        stored = _RATES.typed(form)
        sheet = _RATES.sheet(stored)
        if form.value(ROW_ACTION):  # without scripts a row was moved or removed: nothing is saved yet
            return _page(request, season, sheet, form)
        if problems := _RATES.problems(stored):
            form.refuse("rates", _("Исправьте строки: %(what)s", what="; ".join(each.message for each in problems)))
            return _page(request, season, sheet, form, status=422)
        try:
            await change_rates(season, [*_rates(sheet)], version=form.version(), by=request.user)
        except Stale:
            theirs = _RATES.stored(await _stored(season))
            mine, _other = _RATES.either(form.value(BASE) or theirs, theirs, stored)
            form = form.with_values(version=season.version, **{BASE: theirs})
            form.refuse(
                "rates",
                _("Пока вы писали, сезон изменили. Чужие правки уже здесь: проверьте строки и сохраните ещё раз."),
            )
            return _page(request, season, _RATES.sheet(mine), form, status=409)
        return redirect(f"/organiser/seasons/{season.id}/taxes", Flash("success", _("Ставки сохранены")))


async def _season(season_id: int) -> Season:
    return get_or_404(await Season.objects().get(Season.id == season_id))


async def _stored(season: Season) -> Sheet:
    return Sheet(_RATES.key, rows=[*_rows(await tax_rates_of(season.id))])


def _page(request: PersonRequest, season: Season, sheet: Sheet, form: Form, *, status: int = 200) -> Response[Any]:
    wrong = {each.place: each.message for each in _RATES.problems(_RATES.stored(sheet))} if status == 422 else {}
    return page(
        request, "backoffice/tax_rates.html", status=status, season=season, form=form, kind=_RATES, sheet=sheet, wrong=wrong
    )  # fmt: skip


def _rows(rates: Iterable[Rate]) -> Iterator[dict[str, str]]:
    for rate in rates:
        yield {
            "tax": rate.tax.value, "since": rate.since.isoformat(), "percent": plain_number(rate.percent), "source": rate.source,
        }  # fmt: skip


def _rates(sheet: Sheet) -> Iterator[Rate]:
    """Yield the rows of a sheet without problems."""
    for row in sheet.rows:
        since, percent = _SINCE.date(row["since"]), _PERCENT.number(row["percent"])
        assert since is not None
        assert percent is not None
        yield Rate(Tax(row["tax"]), since, percent, row["source"])


PAGES = [TaxRatePages]
