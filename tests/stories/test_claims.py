"""Sentences that claim a fact are made from the fact: about nobody, nothing computed, nothing written."""

import re
from typing import Any

from incubator.gates.decide import decide
from incubator.gates.facts import dossier_of
from incubator.gates.workplace import checks
from incubator.projects.tables import Member
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.proposal import propose
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Review
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, make_ready, reviewed, submitted


async def test_an_empty_team_has_no_ticks_that_are_about_people(cast: Cast) -> None:
    await make_ready(cast)
    await Member.delete().where(Member.project == cast.project.id)
    project = await fresh_project(cast.project)
    lines = {line.text: line.done for line in checks(project, await dossier_of(project))}
    for told in (
        "У всех участников есть имя и фамилия",
        "Есть согласия на участие каждого",
        "Адрес капитана подтверждён",
    ):
        assert told not in lines
    assert lines["В команде никого нет: согласия давать некому"] is False
    assert lines["В команде нет ни одного участника: пригласите их"] is False


async def test_a_mail_is_claimed_only_for_those_who_get_it(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    await decide(submission, "advance", reason="Готово", override="Ждать некого", by=cast.organiser)
    organiser = await signed_in(cast.organiser)
    page = f"/organiser/submissions/{submission.id}"
    await Member.delete().where(Member.project == cast.project.id)
    await organiser.open(page)
    await organiser.send(f"{page}/decision/release")
    assert "В команде никого нет: писать некому" in organiser.text


async def test_nobody_is_short_before_anything_was_computed(cast: Cast) -> None:
    await submitted(cast)
    organiser = await signed_in(cast.organiser)
    await organiser.open("/organiser/proposal")
    assert "Не хватает" not in organiser.text
    assert "Осталось найти" in organiser.text
    await propose(by=cast.organiser)
    await organiser.open("/organiser/proposal")
    assert "Осталось найти" not in organiser.text


async def test_an_empty_review_is_told_what_it_lacks_criterion_by_criterion(cast: Cast) -> None:
    submission = await submitted(cast)
    asked = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{asked.id}")
    first, *others = await rubric_of(submission)
    levels: dict[str, Any] = {f"level__{first.key}": "2"}
    await mentor.send(f"/reviews/{asked.id}", send="1", **levels)
    assert mentor.page.status_code == 422
    assert "Похвала греет" not in mentor.text
    assert set(re.findall(r'id="e-level-(\w+)"', mentor.page.text)) == {criterion.key for criterion in others}
    assert "Напишите совет команде" in mentor.text
    assert "Выберите рекомендацию" in mentor.text
    kept = await Review.objects().first()
    assert kept is not None
    assert kept.sent_at is None  # what was chosen is kept as a draft
    assert mentor.form(f"/reviews/{asked.id}")[1:] != []
    await mentor.send(f"/reviews/{asked.id}", send="1", advice="Спросите трёх пасечников о датчике")
    assert f'id="e-level-{first.key}"' not in mentor.page.text
    assert "Напишите совет команде" not in mentor.text
