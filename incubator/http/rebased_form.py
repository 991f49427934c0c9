"""A form whose record somebody else has changed since it was opened: what was not touched becomes what is stored now.

A page says by ``Form.seen()``, in a hidden field, what it showed. Whoever comes second then sees the other's changes among their own, and
is asked where both changed the same. Nothing is taken back by pressing the button again (``core/three_way.py`` does the same for records).
"""

from collections.abc import Collection

from incubator.core.three_way import ChangedTwice, brought_together, changed_to
from incubator.http.forms import SEEN, Form, mark_of_values

#: A text of up to this many characters is quoted whole in what is said about it.
_QUOTED = 2000


def rebased(typed: Form, stored: Form, *, texts: Collection[str]) -> Form:
    """Return the form to show again: ``stored`` with what was typed over what the page showed.

    A field that both have changed keeps what was typed, and its error says what stands there now: in words if it is one of ``texts``.
    """
    shown = dict(pair.rpartition(":")[::2] for pair in typed.value(SEEN).split())
    nothing = mark_of_values([])
    values: dict[str, list[str]] = {}
    clashes = []
    for name in dict.fromkeys([*stored.names(), *shown, *typed.names()]):
        mine, theirs = typed.values(name), stored.values(name)
        marks = mark_of_values(mine), mark_of_values(theirs)
        try:
            kept = brought_together(shown.get(name, nothing), *marks)
        except ChangedTwice:
            clashes.append(name)
            kept = marks[0]
        values[name] = mine if kept == marks[0] else theirs
    values[SEEN] = [stored.seen()]
    again = Form((name, value) for name, given in values.items() for value in given)
    for name in clashes:
        said = stored.value(name) if name in texts else ""
        again.refuse(name, changed_to(said if len(said) <= _QUOTED else "…", is_known=name in texts))
    return again
