"""Saving an answer so that no word is ever lost: a stale save is reported, with both texts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from incubator.core import limits
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal, Stale
from incubator.db import run_sql, writing
from incubator.db.references import some_id_of
from incubator.db.table import row_of
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.programme.seasons import section_at
from incubator.programme.tables import Section
from incubator.projects.access import require_may, require_open_document
from incubator.projects.kinds.kind import Typed
from incubator.projects.kinds.registry import kind_of, sheet_kind_of
from incubator.projects.kinds.sheet import BASE
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.revisions import LEAST_LEFT, WITHIN
from incubator.projects.tables import Answer, Project

#: In a form: its text was chosen between two; and the kind of section for which it was made.
CHOICE, KIND = "choice", "kind"


class OtherKind(Refusal):
    """The section is of another kind by now: what was typed for the former one cannot be read as this one's value."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Организатор теперь спрашивает этот раздел иначе. Скопируйте то, что написали, и откройте страницу заново."
            )
        )


def is_of_another_kind(form: Typed, section: Section, suffix: str = "") -> bool:
    """Return whether a form was made while the section was of another kind."""
    return f"{KIND}{suffix}" in form and form.value(f"{KIND}{suffix}") != section.kind


@dataclass(frozen=True, slots=True)
class Written:
    """A section as somebody wrote it, on top of what they had read. ``text``: its value as its kind stores it."""

    text: str
    version: int
    merge: Callable[[str], str | None] | None = None
    """Of a sheet: what it comes to over the value that stands there now; None if two people changed one cell."""
    is_choice: bool = False
    """Chosen between two texts, or taken from an earlier one: what stood there and what comes are both kept as revisions."""


async def answer_of(project_id: int, key: str) -> Answer | None:
    return await Answer.objects().where((Answer.project == project_id) & (Answer.key == key)).first()


async def save_answer(project: Project, key: str, text: str, *, version: int, by: Person) -> Answer:
    """Store ``text`` if the section is still at ``version`` (0: never written).

    Saving an unchanged text does nothing. Raises Stale when somebody else has saved another
    text in the meantime, NotAllowed and Refusal according to the person's access.
    """
    async with writing():
        await open_document(project.id, by)
        return await save_locked(project.id, key, Written(text, version), by)


async def save_section(project_id: int, key: str, form: Typed, *, version: int, by: Person) -> tuple[Answer, Section]:
    """Store a section as somebody typed it, like ``save_answer``; return it too. Nothing else needs to be known of the project.

    Also raises Refusal if the document has no such section, and if the text is too long even for a draft; OtherKind.
    """
    async with writing():
        project = await open_document(project_id, by)
        section = await section_at(some_id_of(project.season), project.stage, key)
        if section is None:
            raise Refusal(_("Такого раздела в документе нет"))
        if is_of_another_kind(form, section):
            raise OtherKind
        value = kind_of(section.kind).typed(form)
        if len(value) > longest_of(section):
            raise Refusal(_("Текст слишком длинный"))
        merge = merging(form, section, value)
        written = Written(value, version, merge, is_choice=bool(form.value(CHOICE)))
        return await save_locked(project_id, key, written, by), section


def merging(form: Typed, section: Section, value: str, suffix: str = "") -> Callable[[str], str | None] | None:
    """Return how the typed value of a sheet is brought together with another; None for a text, or if the page does not say what it read."""
    kind, name = sheet_kind_of(section.kind), f"{BASE}{suffix}"
    return (lambda theirs: kind.merged(form.value(name), theirs, value)) if kind and name in form else None


def either(form: Typed, section: Section, value: str, theirs: str, suffix: str = "") -> tuple[str, str]:
    """Return both values between which somebody chooses, their own first. Those of a sheet differ only in cells that both changed."""
    kind, name = sheet_kind_of(section.kind), f"{BASE}{suffix}"
    return kind.either(form.value(name), theirs, value) if kind and name in form else (value, theirs)


def longest_of(section: Section) -> int:
    """Return how many characters of an unfinished answer are stored."""
    return limits.SHEET if sheet_kind_of(section.kind) else int(section.limit) + limits.OVERRUN


async def save_answers(project: Project, written: Mapping[str, Written], *, by: Person) -> dict[str, Stale]:
    """Store several sections by key, all in one transaction; return those that somebody else has saved in the meantime.

    Raises NotAllowed and Refusal like ``save_answer``.
    """
    async with writing():
        await open_document(project.id, by)
        saved = {key: await _save(project.id, key, each, by) for key, each in written.items()}
        return {key: each for key, each in saved.items() if isinstance(each, Stale)}


async def open_document(project_id: int, by: Person) -> Project:
    """Lock a project and return it, if ``by`` may write in its document now. Raises NotAllowed and Refusal."""
    project = await lock_project(project_id)
    await require_may(by, Action.WRITE, project_id)
    if project.merged_into is not None:
        raise Refusal(_("Этот проект объединили с другим"))
    require_open_document(project)
    return project


async def save_locked(project_id: int, key: str, written: Written, by: Person) -> Answer:
    """Store a section of a project that this transaction has locked and whose document is open. Raises Stale."""
    answer = await _save(project_id, key, written, by)
    if isinstance(answer, Stale):
        raise answer
    return answer


async def _save(project_id: int, key: str, written: Written, by: Person) -> Answer | Stale:
    """Store one section of the locked project, or return why not."""
    written = await _merged(project_id, key, written) if written.merge else written
    answer = await _rewrite(project_id, key, written, by)
    if answer is None:
        current = await answer_of(project_id, key)
        if current and current.text == written.text:
            return current
        blank = Answer(project=project_id, key=key, text="", version=0)
        if current or written.version:
            theirs = current or blank
            message = _("Пока вы писали, этот раздел сохранил кто-то ещё из команды")
            return Stale(message, theirs=theirs, version=theirs.version)
        if not written.text:
            return blank
        answer = Answer(
            project=project_id, key=key, text=written.text, version=1, changed_at=now(), changed_by=by.id,
            begun_at=None if written.is_choice else now(),
        )  # fmt: skip
        await answer.save()
    await run_sql(_CHANGED, answer.changed_at, project_id)
    await record(
        Happened.ANSWERED, by=by, project=project_id, key=key, version=answer.version, length=len(written.text)
    )
    return answer


async def _merged(project_id: int, key: str, written: Written) -> Written:
    """Return what is to be stored if others have changed other cells since the page was made; else ``written`` as it is."""
    current = await answer_of(project_id, key)
    both = written.merge(current.text) if current and written.merge else None
    return Written(both, current.version) if current and both is not None else written


_CHANGED = 'UPDATE "project" SET "changed_at" = {} WHERE "id" = {}'
_REWRITE = """UPDATE "answer" SET "text" = {}, "version" = "version" + 1, "changed_at" = {}, "changed_by" = {}, "begun_at" =
CASE WHEN {} THEN NULL WHEN "changed_by" = {} AND "begun_at" > {} AND length("text") <= {} THEN "begun_at" ELSE {} END
WHERE "project" = {} AND "key" = {} AND "version" = {} AND "text" <> {} RETURNING *"""


async def _rewrite(project_id: int, key: str, written: Written, by: Person) -> Answer | None:
    """Replace the text that was read by another one; None if it is another by now, the same, or the first."""
    text, at = written.text, now()
    begun = (written.is_choice, by.id, at - WITHIN, int(len(text) / LEAST_LEFT), at)
    rows = await run_sql(_REWRITE, text, at, by.id, *begun, project_id, key, written.version, text)
    return row_of(Answer, rows[0]) if rows else None
