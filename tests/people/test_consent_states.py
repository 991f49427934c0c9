"""What a consent is worth is the same in Python and in the database."""

from datetime import datetime, timedelta
from itertools import product

from incubator.core.clock import now, today
from incubator.people.consents import ConsentState, in_state, state_of
from incubator.people.tables import Consent, ConsentText
from tests.cast import Cast


async def test_every_consent_is_in_one_state_and_both_say_in_which(cast: Cast) -> None:
    day = today()
    text = await ConsentText.objects().first()
    assert text
    moments: list[datetime | None] = [None, now()]
    ends = [day - timedelta(days=1), day, day + timedelta(days=1)]
    yes_or_no = (False, True)
    everything = product(moments, moments, ends, [None, *ends], yes_or_no, yes_or_no, yes_or_no)
    for voided, withdrawn, ends_on, starts_on, awaits, teenager, refusal in everything:
        await Consent(
            person=cast.captain.id, purpose="photo", text=text.id, given_at=now(), recorded_by=cast.teacher.id,
            voided_at=voided, withdrawn_at=withdrawn, term=day, ends_on=ends_on, starts_on=starts_on, awaits_age=awaits,
            awaits_teenager=teenager, is_refusal=refusal,
        ).save()  # fmt: skip
    rows = {row.id: state_of(row, day) for row in await Consent.objects()}
    found = {}
    for state in ConsentState:
        for row in await Consent.select(Consent.id).where(in_state(state, day)):
            assert row["id"] not in found
            found[row["id"]] = state
    assert found == rows
    assert set(rows.values()) == set(ConsentState)
    holding = {row["id"] for row in await Consent.select(Consent.id).where(Consent.holding())}
    assert holding == {each for each, state in rows.items() if state is ConsentState.HOLDING}
