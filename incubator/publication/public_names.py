"""How a person is named in public, as far as their consents allow. Pure."""

from collections.abc import Collection


def public_name(given: str, family: str, consents: Collection[str]) -> str:
    """Return the full name, «Мария К.», or an empty string for somebody who does not (or no longer) participate."""
    if not given or "participation" not in consents:
        return ""
    if "public_name" in consents:
        return f"{given} {family}".strip()
    return f"{given} {family[:1]}." if family else given
