"""How a person is named in public: as far as the consents go, and no further. Pure."""

from collections.abc import Collection


def public_name(given: str, family: str, consents: Collection[str]) -> str:
    """Full name, «Мария К.», or nothing for somebody who takes no part (any more)."""
    if not given or "participation" not in consents:
        return ""
    if "public_name" in consents:
        return f"{given} {family}".strip()
    return f"{given} {family[:1]}." if family else given
