"""Structured data for machines: schema.org in JSON-LD."""

from typing import Any

import msgspec
from markupsafe import Markup

from incubator.core.languages import _
from incubator.showcase.addresses import full


def embedded(data: dict[str, Any]) -> Markup:
    """Return JSON for embedding in a page: anything that could end its element or begin another is escaped."""
    text = msgspec.json.encode({"@context": "https://schema.org", **data}).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def organisation() -> dict[str, Any]:
    """Return the programme itself as an organisation."""
    return {
        "@type": "Organization",
        "name": _("От идеи к делу"),
        "url": full("/"),
        "description": _("Программа Ленинградской области для школьников и студентов: от идеи к проекту, от проекта к своему делу."),
    }  # fmt: skip


def creative_work(
    publication: Any, *, url: str, picture: str, keywords: list[str], names: list[str], school: str
) -> dict[str, Any]:
    """Describe a published project. ``names``: those of its people who consented to that."""
    authors: list[dict[str, Any]] = [{"@type": "Person", "name": name} for name in names]
    if publication.team_name:
        authors.insert(0, {"@type": "Organization", "name": publication.team_name})
    work: dict[str, Any] = {
        "@type": "CreativeWork",
        "name": publication.title,
        "abstract": publication.pitch,
        "url": url,
        "image": picture,
        "datePublished": publication.published_at.isoformat(timespec="seconds"),
        "dateModified": (publication.changed_at or publication.published_at).isoformat(timespec="seconds"),
        "keywords": keywords,
        "publisher": organisation(),
    }
    if authors:
        work["author"] = authors
    if school:
        work["sourceOrganization"] = {"@type": "EducationalOrganization", "name": school}
    return work
