"""What would help a plan that runs out of money, each with what would then be left. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from incubator.projects.kinds.cash_plan import ZERO, Forecast, Plan, forecast


@dataclass(frozen=True, slots=True)
class Expense:
    """Something that is paid once: what, in which month of the plan (0: the first), how much."""

    what: str
    month: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LaterExpense:
    """The expense in a later month."""

    expense: Expense
    month: int
    left: Decimal
    """The lowest balance then."""


def later_expense(found: Forecast, expenses: Sequence[Expense]) -> LaterExpense | None:
    """Return the largest expense that comes until the money is lowest, in the first later month in which the money then lasts."""
    number, lowest = found.lowest
    before = [each for each in expenses if each.month < number]
    if lowest >= 0 or not before:
        return None
    expense = max(before, key=lambda each: each.amount)
    for month, plan in _postponed(found.plan, expense):
        if (left := forecast(plan).lowest[1]) >= 0:
            return LaterExpense(expense, month, left)
    return None


def _postponed(plan: Plan, expense: Expense) -> Iterator[tuple[int, Plan]]:
    for month in range(expense.month + 1, plan.months):
        once = list(plan.once)
        once[expense.month] -= expense.amount
        once[month] += expense.amount
        yield month, replace(plan, once=tuple(once))


def paid_at_once(found: Forecast) -> Decimal | None:
    """Return the lowest balance if all buyers paid at once; None if that does not help."""
    if found.lowest[1] >= 0:
        return None
    left = forecast(replace(found.plan, later=ZERO)).lowest[1]
    return left if left > found.lowest[1] else None
