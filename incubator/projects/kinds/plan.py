"""A plan: tasks with their dates, who answers for each, and how far it is. Pure.

Nothing here knows what day it is: what is shown follows from the cells and the days of the season. Days count with both ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from incubator.artwork.timeline import Bar, Tick, Timeline
from incubator.core.formatting import day, days, number, short_day
from incubator.core.languages import _, ngettext
from incubator.core.text import short
from incubator.core.visible import says_something
from incubator.programme.season_terms import SeasonTerms
from incubator.projects.kinds.cells import Column, Holds
from incubator.projects.kinds.kind import Advice, CellProblem
from incubator.projects.kinds.printing import Cells, Printed, chart, rows_table, said
from incubator.projects.kinds.sheet import Row, Sheet, SheetKind

#: How many tasks advice names, and how much of each.
_MOST_NAMED, _LONGEST_NAMED = 3, 60


class Progress(StrEnum):
    AHEAD = "ahead"
    DOING = "doing"
    DONE = "done"


def states() -> dict[str, str]:
    return {Progress.AHEAD.value: _("впереди"), Progress.DOING.value: _("в работе"), Progress.DONE.value: _("готово")}


STARTS = Column("starts", lambda: _("Начало"), Holds.DATE)
ENDS = Column("ends", lambda: _("Срок"), Holds.DATE, is_needed=True)
STATE = Column("state", lambda: _("Как дела"), Holds.CHOICE, options=states)
COLUMNS = (
    Column("task", lambda: _("Задача"), longest=160, is_needed=True),
    STARTS,
    ENDS,
    Column("who", lambda: _("Кто отвечает"), longest=80),
    STATE,
)


@dataclass(frozen=True, slots=True)
class PlannedTask:
    row: int
    title: str
    starts: date | None
    ends: date | None
    who: str
    state: Progress

    @property
    def is_reversed(self) -> bool:
        return self.starts is not None and self.ends is not None and self.starts > self.ends

    @property
    def is_moment(self) -> bool:
        """Return whether it has its last day only: a mark instead of a bar."""
        return self.starts is None or self.starts == self.ends or self.is_reversed

    @property
    def when(self) -> str:
        if self.ends is None:
            return ""
        return _("к %(day)s", day=short_day(self.ends)) if self.starts is None else days(self.starts, self.ends)

    @property
    def state_shown(self) -> str:
        return states()[self.state]


@dataclass(frozen=True, slots=True)
class PlanResults:
    tasks: tuple[PlannedTask, ...]
    drawn: tuple[PlannedTask, ...]
    """Those whose days are known and in order."""
    timeline: Timeline | None
    """The months that their bars need; None if there is none to draw."""
    ticks: Sequence[Tick]
    season: SeasonTerms | None

    @property
    def outside(self) -> tuple[PlannedTask, ...]:
        """Return the tasks that are not over, or do not begin, within the season; those that are done harm nobody."""
        if self.season is None:
            return ()
        return tuple(
            each
            for each in self.tasks
            if each.state is not Progress.DONE
            and not all(self.season.holds(known) for known in (each.starts, each.ends) if known)
        )

    @property
    def last(self) -> date | None:
        return max((each.ends for each in self.tasks if each.ends), default=None)

    def bar(self, task: PlannedTask) -> Bar | None:
        """Return where a task lies; None for one without a length."""
        if task.is_moment or not self.timeline or not task.starts or not task.ends:
            return None
        return self.timeline.bar(task.starts, task.ends)

    def mark(self, task: PlannedTask) -> str:
        """Return where the mark of a task without a length lies."""
        return str(self.timeline.x(task.ends)) if self.timeline and task.ends else ""

    def count(self, state: Progress) -> int:
        return sum(each.state is state for each in self.tasks)

    @property
    def done(self) -> int:
        return self.count(Progress.DONE)

    @property
    def doing(self) -> int:
        return self.count(Progress.DOING)

    @property
    def said(self) -> str:
        """Return the finding: «5 задач до 20 мая 2026 г.; готово 2, в работе 1»."""
        count = len(self.tasks)
        if count == self.done:
            return _("Задача одна, и она готова") if count == 1 else _("Готовы все задачи: %(n)s", n=number(count))
        if self.last:
            said = ngettext("%(n)s задача до %(day)s", "%(n)s задач до %(day)s", count, day=day(self.last))
        else:
            said = ngettext("%(n)s задача без срока", "%(n)s задач без сроков", count)
        parts = [_("готово %(n)s", n=number(self.done))] if self.done else []
        parts += [_("в работе %(n)s", n=number(self.doing))] if self.doing else []
        return f"{said}; {', '.join(parts)}" if parts else said


def results(sheet: Sheet) -> PlanResults:
    tasks = _tasks(sheet)
    drawn = tuple(each for each in tasks if each.ends and not each.is_reversed)
    days_drawn = [each for task in drawn for each in (task.starts, task.ends) if each]
    timeline = Timeline(min(days_drawn), max(days_drawn)) if days_drawn else None
    return PlanResults(tasks, drawn, timeline, timeline.ticks() if timeline else (), sheet.season)


def _tasks(sheet: Sheet) -> tuple[PlannedTask, ...]:
    return tuple(_task(row_number, row) for row_number, row in enumerate(sheet.rows))


def _task(row_number: int, row: Row) -> PlannedTask:
    starts, ends = (column.date(row.get(column.key, "")) for column in (STARTS, ENDS))
    state = row.get("state", "")
    return PlannedTask(
        row_number, row.get("task", ""), starts, ends, row.get("who", ""), Progress(state) if state in states() else Progress.AHEAD
    )  # fmt: skip


def checks(sheet: Sheet) -> Iterator[CellProblem]:
    for task in _tasks(sheet):
        if task.is_reversed:
            yield CellProblem(f"starts.{task.row}", _("позже срока"))


def lines(found: PlanResults) -> Sequence[tuple[str, str]]:
    if not found.tasks:
        return []
    said = [(_("Задач"), number(len(found.tasks))), (_("Готово"), number(found.done))]
    return said + ([(_("Последний срок"), day(found.last))] if found.last else [])


def advise(found: PlanResults) -> Iterator[Advice]:
    """Name the tasks that lie outside the season, and those that nobody answers for, unless they are done."""
    yield from _outside(found)
    nobodys = [each for each in found.tasks if each.state is not Progress.DONE and not says_something(each.who)]
    if not nobodys:
        return
    named = [_("«%(title)s»", title=short(each.title, _LONGEST_NAMED)) for each in nobodys if each.title][:_MOST_NAMED]
    more = len(nobodys) - len(named)
    tasks = ", ".join(named)
    if named and more:
        text = _("ни за кем не записаны задачи %(tasks)s и ещё %(n)s", tasks=tasks, n=number(more))
    elif named:
        text = ngettext(
            "ни за кем не записана задача %(tasks)s", "ни за кем не записаны задачи %(tasks)s", len(named), tasks=tasks
        )
    else:
        text = ngettext("ни за кем не записана %(n)s задача", "ни за кем не записаны %(n)s задач", more)
    yield Advice(f"who.{nobodys[0].row}", text)


def printing(_fields: Cells, rows: Sequence[Cells], found: PlanResults) -> Printed:
    finding = said(found.said, "finding") if found.tasks else ()
    drawing = [chart(_("Задачи по месяцам"))] if found.drawn else []
    return Printed((*finding, *drawing, *rows_table(COLUMNS, rows)))


def _outside(found: PlanResults) -> Iterator[Advice]:
    for task in found.outside[:_MOST_NAMED]:
        assert found.season is not None
        column = "ends" if task.ends and not found.season.holds(task.ends) else "starts"
        text = _(
            "задача «%(task)s» не попадает в сезон: он идёт с %(opens)s по %(closes)s", task=short(task.title, _LONGEST_NAMED),
            opens=day(found.season.opens_on), closes=day(found.season.closes_on),
        )  # fmt: skip
        yield Advice(f"{column}.{task.row}", text)


KIND = SheetKind(
    "plan", lambda: _("План: задачи"), columns=COLUMNS, results=results, checks=checks, lines=lines, advise=advise,
    printing=printing, asks_season=True,
)  # fmt: skip
