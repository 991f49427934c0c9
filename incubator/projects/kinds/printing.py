"""A sheet of cells on paper: what every kind can print, and the pieces that a kind prints more beautifully from. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from incubator.core.languages import _
from incubator.projects.kinds.cells import PLACES, Column, Holds
from incubator.typesetting.blocks import (
    Block,
    ChartBlock,
    FiguresBlock,
    Span,
    Spans,
    TableBlock,
    TextBlock,
    Tone,
    plain_words,
    sides_of,
    widths_of,
)

Cells = dict[str, str]
#: Characters of a value that still stands beside its name.
_LONGEST_FIGURE = 48


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands in the section, and what stands for whoever wants to recompute it at the document's end."""

    body: tuple[Block, ...]
    appendix: tuple[Block, ...] = ()


#: What a kind says of printing: the sheet's single cells, its rows, and its results.
Printing = Callable[[Cells, Sequence[Cells], Any], Printed]


def said(text: str, tone: Tone = "plain") -> Iterator[Block]:
    """Yield the lines of a text as one paragraph; nothing for an empty text."""
    if text:
        yield TextBlock(plain_words(text), tone)


def chart(alt: str, macro: str = "chart") -> ChartBlock:
    return ChartBlock(alt, macro)


def figures(pairs: Iterable[tuple[str, str]]) -> Iterator[Block]:
    """Yield names with their values; values that are sentences stand below their names."""
    found = tuple(pairs)
    if short := tuple(each for each in found if len(each[1]) <= _LONGEST_FIGURE):
        yield FiguresBlock(short)
    for name, value in found:
        if len(value) > _LONGEST_FIGURE:
            yield from said(name, "label")
            yield from said(value)


def filled_in(columns: Sequence[Column], cells: Cells) -> Iterator[tuple[str, str]]:
    """Yield the names of single cells with what they hold; long texts are no figures."""
    for each in columns:
        if cells.get(each.key) and each.holds is not Holds.TEXT:
            yield each.label(), each.shown(cells[each.key])


def long_texts(columns: Sequence[Column], cells: Cells) -> Iterator[Block]:
    for each in columns:
        if each.holds is Holds.TEXT and cells.get(each.key):
            yield from said(each.label(), "label")
            yield from said(cells[each.key])


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool], *,
    title: str = "", strong: Sequence[int] = (), is_wide: bool = False,
) -> Iterator[Block]:  # fmt: skip
    """Yield a table of plain cells; nothing without rows. ``numbers``: whether a column holds numbers."""
    if rows:
        yield TableBlock(
            tuple(map(plain_words, head)), tuple(tuple(map(plain_words, row)) for row in rows), sides_of(numbers),
            widths_of(head, rows), tuple(strong), title, is_wide,
        )  # fmt: skip


def rows_table(
    columns: Sequence[Column],
    rows: Sequence[Cells],
    *,
    more: tuple[str, Sequence[str], str] | None = None,
    title: str = "",
) -> Iterator[Block]:
    """Yield the rows as a table. ``more``: a column that follows from them: its title, its cells, and the key that it follows."""
    head, numbers = [each.label() for each in columns], [each.holds in PLACES for each in columns]
    cells = [[each.shown(row.get(each.key, "")) for each in columns] for row in rows]
    if more:
        at = [each.key for each in columns].index(more[2]) + 1
        head.insert(at, more[0])
        numbers.insert(at, True)
        for line, cell in zip(cells, more[1], strict=True):
            line.insert(at, cell)
    yield from table(head, cells, numbers, title=title)


def linked(text: str, address: str) -> Spans:
    return (Span(text, link=address),)


def printed_plainly(
    fields: Sequence[Column],
    columns: Sequence[Column],
    cells: Cells,
    rows: Sequence[Cells],
    lines: Iterable[tuple[str, str]],
) -> Printed:
    """Return what a kind prints that says nothing more: its results, its texts, its rows, its single cells."""
    return Printed(
        (
            *figures(lines),
            *long_texts(fields, cells),
            *rows_table(columns, rows),
            *figures(filled_in(fields, cells)),
        )
    )


def inputs(fields: Sequence[Column], cells: Cells) -> Iterator[Block]:
    """Yield what somebody typed: from what the rest was worked out."""
    rows = [[*each] for each in filled_in(fields, cells)]
    yield from table([_("Показатель"), _("Значение")], rows, [False, True], title=_("Из чего это посчитано"))
