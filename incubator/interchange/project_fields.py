"""What a table of projects may hold, and which of its columns that is. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from incubator.core.folding import folded
from incubator.core.languages import _, current_locale
from incubator.tabular.headings import TableColumn

_NOISE = re.compile(r"\([^)]*\)|[^\w\s№]")


@dataclass(frozen=True, slots=True)
class ProjectField:
    """One thing that a column can hold."""

    key: str
    title: str
    """In the reader's language."""
    names: tuple[str, ...] = ()
    """How people call it, besides key and title."""
    is_wide: bool = True
    """A heading that only begins so is taken for it as well; not where a wrong guess would invite or mix up somebody."""


def fields(sections: Iterable[tuple[str, str, str]]) -> list[ProjectField]:
    """Return all fields of a table of projects; ``sections``: key, Russian and English title of the document's sections."""
    own = [
        ProjectField("id", _("Номер строки"), ("id", "номер", "№", "№ п/п", "п/п", "код", "ид", "number", "no"), is_wide=False),
        ProjectField("title", _("Название проекта"), (
            "название", "название проекта", "название идеи", "название работы", "проект", "идея", "тема", "тема проекта", "наименование",
            "наименование проекта", "название вашего проекта", "название вашей идеи", "полное название проекта", "title", "project", "name",
            "project title", "project name",
        ), is_wide=False),
        ProjectField("team", _("Название команды"), ("команда", "название команды", "team", "team name")),
        ProjectField("organisation", _("Школа, колледж или вуз"), (
            "организация", "школа", "колледж", "вуз", "образовательная организация", "образовательное учреждение", "учебное заведение",
            "место учебы", "оо", "organisation", "organization", "school",
        )),
        ProjectField("municipality", _("Район или город"), (
            "район", "муниципалитет", "муниципальное образование", "муниципальный район", "округ", "город", "мо", "municipality", "district",
        )),
        ProjectField("cluster", _("Кластер"), ("кластер", "промышленный кластер", "отрасль", "направление", "cluster")),
        ProjectField("competencies", _("Компетенции"), ("компетенции", "компетенция", "competencies", "skills")),
        ProjectField("help_wanted", _("Какая помощь нужна"), (
            "нужна помощь", "какая помощь нужна", "помощь", "запрос", "что нужно команде", "help wanted", "help_wanted",
        )),
        ProjectField("students", _("Участники с адресами"), (
            "участники", "участник", "ученики", "студенты", "авторы", "автор", "состав команды", "состав", "участники команды", "участники проекта", "авторы проекта", "фио участников", "students", "members",
        ), is_wide=False),
        ProjectField("teacher", _("Педагог с адресом"), (
            "педагог", "учитель", "руководитель", "руководитель проекта", "преподаватель", "руководитель команды", "педагог руководитель", "научный руководитель", "фио руководителя", "фио педагога",
            "teacher", "supervisor",
        ), is_wide=False),
        ProjectField("coach", _("Консультант с адресом"), ("консультант", "наставник", "наставники", "эксперт", "coach", "mentor", "mentors"), is_wide=False),
    ]  # fmt: skip
    is_russian = current_locale() == "ru"
    return own + [ProjectField(key, ru if is_russian else en, (ru, en)) for key, ru, en in sections]


def guessed(columns: Sequence[TableColumn], wanted: Iterable[ProjectField]) -> dict[str, str]:
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


def _first_match(field: ProjectField, headings: dict[str, str], is_match: Callable[[str, set[str]], bool]) -> str:
    forms = {_form(name) for name in (field.key, field.title, *field.names)} - {""}
    return next((name for name, form in headings.items() if is_match(form, forms)), "")


def _is_equal(heading: str, forms: set[str]) -> bool:
    return heading in forms


def _begins(heading: str, forms: set[str]) -> bool:
    return any(len(form) >= 5 and heading.startswith(f"{form} ") for form in forms)


def _form(name: str) -> str:
    plain = _NOISE.sub(" ", name.replace("_", " ").replace("№", " номер "))
    return folded(plain)


def recognises(wanted: Iterable[ProjectField]) -> "Recogniser":
    """Return what tells whether a heading is one of the fields."""
    return Recogniser(
        frozenset(_form(name) for field in wanted for name in (field.key, field.title, *field.names)) - {""}
    )


@dataclass(frozen=True, slots=True)
class Recogniser:
    forms: frozenset[str]

    def __call__(self, heading: str) -> bool:
        return _form(heading) in self.forms
