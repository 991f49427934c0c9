"""Spellings of one name are equal, and names of different things are not."""

import pytest

from incubator.reference.known_names import known_names
from incubator.reference.name_forms import cluster_form, municipality_form, organisation_form
from incubator.reference.organisations import find_organisation, organisation_named, similar_organisations
from incubator.reference.tables import Cluster, Municipality, Organisation
from tests.cast import Cast


@pytest.mark.parametrize(
    "spellings",
    [
        ("Школа № 1", "школа №1", "Школа\u00a0№\u00a01", "ШКОЛА N 1", "Школа номер 1", "Школа 1", "МБОУ «СОШ №1»", "СОШ N1", "школа№1", "Школа1",
         "Средняя общеобразовательная школа № 1", "Школа\u200b № 1",
         "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 1»"),
        ("ООО «Заря»", "Заря, ООО", "\"Заря\"", "“ЗАРЯ”", "Общество с ограниченной ответственностью „Заря“", "ПАО Заря"),
        ("Завод «Берёзка»", "завод Березка", "АО «Завод „Берёзка“»", "завод - Берёзка"),
        ("ГБПОУ ЛО «Гатчинский педагогический колледж»", "Гатчинский  педагогический колледж"),
        ("СОШ № 2 г. Гатчина", "Школа №2 Гатчина", "школа 2, город Гатчина", "2-я школа г. Гатчина",
         "Школа № 2 имени Героя Советского Союза А. А. Иванова города Гатчина"),
        ("Лицей № 8", "8-й лицей", "8 лицей", "Лицей №8 имени академика В. А. Легасова", "МБОУ «Лицей № 8 им. В.А. Легасова»"),
        ("Гимназия № 2", "2-ая гимназия"),
    ],
)  # fmt: skip
def test_spellings_of_one_organisation_are_equal(spellings: tuple[str, ...]) -> None:
    assert len({organisation_form(each) for each in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Школа № 1А имени Петрова", "Школа № 1 имени Петрова"), ("Школа имени Петрова", "Школа имени Иванова"),
     ("100 идей", "Идей 100"), ("Школа № 1", "Школа № 11"), ("Школа № 1", "Гимназия № 1"), ("ООО «Заря»", "Завод «Заря»"),
     ("Лицей № 5", "Школа № 5"), ("Колледж «Маяк»", "Клуб «Маяк»"), ("ООО", "АО")],
)  # fmt: skip
def test_different_organisations_stay_different(one: str, other: str) -> None:
    assert organisation_form(one) != organisation_form(other)


async def test_an_organisation_is_found_however_it_is_spelt(cast: Cast) -> None:
    school = await organisation_named("Школа № 7")
    assert await organisation_named("МБОУ «СОШ №7»") == school == await find_organisation("школа 7")
    assert await Organisation.count().where(Organisation.form == "школа 7") == 1


async def test_schools_of_two_districts_share_a_number_and_stay_two(cast: Cast) -> None:
    here, there = (row.id for row in (await Municipality.objects().order_by(Municipality.id))[:2])
    first = await organisation_named("Школа № 3")
    assert await organisation_named("СОШ №3", municipality=here) == first  # the district was not known, and is now
    second = await organisation_named("Школа № 3", municipality=there)
    assert second != first
    assert await find_organisation("школа №3", municipality=here) == first
    assert await find_organisation("школа №3", municipality=there) == second


async def test_what_somebody_may_have_meant_is_offered(cast: Cast) -> None:
    for name in ("Лицей имени Менделеева", "Лужский техникум", "Гатчинский лицей № 3"):
        await organisation_named(name)
    assert await similar_organisations("Лицей Менделеев") == ["Лицей имени Менделеева"]
    assert await similar_organisations("№") == []


@pytest.mark.parametrize(
    ("written", "title"),
    [("Гатчинский район", "Гатчинский район"), ("Гатчинский муниципальный район", "Гатчинский район"),
     ("Гатчинский муниципальный округ", "Гатчинский район"), ("гатчинский", "Гатчинский район"),
     ("г. Гатчина", "Гатчинский район"), ("Коммунар", "Гатчинский район"), ("Gatchina district", "Гатчинский район"),
     ("сосновоборский городской округ", "Сосновый Бор"), ("город Сосновый бор", "Сосновый Бор"),
     ("Пикалёво", "Бокситогорский район"), ("gatchina", "Гатчинский район"), ("Атлантида", None)],
)  # fmt: skip
async def test_a_municipality_is_known_by_its_names(cast: Cast, written: str, title: str | None) -> None:
    found = (await known_names(Municipality)).find(written)
    row = await Municipality.objects().get(Municipality.id == found) if found else None
    assert (row.title_ru if row else None) == title
    assert municipality_form(written)


@pytest.mark.parametrize(
    ("written", "title"),
    [("Агропромышленный кластер", "Агропромышленный"), ("АПК", "Агропромышленный"), ("IT", "Цифровые технологии"),
     ("Судостроительный кластер", "Судостроение и вода"), ("digital", "Цифровые технологии"), ("аналоговый", None)],
)  # fmt: skip
async def test_a_cluster_is_known_by_its_names(cast: Cast, written: str, title: str | None) -> None:
    found = (await known_names(Cluster)).find(written)
    row = await Cluster.objects().get(Cluster.id == found) if found else None
    assert (row.title_ru if row else None) == title
    assert cluster_form(written)
