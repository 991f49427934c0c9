"""Inviting the people whom an imported table names: one mail to each address, with all the teams that wait for it."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from incubator.core import limits
from incubator.core.languages import _, ngettext, override_locale
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.interchange.import_report import ImportReport
from incubator.interchange.project_context import opened
from incubator.interchange.project_import import Context
from incubator.interchange.project_rows import check_row
from incubator.interchange.tables import ImportedRow
from incubator.mail.free_text import harmless
from incubator.mail.outbox import queue
from incubator.people.accounts import person_by_email
from incubator.people.tables import Person
from incubator.projects.invitations import issue
from incubator.projects.role_words import team_role_title
from incubator.projects.tables import Invitation, Member, Project

#: Teams that one mail lists by name.
_LISTED = 20


async def invite_people(path: Path, context: Context, *, by: Person | None) -> int:
    """Invite everybody whom the rows of this import name with an address; return to how many addresses a mail went.

    Who is in the team already, or was invited to it with the same role, is left out, so that it can be started again. There is
    no limit of mails: nobody gets more than one from an import.
    """
    rows = await ImportedRow.select(ImportedRow.number, ImportedRow.project).where(
        (ImportedRow.batch == context.batch) & ImportedRow.is_new.eq(True) & ImportedRow.project.is_not_null()
    )
    wanted: dict[str, list[tuple[int, str]]] = {}
    for project, role, email in _named(path, context, {row["number"]: row["project"] for row in rows}):
        wanted.setdefault(email, []).append((project, role))
    return sum([await _invite(email, places, by) for email, places in wanted.items()])


def _named(path: Path, context: Context, projects: dict[int, int]) -> Iterator[tuple[int, str, str]]:
    """Yield the project, the role and the address of everybody whom the file names in a row of this import."""
    table = opened(path, context.wish, context.sections)
    for row in table.rows:
        if row.number in projects and (checked := check_row(row, context, ImportReport(), {})) is not None:
            yield from ((projects[row.number], role, person.email) for role, person in checked.people if person.email)


async def _invite(email: str, places: list[tuple[int, str]], by: Person | None) -> int:
    """Mail one address its invitations; return 1 if there are any."""
    async with writing():
        person = await person_by_email(email)
        left = [each for each in places if await _is_open(each, email, person)]
        titles = await _titles([project for project, _role in left])
        links = []
        for project, role in left:
            secret, invitation = await issue(role, by=by, email=email, project=project)
            await record(Happened.INVITED, by=by, project=project, role=role, mailed=True, invitation=invitation)
            links.append((titles[project], role, f"/invitations/{secret}"))
        if links:
            await _mail(email, links, locale=person.locale if person else "ru")
        return int(bool(links))


async def _is_open(place: tuple[int, str], email: str, person: Person | None) -> bool:
    """Return whether nobody with this address is in the team or has been invited to it."""
    project, role = place
    if person is not None and await Member.exists().where((Member.project == project) & (Member.person == person.id)):
        return False
    same = (Invitation.project == project) & (Invitation.role == role) & (Invitation.email == email)
    return not await Invitation.exists().where(same)


async def _titles(projects: list[int]) -> dict[int, str]:
    rows = await Project.select(Project.id, Project.title).where(Project.id.is_in(projects or [0]))
    return {row["id"]: row["title"] for row in rows}


async def _mail(email: str, links: list[tuple[str, str, str]], *, locale: str) -> None:
    """Mail the invitations: the first link opens the account, where the others wait as well."""
    with override_locale(locale):
        listed = "\n".join(
            f"– {_quoted(title)}, {team_role_title(role)}" for title, role, _link in islice(links, _LISTED)
        )
        if len(links) > _LISTED:
            listed += "\n" + ngettext("и ещё %(n)s команда", "и ещё %(n)s команд", len(links) - _LISTED)
        others = [_("Остальные приглашения ждут вас на сайте, когда вы войдёте.")] if len(links) > 1 else []
        await queue(
            email,
            _("Вас зовут в команду проекта"),
            _("Организаторы программы внесли ваш адрес в список и приглашают вас:"),
            listed,
            _("Откройте ссылку, чтобы согласиться или отказаться. Если это ошибка, просто не отвечайте."),
            *others,
            _("Ссылка действует две недели и только для вашего адреса."),
            link=links[0][2],
            locale=locale,
        )


def _quoted(title: str) -> str:
    return _("«%(title)s»", title=harmless(title, limits.TEAM_NAME))
