"""Two complete languages, and the choice between them for a reader."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from incubator.config import ROOT
from incubator.core.languages import CATALOGUES, preferred
from incubator.people.tables import Person
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh

METHODS = [("incubator/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true"}}


def catalogue(locale: str) -> Catalog:
    return read_po(io.BytesIO((CATALOGUES / locale / "messages.po").read_bytes()), locale=locale)


def texts_of(entry: Message) -> tuple[str, ...]:
    """Return the translation: one text, or one for each plural form."""
    texts = entry.string if isinstance(entry.string, (tuple, list)) else (entry.string,)
    return tuple(text or "" for text in texts)


@pytest.fixture(scope="module")
def messages() -> set[Any]:
    """Return every message of code and templates: a text, or a tuple with its plural."""
    found = extract_from_dir(ROOT, METHODS, OPTIONS)
    return {message for _file, _line, message, _comments, _context in found}


@pytest.mark.skipif(not (ROOT / "pyproject.toml").exists(), reason="needs a checkout")
def test_every_message_is_translated(messages: set[Any]) -> None:
    assert len(messages) > 500
    for locale in ("en", "ru"):
        known = catalogue(locale)
        for message in messages:
            singular = message[0] if isinstance(message, tuple) else message
            entry = known.get(singular)
            assert entry is not None, f"{locale} lacks «{singular}»"
            strings = texts_of(entry)
            assert all(strings), f"{locale}: «{singular}» is not translated"
            assert "fuzzy" not in entry.flags
            if isinstance(message, tuple):
                assert len(strings) == known.num_plurals


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_placeholders_survive(locale: str) -> None:
    for entry in catalogue(locale):
        if not entry.id:
            continue
        wanted = set(re.findall(r"%\(\w+\)s|\{\w+\}", entry.id if isinstance(entry.id, str) else entry.id[0]))
        for text in texts_of(entry):
            assert set(re.findall(r"%\(\w+\)s|\{\w+\}", text)) == wanted, entry.id


def test_no_russian_is_left_in_english() -> None:
    names = {"Русский"}
    for entry in catalogue("en"):
        for text in texts_of(entry):
            assert not re.search("[а-яё]", text, re.I) or entry.id in names or "@" in text, entry.id


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "ru"),
        ("en-GB,en;q=0.9", "en"),
        ("de,fr;q=0.5", "ru"),
        ("ru;q=0.4,en;q=0.9", "en"),
        ("en;q=x,ru", "ru"),
        ("*", "ru"),
    ],
)
def test_what_the_browser_asks_for(header: str, locale: str) -> None:
    assert preferred(header) == locale


async def test_choice_beats_account_beats_browser(cast: Cast) -> None:
    browser = await signed_in(cast.captain, language="en")
    await Person.update({Person.locale: "ru"}).where(Person.id == cast.captain.id)
    assert (await fresh(cast.captain)).locale == "ru"
    await browser.open("/showcase")
    assert '<html lang="ru">' in browser.page.text
    await browser.open("/language/en?back=/showcase")
    assert browser.path == "/showcase"
    assert '<html lang="en">' in browser.page.text


async def test_plural_forms(database: Any) -> None:
    from incubator.core.languages import ngettext, override_locale

    one, few = "Не хватает %(n)s рецензии.", "Не хватает %(n)s рецензий."
    assert [ngettext(one, few, n) for n in (1, 2, 5)] == [
        "Не хватает 1 рецензии.",
        "Не хватает 2 рецензий.",
        "Не хватает 5 рецензий.",
    ]
    with override_locale("en"):
        assert ngettext(one, few, 1) != ngettext(one, few, 2)


async def test_the_other_language_of_a_page_leads_back_to_it(database: Any) -> None:
    browser = Browser()
    await browser.open("/showcase?q=улей&stage=idea")
    link = re.search(r'href="(/language/en[^"]+)"', browser.page.text)
    assert link
    await browser.open(link[1].replace("&amp;", "&"))
    assert str(browser.page.url).endswith("/showcase?q=%D1%83%D0%BB%D0%B5%D0%B9&stage=idea")


def test_catalogues_lie_where_the_package_is() -> None:
    assert Path(CATALOGUES / "ru" / "messages.po").is_file()
