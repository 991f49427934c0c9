"""A passed gate is celebrated on the document, with a picture to share that names nobody."""

import struct

from incubator.gates.decide import decide
from incubator.gates.milestone import milestone_picture
from incubator.gates.release import release
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, submitted


async def test_a_passed_gate_is_celebrated_and_its_picture_shows_it(cast: Cast) -> None:
    submission = await submitted(cast)
    before = await milestone_picture(await fresh_project(cast.project), submission)
    await release(
        await decide(submission, "advance", reason="Ясно", override="Некому", by=cast.organiser), by=cast.organiser
    )
    browser = await signed_in(cast.captain)
    page = await browser.open(f"/projects/{cast.project.id}")
    assert "Рубеж «Идея» пройден" in page.text
    assert "Дальше – «Проект»" in page.text
    assert '<div class="passed-land"><svg' in page.text
    picture = await browser.open(f"/projects/{cast.project.id}/submissions/1/milestone.png")
    assert picture.headers["content-type"] == "image/png"
    assert struct.unpack(">II", picture.content[16:24]) == (1200, 630)
    assert picture.content != before  # it was handed in, now it is passed
    outsider = await signed_in(cast.outsider)
    hidden = await outsider.open(f"/projects/{cast.project.id}/submissions/1/milestone.png")
    assert hidden.status_code == 404


async def test_a_returned_project_says_so_and_celebrates_nothing(cast: Cast) -> None:
    submission = await submitted(cast)
    decision = await decide(
        submission,
        "return",
        reason="Почти",
        remarks=[("problem", "Сколько роёв?")],
        override="Некому",
        by=cast.organiser,
    )
    await release(decision, by=cast.organiser)
    browser = await signed_in(cast.captain)
    for path in (f"/projects/{cast.project.id}", "/projects"):
        page = await browser.open(path)
        assert '<span class="badge badge-warning">на доработке</span>' in page.text, path
        assert "passed-land" not in page.text
