"""One form for all spellings of a name in the reference lists. Pure.

«МБОУ „СОШ №1“», «Средняя общеобразовательная школа № 1» and «школа 1» are one school,
«ООО «Заря»» and «Заря, ООО» one enterprise, «Гатчинский муниципальный округ» and
«Гатчинский район» one municipality. The form is for comparing, never for showing.
"""

import re

from incubator.core.characters import folded_character

#: Legal forms, as abbreviations and in full: what an office writes before the name, and people leave out.
_LEGAL = frozenset(
    [
        "ооо",
        "оао",
        "зао",
        "пао",
        "нао",
        "ао",
        "ип",
        "тоо",
        "фгуп",
        "муп",
        "гуп",
        "кфх",
        "снт",
        "спк",
        "ано",
        "нко",
        "ну",
        "чу",
        "фгбу",
        "фгбоу",
        "фгаоу",
        "фгкоу",
        "фгоу",
        "гбоу",
        "гбпоу",
        "гапоу",
        "гаоу",
        "гкоу",
        "гоу",
        "гпоу",
        "гау",
        "гбу",
        "моу",
        "мбоу",
        "мкоу",
        "маоу",
        "мбу",
        "мау",
        "мку",
        "мдоу",
        "мбдоу",
        "мбоудо",
        "мбудо",
        "маудо",
        "ноу",
        "чоу",
        "чпоу",
        "аноо",
        "аноопо",
        "спо",
        "впо",
        "во",
        "до",
        "дпо",
        "ло",
        "ltd",
        "llc",
        "inc",
        "gmbh",
    ]
)
_LEGAL_WORDS = re.compile(
    r"\b(?:общество с ограниченной ответственностью|(?:публичное |закрытое |открытое )?акционерное общество"
    r"|индивидуальный предприниматель"
    r"|(?:(?:муниципальное|государственное|федеральное|частное|негосударственное|автономное|бюджетное|казенное|некоммерческое"
    r"|профессиональное|общеобразовательное|образовательное|дополнительного|среднего|высшего|профессионального|образования"
    r"|организация|учреждение|ленинградской|области)\s*){2,})\b"
)
#: Kinds of school that people call a school.
_SCHOOL = re.compile(
    r"\b(?:(?:начальная|основная|средняя)(?: полная)?(?: общеобразовательная)? школа|(?:с|о|н)ош|общеобразовательная школа)\b"
)
_NUMBER = re.compile(r"(?:№|\b(?:no|n|номер)\.?|(?<=[^\W\d_]{3}))\s*(?=\d)")
_TOWN = re.compile(r"\b(?:г|город|города|пос|поселок|поселка|пгт|гп|д|дер|с|село)\b\.?\s+(?=\w)")
#: «1-я школа» and «2 гимназия»: the number stands in front where people talk.
_NUMBERED = re.compile(r"^\W*(\d+)(?:\s*-?\s*[ая]?я|\s*-?\s*й)?\s+(школа|гимназия|лицей|интернат)\b")
#: In whose honour a school with a number is called; up to its town, if that follows.
_HONOUR = re.compile(r"(\d\w?)\W+(?:им|имени)\b\.?.*?(?=\b(?:г|город|города|пос|поселок|поселка)\b|$)")
_WORDS = re.compile(r"\w+")

_PLACE_WORDS = frozenset(
    [
        "муниципальный",
        "муниципальное",
        "муниципальная",
        "район",
        "района",
        "округ",
        "округа",
        "городской",
        "городское",
        "городского",
        "образование",
        "область",
        "г",
        "город",
        "district",
        "municipal",
        "urban",
        "district",
        "okrug",
        "county",
    ]
)
_CLUSTER_WORDS = frozenset(["кластер", "кластера", "cluster", "промышленный"])


def _plain(name: str) -> str:
    """Return ``name`` without case and ё, with one spelling of quotation marks, dashes and blanks."""
    return "".join(folded_character(character) for character in name)


def organisation_form(name: str) -> str:
    """Return the form in which spellings of one organisation's name are equal."""
    text = _NUMBER.sub(" ", _plain(name))
    text = _LEGAL_WORDS.sub(" ", " ".join(text.split()))
    text = _NUMBERED.sub(r"\2 \1", _SCHOOL.sub("школа", text))
    text = _TOWN.sub(" ", _HONOUR.sub(r"\1 ", text))
    words = [word for word in _WORDS.findall(text) if word not in _LEGAL]
    return " ".join(words) or " ".join(_WORDS.findall(_plain(name)))


def municipality_form(name: str) -> str:
    """Return the form in which the official and the short names of one municipality are equal."""
    return _without(name, _PLACE_WORDS)


def cluster_form(name: str) -> str:
    """Return the form in which the names of one cluster are equal."""
    return _without(name, _CLUSTER_WORDS)


def _without(name: str, dropped: frozenset[str]) -> str:
    words = _WORDS.findall(_plain(name))
    return " ".join(word for word in words if word not in dropped) or " ".join(words)
