"""The gate as data: named requirements over a dossier of facts. Pure.

``GATES[stage].blockers(dossier)`` is the checklist on the page, the refusal of the
verb and the answer of the API: one rule, three uses.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incubator.programme.stages import Stage
from incubator.projects.deadline import Deadline
from incubator.projects.kinds.kind import CellProblem


@dataclass(frozen=True, slots=True)
class SectionFact:
    key: str
    title: str
    is_required: bool
    length: int
    limit: int
    is_empty: bool
    """It says nothing: there is no text, or none that shows."""
    problems: tuple[CellProblem, ...] = ()
    """Of its cells, if it has any."""


@dataclass(frozen=True, slots=True)
class MemberFact:
    person_id: int
    name: str
    is_student: bool
    has_name: bool
    has_participation: bool
    has_confirmed_email: bool
    is_captain: bool = False
    has_mailbox: bool = True
    """If not, the team's teacher reads what is mailed to the team."""
    awaits_teenager: bool = False
    """A guardian consented by link; the member, 14 or older, has not agreed yet."""
    is_adult: bool = False


@dataclass(frozen=True, slots=True)
class RemarkFact:
    remark_id: int
    key: str
    text: str
    is_addressed: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """All facts that a gate may check, at one moment."""

    now: datetime
    deadline: Deadline | None
    has_title: bool
    has_cluster: bool
    has_municipality: bool
    has_organisation: bool
    has_teacher: bool
    sections: tuple[SectionFact, ...]
    members: tuple[MemberFact, ...]
    remarks: tuple[RemarkFact, ...]
    is_teacher_invited: bool = False
    """There is a teacher; if ``has_teacher`` is false, one for whom nobody responsible has vouched yet."""

    @property
    def is_late(self) -> bool:
        return self.deadline is not None and self.deadline.is_over(self.now)


class Doer(StrEnum):
    """Who can do what the gate still waits for."""

    TEAM = "team"
    """Whoever writes in the document."""
    THEMSELVES = "themselves"
    """The member whom it concerns, nobody else."""
    ADULTS = "adults"
    """The teacher, the school and the families."""
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why the gate is closed: ``code`` is the reason, ``subject`` whom or what it concerns."""

    code: str
    subject: str = ""
    amount: int = 0
    key: str = ""
    until: datetime | None = None
    what: str = ""
    doer: Doer = Doer.TEAM
    member: int | None = None
    """The person whom it concerns, if it is one."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """``code`` identifies the requirement; ``missing`` yields what is not met.

    A requirement is met by what is there: a team without members meets none that is about members.
    """

    code: str
    missing: Callable[[Dossier], Iterator[Blocker]]


def _details(d: Dossier) -> Iterator[Blocker]:
    for code, has in (
        ("title", d.has_title),
        ("cluster", d.has_cluster),
        ("municipality", d.has_municipality),
        ("organisation", d.has_organisation),
    ):
        if not has:
            yield Blocker(code)


def _sections_filled(d: Dossier) -> Iterator[Blocker]:
    if all(s.is_empty for s in d.sections) and not any(s.is_required for s in d.sections):
        yield Blocker("document_empty")
    for s in d.sections:
        if s.is_required and s.is_empty:
            yield Blocker("section_empty", s.title, key=s.key)


def _limits_kept(d: Dossier) -> Iterator[Blocker]:
    for s in d.sections:
        if s.length > s.limit:
            yield Blocker("section_long", s.title, s.length - s.limit, s.key)


def _cells_right(d: Dossier) -> Iterator[Blocker]:
    for s in d.sections:
        for problem in s.problems:
            yield Blocker("cell", s.title, key=s.key, what=problem.message)


def _team_named(d: Dossier) -> Iterator[Blocker]:
    if not any(m.is_student for m in d.members):
        yield Blocker("no_student")
    for m in d.members:
        if m.is_student and not m.has_name:
            yield Blocker("name", m.name, doer=Doer.THEMSELVES, member=m.person_id)


def _teacher_present(d: Dossier) -> Iterator[Blocker]:
    if not d.has_teacher:
        yield Blocker("teacher_waits", doer=Doer.ADULTS) if d.is_teacher_invited else Blocker("teacher")


def _address_confirmed(d: Dossier) -> Iterator[Blocker]:
    if not any(m.is_captain for m in d.members):
        yield Blocker("no_captain")
    for m in d.members:
        if m.is_captain and not m.has_mailbox and not d.has_teacher:
            yield Blocker("no_mailbox", m.name)
        if m.is_captain and m.has_mailbox and not m.has_confirmed_email:
            yield Blocker("email", m.name, doer=Doer.THEMSELVES, member=m.person_id)


def _all_consented(d: Dossier) -> Iterator[Blocker]:
    if not d.members:
        yield Blocker("nobody")
    for m in d.members:
        if not m.has_participation:
            is_own = m.awaits_teenager or m.is_adult
            yield Blocker(
                "consent_teenager" if m.awaits_teenager else "consent",
                m.name,
                doer=Doer.THEMSELVES if is_own else Doer.ADULTS,
                member=m.person_id,
            )


def _remarks_addressed(d: Dossier) -> Iterator[Blocker]:
    for r in d.remarks:
        if not r.is_addressed:
            yield Blocker("remark", r.text, key=r.key)


def _on_time(d: Dossier) -> Iterator[Blocker]:
    if d.deadline and d.is_late:
        yield Blocker("late", until=d.deadline.until, doer=Doer.OFFICE)


DETAILS = Requirement("details", _details)
SECTIONS_FILLED = Requirement("sections", _sections_filled)
LIMITS_KEPT = Requirement("limits", _limits_kept)
CELLS_RIGHT = Requirement("cells", _cells_right)
TEAM_NAMED = Requirement("names", _team_named)
TEACHER_PRESENT = Requirement("teacher", _teacher_present)
ADDRESS_CONFIRMED = Requirement("email", _address_confirmed)
ALL_CONSENTED = Requirement("consents", _all_consented)
REMARKS_ADDRESSED = Requirement("remarks", _remarks_addressed)
ON_TIME = Requirement("deadline", _on_time)


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate at the end of a stage; ``to`` None: graduation."""

    to: Stage | None
    requires: tuple[Requirement, ...]

    def checklist(self, dossier: Dossier) -> list[tuple[Requirement, list[Blocker]]]:
        """Return every requirement with its blockers; no blockers means that it is met."""
        return [(r, list(r.missing(dossier))) for r in self.requires]

    def blockers(self, dossier: Dossier) -> list[Blocker]:
        return [blocker for _r, missing in self.checklist(dossier) for blocker in missing]


_ALWAYS = (
    DETAILS,
    SECTIONS_FILLED,
    LIMITS_KEPT,
    CELLS_RIGHT,
    TEAM_NAMED,
    TEACHER_PRESENT,
    ADDRESS_CONFIRMED,
    ALL_CONSENTED,
    REMARKS_ADDRESSED,
    ON_TIME,
)

GATES = {stage: Gate(to=stage.next, requires=_ALWAYS) for stage in Stage}
