"""How a person is named in public: with the full name or not at all. Pure."""

from collections.abc import Collection

from incubator.names.first_name import first_name, name_words


def public_name(given: str, family: str, consents: Collection[str], *, is_student: bool = True) -> str:
    """Return the full name of somebody who takes part and consented to its publication; otherwise an empty string.

    An adult who accompanies the team takes part with the document of experts and teachers as well. Whatever else somebody
    typed as their name, an address for example, is left out.
    """
    takes_part = "participation" in consents or (not is_student and "staff" in consents)
    if not first_name(given) or not takes_part or "public_name" not in consents:
        return ""
    return " ".join([*name_words(given), *name_words(family)])
