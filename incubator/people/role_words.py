"""Names of the roles in the programme."""

from incubator.core.languages import _
from incubator.people.permissions import StaffRole


def staff_role_title(role: str) -> str:
    return {
        StaffRole.ORGANISER: _("организатор"), StaffRole.MENTOR: _("наставник"),
        StaffRole.COORDINATOR: _("координатор школы"),
    }[StaffRole(role)]  # fmt: skip
