"""Calling people by "@", as they do it."""

import pytest

from incubator.names.calls import calls_in
from incubator.names.matcher import PersonName

ANNA, IVAN, MARIA, SINEAD, TWIN = (
    PersonName("Анна", "Орлова"), PersonName("Иван", "Заяц"), PersonName("Анна Мария", "Салтыкова-Щедрина"),
    PersonName("Шинейд", "О'Коннор"), PersonName("Пётр", "Орлов"),
)  # fmt: skip
ROOM = [ANNA, IVAN, MARIA, SINEAD, TWIN]
HANDLES = ["anna.orlova", "zayac", "", "", "petr-o"]


@pytest.mark.parametrize(
    ("text", "called", "who"),
    [
        ("@Анна Орлова, взгляните", "@Анна Орлова", {0}), ("Спросите @Анну Орлову.", "@Анну Орлову", {0}),
        ("@Орлова Анна", "@Орлова Анна", {0}), ("@АннаОрлова!", "@АннаОрлова", {0}), ("@Аня Орлова", "@Аня Орлова", {0}),
        ("@анна орлова", "@анна орлова", {0}), ("(@Заяц)", "@Заяц", {1}), ("@Зайцу и всем", "@Зайцу", {1}), ("@Ваня", "@Ваня", {1}),
        ("@О’Коннор", "@О’Коннор", {3}), ("@О'Коннору", "@О'Коннору", {3}), ("@Шинейд О`Коннор", "@Шинейд О`Коннор", {3}),
        ("@Салтыкова-Щедрина", "@Салтыкова-Щедрина", {2}), ("@Салтыковой-Щедриной", "@Салтыковой-Щедриной", {2}),
        ("@Анна Мария Салтыкова-Щедрина", "@Анна Мария Салтыкова-Щедрина", {2}), ("@anna.orlova", "@anna.orlova", {0}),
        ("@Petr-O тоже", "@Petr-O", {4}), ("@Орлов", "@Орлов", {0, 4}), ("@Пётр Орлов", "@Пётр Орлов", {4}),
        ("@«Анна Орлова», вам", "@«Анна Орлова", {0}), ("@@Заяц", "@@Заяц", {1}), ("@\"Зайцу\"", "@\"Зайцу", {1}),
        ("@Щедриной", "@Щедриной", {2}), ("@Мария", "@Мария", {2}), ("@Анна", "@Анна", {0}),
        ("＠Заяц", "＠Заяц", {1}), ("@Заяц\u200b,", "@Заяц", {1}),
        ("@Иванова поможет", "@Иванова", set()), ("@Волк", "@Волк", set()),
    ],
)  # fmt: skip
def test_who_is_called(text: str, called: str, who: set[int]) -> None:
    (call,) = calls_in(text, ROOM, HANDLES)
    assert text[call.start : call.end] == called
    assert set(call.who) == who


@pytest.mark.parametrize("text", ["anna@orlova.example", "a@b", "@ Орлова", "@", "@@", "Орлова", "@!", "x.@Орлова"])
def test_nobody_is_called(text: str) -> None:
    assert calls_in(text, ROOM, HANDLES) == []


def test_each_call_is_found() -> None:
    text = "@Заяц, @Орлова и @Кто-то"
    assert [text[c.start : c.end] for c in calls_in(text, ROOM)] == ["@Заяц", "@Орлова", "@Кто"]
