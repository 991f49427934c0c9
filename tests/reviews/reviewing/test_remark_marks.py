"""Marks of a remark that two people change at once: the first stays, and the second reads why theirs did not."""

from incubator.reviews.reviewing.remarks import open_remarks
from incubator.reviews.tables import Assignment, Remark
from tests.browser import Browser, signed_in
from tests.cast import Cast, rewrite, submitted
from tests.gates.test_corrections import RETURN, released
from tests.reviews.reviewing.test_threads import second_round
from tests.stories.test_without_scripts import press

ANNA, BORIS = "Нет сметы и сроков", "Нет партнёров"


async def stored(remark: Remark) -> Remark:
    row = await Remark.objects().get(Remark.id == remark.id)
    assert row
    return row


async def both(cast: Cast) -> tuple[Remark, tuple[Browser, str], tuple[Browser, str]]:
    """Return a remark of the second round, and two mentors at their pages of it, each with where they confirm."""
    remark, *asked = await second_round(cast)

    async def at(assignment: Assignment, mentor: object) -> tuple[Browser, str]:
        browser = await signed_in(mentor)
        await browser.open(f"/reviews/{assignment.id}")
        return browser, f"/reviews/{assignment.id}/remarks/{remark.id}/confirmation"

    return remark, await at(asked[0], cast.mentor), await at(asked[1], cast.second_mentor)


async def test_a_mates_answer_stays_and_the_second_reads_it(cast: Cast) -> None:
    await released(cast, await submitted(cast), RETURN)
    [remark] = await open_remarks(cast.project.id)
    await rewrite(cast, remark.key, "Переписано заново")
    here = f"/projects/{cast.project.id}"
    to = f"{here}/remarks/{remark.id}/addressed"
    captain, mate = await signed_in(cast.captain), await signed_in(cast.teammate)
    await captain.open(here)
    await mate.open(here)
    await captain.send(to, answer="Дописали про пасеки")
    await press(mate, f"{here}/answers", to, {"answer": "А я добавил таблицу на полстраницы"})
    assert (await stored(remark)).answer == "Дописали про пасеки"
    assert "ответил кто-то ещё из команды: «Дописали про пасеки»" in mate.text
    assert "таблицу на полстраницы" in mate.text


async def test_what_one_mentor_found_missing_stays_when_another_finds_something_else(cast: Cast) -> None:
    remark, (anna, to_anna), (boris, to_boris) = await both(cast)
    await anna.send(to_anna, not_yet="1", doubt=ANNA)
    await boris.send(to_boris, not_yet="1", doubt=BORIS)
    assert (await stored(remark)).doubt == ANNA
    assert f"чего не хватает: «{ANNA}»" in boris.text
    assert BORIS in boris.text
    await anna.open(anna.path)
    await anna.send(to_anna, not_yet="1", doubt="Нет только сметы")
    assert (await stored(remark)).doubt == "Нет только сметы"


async def test_what_one_mentor_confirmed_another_does_not_doubt(cast: Cast) -> None:
    remark, (anna, to_anna), (boris, to_boris) = await both(cast)
    await anna.send(to_anna)
    await press(boris, boris.path, to_boris, {"doubt": BORIS}, button="not_yet")
    row = await stored(remark)
    assert (row.doubt, row.confirmed_by) == ("", cast.mentor.id)
    assert "уже подтвердил" in boris.text
    assert BORIS in boris.text


async def test_a_confirmation_leaves_what_another_mentor_found_missing(cast: Cast) -> None:
    remark, (anna, to_anna), (boris, to_boris) = await both(cast)
    await anna.send(to_anna, not_yet="1", doubt=ANNA)
    await boris.send(to_boris)
    row = await stored(remark)
    assert (row.doubt, row.confirmed_by) == (ANNA, cast.second_mentor.id)


async def test_what_the_team_took_back_is_not_confirmed(cast: Cast) -> None:
    remark, (anna, to_anna), _boris = await both(cast)
    await Remark.update({Remark.addressed_at: None}).where(Remark.id == remark.id)
    await anna.send(to_anna)
    assert (await stored(remark)).confirmed_at is None
    assert "сняла отметку" in anna.text
