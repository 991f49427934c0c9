"""The register of consents: found by name and state, a page at a time, and taken away whole."""

from incubator.people.consents import ConsentState
from incubator.privacy.consent_register import CONSENTS, register_page
from incubator.projects.consents import PARTICIPATION, PHOTO, PUBLIC_NAME, give_consent, withdraw_consent
from tests.browser import signed_in
from tests.cast import Cast


async def test_pages_and_filters(cast: Cast) -> None:
    for person in (cast.captain, cast.teammate):
        for purpose in (PARTICIPATION, PUBLIC_NAME, PHOTO):
            await give_consent(cast.project, person, purpose, by=cast.teacher)
    await withdraw_consent(cast.project, cast.captain, PHOTO, by=cast.teacher)

    first, total, further = await register_page("", None, None, 4)
    rest, again, end = await register_page("", None, further, 4)
    assert (total, again, end) == (6, 6, None)
    assert [*first, *rest] == list(await CONSENTS.rows())
    found, total, _further = await register_page("кузнецова", ConsentState.WITHDRAWN, None, 4)
    assert total == len(found) == 1
    assert await register_page("Никто", None, None, 4) == ([], 0, None)

    office = await signed_in(cast.organiser)
    await office.open("/organiser/consents?q=КУЗНЕЦОВА&state=withdrawn")
    assert "Все согласия: 1" in office.text
    await office.open("/organiser/consents?state=nonsense&after=x")
    assert "Все согласия: 6" in office.text
    table = await office.http.get("/organiser/consents/table.csv")
    assert table.text.count("\n") == 7
    assert table.headers["cache-control"] == "no-store"
