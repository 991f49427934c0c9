"""An account that a stranger opened with somebody's address does not keep its owner out."""

import re

import pyotp

from incubator.core.clock import now
from incubator.mail.tables import Message
from incubator.people.second_factor import waiting_app
from incubator.people.tables import Person
from tests.browser import Browser
from tests.cast import Cast

EMAIL = "victim@example.net"


async def test_a_second_factor_of_before_the_mailbox_was_proved_ends_with_a_new_password(cast: Cast) -> None:
    stranger = Browser()
    await stranger.open("/sign-up")
    await stranger.send(
        "/sign-up", email=EMAIL, given_name="Злой", family_name="Чужак", password="синий чайник поёт",
        born_day="1", born_month="1", born_year="1980",
    )  # fmt: skip
    person = await Person.objects().get(Person.email == EMAIL)
    assert person
    await stranger.open("/profile/second-factor")
    await stranger.send("/profile/second-factor/app")
    app = await waiting_app(person)
    assert app
    code = pyotp.TOTP(app.secret).at(now())
    await stranger.send("/profile/second-factor/app/confirmation", one_time_code=str(code))

    owner = Browser()
    await owner.open("/password/forgot")
    await owner.send("/password/forgot", email=EMAIL)
    mail = (await Message.objects().where(Message.to == EMAIL).order_by(Message.id))[-1]
    link = re.search(r"/password/reset/[\w-]+", mail.body)
    assert link
    await owner.open(link[0])
    await owner.send(link[0], password="совсем другая фраза семь")
    await owner.open("/profile")
    assert owner.path == "/profile"
    await stranger.open("/profile")
    assert stranger.path == "/sign-in"
