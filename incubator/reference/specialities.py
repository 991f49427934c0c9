"""Specialities and professions by their federal codes, imported from an organiser's table."""

import re
from collections.abc import Iterable

from incubator.core.text import clean_line
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.reference.tables import Speciality
from incubator.tabular.rows import Problem, Row

_CODE = re.compile(r"\d\d\.\d\d\.\d\d")
_LONGEST_TITLE, _LONGEST_LEVEL = 200, 40


async def load_specialities(rows: Iterable[Row]) -> tuple[int, list[Problem]]:
    """Add or update a speciality for each row with ``code``, ``name`` and, optionally, ``level``.

    Returns how many rows are valid, and the problems of the others, which are skipped.
    """
    good: dict[str, Speciality] = {}
    problems: list[Problem] = []
    for row in rows:
        code, title, level = (clean_line(row.text(column)) for column in ("code", "name", "level"))
        if row.problem:
            problems.append(Problem(row.number, "", row.problem))
        elif not _CODE.fullmatch(code):
            problems.append(Problem(row.number, "code", "a code like 09.02.07 is needed"))
        elif not title or len(title) > _LONGEST_TITLE:
            problems.append(Problem(row.number, "name", f"a name of at most {_LONGEST_TITLE} characters is needed"))
        else:
            good[code] = Speciality(code=code, title=title, level=level[:_LONGEST_LEVEL])
    async with writing():
        known = {row["code"]: row["id"] for row in await Speciality.select(Speciality.id, Speciality.code)}
        for code in good.keys() & known.keys():
            new = good[code]
            await Speciality.update({Speciality.title: new.title, Speciality.level: new.level}).where(
                Speciality.id == known[code]
            )
        if fresh := [good[code] for code in sorted(good.keys() - known.keys())]:
            await Speciality.insert(*fresh)
        if good:
            await record(Happened.REFERENCE_CHANGED, by=None, table="speciality", rows=len(good))
    return len(good), problems
