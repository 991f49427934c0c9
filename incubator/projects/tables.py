"""A team's living document: project, members, answers, frozen submissions, comments."""

from typing import Any

from piccolo.columns import Boolean, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique

from incubator.core.clock import now
from incubator.core.folding import folded
from incubator.db.conditions import Condition
from incubator.db.indexes import Index
from incubator.db.table import ForeignKey, Table
from incubator.people.tables import Person
from incubator.programme.tables import Season
from incubator.reference.tables import Cluster, Competency, Municipality, Organisation


class Project(Table):
    """A team's project, and its current stage and state."""

    id: Serial
    season = ForeignKey(Season, null=False, on_delete=OnDelete.restrict)
    slug = Varchar(length=90, unique=True)
    title = Varchar(length=200, default="")
    team_name = Varchar(length=80, default="")
    folded = Varchar(length=300, default="")
    """Title and team name as searches compare them; see ``core/folding.py``."""
    stage = Varchar(length=10, default="idea")
    state = Varchar(length=12, default="draft")
    round = SmallInt(default=1)
    """The attempt at this stage's gate: 1 at first, +1 with every return."""
    cluster = ForeignKey(Cluster, null=True, default=None, on_delete=OnDelete.set_null)
    municipality = ForeignKey(Municipality, null=True, default=None, on_delete=OnDelete.set_null)
    organisation = ForeignKey(Organisation, null=True, default=None, on_delete=OnDelete.set_null)
    help_wanted = Varchar(length=300, default="")
    details_version = Integer(default=1)
    external_id = Varchar(length=120, null=True, default=None, unique=True)
    """Source of the import, as ``source:id``; makes imports idempotent."""
    merged_into: Any = ForeignKey("self", null=True, default=None, on_delete=OnDelete.set_null)
    """The team's other project, if this one was a duplicate: its address leads there."""
    first_merged_into: Any = ForeignKey("self", null=True, default=None, on_delete=OnDelete.set_null)
    """The project that took its texts, also once that one was merged into another."""
    begun_from: Any = ForeignKey("self", null=True, default=None, on_delete=OnDelete.set_null)
    """The project of an earlier season whose texts came along."""
    deletes_at = Timestamptz(null=True, default=None)
    """When the deletion that an organiser asked for takes effect; until then it can be kept (``gates/planned_deletion.py``)."""
    created_at = Timestamptz()
    changed_at = Timestamptz()

    @classmethod
    def own(cls) -> Condition:
        """Return the condition that it is no duplicate of another project."""
        condition: Condition = cls.merged_into.is_null()
        return condition

    @staticmethod
    def folded_of(title: str, team_name: str) -> str:
        """Return the value of ``folded``."""
        return folded(f"{title} {team_name}")[:300]


class FormerSlug(Table):
    """A former slug of a published project, which still redirects to it."""

    id: Serial
    slug = Varchar(length=90, unique=True)
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)


class ProjectCompetency(Table):
    """A competency that a project exercises."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    competency = ForeignKey(Competency, null=False, on_delete=OnDelete.cascade)

    project_competency_once = Unique([project, competency])


class Member(Table):
    """Captain, student, teacher or coach of one project."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    role = Varchar(length=10)
    joined_at = Timestamptz()
    vouched_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    """Who vouched for this adult in this team; somebody known to the programme needs nobody (people/vouching.py)."""
    vouched_at = Timestamptz(null=True, default=None)
    public_given = Varchar(length=60, default="")
    public_family = Varchar(length=60, default="")
    """The name as an organiser approved it with a public version; empty: the public does not read one yet."""
    asked_name = Varchar(length=130, default="")
    """The newest public name about which organisers were asked."""

    member_once = Unique([project, person])


class FormerMember(Table):
    """Somebody who was in the team of a project that is deleted and whose texts live on in this one."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    was_coach = Boolean(default=False)

    former_member_once = Unique([project, person])


class ExpectedMember(Table):
    """Somebody whom a table named as of the team, before they had an account: texts may say their name already."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    given_name = Varchar(length=60, default="")
    family_name = Varchar(length=60, default="")
    patronymic = Varchar(length=60, default="")


class Invitation(Table):
    """An invitation link to a team, or to the work of a mentor or an organiser."""

    id: Serial
    token_hash = Varchar(length=64, unique=True)
    role = Varchar(length=10)
    project = ForeignKey(Project, null=True, default=None, on_delete=OnDelete.cascade)
    organisation = ForeignKey(Organisation, null=True, default=None, on_delete=OnDelete.set_null)
    email = Varchar(length=254, default="")
    """The address it was mailed to; empty: a link that the team passes on itself."""
    invited_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    is_from_server = Boolean(default=False)
    """Made by the command line, which needs nobody's permission."""
    created_at = Timestamptz()
    expires_at = Timestamptz()
    accepted_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)

    @classmethod
    def open(cls) -> Condition:
        """Return the condition that its link is valid now."""
        return cls.revoked_at.is_null() & cls.accepted_at.is_null() & (cls.expires_at > now())


class Answer(Table):
    """The current text of one section. ``version`` counts its saves."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    key = Varchar(length=40)
    text = Text(default="")
    version = Integer(default=1)
    changed_at = Timestamptz()
    changed_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    begun_at = Timestamptz(null=True, default=None)
    """When the revision that stands here was begun; None: it is complete, and the next save begins another (``revisions.py``)."""

    answer_once = Unique([project, key])


class AnswerRevision(Table):
    """What a section held before somebody went on writing it; kept by a trigger (``revision_trigger.py``)."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    key = Varchar(length=40)
    version = Integer()
    text = Text()
    saved_at = Timestamptz()
    saved_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)


class SelfCheck(Table):
    """How a team sees its own draft against one criterion of its stage. Nobody else reads it, and nothing counts it."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    stage = Varchar(length=20)
    key = Varchar(length=40)
    """Of the criterion: it stays when an organiser rewords the criterion."""
    level = Integer()

    self_check_once = Unique([project, stage, key])


class Submission(Table):
    """A frozen version of the document that a team submitted at a gate."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.restrict)
    number = Integer()
    """Version number: counts all submissions of the project."""
    stage = Varchar(length=10)
    round = SmallInt()
    title = Varchar(length=200)
    folded = Varchar(length=300, default="")
    """The title as searches compare it; see ``core/folding.py``."""
    grammar = SmallInt(default=0)
    """Version of the Markdown grammar that rendered the HTML in ``content``."""
    rubric = Text(default="[]")
    """JSON list: ids of the criteria by which it is judged."""
    submitted_at = Timestamptz()
    submitted_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    taken_back_at = Timestamptz(null=True, default=None)
    content = Text()
    """JSON list of frozen sections; see ``document.Frozen``. The last column: lists that do not show it need not read past it."""

    submission_number = Unique([project, number])

    @property
    def is_taken_back(self) -> bool:
        return self.taken_back_at is not None

    @classmethod
    def standing(cls) -> Condition:
        """Return the condition that the team has not withdrawn it."""
        return cls.taken_back_at.is_null()

    @classmethod
    def pending_of(cls, project: Project) -> Condition:
        """Return the condition that it is the version with which ``project`` is in review."""
        at_gate = (cls.project == project.id) & (cls.stage == project.stage) & (cls.round == project.round)
        return at_gate & cls.standing()


#: For raw SQL, after FROM: the versions in review (``s``), with their projects (``p``).
#: ``Submission.pending_of`` and ``document.lies_in_review`` express the same for one project.
SUBMISSIONS_IN_REVIEW = (
    '"submission" s JOIN "project" p ON p."id" = s."project" AND p."state" = \'in_review\' '
    'AND p."stage" = s."stage" AND p."round" = s."round" AND s."taken_back_at" IS NULL'
)


class Erratum(Table):
    """A typo in a submitted version that an organiser corrected: readers get the new text, reviews keep the old one."""

    id: Serial
    submission = ForeignKey(Submission, null=False, on_delete=OnDelete.cascade)
    key = Varchar(length=40, default="")
    """The section; empty: the title."""
    before = Text()
    after = Text()
    html = Text(default="")
    """Of the corrected section."""
    grammar = SmallInt(default=0)
    """Version of the Markdown grammar that rendered it."""
    reason = Varchar(length=500)
    corrected_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    at = Timestamptz()


class RoundDeadline(Table):
    """A team's own date for one round: given with a return or a reopening, or extended. The newest one binds."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    stage = Varchar(length=10)
    round = SmallInt()
    until = Timestamptz()
    """The last second in which the team may submit."""
    cause = Varchar(length=10)
    """Why the stage's date does not bind: see ``deadline.Cause``."""
    reason = Varchar(length=500, default="")
    given_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    at = Timestamptz()


class Comment(Table):
    """A comment of a teacher or a coach on a section; never part of the document."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    key = Varchar(length=40, default="")
    text = Text()
    author = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    at = Timestamptz()
    is_resolved = Boolean(default=False)

    @classmethod
    def open(cls) -> Condition:
        """Return the condition that nobody has resolved it."""
        return cls.is_resolved.eq(False)


class News(Table):
    """A team's short news: what the team wrote, and what the public reads of it once an organiser approved that.

    ``title``, ``content`` and ``grammar`` are the public copy, as in ``publication/tables.py: PublicVersion``: empty before the approval and after the end.
    """

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    headline = Varchar(length=100)
    text = Text(default="")
    """Markdown."""
    picture = Varchar(length=80, default="")
    """As a cell names it (``kinds/file_ref.py``); empty: none."""
    caption = Varchar(length=200, default="")
    version = Integer(default=1)
    written_at = Timestamptz()
    written_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    is_waiting = Boolean(default=False)
    """The team has offered it and no organiser has answered, or who is on its picture has to be looked at again."""
    offered_at = Timestamptz(null=True, default=None)
    offered_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    published_at = Timestamptz(null=True, default=None)
    """The first approval: when it became news."""
    approved_at = Timestamptz(null=True, default=None)
    approved_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    ended_at = Timestamptz(null=True, default=None)
    """When it was refused or taken off; it can be offered again."""
    refusal = Text(default="")
    title = Varchar(length=200, default="")
    content = Text(default="[]")
    """JSON list of sections: its text, and its picture."""
    grammar = SmallInt(default=0)
    """Version of the Markdown grammar that rendered the HTML in ``content``."""

    @property
    def is_public(self) -> bool:
        return self.approved_at is not None and self.ended_at is None

    @property
    def may_be_changed(self) -> bool:
        """Return whether the team may write in it: neither an organiser nor the public reads it now."""
        return not self.is_waiting and not self.is_public

    @classmethod
    def public(cls) -> Condition:
        """Return the condition that everybody may read it, if its project is public."""
        return cls.approved_at.is_not_null() & cls.ended_at.is_null()

    @classmethod
    def waiting(cls) -> Condition:
        return cls.is_waiting.eq(True)


TABLES = [
    Project,
    FormerSlug,
    ProjectCompetency,
    Member,
    FormerMember,
    ExpectedMember,
    Invitation,
    Answer,
    AnswerRevision,
    SelfCheck,
    Submission,
    Erratum,
    RoundDeadline,
    Comment,
    News,
]

INDEXES = [
    Index("captain_once", (Member.project,), where="\"role\" = 'captain'", is_unique=True),
    Index("teacher_once", (Member.project,), where="\"role\" = 'teacher'", is_unique=True),
    Index("member_person", (Member.person,)),
    Index("project_season", (Project.season, Project.merged_into, Project.stage, Project.state)),
    Index("project_state", (Project.state,)),
    Index("project_merged", (Project.merged_into,)),
    Index("project_begun_from", (Project.begun_from,)),
    Index("project_first_merged_into", (Project.first_merged_into,)),
    Index("project_folded", (Project.folded, Project.id)),
    Index("project_changed", (Project.changed_at, Project.id)),
    Index("invitation_project", (Invitation.project,)),
    Index("answer_revision_section", (AnswerRevision.project, AnswerRevision.key, AnswerRevision.id)),
    Index("erratum_submission", (Erratum.submission,)),
    Index("round_deadline_project", (RoundDeadline.project,)),
    Index("comment_project", (Comment.project,)),
    Index("news_project", (News.project, News.published_at)),
    Index("news_waiting", (News.offered_at,), where='"is_waiting"'),
    Index("news_published", (News.published_at, News.id)),
]
