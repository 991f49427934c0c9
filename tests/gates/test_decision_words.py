"""What an organiser types for a decision is read by somebody, or stands in the form again."""

from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.reviews.tables import Decision, Remark
from tests.browser import signed_in
from tests.cast import Cast, submitted

REMARK = "Сколько пасек вы спросили?"


async def test_remarks_that_no_team_would_read_are_refused_with_all_that_was_typed(cast: Cast) -> None:
    to = f"/organiser/submissions/{(await submitted(cast)).id}"
    browser = await signed_in(cast.organiser)
    await browser.open(to)
    for outcome in ("advance", "stop"):
        await browser.send(
            f"{to}/decision", outcome=outcome, reason="Хорошо и точно", override="Некому", next_step="Отдохните",
            remark_key=["problem"], remark_text=[REMARK],
        )  # fmt: skip
        assert browser.page.status_code == 422
        assert REMARK in browser.text
    assert not await Decision.count()
    await browser.send(f"{to}/decision", outcome="return")
    assert [row["text"] for row in await Remark.select(Remark.text)] == [REMARK]


async def test_the_words_of_an_undone_decision_stand_in_the_form(cast: Cast) -> None:
    submission = await submitted(cast)
    await decide(
        submission, "return", reason="Хорошо и точно", remarks=[("problem", REMARK)], override="Некому", revise_days=9,
        by=cast.organiser,
    )  # fmt: skip
    browser, to = await signed_in(cast.organiser), f"/organiser/submissions/{submission.id}/decision"
    await browser.open(f"/organiser/submissions/{submission.id}")
    await browser.send(f"{to}/undoing")
    assert not await Decision.count()
    await browser.send(f"/organiser/submissions/{submission.id}/posts", post="Посмотрите ещё раз")
    await browser.open(f"/organiser/submissions/{submission.id}")  # another form of the page, another day
    form = browser.form(to)
    for field in (
        ("outcome", "return"), ("reason", "Хорошо и точно"), ("remark_text", REMARK), ("override", "Некому"),
        ("revise_days", "9"),
    ):  # fmt: skip
        assert field in form
    await browser.send(to)
    assert [row["text"] for row in await Remark.select(Remark.text)] == [REMARK]


async def test_a_correction_refuses_new_remarks_and_leaves_the_old_ones_behind(cast: Cast) -> None:
    submission = await submitted(cast)
    decision = await decide(
        submission, "return", reason="Хорошо и точно", remarks=[("problem", REMARK)], override="Некому",
        by=cast.organiser,
    )  # fmt: skip
    await release(decision, by=cast.organiser)
    browser, to = await signed_in(cast.organiser), f"/organiser/submissions/{submission.id}/correction"
    await browser.open(to)
    await browser.send(
        to, outcome="advance", why="Ошиблись", remark_key=["problem", "problem"], remark_text=[REMARK, "И ещё одно"]
    )
    assert browser.page.status_code == 422
    assert "И ещё одно" in browser.text
    await browser.send(to, outcome="advance", why="Ошиблись", remark_key=["problem"], remark_text=[REMARK])
    standing = await Decision.objects().where(Decision.standing_on(submission.id)).first()
    assert standing
    assert standing.outcome == "advance"
