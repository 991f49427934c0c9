"""The kinds by their keys: one line a kind. Pure."""

from incubator.projects.kinds import budget, canvas, cash_flow, economics, files, links, plan, readiness, text
from incubator.projects.kinds.kind import SectionKind
from incubator.projects.kinds.sheet import SheetKind

_ALL: tuple[SectionKind, ...] = (
    text.KIND,
    canvas.KIND,
    budget.KIND,
    economics.KIND,
    plan.KIND,
    cash_flow.KIND,
    readiness.KIND,
    links.KIND,
    files.KIND,
)
KINDS: dict[str, SectionKind] = {kind.key: kind for kind in _ALL}
TEXT = text.KIND


def kind_of(key: str) -> SectionKind:
    """Return the kind of a section; a text if a newer version of the program named one that is not known here."""
    return KINDS.get(key, TEXT)


def sheet_kind_of(key: str) -> SheetKind | None:
    """Return the kind if it consists of cells."""
    kind = kind_of(key)
    return kind if isinstance(kind, SheetKind) else None


def asks_season(key: str) -> bool:
    """Return whether the results of this kind follow from the season, too."""
    kind = sheet_kind_of(key)
    return kind is not None and kind.asks_season


def is_sheet_of(key: str, stored: str) -> bool:
    """Return whether this value is one of cells of that kind."""
    kind = sheet_kind_of(key)
    return kind is not None and _is_sheet_of(kind, stored)


def text_of(stored: str) -> str:
    """Return any stored value as Markdown, whatever its section holds today."""
    for kind in _ALL:
        if isinstance(kind, SheetKind) and _is_sheet_of(kind, stored):
            return kind.text(stored)
    return stored


def value_for(kind: SectionKind, stored: str) -> str:
    """Return a stored value as a section of this kind reads it: cells of another kind, which the season had before, as text.

    What is stored stays as it is until somebody saves: a season that changes the kind back gives the team its cells back.
    """
    if not stored.startswith("{") or (isinstance(kind, SheetKind) and _is_sheet_of(kind, stored)):
        return stored
    return text_of(stored) or stored


def _is_sheet_of(kind: SheetKind, stored: str) -> bool:
    return stored.startswith("{") and kind.sheet(stored).note != stored
