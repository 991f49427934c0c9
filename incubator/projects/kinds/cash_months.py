"""A plan of money as a table by months: what came and went, line by line. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubator.core.languages import _
from incubator.projects.kinds.cash_plan import ZERO, Forecast


@dataclass(frozen=True, slots=True)
class MonthlyLine:
    """A line of the table by months: the start, then each month; None where it cannot have a sum."""

    title: str
    cells: tuple[Decimal | None, ...]
    is_money: bool = True
    is_computed: bool = False
    """Not as somebody typed it."""


def monthly_lines(found: Forecast, tax_title: str) -> tuple[MonthlyLine, ...]:
    """Return the table without lines that say nothing; its money adds up to what is left."""
    plan, every = found.plan, found.months
    sold = MonthlyLine(_("Продано, штук"), (None, *(month.units for month in every)), is_money=False, is_computed=True)
    lines = (
        MonthlyLine(_("Свои деньги и гранты"), _at_the_start(plan.own + plan.grants, plan.months)),
        MonthlyLine(_("Потрачено до старта"), _at_the_start(-plan.start_up, plan.months)),
        MonthlyLine(_("Заём и возврат"), (plan.loan, *(-month.repaid for month in every))),
        _computed(_("Пришло от покупателей"), [month.paid for month in every]),
        _computed(_("Расходы на проданное"), [-month.variable for month in every]),
        MonthlyLine(_("Расходы месяца"), (ZERO, *(-month.fixed for month in every))),
        MonthlyLine(_("Зарплаты"), (ZERO, *(-month.wages for month in every))),
        _computed(tax_title, [-month.tax for month in every]),
        MonthlyLine(_("Разовые доходы"), (ZERO, *(month.extra for month in every))),
        MonthlyLine(_("Разовые расходы"), (ZERO, *(-month.once for month in every))),
    )
    return (sold, *(line for line in lines if any(line.cells)))


def _at_the_start(amount: Decimal, months: int) -> tuple[Decimal, ...]:
    return (amount, *(ZERO,) * months)


def _computed(title: str, every: Sequence[Decimal]) -> MonthlyLine:
    return MonthlyLine(title, (ZERO, *every), is_computed=True)
