"""Finding names, telephone numbers, mail, messengers and homes in a text."""

from time import perf_counter

import pytest

from incubator.names.matcher import NameMatcher, PersonName
from incubator.publication.personal_data import PersonalKind, mentions_in

TEAM = NameMatcher(
    [
        PersonName("Мария", "Кузнецова", "Ивановна"),
        PersonName("Иван", "Соколов"),
        PersonName("Лев", "Заяц"),
        PersonName("Мэри", "О'Коннор"),
    ],
    contacts=True,
)

FOUND = {
    PersonalKind.PHONE: """
+7 (921) 123-45-67
8 921 123 45 67
89211234567
8-921-123-45-67
+79211234567
8(812)123-45-67
8 (81371) 2-34-56
(813-71) 2-34-56
(81371) 2-34-56
911 123-45-67
9111234567
+7 921 **123** 45 67
８９２１１２３４５６７
8.921.123.45.67
8/921/123-45-67
+375 29 123-45-67
8\u200b921\u200b123\u200b45\u200b67
+7\u00a0921\u00a0123\u201145\u201167
тел. [123-45-67]
телефон: [2-34-56]
звоните [921 123 45 67]
звоните [2-34-56]
тел.: [234567]
921 1234567
т. [2-34-56]
☎ [123-45-67]
""",
    PersonalKind.EMAIL: """
maria@mail.ru
мария@почта.рф
maria [at] mail.ru
maria собака mail.ru
maria(собака)mail точка ru
maria @ mail.ru
m.ivanova+school@gmail.com
maria[собака]mail[точка]ru
maria{at}mail{dot}ru
maria собачка mail точка ру
""",
    PersonalKind.HANDLE: """
@masha_k
телеграм: [masha_k]
тг - [masha.k]
t.me/masha_k
https://t.me/masha
vk.com/id12345
вк [masha_2010]
ВК: [id123456]
https://wa.me/79211234567
id123456789
""",
    PersonalKind.HOME: """
ул. Ленина, д. 5, кв. 7
улица Ленина, дом 5
ул. Ленина 5-7
Садовая улица, дом 5
Садовая ул., 5
пр. Мира, 12, корп. 2, кв. 40
проспект Мира, д.12к2, кв.40
Невский пр., 12
дер. Малое Верево, д. 7
д. 5, кв. 7
дом 5, квартира 7
кв. 7
188300, Ленинградская обл., г. Гатчина, ул. Соборная, д. 10
микрорайон Центральный, дом 5
наб. Фонтанки, 10
ул.Ленина,5
12 Lenina street, apt 5
flat 7
ул. К. Маркса, 12
дом №5 по улице Мира
садоводство "Берёзка", уч. 5
188300 Гатчина, Соборная 10
г. Гатчина, Соборная 10
общежитие, комната 305
""",
    PersonalKind.PERSON: """
Мария Кузнецова
Марии Кузнецовой
Кузнецовой Марии
М. Кузнецова
Кузнецова М
М.И. Кузнецова
Маша Кузнецова
Соколовым
Зайца Льва
Мария Ивановна
О’Коннор
М\u200bария Кузне\u00adцова
МарияКузнецова
#[МарияКузнецова]
Kuznetsova
""",
}
CASES = [(kind, line) for kind, lines in FOUND.items() for line in lines.strip().splitlines()]

HARMLESS = """
бюджет 120 000 рублей
2026-11-25
25.11.2026 12:30
10 000 000 рублей
ИНН 7812345678
на улице холодно
мы прошли 5 улиц
д. 5 (пункт)
в школе № 5
по 8 часов 30 минут
ISBN 978-5-17-118366-1
в доме 5 комнат
у нас 8 900 рублей и 3 000 рублей
3 000 000 000
квадратных метров 40 кв. м
Дом культуры
площадь 40 м
площадь 120 квадратных метров
номер 5
шоссе Киевское
в группе вк написали
телеграм-канал
температура -20..+35
от 8 до 12 лет
г. Луга
Лев — царь зверей
заяц бежит
мария
1234567890123
версия 2.0.1
цена 89 000 000 руб
2019 2020 2021 2022 2023
пр. и др. 5 штук
к 2030 году
учётная запись
опасные кварталы на высоте 80 м
Телефоны 12 000, печать 2 400
звонили 12 раз
площадь Ленина 40 лет назад
линия сборки 12 штук
190000 рублей собрали 10 школ
в комнате 20 датчиков
д. 5 на доске
т. 2 и т. 3
""".strip().splitlines()


@pytest.mark.parametrize(("kind", "line"), CASES)
def test_it_is_found_whole(kind: PersonalKind, line: str) -> None:
    """What is looked for stands in square brackets, or is the whole line."""
    found = line.partition("[")[2].rstrip("]") if line.endswith("]") else line
    text = f"Пишем: {line.replace(f'[{found}]', found)} — вот."
    assert [(each.kind, text[each.start : each.end]) for each in mentions_in(text, TEAM)] == [(kind, found)]


@pytest.mark.parametrize("line", HARMLESS)
def test_it_is_nothing_personal(line: str) -> None:
    assert mentions_in(f"Пишем: {line} — вот.", TEAM) == []


def test_who_is_named_is_known() -> None:
    met = mentions_in("Зайцу помогала Кузнецова.", TEAM)
    assert [set(each.who) for each in met] == [{2}, {0}]


@pytest.mark.parametrize(
    "piece", ["8", "8 ", "ул. ", "а", "(", "ул. а ", "+7", "д. 5, ", "@", "a.", "тел ", "a собака "]
)
def test_no_text_takes_long(piece: str) -> None:
    started = perf_counter()
    mentions_in((piece * 7000)[:7000], TEAM)
    assert perf_counter() - started < 2
