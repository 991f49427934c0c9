"""One row of a table of projects, checked: what it says, or everything that is wrong with it."""

import re
from collections.abc import Iterator

from incubator.core import limits
from incubator.core.folding import folded
from incubator.core.languages import _
from incubator.core.text import clean_line, fingerprint
from incubator.core.visible import says_something
from incubator.interchange.html_to_markdown import as_markdown
from incubator.interchange.import_report import ImportReport
from incubator.interchange.people_cells import NamedPerson, WrongAddress, people_in
from incubator.interchange.project_import import CheckedProject, Context, Listed, ReferenceList
from incubator.projects.permissions import ProjectRole
from incubator.tabular.rows import Problem, Row

LONGEST_TEXT = 20_000
LONGEST_ID = 80
#: Of a cell with several people or competencies.
LONGEST_LIST = 3000
LINES = {"title": 200, "team": 80, "help_wanted": 300, "organisation": 200}
#: The fields with people, and their roles in the team.
PEOPLE = {"students": ProjectRole.STUDENT, "teacher": ProjectRole.TEACHER, "coach": ProjectRole.COACH}
#: How many a team may have of each.
_MOST = {ProjectRole.STUDENT: limits.STUDENTS, ProjectRole.TEACHER: 1}


def check_row(row: Row, context: Context, report: ImportReport, first: dict[str, int]) -> CheckedProject | None:
    """Return the row ready to be written; None, with problems in the report, if it is invalid.

    ``first`` has the numbers of the rows before it by what they are recognised by; this one is added.
    """
    return _CheckedRow(row, context, report, first).checked()


class _CheckedRow:
    """One row that is being checked."""

    def __init__(self, row: Row, context: Context, report: ImportReport, first: dict[str, int]) -> None:
        self._row, self._context, self._report, self._first = row, context, report, first
        self._problems: list[Problem] = []

    def checked(self) -> CheckedProject | None:
        if self._row.problem:
            self._report.add(Problem(self._row.number, "", self._row.problem))
            return None
        for name, column in self._context.columns.items():
            if fault := self._row.fault(column):
                self._wrong(name, fault)
        lines = {name: self._line(name, longest) for name, longest in LINES.items()}
        if not says_something(lines["title"]):
            self._wrong("title", _("нет названия"))
        found = CheckedProject(
            number=self._row.number, own_id=self._own_id(lines), title=lines["title"], team=lines["team"],
            help_wanted=lines["help_wanted"], organisation=lines["organisation"],
            cluster=self._listed("cluster", self._context.clusters),
            municipality=self._listed("municipality", self._context.municipalities),
            competencies=tuple(self._competencies()), texts=self._texts(), people=tuple(self._people()),
        )  # fmt: skip
        self._report.add(*self._problems)
        if self._problems:
            return None
        self._report.long += sum(len(found.texts.get(s.key, "")) > s.limit for s in self._context.sections)
        return found

    def _wrong(self, field: str, text: str) -> None:
        column = self._context.columns.get(field, "")
        if not any(problem.column == column for problem in self._problems):
            self._problems.append(Problem(self._row.number, column, text))

    def _readable(self, field: str) -> str:
        return self._row.readable(self._context.columns.get(field, ""))

    def _own_id(self, lines: dict[str, str]) -> str:
        """Return what the row is recognised by: its id, else title, team and organisation."""
        if "id" not in self._context.columns:
            own = fingerprint("|".join(folded(lines[name]) for name in ("title", "team", "organisation")))[:24]
            self._note_first(own, "title")
            return own
        own = clean_line(self._row.text(self._context.columns["id"]))
        if not own:
            self._wrong("id", _("нет номера строки"))
        elif len(own) > LONGEST_ID:
            self._too_long("id", own, LONGEST_ID)
        else:
            self._note_first(own, "id")
        return own

    def _note_first(self, own: str, field: str) -> None:
        before = self._first.setdefault(own, self._row.number)
        if before != self._row.number:
            self._wrong(field, _("то же, что в строке %(row)s", row=before))

    def _line(self, field: str, longest: int) -> str:
        text = clean_line(self._readable(field))
        if len(text) > longest:
            self._too_long(field, text, longest)
        return text

    def _too_long(self, field: str, text: str, longest: int) -> None:
        self._wrong(field, _("знаков %(n)s, а можно не больше %(most)s", n=len(text), most=longest))

    def _listed(self, field: str, options: ReferenceList) -> Listed | None:
        value = clean_line(self._readable(field))
        found = options.find(value) if value else None
        if value and found is None:
            self._unknown(field, value, options)
        return found

    def _unknown(self, field: str, value: str, options: ReferenceList) -> None:
        like = options.like(value)
        listed = _("Есть: %(names)s", names=", ".join(like)) if like else ""
        self._wrong(field, " ".join(filter(None, (_("«%(text)s» нет в списке.", text=value[:60]), listed))))

    def _competencies(self) -> Iterator[Listed]:
        """Yield the competencies, parted by semicolons, line breaks or, where that fits no name, commas."""
        found: dict[int, Listed] = {}
        if len(self._readable("competencies")) > LONGEST_LIST:
            self._too_long("competencies", self._readable("competencies"), LONGEST_LIST)
            return
        for part in re.split(r"[;\n]", self._readable("competencies")):
            whole = self._context.competencies.find(part.strip())
            for name in filter(None, map(str.strip, [part] if whole else part.split(","))):
                if (listed := self._context.competencies.find(name)) is None:
                    self._unknown("competencies", name, self._context.competencies)
                    return
                found[listed.id] = listed
        if len(found) > limits.COMPETENCIES:
            self._wrong(
                "competencies",
                _("компетенций %(n)s, а можно не больше %(most)s", n=len(found), most=limits.COMPETENCIES),
            )
        yield from found.values()

    def _texts(self) -> dict[str, str]:
        """Return the non-empty sections by key."""
        texts = {}
        for section in self._context.sections:
            text = as_markdown(self._readable(section.key))
            if len(text) > LONGEST_TEXT:
                self._too_long(section.key, text, LONGEST_TEXT)
            elif says_something(text):
                texts[section.key] = text
        return texts

    def _people(self) -> Iterator[tuple[str, NamedPerson]]:
        for field, role in PEOPLE.items():
            if len(self._readable(field)) > LONGEST_LIST:
                self._too_long(field, self._readable(field), LONGEST_LIST)
                continue
            try:
                people = people_in(self._readable(field))
            except WrongAddress as error:
                self._wrong(field, _("«%(text)s» – не адрес почты", text=str(error)[:60]))
                continue
            if len(people) > _MOST.get(role, len(people)):
                self._wrong(field, _("людей %(n)s, а можно не больше %(most)s", n=len(people), most=_MOST[role]))
            yield from ((role.value, person) for person in people)
