"""Whether two entries of a class may be the same child, spelt in two ways. Pure."""

from dataclasses import dataclass
from datetime import date

from incubator.core.folding import folded
from incubator.names.diminutives import diminutives_of


@dataclass(frozen=True, slots=True)
class ListedChild:
    """A child as a list or an account has it."""

    family_name: str
    given_name: str
    born_on: date | None

    @property
    def folded(self) -> tuple[str, str]:
        return folded(self.family_name), folded(self.given_name)


def may_be_the_same(one: ListedChild, other: ListedChild) -> bool:
    """Return whether somebody should be asked: the names differ by a slip or a short form, or the date alone differs.

    Twins share a date and a family name; their given names differ by more than that.
    """
    family, given = one.folded
    for first, second in (other.folded, other.folded[::-1]):
        is_same_name = family == first and _is_same_given(given, second)
        if is_same_name or (one.born_on == other.born_on and _is_near(family, first) and _is_near_given(given, second)):
            return True
    return False


def _is_same_given(one: str, other: str) -> bool:
    return one == other or one in diminutives_of(other) or other in diminutives_of(one)


def _is_near_given(one: str, other: str) -> bool:
    return _is_same_given(one, other) or _is_near(one, other)


def _is_near(one: str, other: str) -> bool:
    """Return whether a slip or two make one of the other; short names allow none, long ones two."""
    shortest = min(len(one), len(other))
    allowed = 0 if shortest < 4 else 1 if shortest < 8 else 2
    return one == other or _distance(one, other, allowed) <= allowed


def _distance(one: str, other: str, most: int) -> int:
    """Return how many letters are missing, wrong or swapped with the next; ``most`` + 1 if there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, opposite in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
