"""Who may be the same child in another spelling, and who is not asked about."""

from datetime import date

import pytest

from incubator.classroom.alike import ListedChild, may_be_the_same

BORN = date(2012, 3, 5)
MARIA = ListedChild("Иванова", "Мария", BORN)


@pytest.mark.parametrize(
    "other",
    [
        MARIA,
        ListedChild("Иванова", "Маша", BORN),
        ListedChild("иванова", "Марья", BORN),
        ListedChild("Ивановa", "Мария", BORN),  # the last letter is Latin
        ListedChild("Ивнаова", "Мария", BORN),
        ListedChild("Мария", "Иванова", BORN),
        ListedChild("Иванова", "Мария", date(2012, 5, 3)),
        ListedChild("Иванова", "Маша", date(2011, 3, 5)),
    ],
)
def test_one_child_in_two_spellings(other: ListedChild) -> None:
    assert may_be_the_same(MARIA, other)
    assert may_be_the_same(other, MARIA)


@pytest.mark.parametrize(
    "other",
    [
        ListedChild("Иванова", "Дарья", BORN),  # a twin
        ListedChild("Иванова", "Марина", date(2012, 3, 6)),
        ListedChild("Петрова", "Мария", BORN),
        ListedChild("Иваненко", "Мария", BORN),
        ListedChild("Ким", "Мария", BORN),
        ListedChild("", "", None),
    ],
)
def test_two_children(other: ListedChild) -> None:
    assert not may_be_the_same(MARIA, other)


def test_short_names_allow_no_slip() -> None:
    assert not may_be_the_same(ListedChild("Ким", "Лев", BORN), ListedChild("Кин", "Лев", BORN))
