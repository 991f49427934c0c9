"""The data for the page of a section's history: who saved it, when, how much, and how two revisions differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from incubator.http.lookup import get_or_404
from incubator.people.tables import Person
from incubator.programme.tables import Section
from incubator.projects.access import Access
from incubator.projects.differences import Difference, difference_of
from incubator.projects.kinds.registry import sheet_kind_of
from incubator.projects.revisions import Saved, revision_of, revisions_of
from incubator.projects.tables import Submission

#: Revisions on one page.
PER_PAGE = 40
#: In an address: the text that stands there now.
NOW = "now"


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision in the list."""

    place: str
    """How an address names it."""
    at: datetime
    author: str
    """Empty if whoever saved it is not known any more."""
    more: int
    """Characters more than before (less than 0: fewer); of a sheet, cells that changed."""
    handed_in: Sequence[int]
    """Numbers of the versions in which it was handed in."""
    previous: str
    """The place of the revision before it; empty if there is none."""

    @property
    def is_living(self) -> bool:
        return self.place == NOW


@dataclass(frozen=True, slots=True)
class Comparison:
    before: RevisionLine
    after: RevisionLine
    difference: Difference


@dataclass(frozen=True, slots=True)
class History:
    section: Section
    lines: list[RevisionLine]
    version: int
    """The section's, on top of which something can be restored."""
    is_sheet: bool
    compared: Comparison | None
    older: str
    """Where the list goes on; empty at its end."""


async def history_of(way: Access, section: Section, *, before: str, after: str, beyond: int | None) -> History:
    """Return the page. ``before`` and ``after``: the places to compare; empty: the newest two. Raises NotFoundException for a place that is none."""
    saved = await revisions_of(way.project.id, section.key, before=beyond, most=PER_PAGE + 1)
    living = saved[:1] if beyond is None else await revisions_of(way.project.id, section.key, most=1)
    # The revision after which the page begins stood there when what followed was handed in.
    above = await revision_of(way.project.id, section.key, beyond) if beyond is not None else None
    known = [*living, *([above] if above else []), *saved]
    chosen = [await _place(way.project.id, section.key, each, known) for each in (before, after) if each]
    lines = await _lines(way, section, [*known, *chosen])
    shown = [lines[_name(each)] for each in saved[:PER_PAGE]]
    pair = _pair(saved, chosen, before, after)
    return History(
        section=section,
        lines=shown,
        version=living[0].version if living and living[0].id is None else 0,
        is_sheet=sheet_kind_of(section.kind) is not None,
        compared=Comparison(
            lines[_name(pair[0])], lines[_name(pair[1])], difference_of(section.kind, pair[0].text, pair[1].text)
        )
        if pair
        else None,
        older=_name(saved[PER_PAGE - 1]) if len(saved) > PER_PAGE else "",
    )


def _pair(saved: Sequence[Saved], chosen: Sequence[Saved], before: str, after: str) -> tuple[Saved, Saved] | None:
    """Return what is compared, the older one first."""
    if before and after:
        first, second = sorted(chosen, key=lambda each: (each.id is None, each.id or 0))
        return first, second
    return (saved[1], saved[0]) if len(saved) > 1 else None


async def _place(project_id: int, key: str, place: str, known: Sequence[Saved]) -> Saved:
    found = next((each for each in known if _name(each) == place), None)
    if found is None and place.isascii() and place.isdecimal() and len(place) < 10:
        found = await revision_of(project_id, key, int(place))
    return get_or_404(found)


def _name(saved: Saved) -> str:
    return NOW if saved.id is None else str(saved.id)


async def _lines(way: Access, section: Section, saved: Sequence[Saved]) -> dict[str, RevisionLine]:
    """Return a line of each revision by its place. Two queries."""
    in_order = sorted({_name(each): each for each in saved}.values(), key=lambda each: (each.id is None, each.id or 0))
    people = await Person.objects().where(Person.id.is_in(sorted({each.by for each in in_order if each.by}) or [0]))
    names = {person.id: way.name_of(person) for person in people}
    handed_in = await _handed_in(way.project.id, in_order)
    return {
        _name(each): RevisionLine(
            place=_name(each),
            at=each.at,
            author=names.get(each.by or 0, ""),
            more=_more(section, previous.text if previous else "", each.text),
            handed_in=handed_in[_name(each)],
            previous=_name(previous) if previous else "",
        )
        for previous, each in pairwise([None, *in_order])
        if each
    }


def _more(section: Section, before: str, after: str) -> int:
    kind = sheet_kind_of(section.kind)
    return len(list(kind.changes(before, after))) if kind else len(after) - len(before)


async def _handed_in(project_id: int, in_order: Sequence[Saved]) -> dict[str, list[int]]:
    """Return which versions each revision was handed in with: the one that stood there at that moment."""
    rows = await Submission.select(Submission.number, Submission.submitted_at).where(Submission.project == project_id)
    found: dict[str, list[int]] = {_name(each): [] for each in in_order}
    for row in sorted(rows, key=lambda each: each["number"]):
        stood = [each for each in in_order if each.at <= row["submitted_at"]]
        if stood:
            found[_name(stood[-1])].append(row["number"])
    return found
