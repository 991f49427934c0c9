"""What a season asks and promises may change; what mentors said and were promised stays."""

from incubator.backoffice.review_queue import heaps, not_of
from incubator.db import writing
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.programme.tables import Season
from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.review import Opinion, review_of, send_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Bid
from tests.browser import signed_in
from tests.cast import Cast, fresh, reviewed, submitted


async def _visibility(cast: Cast) -> str:
    rows = await Season.select(Season.visibility).where(Season.id == cast.season.id)
    return str(rows[0]["visibility"])


async def test_names_that_were_hidden_when_somebody_reviewed_stay_hidden(cast: Cast) -> None:
    await Season.update({Season.visibility: "names_hidden"}).where(Season.id == cast.season.id)
    page, office = f"/organiser/seasons/{cast.season.id}", await signed_in(cast.organiser)
    await office.open(page)
    await office.send(page, visibility="open")
    await office.send(page, visibility="names_hidden")
    assert await _visibility(cast) == "names_hidden"
    await reviewed(cast, await submitted(cast))
    await office.open(page)
    await office.send(page, visibility="open")
    assert office.page.status_code == 422
    assert "зная, что имён не откроют" in office.text
    assert ("visibility", "open") in office.form(page)
    await office.send(page, visibility="double_blind")
    assert await _visibility(cast) == "double_blind"


async def test_how_sure_a_mentor_was_stays_when_nobody_asks_any_more(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    levels: dict[int, int | None] = {criterion.id: 2 for criterion in await rubric_of(submission)}
    advice = "Хорошо, но добавьте цифры по пасекам."
    await send_review(assignment, Opinion(levels, advice, "", "advance", 3), version=0, by=cast.mentor)
    await Season.update({Season.confidence: "not_asked"}).where(Season.id == cast.season.id)
    browser, path = await signed_in(cast.mentor), f"/reviews/{assignment.id}"
    await browser.open(path)
    await browser.send(path, advice=f"{advice} И по ценам.")
    review = await review_of(assignment)
    assert review
    assert (review.advice, review.confidence) == (f"{advice} И по ценам.", 3)


async def test_wishes_are_saved_although_one_submission_is_gone(cast: Cast) -> None:
    await submitted(cast)
    browser = await signed_in(cast.mentor)
    await browser.open("/desk/bids")
    others = [pair for pair in browser.form("/desk/bids") if not pair[0].startswith("wish-")]
    await browser.post("/desk/bids", [*others, (f"wish-{cast.project.id}", "gladly"), ("wish-999", "can")])
    assert "1 заявку уже разобрали" in browser.text
    assert [row["project"] for row in await Bid.select(Bid.project)] == [cast.project.id]
    await browser.open("/desk/bids")
    await browser.post("/desk/bids", [*others, ("wish-999", "can")])
    assert "в списке уже нет" in browser.text
    assert await Bid.count() == 1


async def test_an_organiser_meets_the_own_team_in_no_list_of_work(cast: Cast) -> None:
    async with writing():
        await grant_role(await fresh(cast.teacher), StaffRole.ORGANISER, by=cast.organiser)
    await assign(await submitted(cast), cast.mentor, by=cast.organiser)
    teacher, office = await signed_in(cast.teacher), await signed_in(cast.organiser)
    for path in ("/organiser", "/organiser/assignments/table.csv"):
        assert "Тихий улей" in (await office.open(path)).text
        assert "Тихий улей" not in (await teacher.open(path)).text
    assert {heap.total for heap in (await heaps(not_of(cast.teacher.id))).values()} == {0}
    await teacher.open("/organiser/assignments")
    checked = await teacher.http.post(
        "/organiser/assignments/check",
        data={"csrf": dict(teacher.form("/organiser/assignments/check"))["csrf"], "mode": "replace"},
        files={"file": ("table.csv", b"submission,mentor\n1,mentor2@example.org", "text/csv")},
    )
    assert "такой заявки на рецензии нет" in checked.text
    assert "mentor@example.org" not in checked.text
