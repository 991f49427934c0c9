"""How a person is named in public, as far as their consents allow. Pure."""

from collections.abc import Collection

from incubator.names.first_name import first_name, name_words


def public_name(given: str, family: str, consents: Collection[str], *, is_student: bool = True) -> str:
    """Return the full name, «Мария К.», or an empty string for somebody who does not (or no longer) participate.

    An adult who accompanies the team is named in full or not at all: that is what their own document says.

    Whatever else somebody typed as their name, an address or the family name beside the given one, is left out.
    """
    first, others = first_name(given), name_words(family)
    takes_part = "participation" in consents or (not is_student and "staff" in consents)
    if not first or not takes_part:
        return ""
    if "public_name" in consents:
        return " ".join([*name_words(given), *others])
    if not is_student:
        return ""
    return f"{first} {others[0][:1]}." if others else first
