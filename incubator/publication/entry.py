"""A project's entry in the catalogue: what its newest public version says, and its filter values.

Verbs that change what is public call these functions inside their transaction, after they have locked the project.
"""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from incubator.attachments.showing import public_now
from incubator.core.clock import now
from incubator.core.text import short, slugify
from incubator.db import writing
from incubator.db.references import some_id_of
from incubator.projects.details import competency_titles
from incubator.projects.document import frozen_parts, plain_of
from incubator.projects.kinds.files import KIND as FILES_KIND
from incubator.projects.locking import lock_project
from incubator.projects.start import free_slug
from incubator.projects.tables import FormerSlug, Project, ProjectCompetency
from incubator.projects.version_files import without_files
from incubator.publication.facets import GRADUATED, facets_text, values_in
from incubator.publication.index import enter, follow, leave, rebuild, terms_of
from incubator.publication.public_files import cover_of, file_ids, for_everybody, note_public_files
from incubator.publication.tables import AwardGiven, Publication, PublicVersion
from incubator.publication.versions import public_texts_of, public_versions_of
from incubator.reference.known_names import other_names_of
from incubator.reference.tables import Cluster, Municipality
from incubator.reviews.tables import Decision
from incubator.search.keys import index_of

#: What makes an address differ from another project's of the same title.
_NUMBERED = re.compile(r"-\d+$")


async def publication_of(project_id: int) -> Publication | None:
    return await Publication.objects().where(Publication.project == project_id).first()


async def organisation_of(project_id: int) -> str:
    """Return the name of the team's organisation, which the team may have typed itself; empty if it has none."""
    row = await Project.select(Project.organisation.name.as_alias("name")).where(Project.id == project_id).first()
    return str(row["name"] or "") if row else ""


async def update_entry(project: Project) -> None:
    """Let the entry follow the public versions: show the newest, or take the project off if there is none."""
    row = await publication_of(project.id) or Publication(project=project.id)
    versions = await public_versions_of(project.id)
    await follow_public_files(project.id)
    if versions:
        await _show(row, project, versions[-1])
    elif row.published_at is not None:
        await _hide(row)


async def follow_public_files(project_id: int) -> None:
    """Let each attachment know whether the public reads something that shows it. Call inside the transaction that changes that."""
    is_public = bool(await public_versions_of(project_id))
    await note_public_files(project_id, await public_texts_of(project_id) if is_public else [])


async def _show(row: Publication, project: Project, version: PublicVersion) -> None:
    """Make ``version`` what the catalogue shows; the address follows its title."""
    before = terms_of(row)
    facets = await facets_of(project.id, help_wanted=row.help_wanted)
    shown = await _shown_in(version)
    fill(row, version, names=await _names_of(project.id), facets=facets, shown=shown)
    is_new = row.published_at is None
    row.published_at = row.published_at or now()
    row.changed_at = now()
    await _note_graduation(row)
    await (follow(row, before) if before else enter([row]))
    await row.save()
    await _readdress(project, version.title, is_new=is_new)


async def _shown_in(version: PublicVersion) -> set[int]:
    """Return those files of a version that everybody may see now. Four queries at most, none without files."""
    return await public_now(file_ids(frozen_parts(version)), version.project)


async def follow_captions(project_id: int) -> bool:
    """Let search find a project by its captions only while everybody may see what they stand below; return whether that changed.

    Call whenever that may have changed; verbs do so in their transaction.
    """
    if not await _has_other_captions(project_id):
        return False
    async with writing():
        await lock_project(project_id)
        if not await _has_other_captions(project_id):
            return False
        await follow_words(project_id)
        return True


async def follow_words(project_id: int) -> None:
    """Let search find a project by what it is called now beside its text: its organisation's name, its captions.

    Call inside the transaction that changes that. Nothing to do for a project that is not in the catalogue.
    """
    row, versions = await publication_of(project_id), await public_versions_of(project_id)
    if row is None or row.place is None or not versions:
        return
    before = terms_of(row)
    await _reword(row, versions[-1])
    await follow(row, before)
    await row.save(columns=[Publication.words, Publication.files])


async def _reword(row: Publication, newest: PublicVersion) -> None:
    shown = await _shown_in(newest)
    fill(row, newest, names=await _names_of(some_id_of(row.project)), facets=row.facets, shown=shown)


async def reindex() -> int:
    """Write anew by what words each publication is found, and with them the whole index; return the number of publications."""
    async with writing():
        for each in await Publication.select(Publication.project).where(Publication.place.is_not_null()):
            row, versions = await publication_of(each["project"]), await public_versions_of(each["project"])
            if row is not None and versions:
                await _reword(row, versions[-1])
                await row.save(columns=[Publication.title_words, Publication.words, Publication.files])
        return await rebuild()


async def _has_other_captions(project_id: int) -> bool:
    row = await publication_of(project_id)
    versions = await public_versions_of(project_id) if row is not None and row.place is not None else []
    return row is not None and bool(versions) and found_by(row.files) != await _shown_in(versions[-1])


def found_by(files: str) -> set[int]:
    """Return the files by whose captions search finds a publication, as it holds them."""
    return {int(each) for each in files.split()}


async def _names_of(project_id: int) -> list[str]:
    """Return the names, in both languages, by which search finds a project beside its text."""
    full = await Project.objects(Project.cluster, Project.municipality).get(Project.id == project_id)
    assert full is not None
    names = [
        getattr(reference, field)
        for reference in (full.cluster, full.municipality)
        if reference is not None and reference.id
        for field in ("title_ru", "title_en")
    ]
    for table, reference in ((Cluster, full.cluster), (Municipality, full.municipality)):
        names += await other_names_of(table, reference.id if reference is not None else None)
    return names + await competency_titles(project_id)


async def _note_graduation(row: Publication) -> None:
    if GRADUATED not in values_in(row.facets).get("stage", []):
        row.graduated_at = None  # a corrected decision can take it back
    elif row.graduated_at is None:
        row.graduated_at = await _graduated_at(row.project) or now()


async def _graduated_at(project_id: int) -> datetime | None:
    """Return when the final advance was released."""
    row = (
        await Decision.select(Decision.released_at)
        .where((Decision.submission.project == project_id) & (Decision.outcome == "advance") & Decision.released())
        .order_by(Decision.released_at, ascending=False)
        .first()
    )
    return row["released_at"] if row else None


async def forget_addresses(project_id: int, titles: Iterable[str]) -> None:
    """Let no former address that was made of one of ``titles`` lead to the project any more."""
    gone = [id_ for id_, bases in (await _former_addresses(project_id)).items() if bases & {slugify(t) for t in titles}]
    if gone:
        await FormerSlug.delete().where(FormerSlug.id.is_in(gone))


async def titles_in_addresses(project_id: int, titles: Iterable[str]) -> list[str]:
    """Return those of ``titles`` of which a former address was made that still leads to the project."""
    known = frozenset[str]().union(*(await _former_addresses(project_id)).values())
    return [title for title in titles if slugify(title) in known]


async def _former_addresses(project_id: int) -> dict[int, frozenset[str]]:
    """Return what the title of each former address may have been, as an address, by id."""
    rows = await FormerSlug.select(FormerSlug.id, FormerSlug.slug).where(FormerSlug.project == project_id)
    return {row["id"]: frozenset({row["slug"], _NUMBERED.sub("", row["slug"])}) for row in rows}


async def _readdress(project: Project, title: str, *, is_new: bool) -> None:
    """Update the slug to match the public title. The former one redirects, unless nobody could have seen it."""
    slug = await free_slug(title, mine=project.id)
    if slug == project.slug:
        return
    async with writing():
        await FormerSlug.delete().where(FormerSlug.slug == slug)
        if not is_new:
            await FormerSlug.insert(FormerSlug(slug=project.slug, project=project.id))
        await Project.update({Project.slug: slug}).where(Project.id == project.id)
    project.slug = slug


async def _hide(row: Publication) -> None:
    """Leave the catalogue, and keep nothing of the text."""
    await leave(row)
    row.published_at = None
    row.number = 0
    row.title = row.pitch = row.cover = row.title_words = row.words = row.files = ""
    await row.save()


async def facets_of(project_id: int, *, help_wanted: str) -> str:
    """Return the project's current filter values, as stored in a publication. Three queries."""
    rows = await Project.select(
        Project.stage, Project.state, Project.season.slug, Project.cluster.key, Project.municipality.key,
        Project.organisation.kind,
    ).where(Project.id == project_id)  # fmt: skip
    row = rows[0]
    competencies = await ProjectCompetency.select(ProjectCompetency.competency.key.as_alias("key")).where(
        ProjectCompetency.project == project_id
    )
    awards = await AwardGiven.select(AwardGiven.award.key.as_alias("key")).where(AwardGiven.project == project_id)
    return facets_text(
        stage=GRADUATED if row["state"] == GRADUATED else row["stage"], season=row["season.slug"],
        cluster=row["cluster.key"], municipality=row["municipality.key"], kind=row["organisation.kind"],
        help="yes" if help_wanted else "", competency=[r["key"] for r in competencies], award=[r["key"] for r in awards],
    )  # fmt: skip


async def refresh_facets(project_id: int) -> None:
    """Update the filter values after a change outside the text: a gate passed, an award given."""
    row = await publication_of(project_id)
    if row is not None and row.place is not None:
        before = terms_of(row)
        row.facets = await facets_of(project_id, help_wanted=row.help_wanted)
        await _note_graduation(row)
        await follow(row, before)
        await row.save(columns=[Publication.facets, Publication.graduated_at])


def fill(
    row: Publication, version: PublicVersion, *, names: Iterable[str], facets: str, shown: Collection[int] = ()
) -> None:
    """Fill ``row`` with what the public reads of ``version``, beside the team's name and the other details in it.

    ``shown``: those of its files that everybody may see now; captions of others are no words of it.
    """
    parts = [part for part in frozen_parts(version) if part.text]
    text = {part.key: plain_of(part) for part in without_files(parts)}
    captions = [plain_of(for_everybody(part, shown)) for part in parts if part.kind == FILES_KIND.key] if shown else []
    row.number, row.title = version.number, version.title
    row.cover = cover_of(parts)
    row.pitch = short(text.get("pitch") or next(iter(text.values()), ""), 200)
    row.title_words = index_of(version.title)
    row.facets = facets
    row.files = " ".join(str(each) for each in sorted(shown))
    row.words = index_of(version.title, *text.values(), *captions, *names, row.team_name, row.organisation)
