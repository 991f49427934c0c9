"""Rows that have slipped against each other: each passes every check, and says the title of another. Pure."""

from collections import Counter

from rapidfuzz import fuzz

from incubator.core.folding import folded
from incubator.core.languages import _

#: So many rows with the title of another row, and such a share of those that are known, are no coincidence.
_SHIFTED, _SHIFTED_SHARE = 3, 0.2
#: From this similarity on, in percent, a title may be a new wording of another.
_ALIKE = 50


class SlippedTitles:
    """Compares the titles of rows with those that stand for their ids."""

    def __init__(self) -> None:
        self._known = 0
        self._titles: Counter[str] = Counter()
        self._strange: list[tuple[int, str, str]] = []

    def note(self, rows: list[tuple[int, str, str]]) -> None:
        """Note rows: number, the title that the file says, and the one that stands."""
        self._known += len(rows)
        self._titles.update(folded(standing) for _number, _title, standing in rows)
        self._strange += [each for each in rows if folded(each[1]) != folded(each[2])]

    def suspicion(self) -> str:
        """Return why the rows seem to be shifted; empty if they do not."""
        strangers = [each for each in self._strange if not _are_alike(folded(each[1]), folded(each[2]))]
        slipped = [each for each in self._strange if folded(each[1]) in self._titles]
        if len(slipped) < max(_SHIFTED, _SHIFTED_SHARE * self._known):
            return self._of_strangers(strangers)
        number, title, standing = slipped[0]
        return _(
            "Похоже, столбцы сдвинуты относительно друг друга: у %(n)s строк название от другого проекта. Например, в строке "
            "%(row)s «%(title)s», а под этим номером «%(standing)s».",
            n=len(slipped), row=number, title=title, standing=standing,
        )  # fmt: skip

    def _of_strangers(self, strangers: list[tuple[int, str, str]]) -> str:
        """Return why the table seems to be another one than that which was imported; empty if it does not."""
        if len(strangers) < max(_SHIFTED, self._known / 2):
            return ""
        number, title, standing = strangers[0]
        return _(
            "Похоже, это другая таблица: у %(n)s строк под теми же номерами раньше были другие проекты. Например, в строке "
            "%(row)s «%(title)s», а под этим номером «%(standing)s».",
            n=len(strangers), row=number, title=title, standing=standing,
        )  # fmt: skip


def _are_alike(one: str, other: str) -> bool:
    """Return whether a title may be a new wording of another."""
    return one in other or other in one or fuzz.token_set_ratio(one, other) >= _ALIKE
