"""What a machine sees between the sections of a document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.core.languages import override_locale
from incubator.programme.seasons import sections_at
from incubator.programme.stages import Stage
from incubator.programme.tables import Section
from incubator.projects.document import advice_beside, parts_of
from incubator.projects.kinds.across import advice_across
from incubator.projects.kinds.budget import KIND as BUDGET
from incubator.projects.kinds.canvas import KIND as CANVAS
from incubator.projects.kinds.sheet import Sheet
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, rewrite


def canvas(costs: str) -> str:
    return CANVAS.stored(Sheet("canvas", fields={"costs": costs}))


def budget(*what: str) -> str:
    return BUDGET.stored(Sheet("budget", rows=[{"what": each, "price": "1"} for each in what]))


def said(costs: str, *what: str) -> list[str]:
    with override_locale("ru"):
        found = advice_across([("text", "Смета"), ("canvas", canvas(costs)), ("budget", budget(*what))])
        return [each.message for each in found.get("canvas", ())]


@pytest.mark.parametrize(
    ("costs", "lines", "unknown"),
    [
        ("На кашпо 38 ₽: электричество, мытьё, бирка.", ("Электричество",), "«мытьё», «бирка»"),
        ("Датчики\nнаклейки 40 ₽ на кабинет; дорога", ("Датчик, 12 штук", "Наклейки"), "«дорога»"),
        ("клей, свет, фрезы, дорога", ("Клей", "Фреза 8 мм", "Дорога до лесопилки", "Свет"), ""),
        ("1 500 ₽ каждый месяц", ("Клей",), ""),
        ("клей", (), ""),
        ("Parts 3,100 ₽. A server, fairs", ("Server rent",), "«Parts 3», «fairs»"),
    ],
)
def test_costs_that_the_budget_does_not_know_are_named(costs: str, lines: tuple[str, ...], unknown: str) -> None:
    assert said(costs, *lines) == ([f"в смете нет того, что здесь названо: {unknown}"] if unknown else [])


@pytest.mark.parametrize(
    ("costs", "lines", "unknown"),
    [
        ("Зарплата преподавателя, аренда кабинета, расходные материалы (филамент, клей)",
         ("Аренда помещения", "Оплата труда наставника", "PLA-пластик 1 кг", "Клей"), ""),
        ("Закупка сырья и упаковки. Доставка до покупателей. Реклама в ВК.",
         ("Мука, 25 кг", "Пакеты крафтовые", "Реклама", "Бензин"), ""),
        ("хостинг и домен – 3 000 ₽ в год; продвижение", ("Домен .рф", "Хостинг на год", "Таргет ВКонтакте"), ""),
        ("Датчики влажности, микроконтроллеры, корпус на 3D-принтере",
         ("Датчик влажности почвы", "Arduino Nano", "Печать корпуса"), ""),
        ("Основные затраты – материалы и труд", ("Фанера 6 мм", "Краска", "Работа столяра"), ""),
        ("Мы тратим деньги на семена, горшки, грунт", ("Семена базилика", "Горшочки торфяные", "Грунт"), ""),
        ("Электроэнергия для теплицы, вода, корм для рыбы", ("Свет", "Водоснабжение", "Корм форели"), ""),
        ("Разработка приложения (бесплатно, делаем сами), сервер", ("Аренда сервера",), ""),
        ("Ноутбук (есть у школы), лицензия программы", ("Лицензия на программу",), ""),
        ("Камера, штатив и микрофон для съёмок", ("Видеокамера", "Штатив", "Микрофон"), ""),
        ("Курьер, кассовый аппарат, налог на профессиональный доход", ("Касса", "Курьерская доставка"),
         "«налог на профессиональный доход»"),
        ("Ткань, нитки, стирка образцов", ("Ткань лён", "Нитки"), "«стирка образцов»"),
        ("Фанера, доклад на конференции", ("Фанера", "Документы"), "«доклад на конференции»"),
    ],
)  # fmt: skip
def test_what_a_budget_calls_otherwise_is_known_to_it(costs: str, lines: tuple[str, ...], unknown: str) -> None:
    assert said(costs, *lines) == ([f"в смете нет того, что здесь названо: {unknown}"] if unknown else [])


@given(st.text(), st.text())
def test_any_words_are_compared(costs: str, what: str) -> None:
    assert len(said(costs, what)) <= 1
    assert said(what, what) == []


def test_one_section_alone_is_compared_with_nothing() -> None:
    assert advice_across([("canvas", canvas("клей"))]) == {}
    assert advice_across([("budget", budget("клей")), ("canvas", "")]) == {}
    assert advice_across([("canvas", "Клей"), ("budget", "Доски")]) == {}  # texts from before the sections had kinds


async def test_it_stands_at_the_cell_at_the_gate_and_follows_what_is_saved(cast: Cast) -> None:
    idea = await sections_at(cast.season.id, Stage.IDEA)
    for section, kind in zip(idea, ("canvas", "budget"), strict=False):
        await Section.update({Section.kind: kind}).where(Section.id == section.id)
    first, second = (section.key for section in idea[:2])
    await rewrite(cast, first, canvas("клей, дорога"))
    await rewrite(cast, second, budget("Клей"))
    team, page = await signed_in(cast.captain), f"/projects/{cast.project.id}"
    await team.open(page)
    assert '<p class="cell-advice">в смете нет того, что здесь названо: «дорога»</p>' in team.text
    assert "Суть: в смете нет того, что здесь названо: «дорога»" in team.text
    part = (await parts_of(await fresh_project(cast.project)))[0]
    assert [each.place for each in await advice_beside(cast.project.id, CANVAS, part.value)] == ["costs"]
    headers = {"accept": "application/json", "x-requested-with": "fetch"}
    values = [("csrf", team.csrf()), ("version", f"{part.version}"), ("costs", "клей")]
    answer = (await team.post(f"{page}/answers/{first}", values, headers=headers)).json()
    assert answer["advised"] == {}


def test_what_was_overspent_is_said_at_the_line_that_is_to_blame() -> None:
    lines = [{"what": "Доски", "price": "100", "spent": "150"}, {"what": "Клей", "price": "10", "spent": "400"}]
    found = BUDGET.advice(BUDGET.stored(Sheet("budget", fields={"own": "110"}, rows=lines)))
    assert [each.place for each in found] == ["spent.1"]
