"""Consents whose time is over are destroyed, with an act that names nobody."""

from datetime import timedelta

import pypdfium2
import pytest

from incubator.core.clock import clock_at, now, today
from incubator.core.refusals import NotAllowed, Refusal
from incubator.files.orphans import remove_orphans
from incubator.files.tables import StoredFile
from incubator.people.tables import Consent
from incubator.privacy.destruction import destroy_what_is_due, drawn_act, due_for_destruction, end_of
from incubator.privacy.scans import file_scans
from incubator.privacy.tables import ConsentSheet, DestructionAct
from incubator.projects.consents import PARTICIPATION, PHOTO, PUBLIC_NAME, give_consent, withdraw_consent
from tests.cast import Cast
from tests.test_permissions import brought_sheets

THREE_YEARS = timedelta(days=3 * 366 + 2)


async def test_three_years_after_its_end_a_consent_goes_with_its_picture(cast: Cast) -> None:
    (scan,) = await brought_sheets(cast, PUBLIC_NAME)
    await file_scans([scan.id], by=cast.teacher)
    await withdraw_consent(cast.project, cast.teammate, PUBLIC_NAME, by=cast.teacher)
    await give_consent(cast.project, cast.captain, PARTICIPATION, by=cast.teacher)
    await give_consent(cast.project, cast.teacher, PHOTO, by=cast.teacher)
    with pytest.raises(Refusal):
        await destroy_what_is_due(by=cast.organiser)
    with clock_at(now() + THREE_YEARS):
        assert [row.purpose for row, _end in await due_for_destruction()] == [PUBLIC_NAME]
        with pytest.raises(NotAllowed):
            await destroy_what_is_due(by=cast.teacher)
        act = await destroy_what_is_due(by=cast.organiser)
        assert await Consent.count() == 2
        assert await ConsentSheet.count() == 0
        await remove_orphans()
        assert await StoredFile.count() == 0
    stored = await DestructionAct.objects(DestructionAct.made_by).get(DestructionAct.id == act.id)
    assert stored
    with pypdfium2.PdfDocument(await drawn_act(stored)) as document:
        text = " ".join(document[0].get_textpage().get_text_range().split())
    assert "полное имя на витрине" in text
    assert "Соколов" not in text


async def test_the_end_is_the_first_of_all_ends(cast: Cast) -> None:
    await give_consent(cast.project, cast.captain, PHOTO, by=cast.teacher)
    consent = await Consent.objects().first()
    assert consent
    assert end_of(consent) is None
    consent.ends_on = today() - timedelta(days=5)
    assert end_of(consent) == today() - timedelta(days=5)
    consent.withdrawn_at = now() - timedelta(days=9)
    assert end_of(consent) == today() - timedelta(days=9)
