"""Russian words by the OpenCorpora dictionary: their forms, and whether they are ordinary words. Pure.

The package `pymorphy3-dicts-ru` is read directly: a few of its files answer these questions with 4 MB in memory, where
the whole analyser needs 27; the largest is mapped, so that all processes share it. They are read when first asked.
"""

import json
import re
import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path

import pymorphy3_dicts_ru
from dawg_python import DAWG, RecordDAWG
from dawg_python.wrapper import Dictionary, Guide

#: Marks of words that name somebody or something.
_NAMES = frozenset({"Surn", "Name", "Patr", "Init", "Abbr", "Trad"})
_NAMES_OF_PEOPLE = frozenset({"Surn", "Name", "Patr"})
#: Marks of names of people and of living beings, after which people are called.
_OF_BEINGS = frozenset({*_NAMES_OF_PEOPLE, "anim"})
_SHORTEST_THING = 4
_LIKE_A_FAMILY_NAME = re.compile("(?:ов|ев|ин|ын)а?$")
#: Parts of speech that name nothing: a capital letter only shows that a sentence begins.
_FUNCTION_WORDS = frozenset({"CONJ", "PRCL", "PREP", "NPRO", "INTJ", "ADVB", "PRED"})


@dataclass(frozen=True, slots=True)
class _Dictionary:
    words: RecordDAWG
    paradigms: list[Sequence[int]]
    tags: list[str]
    suffixes: list[str]
    prefixes: list[str]


@lru_cache(1)
def _dictionary() -> _Dictionary:
    folder = Path(pymorphy3_dicts_ru.get_path())

    def read(name: str) -> list[str]:
        return list(json.loads((folder / name).read_text("utf-8")))

    meta = dict(json.loads((folder / "meta.json").read_text("utf-8")))
    return _Dictionary(
        _mapped(folder / "words.dawg"),
        _paradigms((folder / "paradigms.array").read_bytes()),
        read("gramtab-opencorpora-int.json"),
        read("suffixes.json"),
        meta["compile_options"]["paradigm_prefixes"],
    )


def _mapped(path: Path) -> RecordDAWG:
    """Return the words of a file that stays where it is: a count and so many numbers of four bytes, then a count and so many pairs of bytes."""
    with path.open("rb") as file:
        data = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
    (count,) = struct.unpack_from("=I", data)
    words, end = RecordDAWG(">HH"), 4 + 4 * count
    (pairs,) = struct.unpack_from("=I", data, end)
    words.dct, words.guide = Dictionary(), Guide()
    words.dct._units = data[4:end].cast("I")
    words.guide._units = data[end + 4 : end + 4 + 2 * pairs]
    return words


def _paradigms(data: bytes) -> list[Sequence[int]]:
    """Return the paradigms: each lists the suffixes of its forms, then their tags, then their prefixes."""
    found: list[Sequence[int]] = []
    (count,), at = struct.unpack_from("<H", data), 2
    for _n in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        found.append(array("H", data[at + 2 : at + 2 + 2 * length]))
        at += 2 + 2 * length
    return found


_REPLACES = DAWG.compile_replaces({"е": "ё"})


def _entries(word: str) -> list[tuple[str, int, int]]:
    """Return spelling, paradigm and number of the form for each entry of a folded word."""
    return [
        (spelling, paradigm, form)
        for spelling, values in _dictionary().words.similar_items(word, _REPLACES)
        for paradigm, form in values
    ]


def _tag(paradigm: int, form: int) -> str:
    row = _dictionary().paradigms[paradigm]
    return _dictionary().tags[row[len(row) // 3 + form]]


def _marks(paradigm: int, form: int) -> set[str]:
    return set(_tag(paradigm, form).replace(" ", ",").split(","))


@lru_cache(4096)
def is_common(word: str) -> bool:
    """Return whether a folded word is also an ordinary word: «заяц», «машина», not «кузнецовой»."""
    return any(not _NAMES & _marks(paradigm, form) for _spelling, paradigm, form in _entries(word))


@lru_cache(4096)
def is_known(word: str) -> bool:
    """Return whether the dictionary has a folded word at all."""
    return bool(_entries(word))


@lru_cache(4096)
def is_name(word: str) -> bool:
    """Return whether a folded word is a name of people, whatever else it is: «лев», «кузнецов», not «проект»."""
    return any(_NAMES_OF_PEOPLE & _marks(paradigm, form) for _spelling, paradigm, form in _entries(word))


@lru_cache(4096)
def is_given_name(word: str) -> bool:
    """Return whether a folded word is a given name, whatever else it is."""
    return any("Name" in _marks(paradigm, form) for _spelling, paradigm, form in _entries(word))


@lru_cache(4096)
def is_patronymic(word: str) -> bool:
    """Return whether a folded word is a patronymic."""
    return any("Patr" in _marks(paradigm, form) for _spelling, paradigm, form in _entries(word))


@lru_cache(4096)
def may_name_people(word: str) -> bool:
    """Return whether a folded word is a name, or a living being after which people are called: «волк», not «проект»."""
    return is_name(word) or any("anim" in _marks(paradigm, form) for _spelling, paradigm, form in _entries(word))


@lru_cache(4096)
def is_thing(word: str) -> bool:
    """Return whether a folded word in the nominative says what something is, «улей», «умный», and nobody is called so.

    Short words, «Пак», and those that end like family names, «Кириллов», may be names whatever else they are.
    """
    if len(word) < _SHORTEST_THING or _LIKE_A_FAMILY_NAME.search(word):
        return False
    tags = [tag for _spelling, paradigm, form in _entries(word) if "nomn" in (tag := _marks(paradigm, form))]
    return any({"NOUN", "ADJF"} & tag for tag in tags) and not any(_OF_BEINGS & tag for tag in tags)


@lru_cache(4096)
def is_family_genitive(word: str) -> bool:
    """Return whether a folded word is a family name in the genitive, as in names of streets: «Ленина», not «Ленин»."""
    return any({"Surn", "gent", "sing"} <= _marks(paradigm, form) for _spelling, paradigm, form in _entries(word))


def family_names(beginning: str = "") -> Iterator[str]:
    """Yield the family names of the dictionary with this beginning, folded, in the nominative. All of them take a minute."""
    for word, (paradigm, form) in _dictionary().words.iteritems(beginning):
        if form == 0 and "Surn" in _marks(paradigm, form):
            yield word.replace("ё", "е")


@lru_cache(4096)
def is_function_word(word: str) -> bool:
    """Return whether a folded word is also a conjunction, particle, pronoun and the like: «ли», «но»."""
    return any(_FUNCTION_WORDS & _marks(paradigm, form) for _spelling, paradigm, form in _entries(word))


@lru_cache(4096)
def dictionary_forms(word: str) -> frozenset[str]:
    """Return all forms, folded, of the nouns and adjectives whose basic form is the folded ``word``."""
    found: set[str] = set()
    for spelling, paradigm, form in _entries(word):
        if form == 0 and {"NOUN", "ADJF"} & _marks(paradigm, form):
            found |= _forms(spelling, paradigm, form)
    return frozenset(found)


def lemmas(word: str) -> frozenset[str]:
    """Return the basic forms, folded, of all words of which the folded ``word`` is a form: «стали» of «сталь» and «стать»; empty if unknown.

    A name counts only where nothing else is written so: «улей» is of «улей» and not of «Уля».
    """
    entries = _entries(word)
    ordinary = [entry for entry in entries if not _NAMES_OF_PEOPLE & _marks(*entry[1:])]
    return frozenset(_form(*entry, 0) for entry in ordinary or entries)


def inflected(lemma: str) -> frozenset[str]:
    """Return all forms, folded, of the words whose basic form is the folded ``lemma``."""
    return frozenset(form for entry in _entries(lemma) if entry[2] == 0 for form in _forms(*entry))


def basic_forms(beginning: str = "") -> Iterator[str]:
    """Yield the basic forms of all words with this beginning that are no names of people, folded. All of them take a minute."""
    for word, (paradigm, form) in _dictionary().words.iteritems(beginning):
        if form == 0 and not _NAMES_OF_PEOPLE & _marks(paradigm, form):
            yield word.replace("ё", "е")


def lemmas_within(start: str, most: int) -> frozenset[str]:
    """Return the basic forms, folded, of all words with a form that begins with the folded ``start``; empty if more than ``most`` forms do."""
    found: set[str] = set()
    spellings = [start, *(f"{start[:n]}ё{start[n + 1 :]}" for n, sign in enumerate(start) if sign == "е")]
    count = 0
    for spelling in spellings:
        for form, (paradigm, number) in _dictionary().words.iteritems(spelling):
            count += 1
            if count > most:
                return frozenset()
            found.add(_form(form, paradigm, number, 0))
    return frozenset(found)


def _form(spelling: str, paradigm: int, form: int, wanted: int) -> str:
    """Return the form number ``wanted`` of the word of which ``spelling`` is the form number ``form``, folded."""
    dictionary = _dictionary()
    row = dictionary.paradigms[paradigm]
    count = len(row) // 3
    suffix, prefix = dictionary.suffixes[row[form]], dictionary.prefixes[row[2 * count + form]]
    stem = spelling[len(prefix) : len(spelling) - len(suffix)]
    return (dictionary.prefixes[row[2 * count + wanted]] + stem + dictionary.suffixes[row[wanted]]).replace("ё", "е")


def _forms(spelling: str, paradigm: int, form: int) -> set[str]:
    return {
        _form(spelling, paradigm, form, each) for each in range(len(_dictionary().paradigms[paradigm]) // 3)
    }  # fmt: skip
