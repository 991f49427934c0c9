"""Keys of words: every form of a word has one in common with every other."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

import pymorphy3_dicts_ru
import pytest
from dawg_python import IntDAWG

from incubator.language.dictionary import basic_forms, inflected, is_name, lemmas
from incubator.search.keys import completions, index_of, keys_in, keys_of, words_in
from incubator.search.stemming import words
from tests.scale import scaled


@pytest.mark.parametrize(
    "forms",
    [
        "рынок рынка рынке рынками", "ошибка ошибок ошибками", "время времени временем времён", "человек люди людей людям человека",
        "писать пишет пишут писал пишущий", "идти шёл идёт шли идущий", "улей ульи ульями", "ребёнок дети детьми ребёнка",
        "хороший лучше хорошего", "год лет года годами", "день дня дней", "отец отца отцы", "лёд льда льдом",
        "окно окон окна", "сестра сестёр", "машина машин машинами", "sensor sensors", "нейрохаб нейрохабы нейрохабом",
    ],
)  # fmt: skip
def test_forms_of_a_word_find_each_other(forms: str) -> None:
    found = [{*keys_of(word)} for word in words(forms)]
    assert all(one & other for one in found for other in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("мыло", "мытьё"), ("кот", "котёл"), ("порт", "портить"), ("ии", "и"), ("организм", "организация"), ("робот", "работа"),
    ],
)  # fmt: skip
def test_words_that_only_look_alike_do_not(one: str, other: str) -> None:
    assert not {*keys_of(words(one)[0])} & {*keys_of(words(other)[0])}


@pytest.mark.parametrize("beginning", ["ба", "вре", "дет", "кра", "ле", "пис", "ры", "хо", "чел", "шк"])
def test_every_form_finds_every_other(beginning: str) -> None:
    """Whatever else a form may be: «стали» finds «сталь» and «стать», and is found by both."""
    several = list(islice(basic_forms(beginning), scaled(350)))
    for lemma in several:
        assert all(lemma in keys_of(form) for form in inflected(lemma)), lemma
    assert len(several) > 30


@lru_cache(1)
def lemmas_by_frequency() -> list[str]:
    """Return the basic forms of all words that the corpus of OpenCorpora has, those first that occur there in the most forms.

    The dictionary's package tells no frequencies, but how likely each reading of each word of the corpus is.
    """
    nodes = IntDAWG().load(str(Path(pymorphy3_dicts_ru.get_path()) / "p_t_given_w.intdawg")).dct

    def words_after(node: int, read: bytes) -> Iterator[str]:
        if nodes.follow_char(ord(":"), node):
            yield read.decode().replace("ё", "е")
        for letter in "абвгдежзийклмнопрстуфхцчшщъыьэюяё":
            if following := nodes.follow_bytes(letter.encode(), node):
                yield from words_after(following, read + letter.encode())

    counts = Counter(lemma for word in sorted({*words_after(nodes.ROOT, b"")}) for lemma in lemmas(word))
    return [lemma for lemma, _n in counts.most_common()]


@pytest.mark.parametrize("part", range(4))
def test_every_form_of_a_frequent_word_finds_every_other(part: int) -> None:
    """All but forms of a name that are ordinary words as well: «улей» finds no Уля."""
    frequent = lemmas_by_frequency()[part:3_000:4]
    lost = {(lemma, form) for lemma in frequent for form in inflected(lemma) if lemma not in keys_of(form)}
    assert len(frequent) == 750
    assert not {(lemma, form) for lemma, form in lost if not is_name(lemma)}
    assert len(lost) <= len(frequent) // 50


def test_what_is_stored_can_be_read_again() -> None:
    index = index_of("Стали и мёд", "С++, .NET и C#: 3Д-печать")
    assert index == "сталь|стать и мед c++ .net и c# 3d печать"
    assert words_in(index)[:2] == [("сталь", "стать"), ("и",)]
    assert keys_in(index) >= {"сталь", "стать", "c++"}


def test_an_incomplete_word_is_completed_where_its_basic_form_begins_otherwise() -> None:
    assert completions("рынк") == ("рынок",)
    assert completions("ульям") == ("улей",)
    assert completions("людьм") == ("человек",)
    assert completions("пчел") == ()
    assert completions("пр") == ()
