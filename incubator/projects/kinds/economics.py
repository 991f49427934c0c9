"""Unit economics: what one sale brings, and how many of them carry the fixed costs. Pure.

Margin = price − variable costs of one. Break-even = ⌈fixed costs of a month ÷ margin⌉; with a wanted profit
⌈(fixed + profit) ÷ margin⌉. Where the margin is zero or less there is no such number. (Cost-volume-profit analysis, as in any
textbook of management accounting.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from incubator.artwork.charts import BreakEvenChart, break_even_chart
from incubator.core.formatting import money, number
from incubator.core.languages import _, ngettext
from incubator.projects.kinds.cells import Column, Holds
from incubator.projects.kinds.kind import Advice
from incubator.projects.kinds.printing import Cells, Printed, chart, figures, inputs, said
from incubator.projects.kinds.sheet import Sheet, SheetKind

ZERO = Decimal(0)

FIELDS = (
    Column("unit", lambda: _("Что продаёте: одно …"), longest=60, hint=lambda: _("кашпо, занятие, подписка на месяц")),
    Column("price", lambda: _("Цена одного, ₽"), Holds.MONEY, is_needed=True),
    Column("variable", lambda: _("Расходы на одно, ₽"), Holds.MONEY, hint=lambda: _("материал, упаковка, доставка")),
    Column(
        "fixed",
        lambda: _("Расходы в месяц, ₽"),
        Holds.MONEY,
        hint=lambda: _("аренда, связь, реклама: сколько бы ни продали"),
    ),
    Column("planned", lambda: _("Сколько продадите за месяц"), Holds.WHOLE),
    Column("target", lambda: _("Прибыль, которую хотите, ₽ в месяц"), Holds.MONEY),
)
BY_KEY = {each.key: each for each in FIELDS}


@dataclass(frozen=True, slots=True)
class EconomicsResults:
    """Roubles, and pieces a month; None where it cannot be said."""

    price: Decimal
    variable: Decimal
    fixed: Decimal
    margin: Decimal
    break_even: int | None
    for_target: int | None
    target: Decimal
    planned: int | None
    profit: Decimal | None
    """Of a month in which as many are sold as planned."""

    @property
    def chart(self) -> BreakEvenChart | None:
        """Return the drawing, to half as many sales again as are needed, wanted or planned."""
        return break_even_chart(
            self.price, self.variable, self.fixed, self.break_even, most=max(self.break_even or 0, self.for_target or 0, self.planned or 0, 10) * 3 // 2
        )  # fmt: skip

    @property
    def said(self) -> str:
        """Return what one should see first."""
        if self.break_even is None:
            return _("С каждой продажи ничего не остаётся: в ноль так не выйти")
        return ngettext(
            "Без убытка – %(n)s продажа за месяц",
            "Без убытка – %(n)s продаж за месяц",
            self.break_even,
            n=number(self.break_even),
        )

    @property
    def margin_percent(self) -> Decimal | None:
        return self.margin / self.price * 100 if self.price else None


def results(sheet: Sheet) -> EconomicsResults | None:
    """Return what follows; None without a price."""
    given = {
        key: column.number(sheet.fields.get(key, ""))
        for key, column in BY_KEY.items()
        if column.holds is not Holds.LINE
    }
    price = given["price"]
    if price is None:
        return None
    variable, fixed, target = (given[key] or ZERO for key in ("variable", "fixed", "target"))
    margin, planned = price - variable, given["planned"]
    return EconomicsResults(
        price, variable, fixed, margin, needed(fixed, margin), needed(fixed + target, margin) if target else None, target,
        None if planned is None else int(planned), None if planned is None else planned * margin - fixed,
    )  # fmt: skip


def needed(costs: Decimal, margin: Decimal) -> int | None:
    """Return how many have to be sold to cover ``costs``; None if none would."""
    return int((costs / margin).to_integral_value(ROUND_CEILING)) if margin > 0 else None


def lines(found: EconomicsResults | None) -> Sequence[tuple[str, str]]:
    if found is None:
        return []
    said = [(_("Остаётся с одного"), money(found.margin))]
    if found.break_even is not None:
        said.append((_("Без убытка: продать за месяц"), number(found.break_even)))
    if found.for_target is not None:
        said.append((_("Для желаемой прибыли: продать за месяц"), number(found.for_target)))
    if found.profit is not None:
        said.append((_("Прибыль за месяц по плану"), money(found.profit)))
    return said


def advise(found: EconomicsResults | None) -> Iterator[Advice]:
    if found is None:
        return
    if found.margin <= 0:
        yield Advice("price", _("с каждой продажи ничего не остаётся: цена не выше расходов на одно"))
    elif found.profit is not None and found.profit < 0 and found.break_even is not None:
        text = ngettext(
            "по плану убыток %(sum)s в месяц: без убытка – %(n)s продажа",
            "по плану убыток %(sum)s в месяц: без убытка – %(n)s продаж",
            found.break_even,
            sum=money(-found.profit),
        )
        yield Advice("planned", text)


def printing(fields: Cells, _rows: Sequence[Cells], found: EconomicsResults | None) -> Printed:
    if found is None:
        return Printed(tuple(inputs(FIELDS, fields)))
    drawing = [chart(_("Выручка и расходы в зависимости от числа продаж"))] if found.chart else []
    return Printed((*said(found.said, "finding"), *drawing, *figures(lines(found)), *inputs(FIELDS, fields)))


KIND = SheetKind(
    "economics", lambda: _("Экономика единицы"), fields=FIELDS, results=results, lines=lines, advise=advise, printing=printing,
)  # fmt: skip
