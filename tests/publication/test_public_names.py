"""How a person is named in public: every combination of consents."""

import pytest

from incubator.publication.public_names import public_name


@pytest.mark.parametrize(
    ("consents", "name"),
    [
        (set(), ""),
        ({"photo"}, ""),
        ({"public_name"}, ""),
        ({"participation"}, ""),
        ({"participation", "photo"}, ""),
        ({"participation", "public_name"}, "Мария Кузнецова"),
    ],
)
def test_as_far_as_consents_go(consents: set[str], name: str) -> None:
    assert public_name("Мария", "Кузнецова", consents) == name


def test_a_nameless_person_is_not_shown() -> None:
    assert public_name("", "Кузнецова", {"participation", "public_name"}) == ""


def test_a_teacher_is_named_in_full_or_not_at_all() -> None:
    assert public_name("Ольга", "Петровна", {"participation", "staff"}, is_student=False) == ""
    for document in ("participation", "staff"):
        assert public_name("Ольга", "Петровна", {document, "public_name"}, is_student=False) == "Ольга Петровна"
    assert public_name("Мария", "Кузнецова", {"staff", "public_name"}) == ""


@pytest.mark.parametrize(
    ("given", "family", "whole"),
    [
        ("Мария", "", "Мария"),
        ("Мария Кузнецова", "", "Мария Кузнецова"),
        ("Мария Ивановна", "Кузнецова", "Мария Ивановна Кузнецова"),
        ("Маша @masha_k", "Кузнецова t.me/masha", "Маша Кузнецова"),
        ("Маша 89211234567", "Кузнецова", "Маша Кузнецова"),
        ("Анна-Мария", "О'Коннор", "Анна-Мария О'Коннор"),
        ("Әсел", "де ла Крус", "Әсел де ла Крус"),
        ("Кирилл", "«Кузнецов»", "Кирилл"),
        ("@masha_k", "Кузнецова", ""),
        ("", "", ""),
    ],
)
def test_whatever_is_typed_beside_the_name_is_no_part_of_it(given: str, family: str, whole: str) -> None:
    assert public_name(given, family, {"participation", "public_name"}) == whole
