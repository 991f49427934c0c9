"""Measure search against lemmas: how much of what it should find it finds, and how much of what it finds it should.

    pip install pymorphy3 && python -m tests.benchmarks.search_quality [folder of texts…]

A hundred words, as people may type them, are looked for in Russian texts: the messages of the program, those of the demo, and the
files of the given folders, each paragraph a document. The judge is the analyser pymorphy3, which knows how likely each reading of a
word is; our rules do not ask it. A document is right if it has a word with the most likely basic form of the one that was typed.
"""

import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

from incubator.config import ROOT
from incubator.search.keys import keys_of
from incubator.search.stemming import words

#: Words of many kinds: fleeting vowels, other roots in other forms, verbs, short ones.
QUERIES = [
    "рынка",
    "ошибок",
    "времени",
    "люди",
    "пишет",
    "детей",
    "окон",
    "денег",
    "ветер",
    "огонь",
    "день",
    "отца",
    "льда",
    "хочет",
    "идёт",
    "едут",
    "взял",
    "возьмём",
    "дадим",
    "даёт",
    "стали",
    "школе",
    "учителей",
    "датчик",
    "воды",
    "мусора",
    "энергии",
    "отходы",
    "теплица",
    "растений",
    "птицы",
    "улей",
    "пчёлы",
    "собаки",
    "музей",
    "книги",
    "сайта",
    "приложение",
    "телефон",
    "робот",
    "роботов",
    "игры",
    "уроки",
    "экология",
    "лес",
    "реки",
    "море",
    "рыбы",
    "еда",
    "хлеба",
    "овощей",
    "здоровье",
    "спорт",
    "бег",
    "велосипед",
    "дорога",
    "автобус",
    "город",
    "дом",
    "квартиры",
    "двор",
    "цеха",
    "завод",
    "станок",
    "печать",
    "деталь",
    "металл",
    "дерево",
    "стекло",
    "ткань",
    "одежда",
    "обувь",
    "подарок",
    "праздник",
    "театр",
    "кино",
    "музыка",
    "песни",
    "танец",
    "рисунок",
    "цвет",
    "свет",
    "лампа",
    "солнце",
    "ветра",
    "зимой",
    "лето",
    "помогает",
    "делает",
    "считает",
    "продаёт",
    "купить",
    "собрать",
    "измеряет",
    "показывает",
    "учится",
    "работает",
    "найти",
    "сделали",
    "построим",
    "проверили",
    "важный",
    "новый",
    "старых",
    "лучше",
]


def documents(folders: list[str]) -> list[list[str]]:
    """Return the Russian words of each paragraph."""
    return [found for text in _texts(folders) for part in re.split(r"[\n\"]", text) if len(found := _russian(part)) > 2]


def _texts(folders: list[str]) -> Iterator[str]:
    for folder in (ROOT / "incubator/core/locale/ru", ROOT / "incubator/demo", *map(Path, folders)):
        for path in sorted(folder.rglob("*.*")):
            if path.suffix in {".po", ".py", ".json", ".jsonl", ".md", ".txt", ".csv"}:
                yield path.read_text("utf-8", errors="ignore")


def _russian(text: str) -> list[str]:
    return [word for word in words(text) if re.search("[а-я]", word)]


def main(folders: list[str]) -> None:
    import pymorphy3

    analyser: Any = pymorphy3.MorphAnalyzer()
    lemma = {}
    found = documents(folders)
    by_lemma: dict[str, set[int]] = defaultdict(set)
    by_key: dict[str, set[int]] = defaultdict(set)
    for number, said in enumerate(found):
        for word in said:
            if word not in lemma:
                lemma[word] = analyser.parse(word)[0].normal_form.replace("ё", "е")
            by_lemma[lemma[word]].add(number)
            for key in keys_of(word):
                by_key[key].add(number)
    chance = random.Random(1)
    print(f"{len(found)} documents, {len(lemma)} different words")
    for title, typed in (
        ("a hundred words that people may type", [words(word)[0] for word in QUERIES]),
        ("a thousand words of the texts", chance.sample(sorted(word for word in lemma if len(word) > 3), 1000)),
    ):
        scores = list(_scores(typed, analyser, by_lemma, by_key))
        print(f"{title}: recall {mean(r for r, _p in scores):.3f}, precision {mean(p for _r, p in scores):.3f}")


def _scores(
    typed: list[str], analyser: Any, by_lemma: dict[str, set[int]], by_key: dict[str, set[int]]
) -> Iterator[tuple[float, float]]:
    """Yield recall and precision of each word that any document has."""
    for word in typed:
        right = by_lemma.get(analyser.parse(word)[0].normal_form.replace("ё", "е"), set())
        got = set[int]().union(*(by_key.get(key, set()) for key in keys_of(word)))
        if right:
            yield len(right & got) / len(right), len(right & got) / len(got) if got else 1.0


if __name__ == "__main__":
    main(sys.argv[1:])
