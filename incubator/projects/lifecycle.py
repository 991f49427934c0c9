"""The states of a stage and all transitions between them. Pure: a table, and functions that read it."""

from dataclasses import dataclass
from enum import StrEnum

from incubator.core.languages import _
from incubator.programme.stages import Stage


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    GRADUATED = "graduated"


def state_title(state: str, round: int = 1) -> str:
    """Return the name of a state on pages and in mails; a draft of a later ``round`` is being revised."""
    if state == State.DRAFT and round > 1:
        return _("на доработке")
    return {
        State.DRAFT: _("черновик"),
        State.IN_REVIEW: _("на рецензии"),
        State.STOPPED: _("остановлен"),
        State.WITHDRAWN: _("вне программы"),
        State.GRADUATED: _("путь пройден"),
    }[State(state)]


class Step(StrEnum):
    """An action that changes a project's state."""

    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    ADVANCE = "advance"
    GRADUATE = "graduate"
    RETURN = "return"
    STOP = "stop"
    LEAVE = "leave"
    REOPEN = "reopen"


TABLE: dict[tuple[State, Step], State] = {
    (State.DRAFT, Step.SUBMIT): State.IN_REVIEW,
    (State.IN_REVIEW, Step.TAKE_BACK): State.DRAFT,
    (State.IN_REVIEW, Step.ADVANCE): State.DRAFT,
    (State.IN_REVIEW, Step.GRADUATE): State.GRADUATED,
    (State.IN_REVIEW, Step.RETURN): State.DRAFT,
    (State.IN_REVIEW, Step.STOP): State.STOPPED,
    (State.DRAFT, Step.LEAVE): State.WITHDRAWN,
    (State.IN_REVIEW, Step.LEAVE): State.WITHDRAWN,
    (State.STOPPED, Step.REOPEN): State.DRAFT,
    (State.WITHDRAWN, Step.REOPEN): State.DRAFT,
}


@dataclass(frozen=True, slots=True)
class Position:
    """Where a project stands."""

    state: State
    stage: Stage
    round: int


def position_after(outcome: str, stage: str, round: int) -> Position:
    """Return where a project goes from the gate of ``stage`` after its ``round`` by a decision with this outcome."""
    if outcome == "return":
        return Position(State.DRAFT, Stage(stage), round + 1)
    if outcome == "stop":
        return Position(State.STOPPED, Stage(stage), round)
    following = Stage(stage).next
    return Position(State.DRAFT, following, 1) if following else Position(State.GRADUATED, Stage(stage), round)


#: In these states the team may go on writing; a frozen submission is not affected.
WRITABLE = frozenset({State.DRAFT, State.IN_REVIEW})


def after(state: str, step: Step) -> State | None:
    """Return the state after ``step``, or None if the step is not possible."""
    return TABLE.get((State(state), step))
