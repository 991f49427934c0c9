"""A button may lead elsewhere than its form (``formaction``): without scripts, too, it never does what another one does."""

import re
from html import unescape

from incubator.people.tables import AccessCard, ConsentText, Enrolment
from tests.browser import Browser, signed_in
from tests.cast import Cast
from tests.classroom.classes import enrolled


async def press(browser: Browser, to: str, button: str = "", **typed: str) -> None:
    """Press the button that leads ``to``, as a browser without scripts does: everything on the page is sent with it."""
    tags = re.findall(r"<button\b[^>]*>", browser.page.text)
    assert not any(" formaction=" in tag for tag in tags)  # the browser would follow it
    pressed = re.search(rf' value="([0-9a-f]{{8}} {re.escape(to)} {button})"', " ".join(tags))
    together = re.search(r'<form id="together" method="post" action="([^"]*)"', browser.page.text)
    assert pressed
    assert together
    values = [(name, typed.get(name[9:], value)) for name, value in browser.form(together[1])]
    await browser.post(together[1], [*values, ("then", unescape(pressed[1]))])


async def test_a_class_is_enrolled_and_removed_and_not_given_cards(cast: Cast) -> None:
    pupils = await enrolled(cast)
    teacher = await signed_in(cast.teacher)
    await teacher.open("/class")
    await teacher.send("/class/list", list="Смирнова Вера, 01.02.2012")
    assert await Enrolment.count() == len(pupils)
    await press(teacher, "/class/pupils")
    assert "Записан 1 ученик" in teacher.text
    assert await Enrolment.count() == len(pupils) + 1

    await teacher.open("/class")
    await press(teacher, "/class/removal")
    assert "Убраны из класса" in teacher.text
    assert not await AccessCard.exists()
    assert not await Enrolment.exists().where(
        Enrolment.holding() & Enrolment.person.is_in([each.id for each in pupils])
    )


async def test_the_preview_of_a_document_puts_nothing_in_force(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await office.open("/organiser/consents/texts/photo/new")
    count = await ConsentText.count()
    await press(office, "/organiser/consents/texts/photo/preview", "preview=ru", reason="Точнее", title_ru="Снимки")
    assert office.page.headers["content-type"] == "application/pdf"
    assert await ConsentText.count() == count
