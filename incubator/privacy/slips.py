"""Slips that a teacher hands out: what is still to be signed for a child, until when, and the family's code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from incubator import config
from incubator.core.clock import day_of, now
from incubator.core.formatting import day
from incubator.core.languages import _, current_locale
from incubator.core.printed_codes import in_groups
from incubator.core.refusals import Refusal
from incubator.core.text import short
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.privacy.consent_matrix import Pupil, children_of
from incubator.privacy.sheets import WantedSheet, code_for_family, hold_entitlement_to
from incubator.projects.consents import PARTICIPATION, purpose_title
from incubator.projects.deadlines import binding_deadlines
from incubator.projects.tables import Project
from incubator.typesetting.qr import qr_code, standalone
from incubator.typesetting.typst import typeset

#: Slips of one file.
MOST_SLIPS = 120


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for one child."""

    name: str
    team: str
    missing: tuple[str, ...]
    """Purposes."""
    until: date | None
    """The day of the gate; None: no date, or it is over."""
    code: str
    """Empty: an adult, who signs alone."""


async def make_slips(wanted: Sequence[tuple[int | None, int]], *, by: Person) -> list[Slip]:
    """Make a slip for each child (team or None for a class, person) for whom anything is missing, by name.

    Raises NotAllowed as for sheets, and Refusal if nobody is chosen or nothing is missing.
    """
    if not wanted:
        raise Refusal(_("Отметьте хотя бы одного ученика"))
    if len(wanted) > MOST_SLIPS:
        raise Refusal(_("За один раз печатается не больше %(most)s памяток: отметьте меньше", most=MOST_SLIPS))
    async with writing():
        ids = sorted({person for _project, person in wanted})
        await hold_entitlement_to([WantedSheet(person, project, PARTICIPATION) for project, person in wanted], by)
        children = await children_of(await Person.objects().where(Person.id.is_in(ids)))
        teams = await _teams(project for project, _person in wanted)
        order = sorted(set(wanted), key=lambda each: (each[0] or 0, children[each[1]].person.name))
        slips = [
            await _slip(children[person], *teams[project], by=by)
            for project, person in order
            if _missing(children[person])
        ]
        if not slips:
            raise Refusal(_("У отмеченных всё подписано: напоминать некому"))
        await record(Happened.SLIPS_MADE, by=by, count=len(slips))
        return slips


def _missing(child: Pupil) -> tuple[str, ...]:
    """Return the purposes for which the family has not answered yet."""
    return tuple(cell.purpose for cell in child.cells if cell.awaits_family)


async def _slip(child: Pupil, team: str, until: date | None, *, by: Person) -> Slip:
    code = "" if child.signs_alone else await code_for_family(child.person.id, by=by)
    return Slip(child.person.name, team, _missing(child), until, code)


async def _teams(projects: Iterable[int | None]) -> dict[int | None, tuple[str, date | None]]:
    """Return the title of each team and the day of its gate, if that is still to come."""
    rows = await Project.objects().where(Project.id.is_in(sorted({each for each in projects if each}) or [0]))
    deadlines, at = await binding_deadlines(rows), now()
    found: dict[int | None, tuple[str, date | None]] = {None: ("", None)}
    for row in rows:
        deadline = deadlines[row.id]
        found[row.id] = row.title, day_of(deadline.until) if deadline and deadline.until > at else None
    return found


async def drawn_slips(slips: Sequence[Slip]) -> bytes:
    """Return the slips as a PDF in the reader's language, five on a page of A4, to be cut apart."""
    base = config.settings.base_url
    data = {
        "locale": current_locale(),
        "address": f"{urlsplit(base).netloc}/family",
        "words": {
            "title": _("Памятки семьям"),
            "lead": _("Здравствуйте! Для программы «От идеи – к проекту» ещё нужна ваша подпись:"),
            "optional": _("Имя и фото – как решите вы: можно и не подписывать."),
            "code": _("Ваш код"),
            "how": _("По нему видно, что показано о ребёнке, и согласие можно забрать в любой день:"),
            "own": _("Вам уже 18: подпишите бланк или дайте согласие на сайте, в профиле."),
        },
        "slips": [
            {
                "name": short(slip.name, 60),
                "team": short(slip.team, 70),
                "has_optional": bool(slip.code) and slip.missing != (PARTICIPATION,),
                "missing": [_in_words(purpose) for purpose in slip.missing],
                "until": _("Верните педагогу до %(day)s", day=day(slip.until)) if slip.until else _("Верните педагогу"),
                "code": in_groups(slip.code),
                "qr": standalone(qr_code(f"{base}/family/{slip.code}")) if slip.code else "",
            }
            for slip in slips
        ],
    }
    return await typeset("privacy/slips.typ", data, format="pdf")


def words_for_chat(until: datetime | None) -> str:
    """Return words for the parents' chat, which name nobody; ``until``: when the first gate closes, if any does."""
    return _(
        "Здравствуйте! Ребята делают проект в программе «От идеи – к проекту». Чтобы команда могла его сдать, нужны "
        "ваши подписи на бланках: участие обязательно, имя и фото на сайте – как решите вы. С 14 лет ребёнок тоже "
        "подписывает. Низ листа с кодом оставьте дома: по нему на странице %(site)s/family видно, что показано о "
        "ребёнке, и согласие можно забрать в любой день. Подписанные листы верните мне%(until)s. Спасибо!",
        site=config.settings.base_url,
        until=" " + _("до %(day)s", day=day(until)) if until else "",
    )


def _in_words(purpose: str) -> str:
    title = purpose_title(purpose)
    return _("%(document)s – без него команду не допустят", document=title) if purpose == PARTICIPATION else title
