"""A Lean Canvas: nine blocks of a business on one sheet (Ash Maurya, *Running Lean*, 2012, after Osterwalder's canvas). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from incubator.core.languages import _
from incubator.projects.kinds.cells import Column, Holds
from incubator.projects.kinds.printing import Cells, Printed
from incubator.projects.kinds.sheet import Sheet, SheetKind
from incubator.typesetting.blocks import FieldsBlock, SheetField

#: Characters of a block.
LONGEST = 500

#: In the order in which they are thought through, which is not the order on the sheet.
FIELDS = (
    Column(
        "problem", lambda: _("Проблемы"), Holds.TEXT, LONGEST,
        hint=lambda: _("Одна, две, самое большее три. Самая больная первой."),
    ),
    Column(
        "segments", lambda: _("Кому продаём"), Holds.TEXT, LONGEST,
        hint=lambda: _("Кто заплатит, и кто из них купит самым первым. Если пользуется один, а платит другой, назовите обоих."),
    ),
    Column(
        "proposition", lambda: _("Ценность"), Holds.TEXT, LONGEST,
        hint=lambda: _("Одна фраза о том, что человек получает. Такая, какую он сам повторит соседу."),
    ),
    Column(
        "solution", lambda: _("Главные возможности"), Holds.TEXT, LONGEST,
        hint=lambda: _("По одной на каждую названную проблему. Остальное подождёт."),
    ),
    Column(
        "channels", lambda: _("Как узнают и покупают"), Holds.TEXT, LONGEST,
        hint=lambda: _("Путь от «впервые услышал» до «купил». Один проверенный канал лучше пяти задуманных."),
    ),
    Column(
        "revenue", lambda: _("Доходы"), Holds.TEXT, LONGEST,
        hint=lambda: _("За что платят, сколько и как часто. Откуда известно, что согласятся?"),
    ),
    Column(
        "costs", lambda: _("Расходы"), Holds.TEXT, LONGEST,
        hint=lambda: _("Что уходит на каждую штуку и что – каждый месяц, даже если ничего не продано."),
    ),
    Column(
        "metrics", lambda: _("Главные числа"), Holds.TEXT, LONGEST,
        hint=lambda: _("Три-четыре числа, по которым каждую неделю видно, живёт ли дело."),
    ),
    Column(
        "advantage", lambda: _("Что трудно повторить"), Holds.TEXT, LONGEST,
        hint=lambda: _("Редкое умение, данные, доверие, место. Если пока ничего, напишите, откуда оно возьмётся."),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CanvasResults:
    empty: tuple[str, ...]
    """The titles of the blocks in which nobody has written."""

    @property
    def filled(self) -> int:
        return len(FIELDS) - len(self.empty)


def results(sheet: Sheet) -> CanvasResults:
    return CanvasResults(
        tuple(each.label() for each in FIELDS if not each.says_something(sheet.fields.get(each.key, "")))
    )


def lines(_found: CanvasResults) -> Sequence[tuple[str, str]]:
    return ()


#: Where each block lies on the sheet of ten columns and three rows: column, row, across, down.
_PLACES = {
    "problem": (0, 0, 2, 2), "solution": (2, 0, 2, 1), "metrics": (2, 1, 2, 1), "proposition": (4, 0, 2, 2),
    "advantage": (6, 0, 2, 1), "channels": (6, 1, 2, 1), "segments": (8, 0, 2, 2), "costs": (0, 2, 5, 1),
    "revenue": (5, 2, 5, 1),
}  # fmt: skip


def printing(fields: Cells, _rows: Sequence[Cells], _found: CanvasResults) -> Printed:
    blocks = tuple(SheetField(*_PLACES[each.key], each.label(), fields.get(each.key, "")) for each in FIELDS)
    return Printed((FieldsBlock(blocks, columns=10, rows=3),))


KIND = SheetKind(
    "canvas", lambda: _("Канва (Lean Canvas)"), fields=FIELDS, results=results, lines=lines, printing=printing
)
