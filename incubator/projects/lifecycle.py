"""The states of a stage and every way between them. Pure: a table, and questions to it."""

from enum import StrEnum

from incubator.core.languages import _


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    GRADUATED = "graduated"


def state_title(state: str) -> str:
    """How pages and mails call a state."""
    return {
        State.DRAFT: _("черновик"),
        State.IN_REVIEW: _("на рецензии"),
        State.STOPPED: _("остановлен"),
        State.WITHDRAWN: _("команда ушла"),
        State.GRADUATED: _("путь пройден"),
    }[State(state)]


class Step(StrEnum):
    """What moves a project from state to state."""

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

#: In these the team goes on writing; a frozen submission does not mind.
WRITABLE = frozenset({State.DRAFT, State.IN_REVIEW})


def after(state: str, step: Step) -> State | None:
    """The state to which ``step`` leads, or None where it is not possible."""
    return TABLE.get((State(state), step))
