"""Finding an account: by name in either order or address, however it is spelt."""

import pytest

from incubator.people.tables import Person
from tests.browser import signed_in
from tests.cast import Cast


@pytest.mark.parametrize(
    "words",
    [
        "семенов", "СЕМЁНОВ", "Лев Семенов", "Семёнов  Лев", "Семёнов Лев Петрович", "лев петрович", "outsider@",
        "outsider", "Семен\u00adов",
    ],
)  # fmt: skip
async def test_an_account_is_found_however_it_is_spelt(cast: Cast, words: str) -> None:
    await Person.update({Person.family_name: "Семёнов", Person.patronymic: "Петрович"}).where(
        Person.id == cast.outsider.id
    )
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/accounts?q={words}")
    assert f'href="/organiser/accounts/{cast.outsider.id}"' in office.page.text


@pytest.mark.parametrize("words", ["", " ", "—", "%", "_", "\\", "Семенова Анна"])
async def test_words_that_name_nobody_find_nobody(cast: Cast, words: str) -> None:
    office = await signed_in(cast.organiser)
    await office.open("/organiser/accounts")
    page = await office.http.get("/organiser/accounts", params={"q": words})
    assert page.status_code == 200
    assert "/organiser/accounts/" not in page.text.partition("<main")[2]
