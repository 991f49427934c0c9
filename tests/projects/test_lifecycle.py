"""The table of states: every combination, not only the allowed ones."""

import pytest

from incubator.projects.lifecycle import TABLE, State, Step, after

ALLOWED = {
    ("draft", "submit"): "in_review",
    ("in_review", "take_back"): "draft",
    ("in_review", "advance"): "draft",
    ("in_review", "graduate"): "graduated",
    ("in_review", "return"): "draft",
    ("in_review", "stop"): "stopped",
    ("draft", "leave"): "withdrawn",
    ("in_review", "leave"): "withdrawn",
    ("stopped", "reopen"): "draft",
    ("withdrawn", "reopen"): "draft",
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_every_cell(state: State, step: Step) -> None:
    assert after(state, step) == ALLOWED.get((state.value, step.value))


def test_every_state_can_be_reached() -> None:
    assert {State.DRAFT, *TABLE.values()} == set(State)
