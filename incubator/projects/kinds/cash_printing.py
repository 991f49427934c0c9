"""A plan of money on paper: its chart and what follows from it in the section, its months and cells at the document's end. Pure."""

from collections.abc import Iterator, Sequence

from incubator.core.formatting import money, number
from incubator.core.languages import _
from incubator.projects.kinds.cash_plan import MONTHS
from incubator.projects.kinds.cash_results import CashResults, lines
from incubator.projects.kinds.cash_sensitivity import Sensitivity
from incubator.projects.kinds.cells import Column
from incubator.projects.kinds.printing import Cells, Printed, chart, figures, inputs, rows_table, said, table
from incubator.typesetting.blocks import Block


def printed_cash(
    fields: Sequence[Column], columns: Sequence[Column], cells: Cells, rows: Sequence[Cells], found: CashResults | None
) -> Printed:
    once = tuple(rows_table(columns, rows, title=_("Разовые доходы и расходы")))
    typed = (*inputs(fields, cells), *once)
    if found is None:
        return Printed(typed)
    drawing = [chart(_("Остаток денег по месяцам"))] if found.chart else []
    body = (
        *said(found.said, "finding"), *drawing, *figures(lines(found)), *_ways(found), *_scenarios(found),
        *_dependence(found.sensitivity), *_bridge(found),
    )  # fmt: skip
    return Printed(body, (*typed, *_months(found)))


def _unlike_money(found: CashResults) -> str:
    """Say what is profit and no money, or money and no profit."""
    owed, debt = found.forecast.owed, found.forecast.debt
    said_of = [
        _("Покупатели ещё должны %(sum)s: это уже прибыль, но ещё не деньги.", sum=money(owed)) if owed else "",
        _("По займу ещё возвращать %(sum)s: это деньги, но не прибыль.", sum=money(debt)) if debt else "",
    ]
    return " ".join(each for each in said_of if each)


def _ways(found: CashResults) -> Iterator[Block]:
    rows = [
        [
            what,
            _("не хватит %(sum)s", sum=money(-left)) if left < 0
            else _("денег хватит, меньше всего %(sum)s", sum=money(left)),
        ]
        for what, left in found.ways
    ]  # fmt: skip
    yield from table([_("Что поможет"), _("Что будет")], rows, [False, False])


def _scenarios(found: CashResults) -> Iterator[Block]:
    rows = []
    for each in found.scenarios:
        when, left = each.forecast.lowest
        rows.append([each.title, f"{money(left)} {found.when(when)}", money(each.forecast.profit)])
    yield from table([_("Что если"), _("Меньше всего денег"), found.total_title], rows, [False, True, True])


def _dependence(found: Sensitivity) -> Iterator[Block]:
    """Yield what the profit depends on, drawn as a tornado."""
    if not found:
        return
    title, share = _("Что влияет на прибыль"), found.share
    yield from said(found.said, "label")
    yield chart(title, "tornado")
    rows = [[each.title, money(each.lower), money(each.higher)] for each in found.swings]
    head = [title, _("на %(share)s меньше", share=share), _("на %(share)s больше", share=share)]
    yield from table(head, rows, [False, True, True])


def _bridge(found: CashResults) -> Iterator[Block]:
    """Yield what lies between profit and money."""
    rows = [[title, money(amount)] for title, amount in found.bridge]
    rows.append([found.end_title, money(found.forecast.balances[-1])])
    title = _("Прибыль и деньги: почему это не одно и то же")
    yield from table([_("Прибыль и деньги"), _("Сумма")], rows, [False, True], title=title, strong=[len(rows) - 1])
    yield from said(_unlike_money(found), "quiet")


def _months(found: CashResults) -> Iterator[Block]:
    """Yield a table for each year, since one of two would not fit the page; without lines that say nothing in it."""
    lines, head = _lines(found), [_("старт"), *(title[:3] for title in found.titles)]
    for year in range(found.forecast.plan.months // MONTHS):
        shown = slice(year * MONTHS + (year > 0), (year + 1) * MONTHS + 1)
        rows = [[title, *cells[shown]] for title, cells in lines if any(cells[shown])]
        yield from table(
            [_("Рубли"), *head[shown]],
            rows,
            [False, *(True for _title in head[shown])],
            title=_("Деньги по месяцам, второй год") if year else _("Деньги по месяцам"),
            strong=[len(rows) - 1],
            is_wide=True,
        )


def _lines(found: CashResults) -> list[tuple[str, list[str]]]:
    """Return the lines of all months by their titles, what is left as the last one."""
    digits = 2 if found.has_kopecks else 0
    lines = [
        (line.title, [number(cell, digits if line.is_money else 0) if cell else "" for cell in line.cells])
        for line in found.lines
    ]
    return [*lines, (_("Осталось денег"), [number(left, digits) for left in found.forecast.balances])]
