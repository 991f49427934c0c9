"""The data for the page of a team's document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from incubator.attachments.people_on import unsaid_among
from incubator.core.clock import now
from incubator.core.languages import localized, ngettext
from incubator.gates.facts import Gathered, gather, in_words, renamed, requirement_in_words
from incubator.gates.rules import GATES, Blocker, Doer, Dossier
from incubator.http.prose import Prose, prose_of
from incubator.people.tables import Person
from incubator.programme.seasons import rules_of
from incubator.programme.stages import Stage
from incubator.programme.tables import StageRule
from incubator.projects.access import Access, unvouched_among
from incubator.projects.comments import comments_on
from incubator.projects.deadline import Deadline
from incubator.projects.deadlines import deadline_if_reopened
from incubator.projects.document import Part, advice_of, submissions_of, texts_to_render
from incubator.projects.kinds.files import KIND as FILES
from incubator.projects.kinds.files import refs_in
from incubator.projects.kinds.kind import Advice
from incubator.projects.lifecycle import WRITABLE, State
from incubator.projects.permissions import STUDENT_ROLES, ProjectRole
from incubator.projects.tables import Comment, Member, Project, Submission
from incubator.projects.team import Mate
from incubator.publication.tables import PublicVersion
from incubator.publication.versions import shown_or_waiting
from incubator.reviews.reviewing.threads_shown import Threads, threads_in
from incubator.reviews.tables import Decision, Remark


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One line of the gate's checklist."""

    done: bool
    text: str
    href: str = ""
    doer: Doer = Doer.TEAM
    member: int | None = None
    """The person whom it concerns, if it is one."""


def in_document(project_id: int, key: str) -> str:
    """Return where a section stands on the page of all sections."""
    return f"/projects/{project_id}#s-{key}"


def on_its_own(project_id: int, key: str) -> str:
    """Return a section's own page."""
    return f"/projects/{project_id}/answers/{key}"


#: How much of what a gate waits for stands in the list of one's projects.
WAITS_SHOWN = 3

#: Where a page leads whoever wants to write in a section.
SectionPlace = Callable[[int, str], str]


def checks(project: Project, dossier: Dossier, place: SectionPlace = in_document) -> list[ChecklistLine]:
    """Return a line for each requirement, followed by a line for each of its blockers."""
    lines: list[ChecklistLine] = []
    for requirement, missing in GATES[Stage(project.stage)].checklist(dossier):
        if requirement.code == "remarks" and not dossier.remarks:
            continue
        if (
            requirement.code == "cells" and not missing
        ):  # nothing to tick off: most documents have no cells, or right ones
            continue
        if not missing:
            lines.append(ChecklistLine(True, requirement_in_words(requirement.code, dossier)))
        lines += [ChecklistLine(False, in_words(b), _href(project, b, place), b.doer, b.member) for b in missing]
    return lines


def _by_doer(lines: Sequence[ChecklistLine], reader_id: int) -> dict[str, list[ChecklistLine]]:
    left: dict[str, list[ChecklistLine]] = {each: [] for each in ("you", *Doer)}
    for line in lines:
        if not line.done:
            is_readers = line.doer is Doer.THEMSELVES and line.member == reader_id
            left["you" if is_readers else line.doer].append(line)
    return {doer: found for doer, found in left.items() if found}


def _href(project: Project, blocker: Blocker, place: SectionPlace) -> str:
    """Return the page on which the team can fix it."""
    base = f"/projects/{project.id}"
    if blocker.key:
        return place(project.id, blocker.key)
    if blocker.code in {"title", "cluster", "municipality", "organisation"}:
        return f"{base}/details#f-{blocker.code}"
    if blocker.code in {
        "teacher",
        "teacher_waits",
        "consent",
        "consent_teenager",
        "name",
        "no_student",
        "no_captain",
        "nobody",
    }:
        return f"{base}/team"
    if blocker.code == "late":
        return f"{base}/talk"
    return "/profile" if blocker.code == "email" else ""


@dataclass(frozen=True, slots=True)
class Group:
    """The sections of one stage."""

    stage: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Workplace:
    way: Access
    groups: list[Group]
    checks: list[ChecklistLine]
    advice: list[ChecklistLine]
    """What a machine sees in the sheets: it closes no gate."""
    advised: dict[str, dict[str, str]]
    """The same by the key of the section and the place of the cell."""
    remarks: dict[str, list[Remark]]
    comments: dict[str, list[Comment]]
    threads: Threads
    """What was said below both."""
    mates: list[Mate]
    names: dict[int, str]
    """The mates' names as the reader may see them."""
    submissions: list[Submission]
    rule: StageRule
    deadline: Deadline | None
    offered: Deadline | None
    """What a stopped or withdrawn team gets by default when it is reopened."""
    shown: list[PublicVersion]
    """Versions that wait for the showcase or are public."""
    last_decision: Decision | None
    prose: Prose
    """HTML of the sections, the comments and the decision."""

    @property
    def project(self) -> Project:
        return self.way.project

    @property
    def is_passed(self) -> bool:
        """Return whether the last gate was passed."""
        return self.last_decision is not None and self.last_decision.outcome == "advance"

    @property
    def is_ready(self) -> bool:
        return all(check.done for check in self.checks)

    @property
    def is_late(self) -> bool:
        return self.deadline is not None and self.deadline.is_over(now())

    @property
    def is_close(self) -> bool:
        """Return whether a submission that is taken back could hardly be handed in again."""
        return self.deadline is not None and self.deadline.is_close(now())

    @property
    def missing(self) -> int:
        """Return how many things the gate still waits for."""
        return sum(not check.done for check in self.checks)

    @property
    def done(self) -> list[ChecklistLine]:
        return [check for check in self.checks if check.done]

    @property
    def left(self) -> dict[str, list[ChecklistLine]]:
        """Return what the gate still waits for, by who does it: "you" for what only the reader can do, who comes first."""
        return _by_doer(self.checks, self.way.person.id)

    @property
    def parts(self) -> list[Part]:
        """Return all sections as they stand on the page."""
        return [part for group in self.groups for part in group.parts]

    @property
    def unplaced(self) -> list[Comment]:
        """Return the comments on the document as a whole, and on sections that it does not ask any more."""
        asked = {part.key for part in self.parts}
        return [comment for key, found in self.comments.items() if key not in asked for comment in found]

    @property
    def to_write(self) -> Part:
        """Return the section to go on with: one that was remarked, else the first that is asked for and empty, else the first."""
        remarked = {key for key, found in self.remarks.items() if any(each.addressed_at is None for each in found)}
        wanting = [part for part in self.parts if part.section.is_required and not part.says_something]
        return next((part for part in self.parts if part.key in remarked), next(iter(wanting), self.parts[0]))

    @property
    def pictures_page(self) -> str:
        """Return the page on which the team adds pictures; nothing if the document asks for none yet."""
        first = next((part for part in self.parts if part.kind is FILES), None)
        return f"/projects/{self.project.id}/files/new/{first.key}" if first else ""

    @property
    def filled(self) -> int:
        return sum(part.says_something for part in self.parts)

    @property
    def asked(self) -> int:
        return len(self.parts)


async def workplace(way: Access, place: SectionPlace = in_document) -> Workplace:
    """Return the page's data. About twenty queries, whatever the size of the document."""
    project = way.project
    gathered = (await gather([project]))[project.id]
    mates, parts, dossier = gathered.mates, gathered.parts, gathered.dossier
    names = {mate.person.id: way.name_of(mate.person) for mate in mates}
    decision, comments = await last_released(project.id), await comments_on(project.id)
    stages = list(dict.fromkeys(part.section.stage for part in parts))
    remarks: dict[str, list[Remark]] = {}
    for remark in gathered.remarks:
        remarks.setdefault(remark.key, []).append(remark)
    advised = advice_of(parts)
    return Workplace(
        way=way,
        advised=_by_place(advised),
        groups=[Group(stage, [p for p in parts if p.section.stage == stage]) for stage in reversed(stages)],
        checks=checks(project, renamed(dossier, names.__getitem__), place),
        advice=[*_advice_lines(project.id, parts, advised, place), *await _unsaid_faces(project.id, parts)],
        remarks=remarks,
        comments=comments,
        threads=await threads_in(way, (comment for each in comments.values() for comment in each), gathered.remarks),
        mates=mates,
        names=names,
        submissions=await submissions_of(project.id),
        rule=(await rules_of(project.season.id))[project.stage],
        deadline=dossier.deadline,
        offered=await deadline_if_reopened(project),
        shown=await shown_or_waiting(project.id),
        last_decision=decision,
        prose=await prose_of(
            [
                decision.reason if decision else "",
                *texts_to_render(parts),
                *(comment.text for each in comments.values() for comment in each),
            ]
        ),
    )


def _advice_lines(
    project_id: int, parts: Sequence[Part], advised: Mapping[str, Sequence[Advice]], place: SectionPlace
) -> list[ChecklistLine]:
    return [
        ChecklistLine(False, f"{localized(part.section, 'title')}: {each.message}", place(project_id, part.key))
        for part in parts
        for each in advised[part.key]
    ]


async def _unsaid_faces(project_id: int, parts: Sequence[Part]) -> list[ChecklistLine]:
    """Return a line if the document shows files of which nobody has said who is on them. One query, none without files."""
    named = sorted({ref.id for part in parts if part.kind is FILES for ref in refs_in(part.value)})
    count = await unsaid_among(named, project_id) if named else 0
    if not count:
        return []
    said = ngettext(
        "%(n)s файл: не сказано, кто на нём. Пока не скажете, на витрину он не попадёт.",
        "Файлов, о которых не сказано, кто на них: %(n)s. Пока не скажете, на витрину они не попадут.",
        count,
    )
    return [ChecklistLine(False, said, f"/projects/{project_id}/files")]


def _by_place(advised: Mapping[str, Sequence[Advice]]) -> dict[str, dict[str, str]]:
    return {key: {each.place: each.message for each in found} for key, found in advised.items()}


async def last_released(project_id: int) -> Decision | None:
    """Return the decision on the newest submission that has a released one."""
    return (
        await Decision.objects(Decision.submission)
        .where((Decision.submission.project == project_id) & Decision.released())
        .order_by(Decision.submission, ascending=False)
        .first()
    )


@dataclass(frozen=True, slots=True)
class Mine:
    """A project in a person's list, with its gate's blockers."""

    project: Project
    role: str
    missing: int
    deadline: Deadline | None
    is_late: bool
    waits: list[ChecklistLine]
    """What the gate still waits for, first of all from the reader; the first few lines."""

    @property
    def is_open(self) -> bool:
        return self.project.state in WRITABLE


async def projects_of(person: Person) -> list[Mine]:
    """Return the projects of which the person is a member: those that go on, then the others, newest first."""
    rows = await Member.objects(Member.person).where(Member.person == person.id)
    roles, unvouched = {row.project: row.role for row in rows}, await unvouched_among(rows)
    strangers = {row.project for row in rows if row.id in unvouched}
    projects = (
        await Project.objects(Project.season, Project.organisation)
        .where(Project.id.is_in(list(roles) or [0]))
        .order_by(Project.changed_at, ascending=False)
    )
    gathered = await gather(projects)
    mine = []
    for project in projects:
        role = ProjectRole.UNVOUCHED if project.id in strangers else roles[project.id]
        dossier = _as_named(gathered[project.id], Access(project, person, role))
        mine.append(_mine(project, roles[project.id], dossier, person.id))
    return sorted(mine, key=lambda each: not each.is_open)


def _as_named(gathered: Gathered, way: Access) -> Dossier:
    """Return the facts with the members' names as this person may read them."""
    names = {mate.person.id: way.name_of(mate.person) for mate in gathered.mates}
    return renamed(gathered.dossier, names.__getitem__)


def _mine(project: Project, role: str, dossier: Dossier, person_id: int) -> Mine:
    lines = checks(project, dossier, on_its_own) if project.state == State.DRAFT else []
    left = _by_doer(lines, person_id)
    first = [Doer.ADULTS] if role == ProjectRole.TEACHER else [Doer.TEAM] if role in STUDENT_ROLES else []
    waits = [line for doer in ("you", *first) for line in left.get(doer, [])]
    return Mine(
        project, role, sum(not line.done for line in lines), dossier.deadline, dossier.is_late, waits[:WAITS_SHOWN]
    )
