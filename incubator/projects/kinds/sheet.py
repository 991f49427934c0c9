"""A section of cells: single ones and rows of them, stored as JSON. Pure.

A kind declares its cells and what follows from them; typing, storing, comparing, searching and masking are here, once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Any

import msgspec

from incubator.core.languages import _
from incubator.core.text import clean
from incubator.core.three_way import ChangedTwice
from incubator.programme.season_terms import SeasonTerms
from incubator.projects.kinds.cells import WORDS, Column, Holds
from incubator.projects.kinds.kind import Advice, CellChange, CellProblem, Typed
from incubator.projects.kinds.merging import Preferred, merged_by_name, merged_cells, merged_rows, together
from incubator.projects.kinds.printing import Printed, Printing, printed_plainly, said

#: The form's names for what is no cell.
ROW_ACTION, NOTE = "rows", "note"
#: Rows of a form that are looked at: empty ones count as well, so that a page may have some to spare.
_MOST_TYPED = 500
#: The whole value in one field, where a page asks which of two to keep; and the value that a page was made from.
WHOLE, BASE = "value", "base"

Row = Mapping[str, str]


class Sheet(msgspec.Struct, frozen=True, omit_defaults=True):
    """The value: cells by key, rows of cells in order, and the text that stood here before the section had a kind.

    ``season``: what its results follow from beside the cells; it is stored in frozen versions only, so that they keep their numbers.
    """

    kind: str
    v: int = 1
    fields: dict[str, str] = {}
    rows: list[dict[str, str]] = []
    note: str = ""
    season: SeasonTerms | None = None


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(Sheet).decode


@dataclass(frozen=True, slots=True)
class SheetKind:
    """A kind of section that consists of cells."""

    key: str
    name: Callable[[], str]
    fields: tuple[Column, ...] = ()
    columns: tuple[Column, ...] = ()
    rows_title: Callable[[], str] | None = None
    """Where the single cells come first: what stands above the rows that follow them."""
    most_rows: int = 60
    has_spare_rows: bool = True
    """Empty rows stand below to be typed in; without them rows come in another way."""
    results: Callable[[Sheet], Any] = lambda _sheet: None
    """What follows from the cells; the kind's template draws it."""
    checks: Callable[[Sheet], Iterator[CellProblem]] = lambda _sheet: iter(())
    """What is wrong between cells that are right by themselves; each message without the name of its cell."""
    rows_text: Callable[[Sheet], str] | None = None
    """The rows in Markdown, where nobody would read them as a table."""
    lines: Callable[[Any], Sequence[tuple[str, str]]] = lambda _results: ()
    """The results in words and numbers, for the text."""
    advise: Callable[[Any], Iterator[Advice]] = lambda _results: iter(())
    printing: Printing | None = None
    """What stands on paper; None: its results, texts, rows and cells, one after the other."""
    asks_season: bool = False
    """Its results follow from the season, too."""

    @property
    def title(self) -> str:
        return self.name()

    @property
    def groups(self) -> tuple[tuple[Column, ...], ...]:
        """Return the single cells as the form shows them: in groups, each begun by a cell with a heading."""
        starts = [number for number, each in enumerate(self.fields) if each.group or not number]
        return tuple(self.fields[start:end] for start, end in pairwise([*starts, len(self.fields)]))

    def says_something_in(self, cells: tuple[Column, ...], sheet: Sheet) -> bool:
        return any(self._is_said(cells, sheet.fields))

    # --- the value -----------------------------------------------------------

    def sheet(self, stored: str) -> Sheet:
        """Return the value; what is none of this kind becomes its note, so that no text is lost."""
        if stored.startswith("{"):
            try:
                found = _decode(stored)
            except (msgspec.MsgspecError, RecursionError):  # no sheet, or nested as deep as no page of ours nests
                return Sheet(self.key, note=stored)
            if found.kind == self.key:
                return found
        return Sheet(self.key, note=stored)

    def in_season(self, stored: str, terms: SeasonTerms | None) -> str:
        """Return a value with what the season gives to it; without it for None."""
        if not self.asks_season or not stored.startswith("{"):
            return stored
        return _encode(msgspec.structs.replace(self.sheet(stored), season=terms)).decode()

    def stored(self, sheet: Sheet) -> str:
        """Return the value as it is stored; empty if it says nothing."""
        return _encode(sheet).decode() if self._says_something(sheet) else ""

    def _says_something(self, sheet: Sheet) -> bool:
        return bool(sheet.rows or sheet.note or any(self._is_said(self.fields, sheet.fields)))

    def _is_said(self, columns: tuple[Column, ...], cells: Row) -> Iterator[bool]:
        return (column.says_something(cells.get(column.key, "")) for column in columns)

    # --- typing --------------------------------------------------------------

    def typed(self, form: Typed, suffix: str = "") -> str:
        if whole := form.value(f"{WHOLE}{suffix}"):
            return self._checked(self.sheet(whole))
        fields = {each.key: each.typed(form.value(f"{each.key}{suffix}")) for each in self.fields}
        rows = self._typed_rows(form, suffix)
        note = clean(form.value(f"{NOTE}{suffix}"))
        return self.stored(
            Sheet(self.key, fields={k: cell for k, cell in fields.items() if cell}, rows=rows, note=note)
        )

    def _checked(self, sheet: Sheet) -> str:
        """Return a whole value that a page sent back as if its cells had been typed: nothing else is let in."""
        fields = {each.key: typed for each in self.fields if (typed := each.typed(sheet.fields.get(each.key, "")))}
        rows = [
            {each.key: typed for each in self.columns if (typed := each.typed(row.get(each.key, "")))}
            for row in sheet.rows[: self.most_rows]
        ]
        rows = [row for row in rows if any(self._is_said(self.columns, row))]
        return self.stored(Sheet(self.key, fields=fields, rows=rows, note=clean(sheet.note)))

    def _typed_rows(self, form: Typed, suffix: str) -> list[dict[str, str]]:
        columns = [form.values(f"{each.key}{suffix}")[:_MOST_TYPED] for each in self.columns]
        rows = [
            {
                column.key: typed
                for column, text in zip(self.columns, texts, strict=True)
                if (typed := column.typed(text))
            }
            for texts in zip_longest(*columns, fillvalue="")
        ]
        rows = _moved(rows, form.value(f"{ROW_ACTION}{suffix}"))
        return [row for row in rows if any(self._is_said(self.columns, row))][: self.most_rows]

    # --- reading -------------------------------------------------------------

    def _cells(self, sheet: Sheet) -> Iterator[tuple[str, Column, str]]:
        """Yield place, column and content of every cell, also of empty ones, in reading order."""
        for column in self.fields:
            yield column.key, column, sheet.fields.get(column.key, "")
        for number, row in enumerate(sheet.rows):
            for column in self.columns:
                yield f"{column.key}.{number}", column, row.get(column.key, "")

    def problems(self, stored: str) -> Sequence[CellProblem]:
        sheet = self.sheet(stored)
        is_filled_in = bool(sheet.fields)  # a sheet that holds rows or a former text alone lacks no single cell
        found = []
        for place, column, cell in self._cells(sheet):
            is_missing = (
                column.is_needed and not column.says_something(cell) and (is_filled_in or column in self.columns)
            )
            if wrong := _("заполните") if is_missing else column.problem(cell):
                found.append(CellProblem(place, f"{self._where(place)}: {wrong}"))
        found += [CellProblem(each.place, f"{self._where(each.place)}: {each.message}") for each in self.checks(sheet)]
        return found

    def _where(self, place: str) -> str:
        """Return the cell's name for people: «цена, строка 3»."""
        key, _dot, row = place.partition(".")
        label = next(each.label() for each in (*self.fields, *self.columns) if each.key == key)
        return _("%(column)s, строка %(n)s", column=label, n=int(row) + 1) if row else label

    def advice(self, stored: str) -> Sequence[Advice]:
        return tuple(self.advise(self.results(self.sheet(stored)))) if stored else ()

    def text(self, stored: str) -> str:
        if not stored:
            return ""
        sheet = self.sheet(stored)
        filled = [(each, sheet.fields[each.key]) for each in self.fields if sheet.fields.get(each.key)]
        texts = [f"**{each.label()}**\n\n{cell}" for each, cell in filled if each.holds is Holds.TEXT]
        said = [
            *(f"{each.label()}: {escaped(each.shown(cell))}" for each, cell in filled if each.holds is not Holds.TEXT),
            *(f"{label}: {value}" for label, value in self.lines(self.results(sheet))),
        ]
        blocks = [sheet.note, *texts, *self._table(sheet), "\n".join(f"* {each}" for each in said)]
        return "\n\n".join(block for block in blocks if block)

    def printed(self, stored: str) -> Printed:
        """Return the value as it stands on paper; what was no cell of it comes first."""
        sheet = self.sheet(stored)
        found = self.results(sheet)
        if self.printing:
            paper = self.printing(sheet.fields, sheet.rows, found)
        else:
            paper = printed_plainly(self.fields, self.columns, sheet.fields, sheet.rows, self.lines(found))
        return Printed((*said(sheet.note), *paper.body), paper.appendix)

    def _table(self, sheet: Sheet) -> list[str]:
        if not sheet.rows:
            return []
        if self.rows_text:
            return [self.rows_text(sheet)]
        head = [each.label() for each in self.columns]
        lines = [head, ["---"] * len(head)]
        lines += [[escaped(each.shown(row.get(each.key, ""))) for each in self.columns] for row in sheet.rows]
        return ["\n".join(f"| {' | '.join(line)} |" for line in lines)]

    def reworded(self, stored: str, change: Callable[[str], str]) -> str:
        """Return the value with its words changed; numbers, dates and choices stay."""
        sheet = self.sheet(stored)

        def changed(columns: tuple[Column, ...], cells: Row) -> dict[str, str]:
            has_words = {each.key for each in columns if each.holds in WORDS}
            return {key: change(cell) if key in has_words else cell for key, cell in cells.items()}

        return self.stored(
            msgspec.structs.replace(
                sheet, fields=changed(self.fields, sheet.fields), rows=[changed(self.columns, row) for row in sheet.rows],
                note=change(sheet.note),
            )
        )  # fmt: skip

    def merged(self, base: str, theirs: str, mine: str) -> str | None:
        """Return the value after two people changed different cells of ``base``; None if both changed one."""
        try:
            return self._merged(base, theirs, mine, None)
        except ChangedTwice:
            return None

    def either(self, base: str, theirs: str, mine: str) -> tuple[str, str]:
        """Return both values between which somebody chooses, mine first: they differ only where both changed one cell of ``base``."""
        return self._merged(base, theirs, mine, Preferred.MINE), self._merged(base, theirs, mine, Preferred.THEIRS)

    def _merged(self, base: str, theirs: str, mine: str, preferred: Preferred | None) -> str:
        """Return the value of both. Raises ChangedTwice if it is not said whose of two things is ``preferred``.

        Rows are compared in their places as long as their number stays; otherwise they are one thing. Those that name a file
        are compared by it.
        """
        read, there, own = self.sheet(base), self.sheet(theirs), self.sheet(mine)
        merge = merged_by_name if self._rows_have_names else merged_rows
        named_by = self.columns[0].key if self.columns else ""
        rows = merge(read.rows, own.rows, there.rows, preferred, named_by=named_by)
        fields = merged_cells(read.fields, own.fields, there.fields, preferred)
        note = together(read.note, own.note, there.note, preferred)
        return self.stored(Sheet(self.key, fields=fields, rows=rows, note=note))

    @property
    def _rows_have_names(self) -> bool:
        """Return whether the first cell of a row says which it is, wherever it stands."""
        return bool(self.columns) and self.columns[0].holds is Holds.FILE

    def _compared(self, sheet: Sheet) -> dict[str, str]:
        """Return what each cell shows, by its name for people."""
        if not self._rows_have_names:
            return {self._where(place): column.shown(cell) for place, column, cell in self._cells(sheet)}
        first, *others = self.columns
        return {
            f"{first.shown(row.get(first.key, ''))}: {column.label()}": column.shown(row.get(column.key, ""))
            for row in sheet.rows
            for column in others
        }

    def changes(self, before: str, after: str) -> Sequence[CellChange]:
        old, new = self.sheet(before), self.sheet(after)
        was, now = self._compared(old), self._compared(new)
        changes = [
            CellChange(place, was.get(place, ""), now.get(place, ""))
            for place in was | now
            if was.get(place, "") != now.get(place, "")
        ]
        return changes + ([CellChange("", old.note, new.note)] if old.note != new.note else [])


def _moved(rows: list[dict[str, str]], action: str) -> list[dict[str, str]]:
    """Return the rows after «remove:2», «up:2» or «down:2», as a button says it without scripts."""
    verb, _colon, number = action.partition(":")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
    if not 0 <= at < len(rows):
        return rows
    if verb == "remove":
        return rows[:at] + rows[at + 1 :]
    to = at + {"up": -1, "down": 1}.get(verb, 0)
    if 0 <= to < len(rows):
        rows = rows.copy()
        rows[at], rows[to] = rows[to], rows[at]
    return rows


def escaped(text: str) -> str:
    """Return a cell's text for a table in Markdown: on one line, and nothing in it is an edge."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
