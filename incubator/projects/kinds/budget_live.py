"""A budget as a sheet that computes: lines to change and to add, totals by source and by kind. Pure.

What ``budget.py`` says in Python stands here once more in a spreadsheet's words; a test lets another engine compute both.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from incubator.core.languages import _
from incubator.projects.kinds.budget import COLUMNS, FIELDS, KIND, BudgetResults, Share, categories, sources
from incubator.projects.kinds.live_cells import here, put_rows, put_title, put_typed
from incubator.projects.kinds.sheet import Sheet
from incubator.tabular.live_sheets import LiveSheet, Look, SheetWriter, address, span

ZERO = Decimal(0)
#: The row of the heads, the columns of a line, then those of the totals.
_TOP = 3
_CATEGORY, _COUNT, _PRICE, _SOURCE, _SUM, _SPENT = 1, 2, 3, 4, 5, 6
_NAME, _NEEDS, _HAS, _LACKS = 8, 9, 10, 11
_PLACES = (0, _CATEGORY, _COUNT, _PRICE, _SOURCE, _SPENT)
_WIDTHS = (34, 14, 10, 13, 14, 14, 14, 3, 18, 14, 14, 14)


def live(sheet: Sheet, title: str, *, most_rows: int = KIND.most_rows) -> LiveSheet:
    found: BudgetResults = KIND.results(sheet)
    page, last = SheetWriter(title), _TOP + most_rows
    put_title(page, title)
    put_rows(page, _TOP, _PLACES, COLUMNS, [*sheet.rows, *({} for _row in range(most_rows - len(sheet.rows)))])
    page.put(_TOP, _SUM, _("Сумма, ₽"), Look.HEAD)
    for number in range(most_rows):
        row = _TOP + 1 + number
        count, price = here(row, _COUNT), here(row, _PRICE)
        many = f'IF({count}="",1,IF(ISNUMBER({count}),{count},0))'
        value = found.sums[number] if number < len(found.sums) else ZERO
        page.follows(row, _SUM, f"IF(ISNUMBER({price}),ROUND({many}*{price},2),0)", value, Look.MONEY_IF_ANY)
    sums = span(_TOP + 1, last, _SUM)
    total = page.follows(_TOP + 1, _NEEDS, f"SUM({sums})", found.total, is_strong=True)
    spent = page.follows(_TOP + 2, _NEEDS, f"SUM({span(_TOP + 1, last, _SPENT)})", found.spent)
    page.follows(_TOP + 3, _NEEDS, f"{total}-{spent}", found.left)
    for number, words in enumerate((_("Всего"), _("Потрачено"), _("Осталось денег")), 1):
        page.put(_TOP + number, _NAME, words, is_strong=number == 1)
    below = _put_sources(page, _TOP + 6, sheet, found, total, last)
    _put_shares(page, below, _("Вид"), categories(), found.by_category, _CATEGORY, total, last)
    return page.sheet(_WIDTHS, (_TOP + 1, 1))


def _put_sources(page: SheetWriter, top: int, sheet: Sheet, found: BudgetResults, total: str, last: int) -> int:
    """Put what each source gives, has and lacks; return the row for what follows."""
    below = _put_shares(page, top, _("Откуда деньги"), sources(), found.by_source, _SOURCE, total, last)
    page.put(top, _HAS, _("Есть, ₽"), Look.HEAD)
    page.put(top, _LACKS, _("Не хватает, ₽"), Look.HEAD)
    shares = {share.key: share for share in found.by_source}
    for number, column in enumerate(FIELDS, 1):
        has = put_typed(page, top + number, _HAS, column, sheet.fields.get(column.key, ""))
        lacks = shares[column.key].lacks if column.key in shares else ZERO
        page.follows(top + number, _LACKS, f"MAX(0,{address(top + number, _NEEDS)}-SUM({has}))", lacks)
    return below


def _put_shares(
    page: SheetWriter,
    top: int,
    title: str,
    titles: Mapping[str, str],
    shares: Sequence[Share],
    column: int,
    total: str,
    last: int,
) -> int:
    """Put what the lines of each choice need. A line that names none belongs to the first: it needs what the others do not."""
    page.put(top, _NAME, title, Look.HEAD)
    page.put(top, _NEEDS, _("Нужно, ₽"), Look.HEAD)
    needs = {share.key: share.needs for share in shares}
    others = span(top + 2, top + len(titles), _NEEDS)
    for number, (key, words) in enumerate(titles.items(), 1):
        page.put(top + number, _NAME, words)
        named = f"SUMIF({span(_TOP + 1, last, column)},{address(top + number, _NAME)},{span(_TOP + 1, last, _SUM)})"
        page.follows(top + number, _NEEDS, named if number > 1 else f"{total}-SUM({others})", needs.get(key, ZERO))
    return top + len(titles) + 2
