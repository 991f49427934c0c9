"""What a table may hold, and which of its columns that is, by their headings. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from incubator.core.folding import folded
from incubator.tabular.headings import TableColumn

_NOISE = re.compile(r"\([^)]*\)|[^\w\s№]")


@dataclass(frozen=True, slots=True)
class TableField:
    """One thing that a column can hold."""

    key: str
    title: str
    """In the reader's language."""
    names: tuple[str, ...] = ()
    """How people call it, besides key and title."""
    is_wide: bool = True
    """A heading that only begins so is taken for it as well; not where a wrong guess would invite or mix up somebody."""


def guessed(columns: Sequence[TableColumn], wanted: Iterable[TableField]) -> dict[str, str]:
    """Return the column of each field that can be recognised by its heading: by the whole of it first, then by its beginning."""
    headings = {column.name: _form(column.heading) for column in columns if column.heading}
    found: dict[str, str] = {}
    every = list(wanted)
    for is_match, among in ((_is_equal, every), (_begins, [field for field in every if field.is_wide])):
        for field in among:
            free = {name: form for name, form in headings.items() if name not in found.values()}
            column = _first_match(field, free, is_match) if field.key not in found else ""
            if column:
                found[field.key] = column
    return found


def _first_match(field: TableField, headings: dict[str, str], is_match: Callable[[str, set[str]], bool]) -> str:
    forms = {_form(name) for name in (field.key, field.title, *field.names)} - {""}
    return next((name for name, form in headings.items() if is_match(form, forms)), "")


def _is_equal(heading: str, forms: set[str]) -> bool:
    return heading in forms


def _begins(heading: str, forms: set[str]) -> bool:
    return any(len(form) >= 5 and heading.startswith(f"{form} ") for form in forms)


def _form(name: str) -> str:
    plain = _NOISE.sub(" ", name.replace("_", " ").replace("№", " номер "))
    return folded(plain)


def recognises(wanted: Iterable[TableField]) -> "Recogniser":
    """Return what tells whether a heading is one of the fields."""
    return Recogniser(
        frozenset(_form(name) for field in wanted for name in (field.key, field.title, *field.names)) - {""}
    )


@dataclass(frozen=True, slots=True)
class Recogniser:
    forms: frozenset[str]

    def __call__(self, heading: str) -> bool:
        return _form(heading) in self.forms
