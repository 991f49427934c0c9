"""A budget: what has to be bought or paid, where the money comes from, and what has been spent. Pure.

Sum of a line = quantity × price, rounded half up to kopecks; an empty quantity is one. A source is short by what its lines need
beyond the money that it has.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubator.core.formatting import money
from incubator.core.languages import _
from incubator.core.rounding import half_up
from incubator.projects.kinds.cells import Column, Holds
from incubator.projects.kinds.kind import Advice
from incubator.projects.kinds.printing import Cells, Printed, chart, figures, rows_table, said
from incubator.projects.kinds.sheet import Sheet, SheetKind

ZERO = Decimal(0)


def sources() -> dict[str, str]:
    return {"own": _("свои"), "partner": _("партнёр"), "grant": _("грант"), "sponsor": _("спонсор")}


def categories() -> dict[str, str]:
    return {
        "materials": _("материалы"),
        "equipment": _("оборудование"),
        "services": _("услуги"),
        "travel": _("дорога"),
        "other": _("прочее"),
    }


COUNT = Column("count", lambda: _("Сколько"), Holds.QUANTITY)
PRICE = Column("price", lambda: _("Цена, ₽"), Holds.MONEY, is_needed=True)
SPENT = Column("spent", lambda: _("Потрачено, ₽"), Holds.MONEY)
COLUMNS = (
    Column("what", lambda: _("Что"), longest=120, is_needed=True),
    Column("category", lambda: _("Вид"), Holds.CHOICE, options=categories),
    COUNT,
    PRICE,
    Column("source", lambda: _("Откуда деньги"), Holds.CHOICE, options=sources),
    SPENT,
)
FIELDS = (
    Column("own", lambda: _("Свои деньги, ₽"), Holds.MONEY),
    Column("partner", lambda: _("Партнёры, ₽"), Holds.MONEY),
    Column("grant", lambda: _("Гранты, ₽"), Holds.MONEY),
    Column("sponsor", lambda: _("Спонсоры, ₽"), Holds.MONEY),
)


@dataclass(frozen=True, slots=True)
class Share:
    """What lines of one source or category need, in roubles; ``has``: what there is for it."""

    key: str
    title: str
    needs: Decimal
    has: Decimal = ZERO

    @property
    def lacks(self) -> Decimal:
        return max(ZERO, self.needs - self.has)

    def width(self, most: Decimal) -> Decimal:
        """Return the length of its bar in hundredths, where the longest stands for ``most``."""
        return half_up(self.needs / most * 100, 1) if most else ZERO

    def covered_width(self, most: Decimal) -> Decimal:
        return half_up(min(self.needs, self.has) / most * 100, 1) if most else ZERO


@dataclass(frozen=True, slots=True)
class BudgetResults:
    """All in roubles."""

    sums: tuple[Decimal, ...]
    """Of each line, in order; zero where quantity or price is no number."""
    total: Decimal
    spent: Decimal
    overspent: int
    """The line in which the most was spent beyond its sum; 0 where there is none."""
    by_source: tuple[Share, ...]
    by_category: tuple[Share, ...]

    @property
    def left(self) -> Decimal:
        """Return what the plan leaves to spend; below zero: more was spent than planned."""
        return self.total - self.spent

    @property
    def most(self) -> Decimal:
        return max((share.needs for share in self.by_source), default=ZERO)

    @property
    def lacks(self) -> Decimal:
        return sum((share.lacks for share in self.by_source), ZERO)

    @property
    def said(self) -> str:
        """Return what one should see first."""
        if self.lacks:
            return _("Нужно %(total)s, не хватает %(lacks)s", total=money(self.total), lacks=money(self.lacks))
        return _("Нужно %(total)s, и деньги на это есть", total=money(self.total))


def results(sheet: Sheet) -> BudgetResults:
    sums = tuple(_sum_of(row) for row in sheet.rows)
    spent = [SPENT.number(row.get("spent", "")) or ZERO for row in sheet.rows]
    beyond = [each - amount for each, amount in zip(spent, sums, strict=True)]
    has = {each.key: each.number(sheet.fields.get(each.key, "")) or ZERO for each in FIELDS}
    return BudgetResults(
        sums, sum(sums, ZERO), sum(spent, ZERO), max(range(len(beyond)), key=beyond.__getitem__, default=0),
        _shares(sheet, sums, "source", sources(), has),
        _shares(sheet, sums, "category", categories(), {}),
    )  # fmt: skip


def _shares(
    sheet: Sheet, sums: Sequence[Decimal], column: str, titles: Mapping[str, str], has: Mapping[str, Decimal]
) -> tuple[Share, ...]:
    """Return what the lines of each source or category need together; none for which there is nothing to say."""
    needs = dict.fromkeys(titles, ZERO)
    for row, amount in zip(sheet.rows, sums, strict=True):
        key = row.get(column, "")
        needs[key if key in needs else next(iter(titles))] += amount
    shares = [Share(key, title, needs[key], has.get(key, ZERO)) for key, title in titles.items()]
    return tuple(each for each in shares if each.needs or each.has)


def _sum_of(row: dict[str, str]) -> Decimal:
    count = COUNT.number(row["count"]) if row.get("count") else Decimal(1)
    price = PRICE.number(row.get("price", ""))
    return half_up(count * price, 2) if count is not None and price is not None else ZERO


def lines(found: BudgetResults) -> Sequence[tuple[str, str]]:
    shares = [(share.title, money(share.needs)) for share in found.by_source]
    return [(_("Всего"), money(found.total)), *shares, (_("Потрачено"), money(found.spent))] if found.sums else []


def advise(found: BudgetResults) -> Iterator[Advice]:
    for share in found.by_source:
        if share.lacks:
            text = _("%(source)s: не хватает %(sum)s", source=share.title, sum=money(share.lacks))
            yield Advice(share.key, text)
    if found.left < 0:
        yield Advice(
            f"spent.{found.overspent}", _("потрачено больше, чем запланировано: на %(sum)s", sum=money(-found.left))
        )


def printing(_fields: Cells, rows: Sequence[Cells], found: BudgetResults) -> Printed:
    by_category = [(share.title, money(share.needs)) for share in found.by_category]
    spent = [(_("Потрачено"), money(found.spent)), (_("Осталось денег"), money(found.left))] if found.spent else []
    sums = [money(each) for each in found.sums]
    drawing = [*said(found.said, "finding"), chart(found.said)] if found.total else []
    return Printed(
        (*drawing, *rows_table(COLUMNS, rows, more=(_("Сумма"), sums, "price")), *figures([*by_category, *spent]))
    )


KIND = SheetKind(
    "budget", lambda: _("Смета"), fields=FIELDS, columns=COLUMNS, results=results, lines=lines, advise=advise,
    printing=printing,
)  # fmt: skip
