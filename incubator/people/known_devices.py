"""Browsers in which somebody signed in before, recognised by a cookie that changes with every sign-in."""

from datetime import timedelta
from typing import Any

from litestar.datastructures import Cookie

from incubator.core.clock import now
from incubator.db import writing
from incubator.http.cookies import own_cookie
from incubator.people.hashing import hash_secret, new_secret
from incubator.people.tables import KnownDevice, Person

COOKIE = "device"
LASTS = timedelta(days=365)


async def known_device(person: Person | None, secret: str) -> str:
    """Return what identifies the browser with the cookie ``secret``, if ``person`` signed in there before."""
    if person is None or not secret:
        return ""
    own = (KnownDevice.person == person.id) & (KnownDevice.token_hash == hash_secret(secret))
    row = await KnownDevice.select(KnownDevice.id).where(own & (KnownDevice.seen_at > now() - LASTS)).first()
    return f"device {row['id']}" if row else ""


async def remember_device(person: Person, secret: str) -> str:
    """Record that ``person`` signed in in the browser with the cookie ``secret``; return the new secret.

    A new one each time, so that a cookie which somebody planted is worth nothing after the sign-in.
    """
    fresh, at = new_secret(), now()
    async with writing():
        if secret:
            old = KnownDevice.token_hash == hash_secret(secret)
            await KnownDevice.delete().where(old & (KnownDevice.person == person.id))
            await KnownDevice.update({KnownDevice.token_hash: hash_secret(fresh)}).where(old)
        await KnownDevice(person=person.id, token_hash=hash_secret(fresh), seen_at=at).save()
    return fresh


async def forget_devices(person: Person) -> None:
    """Trust no browser of the person any more. Call inside a transaction."""
    await KnownDevice.delete().where(KnownDevice.person == person.id)


def device_cookie(secret: str) -> Cookie:
    return own_cookie(COOKIE, secret, max_age=int(LASTS.total_seconds()))


def device_secret(request: Any) -> str:
    """Return the device's secret from a request's cookies, or an empty string."""
    return str(request.cookies.get(COOKIE, ""))
