"""Second factors for tests: somebody with an app, and the codes that it shows."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyotp

from incubator.core.clock import now
from incubator.people.hashing import hash_password
from incubator.people.proof import Opened
from incubator.people.second_factor import Shower, confirm_app, start_app, waiting_app
from incubator.people.sessions import begin_session
from incubator.people.tables import Person
from tests.cast import fresh

PASSWORD = "жираф рисует облако"


@dataclass
class App:
    """The app on somebody's telephone, and the recovery codes in their drawer."""

    seed: str
    codes: list[str]
    session: str

    def code(self, *, steps: int = 0) -> str:
        """Return what it shows now, or so many half minutes later."""
        return str(pyotp.TOTP(self.seed).at(now() + timedelta(seconds=30 * steps)))


async def give_password(person: Person) -> Person:
    await Person.update({Person.password: await hash_password(PASSWORD)}).where(Person.id == person.id)
    return await fresh(person)


async def give_app(person: Person) -> App:
    """Let the person connect an app; the code that it shows at this moment is used."""
    secret = await begin_session(await fresh(person), user_agent="test", opened=Opened.PASSWORD)
    await start_app(person)
    app = await waiting_app(person)
    assert app
    codes = await confirm_app(Shower(person, secret, is_signed_in=True), str(pyotp.TOTP(app.secret).at(now())))
    return App(app.secret, codes, secret)


async def type_password(browser: Any, person: Person) -> Any:
    """Sign in with the password."""
    await browser.open("/sign-in")
    return await browser.send("/sign-in", email=person.email, password=PASSWORD)
