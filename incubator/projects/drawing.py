"""Sections as their readers see them: a text's HTML, or the sheet that its kind draws in the reader's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol

from markupsafe import Markup

from incubator.core.languages import _, current_locale
from incubator.http.prose import Prose
from incubator.http.templating import add_words, environment
from incubator.programme.tables import Section
from incubator.projects.document import Part
from incubator.projects.kinds.across import advice_across
from incubator.projects.kinds.cells import PLACES, Column, Holds
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.registry import kind_of, sheet_kind_of
from incubator.projects.kinds.sheet import Sheet, SheetKind
from incubator.typesetting.fonts import FAMILIES
from incubator.typesetting.svg_styles import drawings_of


class _Shown(Protocol):
    """A frozen section."""

    @property
    def kind(self) -> str: ...

    @property
    def value(self) -> str: ...

    @property
    def html(self) -> str: ...


def drawn(part: _Shown) -> Markup:
    """Return the HTML of a frozen section; empty if it says nothing."""
    kind = sheet_kind_of(part.kind)
    if kind is not None and part.value:
        return draw(kind, kind.sheet(part.value))
    return Markup(f'<div class="prose">{part.html}</div>' if part.html else "")  # noqa: S704 - from our own renderer


def living(part: Part, prose: Prose) -> Markup:
    """Return the HTML of a section as it stands now, for those who only read it."""
    kind = sheet_kind_of(part.section.kind)
    if kind is not None:
        return draw(kind, kind.sheet(part.value))
    return Markup('<div class="prose">{}</div>').format(prose(part.text))


@dataclass(frozen=True, slots=True)
class EditedSheet:
    """A sheet on the page where it is filled in."""

    kind: SheetKind
    value: Sheet
    stored: str
    """The value as saving it would store it."""
    wrong: dict[str, str]
    """Messages by place."""
    advised: dict[str, str]
    """What a machine sees in the sheet alone, by place."""
    computed: Markup


def sheet_of(section: Section, stored: str) -> EditedSheet | None:
    """Return what the form of a sheet shows; None for a section with a text."""
    kind = sheet_kind_of(section.kind)
    if kind is None:
        return None
    sheet = kind.sheet(stored)
    wrong = {each.place: each.message for each in kind.problems(stored)}
    advised = {each.place: each.message for each in kind.advice(stored)}
    return EditedSheet(kind, sheet, kind.in_season(stored, None), wrong, advised, drawn_results(kind, sheet))


class Head(NamedTuple):
    """A column as the form of a sheet shows it, worked out once for all of its cells."""

    key: str
    name: str
    """Of its fields."""
    label: str
    options: tuple[tuple[str, str], ...]
    is_long: bool
    """A text of several lines."""
    is_wide: bool
    """A choice with long words."""
    is_file: bool
    """It names an attachment, which an upload put there."""
    attributes: Markup


#: From this many letters a choice needs the width of two cells.
_LONG_WORDS = 15
_ATTRIBUTES = {
    Holds.DATE: Markup('type="date"'),
    Holds.LINK: Markup('inputmode="url"'),
    **dict.fromkeys(PLACES, Markup('inputmode="decimal" class="cell-number"')),
}


def heads_of(columns: tuple[Column, ...], suffix: str) -> tuple[Head, ...]:
    """Return what the form shows of each column, in the reader's language; the names of its fields end with ``suffix``."""
    return _heads(columns, suffix, current_locale())


@lru_cache(512)
def _heads(columns: tuple[Column, ...], suffix: str, _locale: str) -> tuple[Head, ...]:
    return tuple(_head(column, suffix) for column in columns)


def _head(column: Column, suffix: str) -> Head:
    options = tuple(column.options().items()) if column.options else ()
    return Head(
        column.key, f"{column.key}{suffix}", column.label(), options, column.holds is Holds.TEXT,
        max((len(words) for _value, words in options), default=0) >= _LONG_WORDS, column.holds is Holds.FILE,
        _ATTRIBUTES.get(column.holds, Markup()),
    )  # fmt: skip


def row_actions(suffix: str) -> list[tuple[str, str, Markup]]:
    """Return the buttons of each row: what they do, their sign, and their attributes."""
    words = (("up", "↑", _("Выше")), ("down", "↓", _("Ниже")), ("remove", "×", _("Убрать строку")))
    return [
        (
            verb,
            sign,
            Markup('name="rows{}" data-row-action="{}" aria-label="{}" title="{}"').format(suffix, verb, said, said),
        )
        for verb, sign, said in words
    ]


def advice_on(part: _Shown, parts: Sequence[_Shown]) -> list[str]:
    """Return what a machine sees in a frozen sheet, also beside the other ``parts``, for those who judge it."""
    if not part.value:
        return []
    beside = advice_across((each.kind, each.value) for each in parts).get(part.kind, ())
    return [each.message for each in (*kind_of(part.kind).advice(part.value), *beside)]


def charts_of(part: _Shown, macro: str) -> list[str]:
    """Return what a macro of its kind's template draws of a frozen sheet, for paper: each chart as an SVG of its own."""
    kind = sheet_kind_of(part.kind)
    module = environment(current_locale()).get_template(f"kinds/{part.kind}.html").module
    chart: Callable[..., Markup] | None = getattr(module, macro, None)
    if kind is None or chart is None:
        return []
    return list(drawings_of(str(chart(kind.results(kind.sheet(part.value)))), FAMILIES))


def draw(kind: SheetKind, sheet: Sheet) -> Markup:
    return _macro(kind.key, "drawn")(sheet, kind.results(sheet), kind)


def drawn_results(kind: SheetKind, sheet: Sheet) -> Markup:
    """Return what follows from the cells, without them: it stands below the form and follows what is typed."""
    results = _macro(kind.key, "results")(sheet, kind.results(sheet), kind)
    return results + _macro("_sheet", "to_put_right")(kind.problems(kind.stored(sheet)))


def _macro(template: str, name: str) -> Callable[..., Markup]:
    """Return a macro of a template of kinds, in the reader's language; what it writes is escaped by the template."""
    macro: Callable[..., Markup] = getattr(
        environment(current_locale()).get_template(f"kinds/{template}.html").module, name
    )
    return macro


def file_ref(cell: str) -> FileRef | None:
    """Return the attachment that a cell names; None if it names none."""
    return FileRef.of(cell)


add_words(drawn, living, sheet_of, advice_on, heads_of, row_actions, file_ref)
