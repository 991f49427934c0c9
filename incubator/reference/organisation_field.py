"""The field in which somebody types an organisation: known ones are recognised, a new one is asked what it is."""

from dataclasses import dataclass

from incubator.core import limits
from incubator.core.languages import _
from incubator.core.text import clean_line
from incubator.http.forms import Form
from incubator.reference.organisations import find_organisation, organisation_kinds, similar_organisations

#: The field that appears beside the name when it is not known.
KIND = "organisation_kind"
#: Begins the choice of a known organisation instead of a new one.
_KNOWN = "is:"


@dataclass(frozen=True, slots=True)
class NamedOrganisation:
    """What was typed and chosen."""

    name: str
    """Empty: none."""
    kind: str
    """One of ORGANISATION_KINDS for a new organisation, else empty."""


async def read_organisation(form: Form, *, municipality: int | None = None) -> NamedOrganisation:
    """Return the organisation; an unknown name without a kind is an error that offers kinds and similar names."""
    name = form.text("organisation", longest=limits.ORGANISATION)
    chosen = form.value(KIND)
    if chosen.startswith(_KNOWN):
        return NamedOrganisation(clean_line(chosen.removeprefix(_KNOWN))[: limits.ORGANISATION], "")
    if not name or await find_organisation(name, municipality=municipality) is not None:
        return NamedOrganisation(name, "")
    if chosen in organisation_kinds():
        return NamedOrganisation(name, chosen)
    if not form.errors:
        form.refuse(KIND, _("Такой организации у нас ещё нет. Скажите, что это, или выберите похожую"))
    return NamedOrganisation(name, "")


async def kind_options(form: Form) -> list[tuple[str, str]]:
    """Return the choices beside an unknown name; empty while nothing is asked."""
    if not form.error(KIND) and not form.value(KIND):
        return []
    similar = await similar_organisations(form.value("organisation"))
    return [
        *((_KNOWN + name, _("это «%(name)s»", name=name)) for name in similar),
        *((kind, _("новая: %(kind)s", kind=title.lower())) for kind, title in organisation_kinds().items()),
    ]
