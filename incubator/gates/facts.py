"""Collecting the facts that a gate checks, and wording its blockers."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain

from incubator.core.clock import arrival
from incubator.core.formatting import deadline
from incubator.core.languages import _, localized, ngettext
from incubator.core.refusals import Refusal
from incubator.core.text import short
from incubator.core.visible import says_something
from incubator.db.references import id_of
from incubator.gates.rules import GATES, Blocker, Dossier, MemberFact, RemarkFact, SectionFact
from incubator.people.consents import ConsentState
from incubator.programme.stages import Stage
from incubator.projects.consents import PARTICIPATION, TAKES_PART, states_of_taking_part
from incubator.projects.deadlines import binding_deadlines
from incubator.projects.document import Part, documents_of
from incubator.projects.kinds.registry import TEXT
from incubator.projects.permissions import ProjectRole
from incubator.projects.tables import Project
from incubator.projects.team import Mate, teams_of, unvouched_in
from incubator.reviews.reviewing.remarks import open_remarks_of
from incubator.reviews.tables import Remark


class GateClosed(Refusal):
    """The gate's requirements are not met; ``blockers`` says why."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__(_("Рубеж пока закрыт"), tuple(in_words(b) for b in blockers))
        self.blockers = blockers


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was loaded about a project to see whether its gate is open."""

    mates: list[Mate]
    parts: list[Part]
    remarks: list[Remark]
    """Of the latest released return."""
    dossier: Dossier


async def dossier_of(project: Project) -> Dossier:
    """Return the current facts about ``project``. Ten queries at most."""
    return (await dossiers_of([project]))[project.id]


async def dossiers_of(projects: Sequence[Project]) -> dict[int, Dossier]:
    """Return the facts about each project, as ``dossier_of``. Ten queries at most, whatever their number."""
    return {project: gathered.dossier for project, gathered in (await gather(projects)).items()}


async def gather(projects: Sequence[Project]) -> dict[int, Gathered]:
    """Return the facts about each project with what they were made of. Ten queries at most, whatever their number."""
    ids = [project.id for project in projects]
    teams = await teams_of(ids)
    consents = await states_of_taking_part(sorted({mate.person.id for mate in chain.from_iterable(teams.values())}))
    unvouched = await unvouched_in([*chain.from_iterable(teams.values())])
    deadlines, moment = await binding_deadlines(projects), arrival()
    documents = await documents_of(projects)
    remarks = await open_remarks_of(ids)
    dossiers = {
        project.id: Dossier(
            now=moment,
            deadline=deadlines[project.id],
            has_title=says_something(project.title),
            has_cluster=id_of(project.cluster) is not None,
            has_municipality=id_of(project.municipality) is not None,
            has_organisation=id_of(project.organisation) is not None,
            has_teacher=bool(_teachers(teams[project.id], without=unvouched)),
            sections=tuple(_section(part) for part in documents[project.id]),
            members=tuple(_member(mate, consents) for mate in teams[project.id]),
            remarks=tuple(_remark(each) for each in _answerable(remarks[project.id], documents[project.id])),
            is_teacher_invited=bool(_teachers(teams[project.id])),
        )
        for project in projects
    }
    return {each: Gathered(teams[each], documents[each], remarks[each], dossiers[each]) for each in ids}


def renamed(dossier: Dossier, name_of: Callable[[int], str]) -> Dossier:
    """Return the dossier with the members' names as its reader may see them; ``name_of`` gets a person's id."""
    return replace(dossier, members=tuple(replace(m, name=name_of(m.person_id)) for m in dossier.members))


def _answerable(remarks: list[Remark], document: list[Part]) -> list[Remark]:
    """Return the remarks that the team can still address: not those on a section that the season does not ask any more."""
    asked = {part.key for part in document}
    return [remark for remark in remarks if remark.key in asked]


def _teachers(team: list[Mate], *, without: AbstractSet[int] = frozenset()) -> list[Mate]:
    """Return the teachers of a team, except those with the member ids ``without``."""
    return [mate for mate in team if mate.role == ProjectRole.TEACHER and mate.member.id not in without]


def _section(part: Part) -> SectionFact:
    s = part.section
    return SectionFact(
        s.key, localized(s, "title"), s.is_required, len(part.value) if part.kind is TEXT else 0, s.limit,
        not part.says_something, tuple(part.kind.problems(part.value)),
    )  # fmt: skip


def _member(mate: Mate, consents: Mapping[tuple[int, str], ConsentState]) -> MemberFact:
    """An adult who accompanies the team may have given the document of those who work in the programme instead."""
    person = mate.person
    documents = (PARTICIPATION,) if mate.is_student else TAKES_PART
    return MemberFact(
        person_id=person.id,
        name=person.name,
        is_student=mate.is_student,
        has_name=says_something(person.given_name) and says_something(person.family_name),
        has_participation=any(consents.get((person.id, each)) is ConsentState.HOLDING for each in documents),
        awaits_teenager=consents.get((person.id, PARTICIPATION)) is ConsentState.TEENAGER,
        has_confirmed_email=person.email_confirmed_at is not None,
        is_captain=mate.role == ProjectRole.CAPTAIN,
        has_mailbox=person.has_mailbox,
        is_adult=person.is_adult,
    )


def _remark(remark: Remark) -> RemarkFact:
    return RemarkFact(remark.id, remark.key, remark.text, remark.addressed_at is not None)


async def blockers_of(project: Project) -> list[Blocker]:
    return GATES[Stage(project.stage)].blockers(await dossier_of(project))


def in_words(b: Blocker) -> str:
    """Return what is missing, as a sentence for the team."""
    texts = {
        "title": lambda: _("Дайте проекту название"),
        "cluster": lambda: _("Выберите кластер"),
        "municipality": lambda: _("Укажите район"),
        "organisation": lambda: _("Укажите школу или колледж"),
        "section_empty": lambda: _("Напишите раздел «%(title)s»", title=b.subject),
        "document_empty": lambda: _("Напишите хотя бы один раздел"),
        "cell": lambda: _("Раздел «%(title)s»: %(what)s", title=b.subject, what=b.what),
        "no_student": lambda: _("В команде нет ни одного участника: пригласите их"),
        "no_captain": lambda: _("У команды нет капитана: некому подтвердить адрес"),
        "nobody": lambda: _("В команде никого нет: согласия давать некому"),
        "section_long": lambda: ngettext(
            "Сократите раздел «%(title)s» на %(n)s знак",
            "Сократите раздел «%(title)s» на %(n)s знака",
            b.amount,
            title=b.subject,
        ),
        "name": lambda: _("%(name)s: впишите имя и фамилию в профиле", name=b.subject),
        "teacher": lambda: _("Пригласите педагога"),
        "teacher_waits": lambda: _("Педагога ещё не подтвердили: ждём организатора или коллегу из школы"),
        "email": lambda: _("%(name)s: подтвердите адрес почты", name=b.subject),
        "no_mailbox": lambda: _(
            "%(name)s без почты: письма за команду прочтёт педагог, пригласите его", name=b.subject
        ),
        "consent": lambda: _("%(name)s: нет согласия на участие", name=b.subject),
        "consent_teenager": lambda: _(
            "%(name)s: родитель согласен, осталось нажать «Я тоже даю согласие» в профиле", name=b.subject
        ),
        "remark": lambda: _("Учтите замечание: %(text)s", text=short(b.subject, 80)),
        "late": lambda: _(
            "Срок подачи прошёл: %(until)s. Напишите организатору, он может его продлить.", until=deadline(b.until)
        ),
    }
    return texts[b.code]()


def requirement_in_words(code: str, dossier: Dossier) -> str:
    """Return the requirement as a line of the checklist."""
    return {
        "details": _("Название, кластер, район и организация указаны"),
        "sections": _("Все обязательные разделы написаны"),
        "limits": _("Тексты не длиннее предела"),
        "cells": _("В таблицах нет ошибок"),
        "names": _("У всех участников есть имя и фамилия"),
        "teacher": _("В команде есть педагог, которого знает программа"),
        "email": _("Адрес капитана подтверждён")
        if all(m.has_mailbox for m in dossier.members if m.is_captain)
        else _("Капитан без почты, письма команде читает педагог"),
        "consents": _("Есть согласия на участие каждого"),
        "remarks": _("Замечания учтены"),
        "deadline": _("Срок: до %(day)s", day=deadline(dossier.deadline.until)) if dossier.deadline else _("Срока нет"),
    }[code]
