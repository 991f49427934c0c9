"""The second factor: what a password alone opens, which codes count and how often, and what is lost with a telephone."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from incubator.core.clock import clock_at, now
from incubator.core.printed_codes import in_groups, new_code, typed_code
from incubator.core.refusals import NotAllowed, Refusal, TooOften
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.interchange.everything import _SECRET_TABLES
from incubator.people.factors import has_factor
from incubator.people.passkeys import NoPasskey, options_to_show
from incubator.people.recovery_codes import HOW_MANY, codes_left, is_recovery_code
from incubator.people.second_factor import (
    Shower,
    WrongCode,
    confirm_app,
    remove_app,
    renew_codes,
    reset_factor,
    show_code,
    show_passkey,
    start_app,
    waiting_app,
)
from incubator.people.sessions import WAITS, begin_session, visit_of
from incubator.people.tables import Authenticator, Passkey, RecoveryCode, Session
from incubator.people.throttle import CODES
from incubator.people.totp import matching_step, new_seed, step_at
from incubator.privacy.merge_proof import proof_of
from incubator.privacy.merging import merge_own
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh
from tests.factors import App, give_app, give_password, type_password
from tests.mail.sent import subjects

AT = datetime(2026, 9, 1, 9, 0, 10, tzinfo=UTC)


def test_a_code_counts_in_its_half_minute_and_its_neighbours() -> None:
    seed = new_seed()
    for steps, counts in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = pyotp.TOTP(seed).at(AT + timedelta(seconds=30 * steps))
        assert matching_step(seed, code, AT) == (step_at(AT) + steps if counts else None)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 345", "-12345"])
def test_what_is_no_six_digits_is_no_code(code: str) -> None:
    assert matching_step(new_seed(), code, AT) is None


def test_a_code_of_the_standard_s_own_example() -> None:
    """RFC 6238, appendix B, SHA-1: the last six of the eight digits."""
    seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, digits in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert matching_step(seed, digits, datetime.fromtimestamp(seconds, UTC)) is not None


def test_recovery_codes_are_typed_in_any_way_and_never_taken_for_a_code_of_the_app() -> None:
    code = in_groups(new_code(16))
    assert typed_code(f" {code.lower().replace('-', ' ')}") == typed_code(code)
    assert is_recovery_code(code)
    assert not is_recovery_code("123 456")
    assert len({new_code(16) for _ in range(1000)}) == 1000


async def test_a_password_alone_opens_nothing_where_there_is_a_second_factor(cast: Cast) -> None:
    teacher = await give_password(cast.teacher)
    app = await give_app(teacher)
    browser = Browser()
    await type_password(browser, teacher)
    assert browser.path == "/second-factor"
    for path in ("/profile", "/projects", f"/projects/{cast.project.id}", "/profile/second-factor"):
        await browser.open(path)
        assert browser.path == "/second-factor", path
        assert teacher.name not in browser.text
    with clock_at(now() + timedelta(minutes=1)):
        await browser.send("/second-factor", one_time_code=app.code())
        assert browser.path == "/profile/second-factor"
        await browser.open("/profile")
        assert teacher.family_name in browser.text


async def test_a_session_that_waits_ends_after_a_quarter_of_an_hour(cast: Cast) -> None:
    app = await give_app(cast.teacher)
    secret = await begin_session(await fresh(cast.teacher), user_agent="test")
    with clock_at(now() + WAITS + timedelta(seconds=1)):
        assert await visit_of(secret) is None
        with pytest.raises(Refusal):
            await show_code(Shower(cast.teacher, secret, is_signed_in=False), app.code())


async def test_the_session_that_opens_has_another_secret(cast: Cast) -> None:
    app = await give_app(cast.teacher)
    waiting = await begin_session(await fresh(cast.teacher), user_agent="test")
    with clock_at(now() + timedelta(minutes=1)):
        secret = await show_code(Shower(cast.teacher, waiting, is_signed_in=False), app.code())
        assert await visit_of(waiting) is None
        visit = await visit_of(secret)
        assert visit
        assert not visit.proof.awaits_factor


async def test_no_code_is_accepted_twice_nor_one_before_it(cast: Cast) -> None:
    app = await give_app(cast.teacher)
    shower = Shower(cast.teacher, app.session, is_signed_in=True)
    with pytest.raises(WrongCode):
        await show_code(shower, app.code())  # it connected the app
    with clock_at(now() + timedelta(minutes=5)):
        await show_code(shower, app.code())
        for steps in (0, -1):
            with pytest.raises(WrongCode):
                await show_code(shower, app.code(steps=steps))
        await show_code(shower, app.code(steps=1))


async def test_each_recovery_code_counts_once_and_new_ones_end_the_old(cast: Cast) -> None:
    app = await give_app(cast.teacher)
    assert len(app.codes) == HOW_MANY
    shower = Shower(cast.teacher, app.session, is_signed_in=True)
    await show_code(shower, app.codes[0].lower())
    with pytest.raises(WrongCode):
        await show_code(shower, app.codes[0])
    assert await codes_left(cast.teacher.id) == HOW_MANY - 1
    fresh_codes = await renew_codes(cast.teacher)
    with pytest.raises(WrongCode):
        await show_code(shower, app.codes[1])
    await show_code(shower, fresh_codes[1])
    stored = [row["code_hash"] for row in await RecoveryCode.select(RecoveryCode.code_hash)]
    assert not {typed_code(code) for code in fresh_codes} & set(stored)


async def test_somebody_else_s_recovery_code_counts_nowhere(cast: Cast) -> None:
    app, other = await give_app(cast.teacher), await give_app(cast.coach)
    with pytest.raises(WrongCode):
        await show_code(Shower(cast.teacher, app.session, is_signed_in=True), other.codes[0])


async def test_guessing_codes_ends_soon_and_keeps_nobody_out_who_is_signed_in(cast: Cast) -> None:
    app = await give_app(cast.teacher)
    waiting = await begin_session(await fresh(cast.teacher), user_agent="test")
    attempts, at = 0, now()
    for minute in range(0, 24 * 60, 20):
        with clock_at(at + timedelta(minutes=minute)):
            try:
                await show_code(Shower(cast.teacher, waiting, is_signed_in=False), "000000")
            except TooOften:
                continue
            except WrongCode:
                attempts += 1
    assert attempts <= CODES[1][0]
    with clock_at(at + timedelta(hours=24)):
        await show_code(Shower(cast.teacher, app.session, is_signed_in=True), app.code())


async def test_other_devices_wait_as_soon_as_there_is_a_second_factor(cast: Cast) -> None:
    elsewhere = await begin_session(await fresh(cast.teacher), user_agent="elsewhere")
    app = await give_app(cast.teacher)
    for secret, waits in ((elsewhere, True), (app.session, False)):
        visit = await visit_of(secret)
        assert visit
        assert visit.proof.awaits_factor is waits


async def test_moving_to_another_telephone_keeps_the_old_one_until_the_first_code(cast: Cast) -> None:
    app = await give_app(cast.teacher)
    shower = Shower(cast.teacher, app.session, is_signed_in=True)
    await start_app(cast.teacher)
    with clock_at(now() + timedelta(minutes=2)):
        await show_code(shower, app.code())
        new = await waiting_app(cast.teacher)
        assert new
        moved = App(new.secret, [], app.session)
        assert await confirm_app(shower, moved.code()) == []  # the recovery codes stay
    with clock_at(now() + timedelta(minutes=4)):
        with pytest.raises(WrongCode):
            await show_code(shower, app.code())
        await show_code(shower, moved.code())


async def test_minors_are_not_offered_a_second_factor(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        await start_app(cast.captain)
    browser = await signed_in(cast.captain)
    await browser.open("/profile")
    assert 'id="second-factor"' not in browser.page.text


async def test_a_passkey_s_answer_that_nobody_asked_for_proves_nothing(cast: Cast) -> None:
    app = await give_app(cast.teacher)
    shower = Shower(cast.teacher, app.session, is_signed_in=True)
    for answer in ("", "{}", "[]", "null", "[" * 5000, '{"id": "x"}', "x" * 20_000):
        with pytest.raises(NoPasskey):
            await show_passkey(shower, answer)


async def test_no_page_asks_for_a_passkey_under_an_address_where_none_works(cast: Cast) -> None:
    app = await give_app(cast.teacher)
    with pytest.raises(Refusal):
        await options_to_show(cast.teacher, session=app.session)
    browser = await signed_in(cast.teacher)
    await browser.open("/profile/second-factor")
    assert "data-passkey" not in browser.page.text


async def test_the_person_is_told_of_every_change(cast: Cast) -> None:
    before = len(await subjects(cast.teacher))
    app = await give_app(cast.teacher)
    await show_code(Shower(cast.teacher, app.session, is_signed_in=True), app.codes[0])
    await renew_codes(cast.teacher)
    await remove_app(cast.teacher)
    assert (await subjects(cast.teacher))[before:] == [
        "К вашей записи добавлен второй шаг при входе",
        "Кто-то вошёл с вашим запасным кодом",
        "У вас новые запасные коды",
        "Из вашей записи удалён второй шаг при входе",
    ]
    assert not await RecoveryCode.exists().where(RecoveryCode.person == cast.teacher.id)


async def test_an_organiser_helps_who_lost_the_telephone_and_everybody_hears_of_it(cast: Cast) -> None:
    teacher = await give_password(cast.teacher)
    app = await give_app(teacher)
    browser = await signed_in(cast.organiser)
    here = f"/organiser/accounts/{teacher.id}"
    await browser.open(here)
    await browser.send(f"{here}/second-factor/reset", factor_reason="")
    assert browser.page.status_code == 422
    assert await has_factor(teacher.id)
    await browser.send(f"{here}/second-factor/reset", factor_reason="Телефон утонул, узнала голос")
    assert "Второй шаг снят" in browser.text
    assert await visit_of(app.session) is None
    alone = Browser()
    await type_password(alone, teacher)
    assert alone.path == "/projects"
    assert "Второй шаг при входе в вашу запись снят" in await subjects(teacher)
    assert not [each for each in await subjects(cast.organiser) if "Снят второй шаг" in each]  # she did it herself
    event = await Event.objects().where(Event.happened == Happened.FACTOR_RESET.value).first()
    assert event
    assert (event.actor_id, event.subject_id) == (cast.organiser.id, teacher.id)
    assert "Телефон утонул" in event.data


async def test_nobody_else_resets_a_second_factor_nor_an_organiser_their_own(cast: Cast) -> None:
    await give_app(cast.teacher)
    await give_app(cast.organiser)
    for by in (cast.captain, cast.teacher, cast.mentor):
        with pytest.raises(NotAllowed):
            await reset_factor(cast.teacher.id, reason="Причина", by=by)
    with pytest.raises(Refusal):
        await reset_factor(cast.organiser.id, reason="Причина", by=cast.organiser)
    assert await has_factor(cast.teacher.id)
    assert await has_factor(cast.organiser.id)


async def test_whoever_knows_a_password_cannot_merge_past_the_second_factor(cast: Cast) -> None:
    """Otherwise an account of one's own would get the other's roles without its second factor."""
    await give_app(cast.organiser)
    with pytest.raises(Refusal):
        await merge_own(await proof_of(cast.organiser), by=cast.teacher)
    assert await has_factor(cast.organiser.id)


def test_no_export_holds_a_secret_of_a_second_factor() -> None:
    assert {Authenticator, Passkey, RecoveryCode, Session} <= set(_SECRET_TABLES)
