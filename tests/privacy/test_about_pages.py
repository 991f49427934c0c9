"""What the programme is, who answers for it, and where to find help: public pages."""

import re

import pytest

from incubator.privacy.data_operator import change_operator
from tests.browser import Browser
from tests.cast import Cast
from tests.privacy.guardians import operator_known

PATHS = ("/about", "/help", "/privacy")
#: What each page needs to say, in both languages.
WORDS = {
    "/about": ("О программе", "About the programme"),
    "/help": ("Вопросы и ответы", "Questions and answers"),
    "/privacy": ("Личные данные", "Personal data"),
}


@pytest.mark.parametrize("path", PATHS)
async def test_it_names_who_answers_for_the_programme(cast: Cast, path: str) -> None:
    browser = Browser()
    await browser.open(path)
    assert "Организаторы ещё не вписали" in browser.text
    await operator_known()
    values = {"phone": "+7 (812) 000-00-00", "name_en": "Committee"}
    await change_operator(values, by=cast.organiser)
    for locale, office in (("ru", "Комитет"), ("en", "Committee")):
        page = await Browser(language=locale).open(path)
        for said in (office, "Улица, 1", "7707083893", "1027700132195", "mailto:office@example.org", "tel:+78120000000", WORDS[path][locale == "en"]):  # fmt: skip
            assert said in page.text


async def test_every_page_leads_to_them(cast: Cast) -> None:
    browser = Browser()
    await browser.open("/showcase")
    assert all(f'href="{path}"' in browser.text for path in PATHS)


async def test_every_address_in_them_exists(cast: Cast) -> None:
    browser = Browser()
    for path in PATHS:
        await browser.open(path)
        for link in set(re.findall(r'href="(/[^"#]*)"', browser.text)):
            assert (await Browser().open(link)).status_code == 200, (path, link)
