"""The initial contents of an empty database."""

from incubator.people.consent_texts import install_consent_texts
from incubator.reference.install import install_reference_rows


async def install_defaults() -> None:
    """Add missing reference rows and consent texts; leave what organisers changed alone."""
    await install_reference_rows()
    await install_consent_texts()
