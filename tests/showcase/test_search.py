"""Search returns what a plain scan of all texts finds, in the same order, on both engines."""

import random
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from incubator.demo import story
from incubator.interchange.project_import import ProjectImport
from incubator.interchange.projects import import_rows
from incubator.publication.entry import reindex
from incubator.publication.index import rebuild
from incubator.publication.tables import Publication
from incubator.search.keys import keys_in, words_in
from incubator.search.query import Query, Term, parse
from incubator.showcase.catalogue import find
from incubator.showcase.filters import Cursor, Wish
from incubator.showcase.search import MOST_READ
from tests.browser import Browser
from tests.interchange.files import Bar, json_lines
from tests.sample import Source, each_source, rows_of
from tests.scale import scaled

RUSSIAN = [
    {"id": "hive", "title": "Тихий улей", "pitch": "Датчик слушает пчёл и предупреждает о роении"},
    {"id": "feeder", "title": "Умная кормушка", "pitch": "Телята пьют вовремя, пасечник спокоен: улей тихий"},
    {"id": "yolka", "title": "Ёлка круглый год", "pitch": "Саженцы ели в контейнерах. Датчики влажности."},
    {"id": "print", "title": "3D-печать протезов", "pitch": "Печатаем кисти для детей"},
    {"id": "audit", "title": "Энергоаудит школы", "pitch": "Тепло уходит через окна: карта потерь"},
    {"id": "bee", "title": "Bee monitor", "pitch": "Sensors listen to bees; happy hives are quiet"},
]


async def bring(tmp_path: Path, rows: list[dict[str, Any]], name: str, **mapping: str) -> None:
    wish = ProjectImport(mapping, "id", "2024", "idea", publish=True, source=name)
    report = await import_rows(
        json_lines(tmp_path / f"{name}.jsonl", rows), wish, dry_run=False, batch=200, progress=Bar()
    )
    assert report.created == len(rows)


async def found(words: str, **chosen: str) -> list[str]:
    titles: list[str] = []
    filters = {name: (value,) for name, value in chosen.items()}
    wish = Wish(words, filters)
    while True:
        met = await find(wish)
        titles += [row["title"] for row in met.rows]
        if not met.page.has_next:
            assert len(titles) == met.total
            return titles
        wish = Wish(words, filters, after=met.page.next)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("улей", ["Тихий улей", "Умная кормушка"]),  # the title weighs more
        ("ТИХОГО улья!", ["Тихий улей", "Умная кормушка"]),
        ("«тихий улей»", ["Тихий улей"]),
        ('"улей тихий"', ["Умная кормушка"]),
        ("елки", ["Ёлка круглый год"]),
        ("ёлка", ["Ёлка круглый год"]),
        ("датчики", ["Ёлка круглый год", "Тихий улей"]),
        ("датчики -пчёлы", ["Ёлка круглый год"]),
        ("-улей -датчик", ["Bee monitor", "Энергоаудит школы", "3D-печать протезов"]),
        ("энергоа", ["Энергоаудит школы"]),  # while typing
        ("3d-печать", ["3D-печать протезов"]),
        ("happy sensor", ["Bee monitor"]),
        ("кармушка", ["Умная кормушка"]),  # a wrong letter
        ("прротез", ["3D-печать протезов"]),  # an extra letter
        ("датик", ["Ёлка круглый год", "Тихий улей"]),  # a missing letter
        ("дтачик пчела", ["Тихий улей"]),  # two swapped
        ("кармужка", ["Умная кормушка"]),  # two errors in a long word
        ("дитчок", []),  # two in a short one
        ("датч", ["Ёлка круглый год", "Тихий улей"]),  # while typing
        ("датч ", []),  # a word that has ended does not grow
        ("проекты про ульи", ["Тихий улей", "Умная кормушка"]),  # words that tell nothing
        ("ektq", ["Тихий улей", "Умная кормушка"]),  # another layout
        ("ulej", ["Тихий улей", "Умная кормушка"]),  # in Latin letters
        ("elka -gxtkf", ["Ёлка круглый год"]),
        ("ыутыщкы", ["Bee monitor"]),
        ("улeй", ["Тихий улей", "Умная кормушка"]),  # one Latin letter
        ("улей трактор", []),
        ("% _ ' \\", [row["title"] for row in reversed(RUSSIAN)]),  # no words, so no search
    ],
)
async def test_what_is_found(database: Any, tmp_path: Path, words: str, expected: list[str]) -> None:
    await bring(tmp_path, RUSSIAN, "russian")
    assert await found(words) == expected


def _has(index: str, term: Term) -> bool:
    said = words_in(index)
    if term.is_phrase:
        many = len(term.words)
        runs = (said[n : n + many] for n in range(len(said) - many + 1))
        return any(all({*one} & {*other} for one, other in zip(run, term.words, strict=True)) for run in runs)
    known = keys_in(index)
    return all(known & {*word} for word in term.words) or any(term.takes(word) for word in said if term.start)


def _read(rows: list[dict[str, Any]], words: str) -> list[str]:
    """Return the expected answer by reading every text: what was typed, else what begins so; title first, then the newest."""
    return _read_as(rows, parse(words).as_ended) or _read_as(rows, parse(words))


def _read_as(rows: list[dict[str, Any]], query: Query) -> list[str]:
    met = [
        row for row in rows
        if all(_has(row["words"], t) for t in query.wanted) and not any(_has(row["words"], t) for t in query.unwanted)
    ]  # fmt: skip
    in_title = [
        bool(query.wanted)
        and all(all(keys_in(row["title_words"]) & {*w} for w in t.words) or _has(row["title_words"], t) for t in query.wanted)
        for row in met
    ]  # fmt: skip
    order = sorted(zip(met, in_title, strict=True), key=lambda each: (not each[1], -each[0]["place"]))
    return [row["title"] for row, _title in order]


@each_source
async def test_real_texts_give_what_reading_them_gives(database: Any, tmp_path: Path, source: Source) -> None:
    rows = rows_of(source.projects)[: scaled(1000)]
    await bring(tmp_path, rows, "real", problem="description_html", pitch="summary")
    told = [
        {"id": str(n), "title": p["title"], "pitch": " ".join(p["round"][0]["answers"].values()) if p.get("round") else ""}
        for n, p in enumerate(story.projects())
    ]  # fmt: skip
    await bring(tmp_path, told, "story")
    texts = await Publication.select(Publication.title, Publication.place, Publication.words, Publication.title_words)
    random_words = random.Random(5)
    corpus = [word for row in (*rows, *told) for word in str(row.get("summary") or row.get("pitch")).split()]
    wishes = [
        "machine learning",
        "web -python",
        '"machine learning"',
        "интерфейс датчик",
        "школа",
        "в",
        "the",
        "«и в»",
        "py",
        "про",
    ]
    wishes += [" ".join(random_words.sample(corpus, n % 3 + 1)) for n in range(60)]
    checked = 0
    for words in wishes:
        expected = _read(texts, words)
        if expected:  # corrections are covered by test_what_is_found
            assert await found(words) == expected, words
            checked += 1
    assert checked > 30


async def test_the_index_follows_the_rows(database: Any, tmp_path: Path) -> None:
    """A rebuilt index is the same, and places stay."""
    await bring(tmp_path, RUSSIAN, "russian")

    async def everything() -> Any:
        return await Publication.raw(
            "SELECT term, chunk, n, docs FROM posting WHERE term <> '' AND n > 0 ORDER BY term, chunk"
        )

    before = await everything()
    assert await rebuild() == len(RUSSIAN)
    assert await everything() == before
    await Publication.update({Publication.place: None}).where(Publication.title == "Тихий улей")
    await rebuild()
    assert (await found(""))[0] == "Тихий улей"


async def test_words_by_former_rules_are_written_anew(database: Any, tmp_path: Path) -> None:
    await bring(tmp_path, RUSSIAN, "russian")
    await Publication.update({Publication.words: "прежнее", Publication.title_words: "прежнее"}, force=True)
    await rebuild()
    assert await found("улей") == []
    assert await reindex() == len(RUSSIAN)
    assert await found("улей") == ["Тихий улей", "Умная кормушка"]


async def test_a_phrase_of_frequent_words_is_cut_off(
    database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bring(tmp_path, RUSSIAN, "russian")
    monkeypatch.setattr("incubator.showcase.search.MOST_READ", 1)
    met = await find(Wish("«тихий улей»"))
    assert met.matches.is_cut
    assert met.total == 0
    assert MOST_READ >= 1000


async def test_a_page_after_one_that_is_gone(database: Any, tmp_path: Path) -> None:
    await bring(tmp_path, RUSSIAN, "russian")
    met = await find(Wish(after=Cursor(1, 4)), size=2)
    assert [row["place"] for row in met.rows] == [3, 2]
    await Publication.update({Publication.place: None}).where(Publication.place == 4)
    assert [row["place"] for row in (await find(Wish(after=Cursor(1, 4)), size=2)).rows] == [3, 2]
    assert (await find(Wish(after=Cursor(1, 1)), size=2)).rows == []
    assert len((await find(Wish(after=Cursor(1, 999)), size=9)).rows) == 5


async def test_an_empty_result_says_which_word_did_it_and_offers_the_rest(database: Any, tmp_path: Path) -> None:
    await bring(tmp_path, RUSSIAN, "russian")
    visitor = Browser()
    await visitor.open("/showcase?q=улей+трактор")
    assert "Этого нет ни в одном проекте: трактор." in visitor.text
    assert "Без этого: 2 проекта" in visitor.text
    assert 'href="/showcase?q=%D1%83%D0%BB%D0%B5%D0%B9"' in visitor.page.text
    await visitor.open("/showcase?q=улей-трактор")  # one word with a known and an unknown part
    assert "Попробуйте другое слово" in visitor.text
    await visitor.open("/showcase?q=трактор")
    assert "Попробуйте другое слово" in visitor.text
    await visitor.open("/showcase?q=ektq")
    assert "Вот что нашлось по «улей»" in visitor.text


async def test_what_was_typed_can_be_searched_for_as_it_stands(database: Any, tmp_path: Path) -> None:
    await bring(tmp_path, RUSSIAN, "russian")
    assert await found('"ektq"') == await found("«кармушка»") == []
    assert await found('"улей"') == await found("улей")
    visitor = Browser()
    for typed, quoted in (("ektq", "%22ektq%22"), ("кармушка -ель", f"%22{quote('кармушка')}%22+-{quote('ель')}")):
        await visitor.open(f"/showcase?q={typed}&sort=newest")
        assert f"Искать именно «{typed}»" in visitor.text
        assert f'href="/showcase?q={quoted}&amp;sort=newest"' in visitor.page.text
    await visitor.open('/showcase?q="ektq"')
    assert "Искать именно" not in visitor.text


async def test_a_mistake_is_forgiven_also_when_somebody_else_made_it(database: Any, tmp_path: Path) -> None:
    rows = [
        {"id": "a", "title": "Кармушка для птиц", "pitch": "Зимой"}, {"id": "b", "title": "Кормушка", "pitch": "Летом"},
        {"id": "c", "title": "Третья кормушка", "pitch": "Осенью"},
    ]  # fmt: skip
    await bring(tmp_path, rows, "feeders")
    assert await found("кармушка") == ["Кармушка для птиц", "Третья кормушка", "Кормушка"]
    met = await find(Wish("кармушка"), size=1)
    assert met.total == 3
    second = await find(Wish("кармушка", after=met.page.next), size=1)
    assert [row["title"] for row in second.rows] == ["Третья кормушка"]
    visitor = Browser()
    await visitor.open("/showcase?q=кармушка")
    assert "Точных совпадений нет" not in visitor.text
