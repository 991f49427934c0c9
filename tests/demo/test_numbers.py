"""The numbers of the demo: what a project says in one section, it says in all of them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from incubator.core.languages import override_locale
from incubator.demo import story
from incubator.demo.cells import cells_of
from incubator.projects.kinds import budget, cash_flow, economics
from incubator.projects.kinds.registry import KINDS
from incubator.projects.kinds.sheet import SheetKind

KIND_OF = {
    "plan": "plan", "prototype": "readiness", "budget": "budget", "canvas": "canvas", "links": "links",
    "economics": "economics", "finance": "cash_flow",
}  # fmt: skip
_SHEETS = {key: KINDS[kind] for key, kind in KIND_OF.items()}


def told() -> list[tuple[str, dict[str, Any]]]:
    """Return each state of each project's document: what it says at the end of each round, and in its draft."""
    states = []
    for project in story.projects():
        document: dict[str, Any] = {}
        for answers in (*(part["answers"] for part in project.get("round", [])), project.get("draft", {})):
            document = document | answers
            states.append((project["title"], dict(document)))
    return states


def value(document: dict[str, Any], key: str) -> str:
    return cells_of(KIND_OF[key], document[key], later=timedelta())


STATES = told()
WITH_MONEY = [(title, document) for title, document in STATES if "finance" in document]


@pytest.mark.parametrize(("title", "document"), STATES, ids=[title for title, _document in STATES])
def test_no_cell_of_the_story_is_wrong(title: str, document: dict[str, Any]) -> None:
    for key in KIND_OF.keys() & document.keys():
        kind = _SHEETS[key]
        assert isinstance(kind, SheetKind)
        stored = value(document, key)
        assert not kind.sheet(stored).note
        assert kind.problems(stored) == [], (title, key)


@pytest.mark.parametrize(("title", "document"), WITH_MONEY, ids=[title for title, _document in WITH_MONEY])
def test_budget_economics_and_cash_flow_say_the_same(title: str, document: dict[str, Any]) -> None:
    needs = budget.results(budget.KIND.sheet(value(document, "budget")))
    one = economics.results(economics.KIND.sheet(value(document, "economics")))
    plan = cash_flow.plan_of(cash_flow.KIND.sheet(value(document, "finance")))
    assert one
    assert (one.price, one.variable, one.fixed) == (plan.price, plan.variable, plan.fixed + plan.wages), title
    assert one.planned == plan.units
    assert plan.start_up == needs.total
    has = {share.key: share.has for share in needs.by_source}
    assert plan.own == has.get("own", Decimal(0))
    assert plan.grants == sum(has.values(), Decimal(0)) - plan.own


def test_the_story_shows_what_a_machine_sees_and_what_it_does_not_mind() -> None:
    with override_locale("ru"):
        short = {title: bool(cash_flow.KIND.advice(value(document, "finance"))) for title, document in WITH_MONEY}
        assert {"Сосновый щит", "Цифровой дежурный"} <= {title for title, is_short in short.items() if is_short}
        assert {"Вторая жизнь сетей", "Лужские чипсы", "Большие буквы"} <= {
            t for t, is_short in short.items() if not is_short
        }
    firsts = [document for title, document in WITH_MONEY if title == "Лужские чипсы"]
    assert cash_flow.KIND.advice(value(firsts[0], "finance"))  # what the mentor then asks about
    levels = {document["prototype"]["level"] for _title, document in STATES if "prototype" in document}
    assert len(levels) >= 4
