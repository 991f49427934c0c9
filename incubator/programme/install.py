"""What a fresh database is filled with before its first season."""

from incubator.people.consent_texts import install_consent_texts
from incubator.reference.install import install_reference_rows


async def install_defaults() -> None:
    """Add the reference rows and the texts of consents that are missing; leaves what organisers changed alone."""
    await install_reference_rows()
    await install_consent_texts()
