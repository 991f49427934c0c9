"""What a machine sees between two sections of one document. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile

from incubator.core.languages import _
from incubator.core.text import short
from incubator.projects.kinds import budget, canvas
from incubator.projects.kinds.kind import Advice
from incubator.search.stemming import stem, words

#: What parts a block's costs from each other; a point only at the end of a sentence, and nothing between brackets.
_PARTS = re.compile(r"(?:[\n;,•]|\.(?:\s|$))(?![^()\n]{0,200}\))")
#: What costs nothing, as teams say it beside a thing.
_FREE = re.compile(r"\b(?:бесплатно|даром|уже есть|есть (?:у|в)|своими силами|делаем сами|free|we have)\b", re.I)
_SHORTEST_WORD = 4
#: Words of costs that name none.
_ORDINARY = {
    stem(word)
    for word in words(
        "рублей тысяч миллион штука штуку месяц месяца месяцев каждый каждая каждые года годы раза один одна одно одну расход расходы стоит "
        "около пока каждую сразу затраты траты тратим деньги основные постоянные переменные прочие другие материалы сырьё расходные закупка закупки "
        "покупка оплата оплачиваем нужно нужны roubles rubles month monthly year yearly each every piece about cost costs once thousand"
    )
}
#: Words by which teams call one cost in the canvas and in the budget.
_ALIKE = tuple(
    frozenset(stem(word) for word in words(line))
    for line in (
        "транспорт проезд дорога доставка поездка поездки перевозка логистика бензин топливо билет билеты курьер почта пересылка",
        "зарплата труд работа работы вознаграждение гонорар преподаватель наставник мастер специалист wages salary labour work",
        "реклама продвижение таргет маркетинг реклам промо advertising promotion marketing",
        "электричество электроэнергия свет освещение энергия electricity power",
        "вода водоснабжение water",
        "связь интернет телефон phone internet",
        "дерево древесина доска доски фанера брус wood timber",
        "аренда помещение кабинет зал коворкинг площадка rent room",
        "типография печать полиграфия листовки буклет printing",
        "шурупы саморезы крепёж болты гвозди screws fasteners",
        "упаковка пакет пакеты коробка коробки банка банки packaging boxes",
        "микроконтроллер микроконтроллеры контроллер плата платы arduino ардуино esp raspberry electronics",
        "пластик филамент filament",
        "сервер хостинг облако server hosting",
    )
)
#: Letters that two words of one family share at their beginning or end: «горшки», «горшочки»; «камера», «видеокамера».
_FAMILY = 4
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
    unknown = [each for each in costs if not _is_known(_naming(each), known)]
    if known and unknown:
        named = ", ".join(_("«%(title)s»", title=short(each, _LONGEST_NAMED)) for each in unknown[:_MOST_NAMED])
        yield Advice("costs", _("в смете нет того, что здесь названо: %(costs)s", costs=named))


def _costs(text: str) -> Iterator[str]:
    """Yield what is named one by one: «на кашпо 38 ₽: свет, бирка» names two."""
    for part in _PARTS.split(text):
        cost = part.rpartition(":")[2].strip(" \t–—-*")
        if _naming(cost) and not _FREE.search(cost):
            yield cost


def _naming(text: str) -> set[str]:
    """Return the stems of the words that name something."""
    found = {stem(word) for word in words(text) if len(word) >= _SHORTEST_WORD and word.isalpha()}
    return found - _ORDINARY


def _is_known(named: Collection[str], known: Collection[str]) -> bool:
    """Return whether one of the stems is among the others, or of the same family, or says the same."""
    return any(_is_alike(one, other) for one in named for other in known)


def _is_alike(one: str, other: str) -> bool:
    short_one, long_one = sorted((one, other), key=len)
    shared = sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    if len(short_one) >= _FAMILY and (long_one.endswith(short_one) or _FAMILY <= shared >= len(long_one) / 2):
        return True
    return one == other or any(one in group and other in group for group in _ALIKE)
