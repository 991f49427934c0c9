"""The date of birth in a form: three fields that a phone's keyboard of digits fills."""

import re
from datetime import date

from incubator.core.languages import _
from incubator.http.forms import Form
from incubator.people.age_changes import plausible

FIELDS = ("born_day", "born_month", "born_year")


def birth_date_from(form: Form, *, required: bool = False) -> date | None:
    """Return the date that was typed; None, with a message in the form unless nothing was typed and nothing is required."""
    typed = [form.value(name).strip() for name in FIELDS]
    if not any(typed) and not required:
        return None
    born_on = _date(*typed)
    if born_on is None:
        form.refuse("born_on", _("Укажите день, месяц и год рождения числами, например 3, 9 и 2009"))
    elif not plausible(born_on):
        form.refuse("born_on", _("Проверьте год рождения"))
        return None
    return born_on


def _date(day: str, month: str, year: str) -> date | None:
    if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in (day, month, year)):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def birth_date_form(born_on: date | None) -> Form:
    """Return a form that shows a date that is known."""
    parts = (born_on.day, born_on.month, born_on.year) if born_on else ("", "", "")
    return Form(zip(FIELDS, map(str, parts), strict=True))
