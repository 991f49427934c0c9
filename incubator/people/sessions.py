"""Sessions: who is signed in on which device; stored in the database, so they survive a restart."""

import hashlib
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any

from litestar.datastructures import Cookie

from incubator.core.clock import now
from incubator.db import StorageFull, Unavailable, run_sql, writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.http.cookies import own_cookie
from incubator.http.csrf import OWNER, SESSION_COOKIE
from incubator.http.failure import note_failure
from incubator.http.posted import keep_body
from incubator.people.devices import device_name
from incubator.people.hashing import hash_secret, new_secret
from incubator.people.locking import lock_as_proved
from incubator.people.permissions import allowed_to
from incubator.people.tables import HOLDING_GRANT, Person, Session

LASTS = timedelta(days=30)
_SEEN_EVERY = timedelta(hours=1)


async def begin_session(person: Person, *, user_agent: str) -> str:
    """Start a session, always with a new secret; return the secret for the cookie.

    Raises Stale if the password that opened it, or the account, is another one by now.
    """
    secret = new_secret()
    at = now()
    async with writing():
        await lock_as_proved(person)
        await Session(
            person=person.id,
            token_hash=hash_secret(secret),
            device=device_name(user_agent),
            created_at=at,
            seen_at=at,
            expires_at=at + LASTS,
        ).save()
    return secret


async def end_session(secret: str) -> None:
    """Sign out the device that holds ``secret``, if it is signed in."""
    async with writing():
        await _end(Session.token_hash == hash_secret(secret))


async def end_session_of(person: Person, session_id: int) -> bool:
    """Sign out one of the person's devices; return whether it was signed in."""
    async with writing():
        return await _end((Session.id == session_id) & (Session.person == person.id))


async def end_sessions_of(person: Person, *, except_secret: str = "") -> None:
    """Sign the person out everywhere, or everywhere except the session of ``except_secret``."""
    async with writing():
        await _end((Session.person == person.id) & (Session.token_hash != hash_secret(except_secret)))


async def _end(which: Condition) -> bool:
    ended = await Session.delete().where(which).returning(Session.person)
    for person in {row["person"] for row in ended}:
        await record(Happened.SESSION_ENDED, by=None, subject=person, count=len(ended))
    return bool(ended)


def session_cookie(secret: str) -> Cookie:
    """Return the cookie; an empty secret removes it."""
    return own_cookie(SESSION_COOKIE, secret, max_age=int(LASTS.total_seconds()) if secret else 0)


#: Runs on every request of a signed-in person, hence raw SQL: the person, the session, one row per role.
_WHO = f"""SELECT p.*, s."id" AS "session", s."seen_at" AS "seen_at", g."role" AS "staff_role" FROM "session" s
JOIN "person" p ON p."id" = s."person" LEFT JOIN "grant" g ON g."person" = p."id" AND {HOLDING_GRANT}
WHERE s."token_hash" = {{}} AND s."expires_at" > {{}}"""  # noqa: S608 - our own words


async def person_of(secret: str) -> tuple[Person | None, frozenset[str]]:
    """Return the person with this session secret, if the session is alive, and their StaffRoles. One query; two once an hour."""
    at = now()
    rows = await run_sql(_WHO, at, at, hash_secret(secret), at)
    if not rows:
        return None, frozenset()
    row = rows[0]
    if at - row["seen_at"] > _SEEN_EVERY:
        await Session.update({Session.seen_at: at, Session.expires_at: at + LASTS}).where(Session.id == row["session"])
    person = Person(**{column._meta.name: row[column._meta.db_column_name] for column in Person._meta.columns})
    person._exists_in_db = True
    return person, frozenset(role for each in rows if (role := each["staff_role"]))


def owner_tag(person: Person) -> str:
    """Return a name for the person that says nothing about them, for what their browser keeps: their forms and drafts."""
    return hashlib.sha256(f"owner:{person.id}:{person.created_at.timestamp()}".encode()).hexdigest()[:16]


def secret_from(scope: Any) -> str:
    """Return the session secret from a request's cookies, or an empty string."""
    for name, value in scope["headers"]:
        if name == b"cookie" and SESSION_COOKIE.encode() in value:
            try:
                morsel = SimpleCookie(value.decode("latin-1")).get(SESSION_COOKIE)
            except CookieError:
                return ""
            return morsel.value if morsel else ""
    return ""


class SignedIn:
    """ASGI middleware: sets ``scope["user"]`` to the signed-in person or None, ``scope["allowed"]`` to their StaffActions."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            secret = secret_from(scope)
            try:
                person, roles = await person_of(secret) if secret else (None, frozenset[str]())
            except (Unavailable, StorageFull) as error:
                person, roles = None, frozenset()
                note_failure(scope, error)
                await keep_body(scope, receive)
            scope["user"] = person
            scope[OWNER] = owner_tag(person) if person else ""
            scope["allowed"] = allowed_to(roles)
            send = _unstored(send) if secret else send
        await self.app(scope, receive, send)


def _unstored(send: Any) -> Any:
    """Let browsers keep no page of somebody who is signed in: going back after signing out must not show it."""

    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start" and not any(k == b"cache-control" for k, _v in message["headers"]):
            message = {**message, "headers": [*message["headers"], (b"cache-control", b"no-store")]}
        await send(message)

    return sent
