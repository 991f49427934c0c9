"""Sections of cells as the story tells them, as if they had been typed."""

from datetime import date, timedelta
from typing import Any

from incubator.http.forms import Form
from incubator.projects.kinds.registry import sheet_kind_of


def cells_of(kind: str, told: dict[str, Any], *, later: timedelta) -> str:
    """Return the value of a section; its dates are moved by ``later``, so that tasks lie in the season of today."""
    sheet = sheet_kind_of(kind)
    assert sheet is not None, f"{kind} holds a text"
    rows = told.get("rows", [])
    typed: dict[str, Any] = {key: cell for key, cell in told.items() if key != "rows"}
    typed |= {each.key: [_cell(row.get(each.key, ""), later) for row in rows] for each in sheet.columns}
    return sheet.typed(Form(**typed))


def _cell(told: str | date, later: timedelta) -> str:
    return (told + later).isoformat() if isinstance(told, date) else told
