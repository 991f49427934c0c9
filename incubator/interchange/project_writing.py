"""Writing imported projects to the database in batches."""

from datetime import datetime

import msgspec

from incubator.core.clock import now
from incubator.core.folding import folded
from incubator.core.text import slugify
from incubator.http.markdown.version import GRAMMAR
from incubator.http.prose import Prose
from incubator.interchange.import_report import batches
from incubator.interchange.project_import import CheckedProject, Context, Listed
from incubator.interchange.project_rewriting import note_rows, rewrite
from incubator.programme.seasons import mark_in_use
from incubator.projects.document import Part, content_of, freeze
from incubator.projects.expected_members import expect
from incubator.projects.tables import Answer, Project, ProjectCompetency, Submission
from incubator.publication.entry import fill
from incubator.publication.facets import GRADUATED, facets_text
from incubator.publication.index import enter
from incubator.publication.public_copy import rendered, shown_parts
from incubator.publication.tables import Passage, Publication, PublicVersion, Verdict
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Organisation


def titles(listed: Listed | None) -> tuple[str, ...]:
    """Return the titles by which search finds it."""
    return (listed.title_ru, listed.title_en) if listed else ()


async def write_batch(rows: list[CheckedProject], context: Context, prose: Prose) -> None:
    """Write each row as a project with its answers, one frozen version and, if wanted, its publication; or change what it made before.

    ``prose`` contains the HTML of every text. Call inside a transaction.
    """
    at = now()
    organisations = await _organisations(rows)
    await _insert([row for row in rows if row.replaces is None], context, organisations, prose, at)
    for row in rows:
        if row.replaces is not None:
            await rewrite(row, row.replaces, organisations.get(_organisation_of(row)), context, prose, at)


async def _insert(
    rows: list[CheckedProject], context: Context, organisations: dict[tuple[str, int | None], int], prose: Prose,
    at: datetime,
) -> None:  # fmt: skip
    if not rows:
        return
    await mark_in_use(context.sections, context.rubric)
    projects = [_project(row, context, organisations.get(_organisation_of(row)), at) for row in rows]
    ids = [inserted["id"] for inserted in await Project.insert(*projects)]
    competencies = [
        ProjectCompetency(project=project_id, competency=each.id)
        for project_id, row in zip(ids, rows, strict=True)
        for each in row.competencies
    ]
    if competencies:
        await ProjectCompetency.insert(*competencies)
    await expect({project_id: row.names for project_id, row in zip(ids, rows, strict=True)})
    submissions = await _insert_documents(ids, rows, context, prose, at)
    if context.wish.publish:
        await _publish(submissions, rows, context, organisations, prose)
    await note_rows(list(zip(ids, rows, strict=True)), context, at)


async def _insert_documents(
    ids: list[int], rows: list[CheckedProject], context: Context, prose: Prose, at: datetime
) -> list[Submission]:
    """Insert the answers of each project, and the version that freezes them."""
    documents = [_document(project_id, row, context, at) for project_id, row in zip(ids, rows, strict=True)]
    answers = [part.answer for document in documents for part in document if part.answer]
    for portion in batches(answers, 1000):
        await Answer.insert(*portion)
    submissions = [
        _submission(project_id, row, context, freeze(document, prose), at)
        for project_id, row, document in zip(ids, rows, documents, strict=True)
    ]
    await Submission.insert(*submissions)
    return submissions


def _organisation_of(row: CheckedProject) -> tuple[str, int | None]:
    return row.organisation, row.municipality.id if row.municipality else None


async def _organisations(rows: list[CheckedProject]) -> dict[tuple[str, int | None], int]:
    """Return the id of each row's organisation, adding those that are new."""
    named = dict.fromkeys(_organisation_of(row) for row in rows if row.organisation)
    return {each: await organisation_named(each[0], municipality=each[1]) for each in named}


def _project(row: CheckedProject, context: Context, organisation: int | None, at: datetime) -> Project:
    wish = context.wish
    return Project(
        season=context.season.id, slug=_slug(row.hidden.of(row.title), context.slugs), title=row.title, team_name=row.team,
        folded=Project.folded_of(row.title, row.team),
        stage=wish.stage, state=wish.state, round=1, cluster=row.cluster and row.cluster.id,
        municipality=row.municipality and row.municipality.id, organisation=organisation, help_wanted=row.help_wanted,
        external_id=f"{wish.source}:{row.own_id}", created_at=at, changed_at=at,
    )  # fmt: skip


def _document(project_id: int, row: CheckedProject, context: Context, at: datetime) -> list[Part]:
    own = {key: Answer(project=project_id, key=key, text=text, changed_at=at) for key, text in row.texts.items()}
    return [Part(section, own.get(section.key)) for section in context.sections]


def _submission(project_id: int, row: CheckedProject, context: Context, content: str, at: datetime) -> Submission:
    return Submission(
        project=project_id, number=1, stage=context.wish.stage, round=1, title=row.title,
        folded=folded(row.title)[:300], content=content, grammar=GRAMMAR, rubric=msgspec.json.encode([c.id for c in context.rubric]).decode(), submitted_at=at,
    )  # fmt: skip


async def _publish(
    submissions: list[Submission],
    rows: list[CheckedProject],
    context: Context,
    organisations: dict[tuple[str, int | None], int],
    prose: Prose,
) -> None:
    kinds = {
        row["id"]: row["kind"]
        for row in await Organisation.select(Organisation.id, Organisation.kind).where(
            Organisation.id.is_in([*organisations.values()] or [0])
        )
    }
    versions = [_version(submission, row, prose) for submission, row in zip(submissions, rows, strict=True)]
    shown = [
        _publication(version, row, context, kind=kinds.get(organisations.get(_organisation_of(row), 0), ""))
        for version, row in zip(versions, rows, strict=True)
    ]
    await PublicVersion.insert(*versions)
    await enter(shown)
    await Publication.insert(*shown)
    hidden = [
        _passage(version, text) for version, row in zip(versions, rows, strict=True) for text in row.hidden.passages
    ]
    if hidden:
        await Passage.insert(*hidden)


def _passage(version: PublicVersion, text: str) -> Passage:
    return Passage(project=version.project, text=text, verdict=Verdict.HIDDEN.value, made_at=version.submitted_at)


def _version(submission: Submission, row: CheckedProject, prose: Prose) -> PublicVersion:
    """Return the public version of an imported document, approved by whoever imports it."""
    parts = rendered(shown_parts(submission, row.hidden), prose)
    return PublicVersion(
        project=submission.project, submission=submission.id, number=submission.number, stage=submission.stage,
        round=submission.round, submitted_at=submission.submitted_at, approved_at=submission.submitted_at,
        title=row.hidden.of(submission.title), content=content_of(parts), grammar=submission.grammar,
    )  # fmt: skip


def _publication(version: PublicVersion, row: CheckedProject, context: Context, *, kind: str) -> Publication:
    """Return the publication as of the submission's moment, ready to be stored."""
    wish, at = context.wish, version.submitted_at
    is_graduated = wish.state == GRADUATED
    publication = Publication(
        project=version.project, published_at=at, changed_at=at, graduated_at=at if is_graduated else None,
        team_name=row.hidden.of(row.team), help_wanted=row.hidden.of(row.help_wanted),
        organisation=row.hidden.of(row.organisation),
    )  # fmt: skip
    fill(
        publication, version, names=(*titles(row.cluster), *titles(row.municipality), *(each for c in row.competencies for each in titles(c))),
        facets=facets_text(
            stage=GRADUATED if is_graduated else wish.stage, season=context.season.slug,
            cluster=row.cluster and row.cluster.key, municipality=row.municipality and row.municipality.key,
            kind=kind, help="yes" if row.help_wanted else "",
        ),
    )  # fmt: skip
    return publication


def _slug(title: str, taken: set[str]) -> str:
    base = slugify(title) or "project"
    slug, n = base, 1
    while slug in taken:
        n += 1
        slug = f"{base}-{n}"
    taken.add(slug)
    return slug
