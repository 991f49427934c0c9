"""People as they stand in a cell: «Иванова Мария <m@example.org>; Пётр Петров, p@example.org». Pure."""

import re
from dataclasses import dataclass

from incubator.core.email_address import normalised
from incubator.core.text import clean_line

_SEPARATORS = re.compile(r"[;\n]+")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'«»@]{1,64}@[^\s<>()\[\],;:\"'«»@]{1,255}")
_AROUND = " \t,:<>()[]«»\"'–—-"


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody named in a cell; ``email`` is empty if no address stands there."""

    name: str
    email: str = ""


class WrongAddress(ValueError):
    """What looks like an address is none; the message is what was written."""


def people_in(text: str) -> list[NamedPerson]:
    """Return the people in a cell, each once, in their order. Raises WrongAddress."""
    found: dict[str, NamedPerson] = {}
    for part in _SEPARATORS.split(text):
        for person in _in_part(part):
            found.setdefault(person.email or person.name.casefold(), person)
    return list(found.values())


def _in_part(part: str) -> list[NamedPerson]:
    """Return the people of one part: each name stands before its address; without addresses, commas part the names."""
    people, begins = [], 0
    for address in _ADDRESS.finditer(part):
        written = address[0].rstrip(".")
        try:
            email = normalised(written)
        except ValueError:
            raise WrongAddress(written) from None
        people.append(NamedPerson(_name(part[begins : address.start()]), email))
        begins = address.end()
    rest = part[begins:]
    if "@" in rest:
        raise WrongAddress(clean_line(rest))
    return people + [NamedPerson(name) for each in rest.split(",") if (name := _name(each))]


def _name(text: str) -> str:
    return clean_line(text).strip(_AROUND)
