"""Passwords and secret links: only their hashes are stored."""

import asyncio
import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second recommendation: 19 MiB, two passes.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_unknown = _hasher.hash(secrets.token_hex(16))


async def hash_password(password: str) -> str:
    """Return the Argon2id hash, computed in a thread: it takes about 20 ms and releases the GIL."""
    return await asyncio.to_thread(_hasher.hash, password)


async def is_password(password: str, stored: str) -> bool:
    """Return whether ``password`` matches the hash; takes as long for an account without a password."""
    try:
        return await asyncio.to_thread(_hasher.verify, stored or _unknown, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def new_secret() -> str:
    """Return 256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """Return a hash; a fast one is enough because the secret itself is random."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
