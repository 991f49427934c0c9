"""Two people who change one record at once: what one of them did not touch stays what the other has made of it. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from incubator.core.languages import _
from incubator.core.refusals import Stale


def three_way(
    read: Mapping[str, Any], typed: Mapping[str, Any], stored: Mapping[str, Any], *, texts: Collection[str] = ()
) -> dict[str, Any]:
    """Return what the record becomes: ``stored``, with what was ``typed`` over what was ``read``.

    Raises Stale if somebody else has changed a value that was touched; it says what stands there now if that is one of ``texts``.
    """
    become = {}
    for name, value in typed.items():
        before, there = read.get(name, stored[name]), stored[name]
        if value not in (before, there) and there != before:
            raise Stale(_changed_to(there) if name in texts else "")
        become[name] = there if value == before else value
    return become


def _changed_to(text: str) -> str:
    if not text:
        return _("Пока вы писали, кто-то другой это стёр. Если ваше вернее, сохраните ещё раз.")
    return _(
        "Пока вы писали, кто-то другой исправил это на «%(text)s». Если ваше вернее, сохраните ещё раз.", text=text
    )
