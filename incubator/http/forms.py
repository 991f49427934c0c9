"""A submitted form: its values, their checks, and a message beside each field."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from litestar import Request

from incubator.core import email_address, logins, passwords
from incubator.core.clock import REGION, end_of_day, end_of_minute
from incubator.core.languages import _, ngettext
from incubator.core.text import clean, clean_line, fingerprint
from incubator.core.visible import says_something

#: The largest id that every engine can store.
LARGEST_ID = 2**31 - 1


def id_in(text: str) -> int | None:
    """Return the id of a row that ``text`` consists of; None for anything else, however long."""
    number = int(text) if re.fullmatch(r"\d{1,10}", text, re.ASCII) else 0
    return number if 0 < number <= LARGEST_ID else None


#: The hidden field that says what a page showed.
SEEN = "read-form"


def mark_of_values(values: Iterable[str]) -> str:
    """Return what tells the values of a field from others; a browser sends line breaks of its own, and no empty choice."""
    return fingerprint("\0".join(text for value in values if (text := clean(value))))


class Form:
    """Values by name, and their errors.

    Each reader returns the cleaned value and records an error instead of raising, so
    that all messages appear at once and everything typed is shown again.
    """

    def __init__(self, fields: Iterable[tuple[str, Any]] = (), **initial: object) -> None:
        self._given: dict[str, list[str]] = {}
        for name, value in fields:
            if isinstance(value, str):
                self._given.setdefault(name, []).append(value)
        for name, value in initial.items():
            values = value if isinstance(value, (list, tuple)) else [value]
            self._given[name] = ["" if v is None else str(v) for v in values]
        self.errors: dict[str, str] = {}

    def with_values(self, **values: object) -> "Form":
        """Return a copy with ``values`` replaced and without errors."""
        kept = [(name, value) for name, given in self._given.items() if name not in values for value in given]
        return Form([*kept, *((name, str(value)) for name, value in values.items())])

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def names(self) -> list[str]:
        return list(self._given)

    def value(self, name: str) -> str:
        """Return what was typed, for the field to show again."""
        return (self._given.get(name) or [""])[-1]

    def values(self, name: str) -> list[str]:
        return self._given.get(name, [])

    def error(self, name: str) -> str:
        return self.errors.get(name, "")

    def refuse(self, name: str, message: str) -> None:
        self.errors.setdefault(name, message)

    # --- readers -----------------------------------------------------------

    def text(self, name: str, *, longest: int, required: bool = False, lines: bool = False) -> str:
        """Return a line, or with ``lines`` a multi-line text, of at most ``longest`` characters.

        ``required``: it must say something, which "---" and invisible characters do not. An optional line that
        says nothing is empty; a text keeps what was typed, because its author may not be done.
        """
        value = (clean if lines else clean_line)(self.value(name))
        if not required and not lines and not says_something(value):
            return ""
        if required and not value:
            self.refuse(name, _("Заполните это поле"))
        elif required and not says_something(value):
            self.refuse(name, _("Здесь нет ни одного слова: напишите хотя бы одно"))
        elif len(value) > longest:
            over = len(value) - longest
            self.refuse(
                name,
                ngettext(
                    "Сократите на %(n)s знак: предел – %(limit)s",
                    "Сократите на %(n)s знака: предел – %(limit)s",
                    over,
                    limit=longest,
                ),
            )
        return value

    def email(self, name: str, *, required: bool = True) -> str:
        """Return the address in its stored form (``email_address.normalised``)."""
        value = clean_line(self.value(name))
        if not value:
            if required:
                self.refuse(name, _("Укажите адрес почты"))
            return ""
        try:
            return email_address.normalised(value)
        except email_address.MixedAlphabets:
            self.refuse(name, _("В адресе смешаны русские и латинские буквы: наберите его заново в одной раскладке"))
            return ""
        except ValueError:
            self.refuse(name, _("Проверьте адрес: он должен быть вида имя@почта.рф"))
            return ""

    def address_or_login(self, name: str) -> str:
        """Return what somebody signs in with: an address or, without "@", the login of a pupil, both in their stored form."""
        if "@" in self.value(name) or not (login := logins.typed_login(self.value(name))):
            return self.email(name)
        return logins.address_of(login)

    def new_password(self, name: str, *, about: Iterable[str] = ()) -> str:
        """Return a password that is not guessed at once; ``about``: its owner's name and address.

        The upper bound only keeps hashing cheap.
        """
        value = self.value(name)
        if len(value) < passwords.SHORTEST:
            self.refuse(name, _("Нужно не меньше 8 знаков: можно три слова подряд"))
        elif len(value) > passwords.LONGEST:
            self.refuse(name, _("Слишком длинный пароль: предел – 200 знаков"))
        elif passwords.is_guessable(value, about):
            self.refuse(
                name,
                _("Этот пароль подберут сразу: он частый, простой или из вашего имени и адреса. Возьмите три слова подряд"),
            )  # fmt: skip
        return value.encode("utf-8", "replace").decode()

    def choice(self, name: str, options: Iterable[str], *, required: bool = True) -> str:
        value = self.value(name)
        if value in set(options):
            return value
        if required or value:
            self.refuse(name, _("Выберите один из вариантов"))
        return ""

    def number(self, name: str, *, least: int, most: int, default: int = 0) -> int:
        value = clean_line(self.value(name))
        if re.fullmatch(r"-?\d{1,9}", value, re.ASCII) and least <= int(value) <= most:
            return int(value)
        self.refuse(name, _("Нужно число от %(least)s до %(most)s", least=least, most=most))
        return default

    def id(self, name: str, *, required: bool = False) -> int | None:
        """Return the id of a row chosen from a list."""
        value = self.value(name)
        if (found := id_in(value)) is not None:
            return found
        if value or required:
            self.refuse(name, _("Выберите один из вариантов"))
        return None

    def date(self, name: str, *, required: bool = False) -> date | None:
        value = clean_line(self.value(name))
        try:
            if value:
                return date.fromisoformat(value)
        except ValueError:
            self.refuse(name, _("Укажите дату: день, месяц и год"))
            return None
        if required:
            self.refuse(name, _("Укажите дату: день, месяц и год"))
        return None

    def until(self, name: str, *, required: bool = False) -> datetime | None:
        """Return the last second of a chosen day in the region, or of the minute in the field ``name``-time."""
        minute = self.time(f"{name}-time")
        chosen = self.date(name, required=required or minute is not None)
        if chosen is None:
            return None
        return end_of_day(chosen) if minute is None else end_of_minute(chosen, minute)

    def time(self, name: str) -> time | None:
        """Return a time of the day to the minute; None if none was typed."""
        value = clean_line(self.value(name))
        found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]\d\d)?", value, re.ASCII)
        if found:
            return time(int(found[1]), int(found[2]))
        if value:
            self.refuse(name, _("Укажите время: часы и минуты, например 18:00"))
        return None

    def flag(self, name: str) -> bool:
        return self.value(name) in {"1", "on", "yes", "true"}

    def seen(self) -> str:
        """Return marks of all that the page shows, for a hidden field: what was typed is told from them (``rebased_form.py``)."""
        shown = (f"{name}:{mark_of_values(given)}" for name, given in self._given.items())
        return self.value(SEEN) or " ".join(shown)

    def with_read(self, *names: str) -> "Form":
        """Return a copy that also says what it shows in these fields: hidden fields for ``before``."""
        return self.with_values(**{f"read-{name}": self.value(name) for name in names})

    def before(self, *names: str) -> dict[str, str]:
        """Return what the page showed in these fields, as far as it said so (``core/three_way.py``)."""
        return {name: self.value(f"read-{name}") for name in names if f"read-{name}" in self}

    def version(self, name: str = "version") -> int:
        """Return the version that was read before editing; 0 if it is missing or forged."""
        value = self.value(name)
        return int(value) if re.fullmatch(r"\d{1,9}", value, re.ASCII) else 0


def until_fields(name: str, moment: datetime | None) -> dict[str, str]:
    """Return what the fields of ``Form.until`` show for ``moment``: no time for the end of a day."""
    if moment is None:
        return {name: "", f"{name}-time": ""}
    local = moment.astimezone(REGION)
    is_end = local.replace(microsecond=0) == end_of_day(local.date())
    return {name: local.date().isoformat(), f"{name}-time": "" if is_end else f"{local:%H:%M}"}


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """Return the posted form; uploaded files are ignored."""
    return Form((await request.form()).multi_items())
