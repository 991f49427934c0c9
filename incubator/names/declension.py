"""All forms of a Russian name, by rule. Pure.

Names outnumber every dictionary, but their endings are few (Zaliznyak, Грамматический словарь, §§ 4–8 of the essay on
proper names). A form too many costs little: it must still occur in a text. So both genders, both numbers
and both spellings of a doubtful vowel are given.
"""

import re
from functools import lru_cache

from incubator.language.dictionary import dictionary_forms

_HARD = ("", "а", "у", "ом", "ем", "ым", "е", "ы", "и", "ов", "ев", "ей", "ам", "ами", "ах")
_POSSESSIVE = ("", "а", "у", "ым", "ом", "е", "ой", "ою", "ы", "ых", "ыми")
_SOFT = ("ь", "я", "ю", "ем", "е", "и", "ью", "ей", "ям", "ями", "ях")
_SHORT_I = ("й", "я", "ю", "ем", "е", "и", "ев", "ям", "ями", "ях")
_IN_A = ("а", "ы", "и", "е", "у", "ой", "ою", "ей", "ею", "", "ам", "ами", "ах")
_IN_YA = ("я", "и", "е", "ю", "ей", "ею", "ь", "й", "ям", "ями", "ях")
_IN_O = ("о", "а", "ы", "и", "е", "у", "ом", "ой", "ою")
_HARD_ADJECTIVE = ("ый", "ой", "ого", "ому", "ым", "ом", "ая", "ую", "ою", "ые", "ых", "ыми")
_SOFT_ADJECTIVE = ("ий", "ой", "его", "ого", "ему", "ому", "им", "ем", "ом", "ая", "яя", "ую", "юю", "ей", "ою", "ею", "ие", "их", "ими")  # fmt: skip
_POSSESSIVE_ADJECTIVE = ("ий", "ьего", "ьему", "ьим", "ьем", "ья", "ьей", "ью", "ьи", "ьих", "ьими")

#: Of nouns; whether hard or soft, the nominative does not always say.
_PLURAL = ("ы", "и", "", "ов", "ев", "ей", "ам", "ям", "ами", "ями", "ах", "ях")
_SHORTEST_PLURAL = 5

_VOWELS = "аеиоуыэюя"
#: The last vowel of «Заяц», «Орел», «Лев», «Корень», «Волчок», before the last consonant.
_FLEETING = re.compile(r"(?P<stem>.*[а-я])(?P<vowel>[оея])(?P<last>[бвгджзклмнпрстфхцчшщ])(?P<soft>ь?)")
_ADJECTIVE = re.compile("(?P<stem>.{2,})(?P<ending>ый|ий|ой|ая|яя)")
_LIKE_IVANOV = re.compile("(.{2,}(?:ов|ев|ин|ын))а?")
_CYRILLIC = re.compile("[а-я]+")


@lru_cache(20_000)
def forms_of(name: str) -> frozenset[str]:
    """Return every form of a folded name of one word, itself among them."""
    found = {name}
    if _CYRILLIC.fullmatch(name) and len(name) > 1:
        found |= _by_rule(name) | dictionary_forms(name)
    elif len(name) > 2:
        found |= {name + ending for ending in ("s", "а", "у", "ом", "е")}
    return frozenset(found)


@lru_cache(4096)
def plural_forms_of(word: str) -> frozenset[str]:
    """Return the forms of a folded word as if it were a plural, as teams call themselves: «Пчеломамонты»."""
    if len(word) < _SHORTEST_PLURAL or word[-1] not in "ыи" or not _CYRILLIC.fullmatch(word):
        return frozenset()
    return frozenset(_with(word[:-1], _PLURAL))


def _by_rule(name: str) -> set[str]:
    if possessive := _LIKE_IVANOV.fullmatch(name):
        found = _with(possessive[1], _POSSESSIVE)
        return found | _noun(name) if name.endswith("а") else found
    return _adjective(name) | _noun(name)


def _noun(name: str) -> set[str]:
    stem, last = name[:-1], name[-1]
    endings = {"ь": _SOFT, "й": _SHORT_I, "а": _IN_A, "я": _IN_YA, "о": _IN_O}.get(last)
    if endings:
        found = _with(stem, endings)
    elif last in _VOWELS:
        return set()
    else:
        found = _with(name, _HARD)
    if name.endswith("ей"):  # Соловей – Соловья
        found |= _with(name[:-2], ("ья", "ью", "ьем", "ье", "ьи", "ьев", "ьям", "ьями", "ьях"))
    return found | _fleeting(name)


def _fleeting(name: str) -> set[str]:
    """Return the forms without the last vowel: «Зайца», «Льва», «Корня», «Бойца»."""
    m = _FLEETING.fullmatch(name)
    if not m or (m["vowel"] == "я" and m["last"] != "ц"):
        return set()
    stem, last = m["stem"], m["last"]
    stems = [stem + "й"] if stem[-1] in _VOWELS else [stem]
    if stem[-1] in "лнр":
        stems.append(stem + "ь")
    endings = _SOFT[1:] if m["soft"] else _HARD[1:]
    return {form for each in stems for form in _with(each + last, endings)}


def _adjective(name: str) -> set[str]:
    m = _ADJECTIVE.fullmatch(name)
    if not m:
        return set()
    stem = m["stem"]
    found = _with(stem, _SOFT_ADJECTIVE) if stem[-1] in "гкхжшчщцн" or m["ending"] in {"ий", "яя"} else set()
    if stem[-1] not in "гкх":
        found |= _with(stem, _HARD_ADJECTIVE)
    return found | (_with(stem, _POSSESSIVE_ADJECTIVE) if m["ending"] == "ий" else set())


def _with(stem: str, endings: tuple[str, ...]) -> set[str]:
    return {stem + ending for ending in endings}
