"""The fixed path idea → project → business plan, and its words."""

from enum import StrEnum

from incubator.core.languages import _


class Stage(StrEnum):
    IDEA = "idea"
    PROJECT = "project"
    PLAN = "plan"

    @property
    def next(self) -> "Stage | None":
        """The stage after the gate of this one; None: the team graduates."""
        return {Stage.IDEA: Stage.PROJECT, Stage.PROJECT: Stage.PLAN}.get(self)

    @property
    def and_before(self) -> tuple["Stage", ...]:
        """This stage and those that lead to it, in order."""
        stages = tuple(Stage)
        return stages[: stages.index(self) + 1]


def stage_label(stage: str) -> str:
    return {"idea": _("идея"), "project": _("проект"), "plan": _("бизнес-план")}[stage]


def stage_title(stage: str) -> str:
    return {"idea": _("Идея"), "project": _("Проект"), "plan": _("Бизнес-план")}[stage]
