"""Sessions: who is signed in on which device; stored in the database, so they survive a restart."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any

from litestar.datastructures import Cookie

from incubator import config
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Stale
from incubator.db import StorageFull, Unavailable, run_sql, writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.http.cookies import own_cookie
from incubator.http.csrf import OWNER, SESSION_COOKIE
from incubator.http.failure import note_failure
from incubator.http.posted import keep_body
from incubator.people.devices import device_name
from incubator.people.factors import has_factor
from incubator.people.hashing import hash_secret, new_secret
from incubator.people.locking import lock_as_proved
from incubator.people.permissions import Scope, allowed_to, needs_second_factor
from incubator.people.proof import GRACE, Opened, Proof
from incubator.people.still_signed_in import asking_again
from incubator.people.tables import HAS_FACTOR, HOLDING_GRANT, Person, Session

LASTS = timedelta(days=30)
#: How long a session waits for the second factor.
WAITS = timedelta(minutes=15)
_SEEN_EVERY = timedelta(hours=1)


async def begin_session(person: Person, *, user_agent: str, opened: Opened = Opened.MAILBOX) -> str:
    """Start a session, always with a new secret; return the secret for the cookie.

    Where the person has a second factor that ``opened`` does not include, it opens nothing before that is shown.
    Raises Stale if the password that opened it, or the account, is another one by now.
    """
    secret = new_secret()
    at = now()
    async with writing():
        await lock_as_proved(person)
        is_whole = opened == Opened.FACTOR or not await has_factor(person.id)
        await Session(
            person=person.id,
            token_hash=hash_secret(secret),
            device=device_name(user_agent),
            created_at=at,
            seen_at=at,
            expires_at=at + (LASTS if is_whole else WAITS),
            password_at=None if opened == Opened.MAILBOX else at,
            factor_at=at if opened == Opened.FACTOR else None,
        ).save()
    return secret


async def open_session(secret: str) -> str:
    """Open the session that waited for its second factor; return its new secret. Call inside a transaction. Raises Stale."""
    at, fresh = now(), new_secret()
    waiting = (Session.token_hash == hash_secret(secret)) & Session.factor_at.is_null() & (Session.expires_at > at)
    opened: dict[Any, Any] = {
        Session.token_hash: hash_secret(fresh),
        Session.factor_at: at,
        Session.expires_at: at + LASTS,
    }
    if not await Session.update(opened).where(waiting).returning(Session.id):
        raise Stale(_("Вход начат слишком давно. Войдите ещё раз."))
    return fresh


async def note_factor(secret: str) -> None:
    """Record that the second factor was shown in the session. Call inside a transaction."""
    await Session.update({Session.factor_at: now()}).where(Session.token_hash == hash_secret(secret))


async def note_password(secret: str) -> None:
    """Record that the person's password was typed in the session. Call inside a transaction."""
    await Session.update({Session.password_at: now()}).where(Session.token_hash == hash_secret(secret))


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


#: What the query of every request counts for the person ``p`` beside: what they have not read (app.py).
_unread = ["0"]


def count_unread_by(query: str) -> None:
    """Show in the header the number that ``query`` returns for the person ``p``."""
    _unread[:] = [query]


#: Runs on every request of a signed-in person, hence raw SQL: the person, the session, one row per role.
_WHO = f"""SELECT p.*, (UNREAD) AS "unread", s."id" AS "session", s."seen_at" AS "seen_at", s."password_at" AS "password_at",
s."factor_at" AS "factor_at", g."role" AS "staff_role", g."scope" AS "scope", {HAS_FACTOR} AS "has_factor" FROM "session" s
JOIN "person" p ON p."id" = s."person" LEFT JOIN "grant" g ON g."person" = p."id" AND {HOLDING_GRANT}
WHERE s."token_hash" = {{}} AND s."expires_at" > {{}}"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose session it is, their StaffRoles over the whole programme, what it has proved, and how much they have not read."""

    person: Person
    roles: frozenset[str]
    proof: Proof
    unread: int


async def visit_of(secret: str) -> Visit | None:
    """Return the visit with this session secret, if the session is alive. One query; two once an hour."""
    at = now()
    rows = await run_sql(_WHO.replace("UNREAD", _unread[0]), at, at, hash_secret(secret), at)
    if not rows:
        return None
    row = rows[0]
    person = Person(**{column._meta.name: row[column._meta.db_column_name] for column in Person._meta.columns})
    person._exists_in_db = True
    held = [(each["staff_role"], each["scope"]) for each in rows if each["staff_role"]]
    roles = frozenset(role for role, scope in held if scope == Scope.EVERYTHING)
    anywhere = frozenset(role for role, _scope in held)
    proof = Proof(
        has_factor=bool(row["has_factor"]), has_password=bool(person.password), factor_at=row["factor_at"],
        password_at=row["password_at"], due_at=await _due_at(person, anywhere, has_factor=bool(row["has_factor"]), at=at),
    )  # fmt: skip
    if at - row["seen_at"] > _SEEN_EVERY and not proof.awaits_factor:
        await Session.update({Session.seen_at: at, Session.expires_at: at + LASTS}).where(Session.id == row["session"])
    return Visit(person, roles, proof, row["unread"])


async def _due_at(person: Person, roles: frozenset[str], *, has_factor: bool, at: datetime) -> datetime | None:
    """Return from when on the person needs a second factor; the grace begins when it is first asked for at all."""
    if has_factor or not config.settings.is_second_factor_required or not needs_second_factor(roles):
        return None
    if person.factor_due_at is None:
        person.factor_due_at = at + GRACE
        unset = (Person.id == person.id) & Person.factor_due_at.is_null()
        await Person.update({Person.factor_due_at: person.factor_due_at}).where(unset)
    return person.factor_due_at


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
    """ASGI middleware: sets ``scope["user"]`` to the signed-in person or None, ``scope["allowed"]`` to their StaffActions.

    A session that waits for its second factor is nobody's: every page sees a visitor, and ``scope["awaits_factor"]`` says
    whom the one page that asks for it is for. ``scope["proof"]`` is what the session has proved.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            secret = secret_from(scope)
            try:
                visit = await visit_of(secret) if secret else None
            except (Unavailable, StorageFull) as error:
                visit = None
                note_failure(scope, error)
                await keep_body(scope, receive)
            _put(scope, visit)
            send = _unstored(send) if secret else send
            with asking_again(scope, visit, lambda: visit_of(secret)):
                await self.app(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _put(scope: Any, visit: Visit | None) -> None:
    """Put into the scope who asks; whoever still waits for a second factor is nobody."""
    known = visit if visit is not None and not visit.proof.awaits_factor else None
    scope["user"] = known.person if known else None
    scope["awaits_factor"] = visit.person if visit is not None and known is None else None
    scope["proof"] = visit.proof if visit else None
    scope["unread"] = known.unread if known else 0
    scope[OWNER] = owner_tag(known.person) if known else ""
    scope["allowed"] = allowed_to(known.roles if known else ())


def _unstored(send: Any) -> Any:
    """Let browsers keep no page of somebody who is signed in: going back after signing out must not show it."""

    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start" and not any(k == b"cache-control" for k, _v in message["headers"]):
            message = {**message, "headers": [*message["headers"], (b"cache-control", b"no-store")]}
        await send(message)

    return sent
