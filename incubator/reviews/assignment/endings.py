"""Why an assignment ended before its review was sent: stored as a code, said in the reader's words."""

from enum import StrEnum

from incubator.core.languages import _
from incubator.reviews.assignment.declared_conflicts import reason_in_words


class Ending(StrEnum):
    """Every cause but a conflict of interest, which is stored by its own code (``conflicts.py``)."""

    CANCELLED = "cancelled"
    HANDED_ON = "handed_on"
    TAKEN_BACK = "taken_back"
    LEFT = "left"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    CORRECTED = "corrected"
    DELETED = "deleted"
    ROLE_TAKEN = "role_taken"
    SAME_PERSON = "same_person"


def ending_for_mentors(code: str) -> str:
    """Return the cause as its mentor may know it: the kind of a conflict would reveal who declared it, or a hidden team."""
    return _words().get(code) or _("конфликт интересов")


def ending_for_office(code: str, text: str) -> str:
    """Return the cause with everything that organisers may know; empty if none was stored."""
    return (_words().get(code) or reason_in_words(code, text)) if code else ""


def _words() -> dict[str, str]:
    return {
        Ending.CANCELLED: _("так решил организатор"),
        Ending.HANDED_ON: _("организатор передал заявку другому наставнику"),
        Ending.TAKEN_BACK: _("команда забрала заявку"),
        Ending.LEFT: _("команда ушла из программы"),
        Ending.WITHDRAWN: _("команда снята с программы"),
        Ending.MERGED: _("проект объединён с другим проектом этой команды"),
        Ending.CORRECTED: _("решение по прежней заявке исправлено"),
        Ending.DELETED: _("проект удалён"),
        Ending.ROLE_TAKEN: _("роль наставника снята"),
        Ending.SAME_PERSON: _("две записи одного наставника объединены"),
    }
