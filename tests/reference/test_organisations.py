"""Organisations: the kind guessed from a name."""

import pytest

from incubator.reference.organisations import kind_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Школа № 1", "school"), ("Гатчинский лицей", "school"), ("Лужский агропромышленный техникум", "college"),
     ("ЛГУ – университет", "university"), ("Дом творчества «Заря»", "community"), ("ООО «Заря»", "enterprise"),
     ("Завод «Буревестник»", "enterprise"), ("Saint-Petersburg State University", "university"), ("", "school")],
)  # fmt: skip
def test_what_a_name_tells(name: str, kind: str) -> None:
    assert kind_of(name) == kind
