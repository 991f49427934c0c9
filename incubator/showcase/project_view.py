"""The data for the public page of one project."""

from dataclasses import dataclass

from markupsafe import Markup

from incubator.core.languages import LOCALES
from incubator.programme.stages import Stage
from incubator.projects.document import Frozen
from incubator.projects.kinds.files import AttachedFiles
from incubator.projects.tables import Project
from incubator.projects.version_files import files_of, without_files
from incubator.publication.facets import values_in
from incubator.publication.hiding import MASK
from incubator.publication.tables import Publication
from incubator.showcase.addresses import in_current_language
from incubator.showcase.cards import ProjectCard, card_of, cover_of
from incubator.showcase.linked_data import creative_work, embedded
from incubator.showcase.reference_titles import Lists, reference_lists, titles_of
from incubator.showcase.similar import similar_to
from incubator.showcase.stage_growth import StageGrowth, growth_by_stage
from incubator.showcase.story import (
    PublicMate,
    PublicNews,
    Version,
    mentors_organisations,
    public_news,
    public_team,
    public_versions,
)

SIMILAR = 3
#: Facets shown on the page.
_NAMED = ("cluster", "municipality", "season", "competency", "award")

#: (value, title) of each facet, in the current language.
Values = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class ProjectView:
    """Its fields are the variables of ``showcase/project.html``."""

    publication: Publication
    project: Project
    cover: Markup
    """Drawn, for a project without a picture as its cover."""
    files: AttachedFiles
    picture: str
    """Full address of the preview picture."""
    values: Values
    groups: list[tuple[str, list[Frozen]]]
    """The newest version by stage, the latest stage first."""
    has_hidden: bool
    """Something personal is hidden in the text."""
    learned: Frozen | None
    """The team's section on what it learned."""
    versions: list[Version]
    growth: list[StageGrowth]
    news: list[PublicNews]
    """Newest first."""
    team: list[PublicMate]
    school: str
    organisations: list[str]
    """Organisations of its mentors."""
    data: Markup
    """Structured data."""
    similar: list[ProjectCard]
    """Cards of similar projects."""


async def project_view(publication: Publication, *, url: str) -> ProjectView:
    """Return the data of the page; ``url``: its canonical address."""
    project, lists = publication.project, await reference_lists()
    versions = await public_versions(publication)
    current = newest_parts(versions)
    team = await public_team(project.id)
    values = _values(publication, lists)
    names = _names(publication, lists)
    return ProjectView(
        publication=publication,
        project=project,
        cover=cover_at(publication, lists),
        files=files_of(current),
        picture=picture_url(project.slug),
        values=values,
        groups=[
            (stage.value, [part for part in without_files(current) if part.stage == stage.value])
            for stage in reversed(Stage)
        ],
        has_hidden=any(MASK in each for each in (publication.title, *(part.text for part in current))),
        learned=next((part for part in current if part.key == "learning"), None),
        versions=versions,
        growth=growth_by_stage(versions),
        news=await public_news(project.id),
        team=team,
        school=publication.organisation,
        organisations=await mentors_organisations(versions),
        data=_data(publication, url, values, team),
        similar=[card_of(row, lists) for row in await similar_to(publication, SIMILAR, names=names)],
    )


def newest_parts(versions: list[Version]) -> list[Frozen]:
    """Return the newest version's sections that are not empty."""
    return [part for version in versions[-1:] for part in version.parts]


def cover_at(publication: Publication, lists: Lists) -> Markup:
    return cover_of(publication.title, lists["cluster"].get(values_in(publication.facets).get("cluster", [""])[0]))


def picture_url(slug: str) -> str:
    """Return the full address of the project's picture, in the current language."""
    return in_current_language(f"/showcase/{slug}/picture.png")


def _values(publication: Publication, lists: Lists) -> Values:
    facets = values_in(publication.facets)
    return {
        name: [(value, titles_of(name, lists).get(value, value)) for value in facets.get(name, [])] for name in _NAMED
    }


def _names(publication: Publication, lists: Lists) -> list[str]:
    """Return the titles of its cluster, district and competencies in both languages, which are among its words."""
    facets = values_in(publication.facets)
    rows = [
        lists[name][key]
        for name in ("cluster", "municipality", "competency")
        for key in facets.get(name, [])
        if key in lists[name]
    ]
    return [row[f"title_{locale}"] for row in rows for locale in LOCALES]


def _data(publication: Publication, url: str, values: Values, team: list[PublicMate]) -> Markup:
    work = creative_work(
        publication, url=url, picture=picture_url(publication.project.slug), names=[mate.name for mate in team],
        keywords=[title for name in ("cluster", "competency") for _value, title in values[name]],
        school=publication.organisation,
    )  # fmt: skip
    return embedded(work)
