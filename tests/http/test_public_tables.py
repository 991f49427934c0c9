"""Every table that a public page reads increments the public revision, so no cached page is older than its rows."""

import re
from collections.abc import Iterable

import pytest

from incubator.app import create_app, framework
from incubator.attachments.people_on import Said
from incubator.attachments.tables import People
from incubator.db import counting, run_sql
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.projects.answers import answer_of
from incubator.projects.consents import give_consent
from incubator.projects.kinds.files import captioned
from incubator.projects.tables import FormerSlug
from incubator.publication.awards import add_award, give_award
from incubator.publication.file_changes import note_files
from incubator.publication.news import NewsWording, offer_news, publish_news, write_news
from incubator.publication.public_triggers import WATCHED
from incubator.publication.publish import ask_publication, publish
from incubator.showcase.pages import is_public
from tests.attachments.uploads import KEY, attached
from tests.browser import Browser
from tests.cast import Cast, fresh_project, reviewed, rewrite, submitted
from tests.http.test_page_cache import revision
from tests.privacy.guardians import operator_known

#: Tables that public pages read but that need not increment the number, with the reason.
NOT_WATCHED = {
    "public_revision": "the number itself",
    "rendition": "never changes as long as an attachment has it",
    "stored_file": "never changes as long as a rendition has it",
    "posting": "changes in the transaction that changes its publication; `rebuild` moves the number itself",
}

#: Routes that answer nothing without a query.
WITH_A_QUERY = ("/api/v1/oembed?url=http://127.0.0.1:8000/showcase/{slug}",)

#: Besides every plain route: searches, filters, orders, missing pages, and redirects.
MORE = (
    "/showcase?q=улей", "/showcase?q=улей&sort=newest&after=0.1", "/showcase?q=ничего", "/showcase?sort=graduated",
    "/showcase?cluster=agro&stage=project&help=1", "/showcase/map?q=улей", "/showcase/feed.atom?q=улей",
    "/showcase/nowhere", "/showcase/former", "/api/v1/projects?q=улей&sort=newest", "/api/v1/projects/nowhere",
    "/api/v1/facets?q=улей", "/embed?q=улей", "/sitemap/0.xml", *WITH_A_QUERY,
)  # fmt: skip

_READ = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)"?', re.I)
_NAMED = re.compile(r'"?(\w+)"?(?:\s*\([^()]*\))?\s+AS\s+(?:NOT\s+)?(?:MATERIALIZED\s+)?\(', re.I)


def tables_in(queries: Iterable[str]) -> set[str]:
    """Return the tables that the queries read, without names that a query itself defines by WITH."""
    return {table for sql in queries for table in set(_READ.findall(sql)) - set(_NAMED.findall(sql))}


def public_routes() -> set[str]:
    """Return the paths of the app that are public, with their parameters in brackets, without those that need a query."""
    paths = set()
    for route in framework().routes:
        if "GET" in getattr(route, "methods", ()):
            parts = getattr(route, "path_components", [])
            paths.add("/" + "/".join(f"{{{part.name}}}" if hasattr(part, "name") else str(part) for part in parts))
    return {path for path in paths if is_public(path)} - {each.partition("?")[0] for each in WITH_A_QUERY}


@pytest.fixture
async def slug(cast: Cast) -> str:
    """Create a published project with everything that a public page can show."""
    await rewrite(cast, "problem", "Придумала Мария Кузнецова")
    picture = await attached(cast)
    answer = await answer_of(cast.project.id, KEY)
    assert answer
    await rewrite(cast, KEY, captioned(answer.text.replace("gallery", "cover"), {picture.id: "Улей"}))
    on_it = {picture.id: Said(People.TEAM, frozenset({cast.captain.id}))}
    await note_files(cast.project.id, on_it, {}, by=cast.captain)
    submission = await submitted(cast)
    for purpose in ("public_name", "photo"):
        await give_consent(cast.project, cast.captain, purpose, by=cast.teacher)
    await ask_publication(cast.project, by=cast.captain)
    await reviewed(cast, submission)
    await release(await decide(submission, "advance", reason="Дальше", by=cast.organiser), by=cast.organiser)
    await publish(await fresh_project(cast.project), by=cast.organiser)
    news = await write_news(cast.project, NewsWording("Первый рой", "За сутки", picture.id, "Улей"), by=cast.captain)
    await offer_news(cast.project, news.id, by=cast.captain)
    await publish_news(news.id, by=cast.organiser)
    award = await add_award(cast.season, title_ru="Награда", title_en="Award", by=cast.organiser)
    project = await fresh_project(cast.project)
    await give_award(project, award, by=cast.organiser)
    await FormerSlug(slug="former", project=project.id).save()
    await operator_known()
    return project.slug


async def test_every_table_that_a_public_page_reads_is_watched(slug: str) -> None:
    app, read = create_app(), set()
    values = {"slug": slug, "name": "1.xml", "path": "nothing", "paper": "document.pdf"}
    for path in sorted({*public_routes(), *MORE}):
        with counting() as queries:
            response = await Browser(app).open(path.format(**values))
        assert response.status_code in (200, 404), path
        read |= {(path, table) for table in tables_in(queries)}
    known = WATCHED.keys() | NOT_WATCHED.keys()
    assert sorted((path, table) for path, table in read if table not in known) == []
    assert {table for _, table in read} == known, (
        "pages that read the rest are not opened here, or it is watched in vain"
    )


#: For each table, a change that visitors can see.
CHANGES = {
    "attachment": "is_hidden = NOT is_hidden", "pictured": "person = NULL",
    "publication": "title = 'Новое'", "project": "state = 'stopped'", "former_slug": "slug = 'new'", "member": "role = 'guest'",
    "public_version": "title = 'Новое'", "passage": "verdict = 'kept'", "decision": "outcome = 'stop'", "review": "sent_at = NULL", "affiliation": "since = '2020-01-01'",
    "person": "given_name = 'Новое'", "consent": "withdrawn_at = given_at", "organisation": "name = 'Новое'",
    "season": "title_ru = 'Новое'", "criterion": "title_ru = 'Новое'", "cluster": "title_ru = 'Новое'", "municipality": "title_ru = 'Новое'",
    "competency": "title_ru = 'Новое'", "award": "title_ru = 'Новое'", "consent_text": "text_ru = 'Новое'",
    "operator": "phone = 'Новое'", "news": "title = 'Новое'",
}  # fmt: skip


async def test_each_of_them_moves_the_number(slug: str) -> None:
    still = set()
    for table, change in CHANGES.items():
        before = await revision()
        await run_sql(f'UPDATE "{table}" SET {change}')
        if await revision() == before:
            still.add(table)
    assert still == set()
    assert CHANGES.keys() == WATCHED.keys()


def test_tables_in_a_query() -> None:
    sql = 'WITH m AS MATERIALIZED (SELECT * FROM "posting"), n (a) AS (SELECT 1) SELECT 1 FROM m JOIN n ON 1 LEFT JOIN season s ON 2'
    assert tables_in([sql]) == {"posting", "season"}
