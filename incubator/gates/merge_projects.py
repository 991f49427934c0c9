"""Merging a duplicate into the team's other project, as organiser. Nothing is lost: what differs stands side by side."""

from dataclasses import dataclass

from incubator.attachments.tables import Attachment
from incubator.core import limits
from incubator.core.clock import now
from incubator.core.languages import _, ngettext
from incubator.core.refusals import Refusal
from incubator.core.visible import says_something
from incubator.db import writing
from incubator.gates.submit import close_submission
from incubator.history.record import Happened, record
from incubator.notifications.audiences import readers
from incubator.notifications.tell import tell_now
from incubator.people.tables import Person
from incubator.programme.stages import Stage
from incubator.projects.access import require_may, require_reason
from incubator.projects.deadlines import join_deadlines
from incubator.projects.details import competency_ids
from incubator.projects.document import parts_of
from incubator.projects.former_members import ever_in_teams
from incubator.projects.kinds.files import KIND as FILES_KIND
from incubator.projects.kinds.files import joined
from incubator.projects.kinds.registry import text_of
from incubator.projects.lifecycle import State
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action, ProjectRole
from incubator.projects.tables import (
    Answer,
    AnswerRevision,
    Comment,
    FormerSlug,
    Invitation,
    Member,
    News,
    Project,
    ProjectCompetency,
)
from incubator.projects.team import Mate, team_of
from incubator.projects.transition import put
from incubator.publication.entry import refresh_facets
from incubator.publication.following import move_followers
from incubator.publication.passages import copy_hidden
from incubator.publication.publish import end_all
from incubator.publication.tables import AwardGiven
from incubator.publication.withdrawals import hide_expected, hide_newcomer
from incubator.reviews.assignment.declared_conflicts import withdraw_barred
from incubator.reviews.assignment.endings import Ending
from incubator.reviews.tables import Conflict, Post
from incubator.search.postings import hold

#: Details that are taken over where the project that stays has none.
_DETAILS = ("title", "team_name", "help_wanted", "cluster", "municipality", "organisation")


@dataclass(frozen=True, slots=True)
class Merging:
    """What merging would move."""

    joining: list[Mate]
    left_out: list[Mate]
    """Members for whom there is no place: a second teacher."""
    moved: list[str]
    """Keys of sections that only the duplicate has written."""
    compared: list[str]
    """Keys of sections that both have written differently: the duplicate's text becomes a comment."""


async def merging_of(duplicate: Project, into: Project) -> Merging:
    """Return what merging would move. Six queries."""
    joining, left_out = _newcomers(await team_of(into.id), await team_of(duplicate.id))
    own, theirs = await _texts(into.id), await _texts(duplicate.id)
    return Merging(
        joining=joining,
        left_out=left_out,
        moved=[key for key in theirs if key not in own],
        compared=[key for key, text in theirs.items() if own.get(key, text) != text],
    )


def _newcomers(there: list[Mate], others: list[Mate]) -> tuple[list[Mate], list[Mate]]:
    """Return who joins the team, and who cannot: a team has one teacher."""
    known = {mate.person.id for mate in there}
    has_teacher = any(mate.role == ProjectRole.TEACHER for mate in there)
    new = [mate for mate in others if mate.person.id not in known]
    left_out = [mate for mate in new if has_teacher and mate.role == ProjectRole.TEACHER]
    return [mate for mate in new if mate not in left_out], left_out


async def _texts(project_id: int) -> dict[str, str]:
    rows = await Answer.select(Answer.key, Answer.text).where(Answer.project == project_id).order_by(Answer.id)
    texts = {row["key"]: text_of(row["text"]) for row in rows}
    return {key: text for key, text in texts.items() if says_something(text)}


async def merge_projects(duplicate: Project, into: Project, *, reason: str, by: Person) -> None:
    """Merge ``duplicate`` into the project that stays: people, comments and missing texts move, its address leads there.

    Its captain leads the team where there is none, and the later date binds.

    Its versions and reviews stay what they are, for organisers. The team is told by mail. Raises Refusal for the same
    project, one that is merged or graduated, another season, or too many students.
    """
    require_reason(reason)
    if duplicate.id == into.id:
        raise Refusal(_("Это один и тот же проект: выберите другой"))
    async with writing():
        # In the order of their ids, so that two merges cannot wait for each other.
        rows = {project_id: await lock_project(project_id) for project_id in sorted({duplicate.id, into.id})}
        duplicate, into = rows[duplicate.id], rows[into.id]
        for project in (duplicate, into):
            await require_may(by, Action.MANAGE, project.id)
        _require_mergeable(duplicate, into)
        await hold()
        closed = (
            (await close_submission(duplicate, Ending.MERGED, by=by)).id if duplicate.state == State.IN_REVIEW else None
        )
        await join_deadlines(duplicate, into, was_submitted=closed is not None, by=by)
        await end_all(duplicate, by=by)
        plan, before = await merging_of(duplicate, into), (await ever_in_teams([into.id]))[into.id]
        await tell_now(readers([mate.person for mate in plan.left_out], "/projects", title=duplicate.title), "removed")
        await _move_people(duplicate, into, plan)
        await _move_texts(duplicate, into, plan, by)
        await _move_the_rest(duplicate, into)
        await copy_hidden(duplicate.id, into.id, by=by)
        await _lead_there(duplicate, into)
        await refresh_facets(into.id)
        await withdraw_barred(into.id)
        await record(
            Happened.PROJECTS_MERGED, by=by, project=into.id, duplicate=duplicate.id, title=duplicate.title,
            reason=reason, closed=closed,
        )  # fmt: skip
    came = (await ever_in_teams([into.id]))[into.id] - before
    for person in await Person.objects().where(Person.id.is_in(sorted(came) or [0])).order_by(Person.id):
        await hide_newcomer(into.id, person)
    await hide_expected(into.id)


def _require_mergeable(duplicate: Project, into: Project) -> None:
    if duplicate.merged_into is not None or into.merged_into is not None:
        raise Refusal(_("Этот проект уже объединён с другим"))
    if duplicate.state == State.GRADUATED:
        raise Refusal(_("Этот проект прошёл весь путь: оставьте его и присоедините к нему другой"))
    if into.deletes_at is not None:
        raise Refusal(_("Проект, который должен остаться, скоро удалят: сначала верните его"))
    if duplicate.season != into.season:
        raise Refusal(_("Проекты из разных сезонов не объединяются"))


async def _move_people(duplicate: Project, into: Project, plan: Merging) -> None:
    there = await team_of(into.id)
    students = sum(mate.is_student for mate in [*there, *plan.joining])
    if students > limits.STUDENTS:
        raise Refusal(
            _("Вместе выйдет больше %(n)s участников: сначала уберите тех, кто в команду не входит", n=limits.STUDENTS)
        )
    await Member.delete().where(Member.project == duplicate.id)
    has_captain = any(mate.role == ProjectRole.CAPTAIN for mate in there)
    for mate in plan.joining:
        was = mate.member
        role = ProjectRole.STUDENT.value if mate.is_student and has_captain else mate.role
        member = Member(project=into.id, person=mate.person.id, role=role, joined_at=was.joined_at)
        member.vouched_by, member.vouched_at = was.vouched_by, was.vouched_at
        await member.save()
    await Invitation.update({Invitation.revoked_at: now()}).where(
        (Invitation.project == duplicate.id) & Invitation.open()
    )


async def _move_texts(duplicate: Project, into: Project, plan: Merging, by: Person) -> None:
    texts = await _texts(duplicate.id)
    if plan.moved:
        known = Answer.key.is_in(plan.moved) & Answer.project.is_in([duplicate.id, into.id])
        newest: dict[str, int] = {}
        for row in await Answer.select(Answer.key, Answer.version).where(known):
            newest[row["key"]] = max(newest.get(row["key"], 0), row["version"])
        await Answer.delete().where((Answer.project == into.id) & Answer.key.is_in(plan.moved))
        await Answer.update({Answer.project: into.id}).where(
            (Answer.project == duplicate.id) & Answer.key.is_in(plan.moved)
        )
        for (
            key,
            version,
        ) in newest.items():  # above both: whoever had either text open is told that it is another one now
            await Answer.update({Answer.version: version + 1}).where((Answer.project == into.id) & (Answer.key == key))
        await AnswerRevision.update({AnswerRevision.project: into.id}).where(
            (AnswerRevision.project == duplicate.id) & AnswerRevision.key.is_in(plan.moved)
        )
    kinds = {part.key: part.kind.key for part in await parts_of(into)}
    for key in plan.compared:
        said = _("Так этот раздел написан в объединённом проекте «%(title)s»:", title=duplicate.title)
        if kinds.get(key) == FILES_KIND.key:
            said = await _join_files(key, duplicate, into)
        await Comment(
            project=into.id, key=key if key in kinds else "", text=f"{said}\n\n{texts[key]}", author=by.id, at=now()
        ).save()


async def _join_files(key: str, duplicate: Project, into: Project) -> str:
    """Add the duplicate's pictures and files to a section that both have filled; return in words what was done."""
    own, theirs = [
        await Answer.objects().where((Answer.project == project.id) & (Answer.key == key)).first()
        for project in (into, duplicate)
    ]
    assert own is not None
    assert theirs is not None
    text, left = joined(own.text, theirs.text)
    await Answer.update({Answer.text: text, Answer.version: own.version + 1, Answer.changed_at: now()}).where(
        Answer.id == own.id
    )
    said = _("Из объединённого проекта «%(title)s» сюда добавлены файлы:", title=duplicate.title)
    if not left:
        return said
    rest = ngettext("%(n)s файл не поместился", "%(n)s файлов не поместилось", left)
    return f"{said}\n\n" + _("%(rest)s: месяц их можно вернуть из убранных.", rest=rest)


async def _move_the_rest(duplicate: Project, into: Project) -> None:
    """Move files, comments, posts, news, declared conflicts, awards, competencies and followers, and fill in details that are missing."""
    await Attachment.update({Attachment.project: into.id}).where(Attachment.project == duplicate.id)
    await Comment.update({Comment.project: into.id}).where(Comment.project == duplicate.id)
    await Post.update({Post.project: into.id}).where(
        (Post.project == duplicate.id) & Post.submission.is_null() & Post.remark.is_null()
    )
    await _move_conflicts(duplicate.id, into.id)
    given = [row["award"] for row in await AwardGiven.select(AwardGiven.award).where(AwardGiven.project == into.id)]
    await AwardGiven.update({AwardGiven.project: into.id}).where(
        (AwardGiven.project == duplicate.id) & AwardGiven.award.not_in(given or [0])
    )
    own = await competency_ids(into.id)
    more = [competency for competency in await competency_ids(duplicate.id) if competency not in own]
    for competency in more[: max(0, limits.COMPETENCIES - len(own))]:
        await ProjectCompetency(project=into.id, competency=competency).save()
    await _fill_in_details(duplicate, into)
    await News.update({News.project: into.id}).where(News.project == duplicate.id)
    await move_followers(duplicate.id, into.id)


async def _fill_in_details(duplicate: Project, into: Project) -> None:
    missing = {name: getattr(duplicate, name) for name in _DETAILS if not getattr(into, name)}
    if missing := {name: value for name, value in missing.items() if value}:
        named = {name: missing.get(name, getattr(into, name)) for name in ("title", "team_name")}
        changes = {
            **missing, "folded": Project.folded_of(**named), "details_version": into.details_version + 1,
        }  # fmt: skip
        await Project.update({getattr(Project, name): value for name, value in changes.items()}).where(
            Project.id == into.id
        )


async def _move_conflicts(duplicate_id: int, into_id: int) -> None:
    """Move declared conflicts of interest, except those that the same person has declared there as well."""
    there = await Conflict.objects().where((Conflict.project == into_id) & Conflict.in_force())
    known = {(row.mentor, row.declared_by) for row in there}
    for row in await Conflict.objects().where((Conflict.project == duplicate_id) & Conflict.in_force()):
        if (row.mentor, row.declared_by) not in known:
            await Conflict.update({Conflict.project: into_id}).where(Conflict.id == row.id)


async def _lead_there(duplicate: Project, into: Project) -> None:
    """Close the duplicate, and let its addresses lead to the project that stays."""
    await put(duplicate, State.WITHDRAWN, stage=Stage(duplicate.stage), round=duplicate.round)
    await Project.update({Project.deletes_at: None}).where(Project.id == duplicate.id)
    await Project.update({Project.merged_into: into.id}).where(
        (Project.id == duplicate.id) | (Project.merged_into == duplicate.id)
    )
    await Project.update({Project.first_merged_into: into.id}).where(Project.id == duplicate.id)
    await FormerSlug.update({FormerSlug.project: into.id}).where(FormerSlug.project == duplicate.id)
    await FormerSlug(slug=duplicate.slug, project=into.id).save()
