"""Changing a project's state by compare-and-set, so that only one of two concurrent changes succeeds."""

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Stale
from incubator.programme.stages import Stage
from incubator.projects.lifecycle import State, Step, after
from incubator.projects.tables import Project

#: Where a project may wait for its deletion.
_OUT = frozenset({State.STOPPED, State.WITHDRAWN})


class StageChanged(Stale):
    """The project is no longer in the state that the page showed."""

    def __init__(self) -> None:
        super().__init__(_("Проект уже в другом состоянии: кто-то успел раньше. Вот как он выглядит теперь."))


async def transition(project: Project, step: Step, *, stage: Stage | None = None, round: int | None = None) -> Project:
    """Apply ``step`` and store the new state, and a new stage or round if given.

    ``project`` is the row as read before: if it has changed since, or the lifecycle
    has no such step, StageChanged is raised. Call inside a transaction.
    """
    to = after(project.state, step)
    if to is None:
        raise StageChanged
    return await put(project, to, stage=stage or Stage(project.stage), round=project.round if round is None else round)


async def put(project: Project, state: State, *, stage: Stage, round: int) -> Project:
    """Store where the project stands, whatever the lifecycle says: only a corrected decision may do that directly.

    A project that goes on, or has got to its end, is not deleted any more.

    Raises StageChanged if the row has changed since it was read. Call inside a transaction.
    """
    moved = (
        await Project.update(
            {
                Project.state: state.value,
                Project.stage: stage.value,
                Project.round: round,
                Project.changed_at: now(),
                **({Project.deletes_at: None} if state not in _OUT else {}),
            }
        )
        .where(
            (Project.id == project.id)
            & (Project.state == project.state)
            & (Project.stage == project.stage)
            & (Project.round == project.round)
        )
        .returning(Project.id)
    )
    if not moved:
        raise StageChanged
    fresh = await Project.objects().get(Project.id == project.id)
    assert fresh is not None
    return fresh
