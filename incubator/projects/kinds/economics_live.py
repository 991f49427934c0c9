"""Unit economics as a sheet that computes. Pure.

What ``economics.py`` says in Python stands here once more in a spreadsheet's words; a test lets another engine compute both.
"""

from decimal import Decimal

from incubator.core.languages import _
from incubator.projects.kinds.economics import FIELDS, KIND, EconomicsResults
from incubator.projects.kinds.live_cells import put_title, put_typed
from incubator.projects.kinds.sheet import Sheet
from incubator.tabular.live_sheets import LiveSheet, Look, SheetWriter, Value

ZERO = Decimal(0)
_TOP = 3
#: Decimal places to which a number of sales is exact before it is rounded up: what is beyond is noise of binary fractions.
_EXACT = 9


def live(sheet: Sheet, title: str) -> LiveSheet:
    found: EconomicsResults | None = KIND.results(sheet)
    page = SheetWriter(title)
    put_title(page, title)
    at = {}
    for number, column in enumerate(FIELDS):
        page.put(_TOP + number, 0, column.label())
        at[column.key] = put_typed(page, _TOP + number, 1, column, sheet.fields.get(column.key, ""))
        page.put(_TOP + number, 2, column.hint() if column.hint else "", Look.QUIET)
    _put_results(page, _TOP + len(FIELDS) + 1, at, found)
    return page.sheet((44, 18, 60))


def _put_results(page: SheetWriter, top: int, at: dict[str, str], found: EconomicsResults | None) -> None:
    """Put what follows; empty without a price, as on the site."""
    price, given = at["price"], {key: f"SUM({at[key]})" for key in ("variable", "fixed", "target", "planned")}
    # A small difference of large binary fractions is off by more than their own noise.
    margin = f"ROUND({price}-{given['variable']},2)"

    def follows(row: int, words: str, formula: str, value: Value, look: Look, how: str, when: str = "TRUE") -> str:
        page.put(top + row, 0, words, is_strong=row == 1)
        page.put(top + row, 2, how, Look.QUIET)
        asked = f'IF(AND(ISNUMBER({price}),{when}),{formula},"")'
        return page.follows(top + row, 1, asked, value, look, is_strong=row == 1)

    page.put(top, 0, _("Что получается"), Look.HEAD)
    page.put(top, 1, "", Look.HEAD)
    page.put(top, 2, _("Как посчитано"), Look.HEAD)
    follows(
        1, _("Остаётся с одного, ₽"), margin, found.margin if found else None, Look.MONEY, _("цена − расходы на одно")
    )
    follows(
        2, _("Без убытка: продать за месяц"), _sales(given["fixed"], margin), found.break_even if found else None,
        Look.WHOLE, _("расходы в месяц ÷ то, что остаётся с одного, вверх до целого"), f"{margin}>0",
    )  # fmt: skip
    follows(
        3, _("Для желаемой прибыли: продать за месяц"), _sales(f"({given['fixed']}+{given['target']})", margin),
        found.for_target if found else None, Look.WHOLE,
        _("(расходы в месяц + прибыль) ÷ то, что остаётся с одного, вверх до целого"),
        f"{margin}>0,{given['target']}>0",
    )  # fmt: skip
    follows(
        4, _("Прибыль за месяц по плану, ₽"), f"{given['planned']}*({margin})-{given['fixed']}",
        found.profit if found else None, Look.MONEY, _("продажи × то, что остаётся с одного − расходы в месяц"),
        f"ISNUMBER({at['planned']})",
    )  # fmt: skip


def _sales(costs: str, margin: str) -> str:
    return f"ROUNDUP(ROUND({costs}/({margin}),{_EXACT}),0)"
