"""Deleting an empty or test project, as organiser: what hangs on it is counted first, and only the journal remains."""

from dataclasses import dataclass

from incubator.attachments.tables import Attachment
from incubator.core import limits
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.core.text import clean_line
from incubator.db import run_sql, writing
from incubator.gates.farewell import farewell
from incubator.gates.submit import close_submission
from incubator.history.record import Happened, record
from incubator.notifications.tell import tell_now, tell_rest_of
from incubator.people.tables import Person
from incubator.projects.access import require_may, require_reason
from incubator.projects.audiences import team_readers
from incubator.projects.former_members import keep_people_of
from incubator.projects.lifecycle import State
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.tables import Answer, Comment, Member, News, Project, Submission
from incubator.publication.entry import publication_of
from incubator.publication.index import leave
from incubator.reviews.assignment.audiences import mentors_set_free
from incubator.reviews.assignment.endings import Ending
from incubator.reviews.tables import Decision, Post, Review
from incubator.search.postings import hold

#: The longest text that each section ever held, in characters.
_LONGEST = """
SELECT key, MAX(LENGTH(text)) AS letters FROM (
    SELECT key, text FROM answer WHERE project = {}
    UNION ALL SELECT key, text FROM answer_revision WHERE project = {}
) AS held WHERE text <> '' GROUP BY key
"""


@dataclass(frozen=True, slots=True)
class Hanging:
    """How much would go with a project."""

    people: int
    texts: int
    written: int
    """Sections in which something was ever written: what was emptied can be put back."""
    letters: int
    """Of the longest text that each of them ever held."""
    files: int
    news: int
    comments: int
    posts: int
    versions: int
    reviews: int
    decisions: int
    is_public: bool

    @property
    def is_next_to_nothing(self) -> bool:
        """Return whether nobody has written more than the sentence with which a project begins."""
        others = (self.files, self.news, self.comments, self.posts, self.versions, self.reviews, self.decisions)
        return self.written <= 1 and self.letters <= limits.PITCH and not any(others) and not self.is_public

    @property
    def is_judged(self) -> bool:
        """Return whether mentors or organisers have worked on it: then deleting it has to be confirmed twice."""
        return bool(self.reviews or self.decisions)


async def hanging_on(project_id: int) -> Hanging:
    """Return what hangs on the project. Eleven queries."""
    longest = [int(row["letters"]) for row in await run_sql(_LONGEST, project_id, project_id)]
    submissions = [row["id"] for row in await Submission.select(Submission.id).where(Submission.project == project_id)]
    publication = await publication_of(project_id)
    return Hanging(
        people=await Member.count().where(Member.project == project_id),
        texts=await Answer.count().where((Answer.project == project_id) & (Answer.text != "")),
        written=len(longest),
        letters=sum(longest),
        files=await Attachment.count().where(Attachment.project == project_id),
        news=await News.count().where(News.project == project_id),
        comments=await Comment.count().where(Comment.project == project_id),
        posts=await Post.count().where(Post.project == project_id),
        versions=len(submissions),
        reviews=await Review.count().where(Review.submission.is_in(submissions or [0]) & Review.sent()),
        decisions=await Decision.count().where(Decision.submission.is_in(submissions or [0])),
        is_public=publication is not None and publication.is_public,
    )


def name_to_type(project: Project) -> str:
    """Return what has to be typed to delete the project."""
    return project.title or _("без названия")


async def delete_project(project: Project, *, typed: str, reason: str, with_reviews: bool = False, by: Person) -> None:
    """Delete the project with all that hangs on it; accounts stay. The team is told by mail, mentors who read it too.

    Raises Refusal unless its title was ``typed``, and ``with_reviews`` is set if it was reviewed or decided;
    ProjectGone if it is gone already.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.MANAGE, project.id)
        await require_deletable(project, typed=typed, reason=reason, with_reviews=with_reviews)
        await erase(project, reason=reason, by=by)


async def require_deletable(project: Project, *, typed: str, reason: str, with_reviews: bool) -> None:
    """Raise Refusal unless an organiser has said why, typed the title and confirmed what goes with the project."""
    require_reason(reason)
    if clean_line(typed) != clean_line(name_to_type(project)):
        raise Refusal(_("Название не совпало: впишите его в точности"))
    if (await hanging_on(project.id)).is_judged and not with_reviews:
        raise Refusal(_("У проекта есть рецензии или решения. Подтвердите, что их тоже надо удалить."))


async def erase(project: Project, *, reason: str, by: Person) -> None:
    """Delete the project now, and tell whom it concerns. Call inside a transaction that has locked it."""
    await hold()
    if project.state == State.IN_REVIEW:
        closed = await close_submission(project, Ending.DELETED, by=by)
        await tell_now(await mentors_set_free(closed, Ending.DELETED), "withdrawn", "assignments")
    await tell_rest_of(project.id)
    await tell_now(await team_readers(project, "/projects", await farewell(project, reason)), "deleted")
    await record(Happened.PROJECT_DELETED, by=by, project=project.id, title=project.title, reason=reason)
    await erase_rows(project.id)


async def erase_rows(project_id: int) -> None:
    """Delete the rows in an order that the foreign keys allow; the rest goes with the project."""
    publication = await publication_of(project_id)
    if publication is not None:
        await leave(publication)
        await publication.save()
    submissions = [row["id"] for row in await Submission.select(Submission.id).where(Submission.project == project_id)]
    if submissions:
        await Decision.update({Decision.supersedes: None}).where(Decision.submission.is_in(submissions))
        await Decision.delete().where(Decision.submission.is_in(submissions))
        await Submission.delete().where(Submission.id.is_in(submissions))
    await keep_people_of(project_id)
    await Project.delete().where(Project.id == project_id)
