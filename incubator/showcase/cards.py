"""The data of a publication's card."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from incubator.artwork.cover import PLAIN, cover
from incubator.core.languages import localized
from incubator.programme.stages import stage_label
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.lifecycle import state_title
from incubator.publication.facets import GRADUATED, values_in
from incubator.search.query import Query
from incubator.search.snippet import Marked, marked
from incubator.showcase.reference_titles import Lists


def stage_of(facets: dict[str, list[str]]) -> tuple[str, str]:
    """Return (stage, state) for the stage badge."""
    stage = facets.get("stage", ["idea"])[0]
    return ("plan", GRADUATED) if stage == GRADUATED else (stage, "draft")


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """What the template of a card shows."""

    url: str
    title: Marked
    pitch: Marked
    text: Marked
    """A snippet with other words that were looked for."""
    stage: str
    state: str
    stage_label: str
    municipality: str
    cover: Markup
    """Drawn, for a project without a picture as its cover."""
    photo: FileRef | None


def card_of(row: dict[str, Any], lists: Lists, query: Query | None = None, text: Marked = ()) -> ProjectCard:
    """Return the card for a ``row`` of the catalogue; with ``query`` matches are marked, ``text`` is a snippet with others."""
    facets = values_in(row["facets"])
    stage, state = stage_of(facets)
    place = lists["municipality"].get(facets.get("municipality", [""])[0])
    looked_for = query or Query()
    return ProjectCard(
        url=f"/showcase/{row['slug']}",
        title=marked(row["title"], looked_for),
        pitch=marked(row["pitch"], looked_for),
        text=text,
        stage=stage,
        state=state,
        stage_label=state_title(state) if state == GRADUATED else stage_label(stage),
        municipality=localized(place, "title") if place else "",
        cover=cover_of(row["title"], lists["cluster"].get(facets.get("cluster", [""])[0])),
        photo=row.get("cover") or None,
    )


def cover_of(title: str, cluster: dict[str, Any] | None) -> Markup:
    """Return the generated cover of a project; without a cluster it shows hills."""
    hues = (cluster["hue_from"], cluster["hue_to"], cluster["motif"]) if cluster else PLAIN
    return Markup(cover(title, *hues))  # noqa: S704 - our own SVG
