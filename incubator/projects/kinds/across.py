"""What a machine sees between two sections of one document. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from incubator.core.languages import _
from incubator.core.text import short
from incubator.projects.kinds import budget, canvas
from incubator.projects.kinds.kind import Advice
from incubator.search.stemming import stem, words

#: What parts a block's costs from each other; a point only at the end of a sentence.
_PARTS = re.compile(r"[\n;,•]|\.(?:\s|$)")
_SHORTEST_WORD = 4
#: Words of costs that name none.
_ORDINARY = {
    stem(word)
    for word in words(
        "рублей тысяч миллион штука штуку месяц месяца месяцев каждый каждая каждые года годы раза один одна одно одну расход расходы стоит "
        "около пока каждую сразу roubles rubles month monthly year yearly each every piece about cost costs once thousand"
    )
}
#: The kinds that are compared with each other.
COMPARED = (canvas.KIND.key, budget.KIND.key)
_MOST_NAMED, _LONGEST_NAMED = 3, 60


def advice_across(values: Iterable[tuple[str, str]]) -> dict[str, Sequence[Advice]]:
    """Return advice by the kind of the section that it concerns. ``values``: kind and value of each; the first of a kind counts."""
    first: dict[str, str] = {}
    for kind, value in values:
        if value:
            first.setdefault(kind, value)
    if not all(kind in first for kind in COMPARED):
        return {}
    found = tuple(_unknown_costs(first[canvas.KIND.key], first[budget.KIND.key]))
    return {canvas.KIND.key: found} if found else {}


def _unknown_costs(of_canvas: str, of_budget: str) -> Iterator[Advice]:
    """Name the costs of the canvas that no line of the budget speaks of."""
    rows = budget.KIND.sheet(of_budget).rows
    known = set().union(*(_naming(row.get("what", "")) for row in rows))
    costs = [*_costs(canvas.KIND.sheet(of_canvas).fields.get("costs", ""))]
    unknown = [each for each in costs if not _naming(each) & known]
    if known and unknown:
        named = ", ".join(f"«{short(each, _LONGEST_NAMED)}»" for each in unknown[:_MOST_NAMED])
        yield Advice("costs", _("в смете нет того, что здесь названо: %(costs)s", costs=named))


def _costs(text: str) -> Iterator[str]:
    """Yield what is named one by one: «на кашпо 38 ₽: свет, бирка» names two."""
    for part in _PARTS.split(text):
        cost = part.rpartition(":")[2].strip(" \t–—-*")
        if _naming(cost):
            yield cost


def _naming(text: str) -> set[str]:
    """Return the stems of the words that name something."""
    found = {stem(word) for word in words(text) if len(word) >= _SHORTEST_WORD and word.isalpha()}
    return found - _ORDINARY
