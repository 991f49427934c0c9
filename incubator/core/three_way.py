"""Two people who change one record at once: what one of them did not touch stays what the other has made of it. Pure."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from incubator.core.languages import _
from incubator.core.refusals import Stale

T = TypeVar("T")


class ChangedTwice(Exception):
    """Two people have made different things of one."""


def brought_together(read: T, typed: T, stored: T) -> T:
    """Return what one value becomes: what is ``stored``, unless only ``typed`` differs from what was ``read``. Raises ChangedTwice."""
    if typed in (read, stored):
        return stored
    if stored == read:
        return typed
    raise ChangedTwice


def three_way(
    read: Mapping[str, Any], typed: Mapping[str, Any], stored: Mapping[str, Any], *, texts: Collection[str] = ()
) -> dict[str, Any]:
    """Return what the record becomes: ``stored``, with what was ``typed`` over what was ``read``.

    Raises Stale if somebody else has changed a value that was touched; it says what stands there now if that is one of ``texts``.
    """
    become = {}
    for name, value in typed.items():
        try:
            become[name] = brought_together(read.get(name, stored[name]), value, stored[name])
        except ChangedTwice:
            raise Stale(changed_to(stored[name], is_known=name in texts)) from None
    return become


def changed_to(text: str, *, is_known: bool = True) -> str:
    """Return what to say where two people have changed one thing: ``text`` stands there now, if that can be said in words."""
    if not is_known:
        return _("Пока вы писали, кто-то другой изменил и это. Если ваше вернее, сохраните ещё раз.")
    if not text:
        return _("Пока вы писали, кто-то другой это стёр. Если ваше вернее, сохраните ещё раз.")
    return _(
        "Пока вы писали, кто-то другой исправил это на «%(text)s». Если ваше вернее, сохраните ещё раз.", text=text
    )
