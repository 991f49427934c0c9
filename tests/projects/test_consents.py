"""Consents: who may record them, what they allow, and that a withdrawal takes effect at the next request."""

import re

import pytest

from incubator.core.refusals import NotAllowed
from incubator.gates.decide import decide
from incubator.gates.facts import blockers_of
from incubator.gates.release import release
from incubator.people.consents import Signatory
from incubator.people.tables import Consent
from incubator.projects.consents import PURPOSES, give_consent
from incubator.publication.publish import ask_publication, publish
from incubator.publication.withdrawals import withdraw_consent
from tests.browser import Browser
from tests.cast import Cast, consent_all, fresh_project, make_ready, reviewed, submitted


async def test_a_minor_s_consent_is_recorded_by_the_teacher_and_names_its_text(cast: Cast) -> None:
    for person in (cast.captain, cast.teammate, cast.coach, cast.outsider, cast.mentor):
        with pytest.raises(NotAllowed):
            await give_consent(cast.project, cast.captain, "participation", by=person)
    await give_consent(cast.project, cast.captain, "participation", by=cast.teacher)
    await give_consent(cast.project, cast.captain, "participation", by=cast.teacher)  # a repeated click
    consent = await Consent.objects(Consent.text).where(Consent.person == cast.captain.id)
    assert [(c.recorded_by, c.signatory, c.text.purpose) for c in consent] == [
        (cast.teacher.id, "paper", "participation")
    ]


async def test_an_adult_consents_alone(cast: Cast) -> None:
    for purpose in PURPOSES:
        await give_consent(cast.project, cast.teacher, purpose, by=cast.teacher)
        with pytest.raises(NotAllowed):
            await give_consent(cast.project, cast.teacher, purpose, by=cast.organiser)
    given = await Consent.objects(Consent.text).where(Consent.person == cast.teacher.id)
    assert sorted((c.text.purpose, c.signatory) for c in given) == sorted(
        (purpose, Signatory.PERSON) for purpose in PURPOSES
    )


async def test_the_gate_names_whose_consent_is_missing(cast: Cast) -> None:
    await make_ready(cast)
    assert not await blockers_of(await fresh_project(cast.project))
    await withdraw_consent(cast.project, cast.teammate, "participation", by=cast.teammate)
    browser = await _team_browser(cast)
    await browser.open(f"/projects/{cast.project.id}")
    assert f"{cast.teammate.name}: нет согласия на участие" in browser.text
    assert re.search(r'/submission"(?:(?!</form>).)*<button[^>]* disabled>', browser.page.text, re.S)
    assert await blockers_of(await fresh_project(cast.project))


async def _team_browser(cast: Cast) -> Browser:
    from tests.browser import signed_in

    return await signed_in(cast.captain)


async def test_a_withdrawn_name_is_gone_at_the_next_request(cast: Cast) -> None:
    submission = await submitted(cast)
    await consent_all(cast, "public_name")
    await reviewed(cast, submission)
    await release(await decide(submission, "advance", reason="Да", by=cast.organiser), by=cast.organiser)
    project = await fresh_project(cast.project)
    await ask_publication(project, by=cast.captain)
    await publish(project, by=cast.organiser)

    visitor = Browser()
    address = f"/showcase/{project.slug}"
    await visitor.open(address)
    assert "Мария Кузнецова" in visitor.text
    await withdraw_consent(project, cast.captain, "public_name", by=cast.captain)
    await visitor.open(address)
    assert "Мария" not in visitor.text
    assert "Кузнецова" not in visitor.text
    assert visitor.page.status_code == 200


async def test_a_stranger_withdraws_nothing(cast: Cast) -> None:
    await consent_all(cast)
    for person in (cast.teammate, cast.outsider, cast.coach, cast.mentor):
        with pytest.raises(NotAllowed):
            await withdraw_consent(cast.project, cast.captain, "participation", by=person)
