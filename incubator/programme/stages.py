"""The fixed path idea → project → business plan, and its terms."""

from enum import StrEnum

from incubator.core.languages import _


class Stage(StrEnum):
    IDEA = "idea"
    PROJECT = "project"
    PLAN = "plan"

    @property
    def next(self) -> "Stage | None":
        """Return the stage after this one's gate; None: the team graduates."""
        return {Stage.IDEA: Stage.PROJECT, Stage.PROJECT: Stage.PLAN}.get(self)

    @property
    def and_before(self) -> tuple["Stage", ...]:
        """Return this stage and the earlier ones, in order."""
        stages = tuple(Stage)
        return stages[: stages.index(self) + 1]


def stage_label(stage: str) -> str:
    return {"idea": _("идея"), "project": _("проект"), "plan": _("бизнес-план")}[stage]


def stage_title(stage: str) -> str:
    return {"idea": _("Идея"), "project": _("Проект"), "plan": _("Бизнес-план")}[stage]
