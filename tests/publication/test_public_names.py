"""How a person is named in public: every combination of consents."""

import pytest

from incubator.publication.public_names import public_name


@pytest.mark.parametrize(
    ("consents", "name"),
    [
        (set(), ""),
        ({"photo"}, ""),
        ({"public_name"}, ""),
        ({"participation"}, "Мария К."),
        ({"participation", "photo"}, "Мария К."),
        ({"participation", "public_name"}, "Мария Кузнецова"),
    ],
)
def test_as_far_as_consents_go(consents: set[str], name: str) -> None:
    assert public_name("Мария", "Кузнецова", consents) == name


def test_a_nameless_person_is_not_shown() -> None:
    assert public_name("", "Кузнецова", {"participation", "public_name"}) == ""


def test_without_a_family_name_there_is_no_initial() -> None:
    assert public_name("Мария", "", {"participation"}) == "Мария"
