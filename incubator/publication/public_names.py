"""How a person is named in public, as far as their consents allow. Pure."""

from collections.abc import Collection

from incubator.names.first_name import first_name, name_words


def public_name(given: str, family: str, consents: Collection[str]) -> str:
    """Return the full name, «Мария К.», or an empty string for somebody who does not (or no longer) participate.

    Whatever else somebody typed as their name, an address or the family name beside the given one, is left out.
    """
    first, others = first_name(given), name_words(family)
    if not first or "participation" not in consents:
        return ""
    if "public_name" in consents:
        return " ".join([*name_words(given), *others])
    return f"{first} {others[0][:1]}." if others else first
