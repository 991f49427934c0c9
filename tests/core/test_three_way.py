"""Two people who change one record at once."""

import pytest

from incubator.core.refusals import Stale
from incubator.core.three_way import three_way


def test_what_one_did_not_touch_stays_what_the_other_has_made_of_it() -> None:
    read = {"name": "Лицей", "kind": "school"}
    assert three_way(read, {"name": "Лицей", "kind": "college"}, {"name": "Гимназия", "kind": "school"}) == {
        "name": "Гимназия",
        "kind": "college",
    }


def test_the_same_change_twice_is_no_quarrel() -> None:
    assert three_way({"name": "Лицей"}, {"name": "Гимназия"}, {"name": "Гимназия"}) == {"name": "Гимназия"}


def test_a_value_that_both_have_changed_is_told() -> None:
    with pytest.raises(Stale, match="«Гимназия»"):
        three_way({"name": "Лицей"}, {"name": "Школа"}, {"name": "Гимназия"}, texts={"name"})
    with pytest.raises(Stale, match="стёр"):
        three_way({"name": "Лицей"}, {"name": "Школа"}, {"name": ""}, texts={"name"})
    with pytest.raises(Stale, match="кто-то другой"):
        three_way({"kind": 1}, {"kind": 2}, {"kind": 3})


def test_who_does_not_say_what_they_read_decides_by_what_stands_there() -> None:
    assert three_way({}, {"name": "Школа"}, {"name": "Гимназия"}) == {"name": "Школа"}
