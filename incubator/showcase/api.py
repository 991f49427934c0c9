"""The public JSON API: the catalogue, its counts, one project with its versions.

Read only, with the same filters as the page. Names are in both languages, so an answer depends only on its address.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, Response, get
from litestar.exceptions import NotFoundException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.params import PathParameter, QueryParameter

from incubator.core import limits
from incubator.http.requests import AnyRequest
from incubator.http.templating import page
from incubator.projects.drawing import drawn
from incubator.projects.kinds.files import AttachedFile, AttachedFiles
from incubator.projects.version_files import files_of
from incubator.publication.facets import values_in
from incubator.showcase.addresses import full
from incubator.showcase.catalogue import PER_PAGE, find
from incubator.showcase.filters import AFTER, Wish
from incubator.showcase.project_pages import publication_at
from incubator.showcase.project_view import newest_parts
from incubator.showcase.reference_titles import Lists, reference_lists
from incubator.showcase.story import mentors_organisations, public_team, public_versions

PREFIX = "/api/v1"
MOST = 100

Stage = Literal["idea", "project", "plan", "graduated"]
_AnyStage = Literal["", "idea", "project", "plan", "graduated"]
_Sort = Literal["", "newest", "graduated"]
_Help = Literal["", "yes"]
_ANY_OF = "Several times: one of them is enough"
_KIND = f"Kind of the team's organisation: school, college, university, … {_ANY_OF}"
_MOST = limits.FILTER_VALUES
_Text = Annotated[str, msgspec.Meta(max_length=limits.FILTER_VALUE)]
_TEXT = {
    "items": Schema(type=OpenAPIType.STRING, max_length=limits.FILTER_VALUE)
}  # the schema lacks its length otherwise
#: Values of a filter; an empty one means any.
_Values = Annotated[Sequence[_Text], QueryParameter(max_items=_MOST, description=_ANY_OF, schema_extra=_TEXT)]
_Kinds = Annotated[Sequence[_Text], QueryParameter(max_items=_MOST, description=_KIND, schema_extra=_TEXT)]
_Stages = Annotated[Sequence[_AnyStage], QueryParameter(max_items=_MOST, description=_ANY_OF)]
_Helps = Annotated[Sequence[_Help], QueryParameter(max_items=_MOST, description="Only who looks for help")]
_WORDS = "Words: «in quotes» side by side, -word left out"


class ApiListed(msgspec.Struct):
    """An entry of a reference list."""

    key: str
    title_ru: str
    title_en: str


class ApiProject(msgspec.Struct, kw_only=True):
    slug: str
    url: str
    picture: str
    """1200 × 630 PNG."""
    title: str
    pitch: str
    stage: Stage
    season: ApiListed | None
    cluster: ApiListed | None
    municipality: ApiListed | None
    competencies: list[ApiListed]
    awards: list[ApiListed]
    help_wanted: str
    team_name: str
    published_at: datetime
    changed_at: datetime


class ApiProjects(msgspec.Struct):
    """One page of the catalogue; follow ``next`` for the rest."""

    total: int
    items: list[ApiProject]
    next: str | None
    previous: str | None


class ApiMember(msgspec.Struct):
    name: str
    """As far as the person's consents allow."""
    role: str


class ApiSection(msgspec.Struct):
    key: str
    stage: str
    title_ru: str
    title_en: str
    text: str
    """Markdown, as written by the team; of a section of cells a table and what follows from it."""
    html: str
    kind: str


class ApiVersion(msgspec.Struct):
    number: int
    stage: str
    round: int
    submitted_at: datetime
    outcome: str
    """advance or return; empty while it is in review, or where it ended."""
    sections: list[ApiSection]


class ApiFile(msgspec.Struct):
    """A picture or a paper of the newest version, as far as the people on it agree at this moment: ask again before you show it."""

    use: Literal["cover", "picture", "deck", "paper"]
    url: str
    caption: str
    width: int
    height: int
    """In pixels; of a PDF those of its first page as drawn."""
    pages: int


class ApiProjectInFull(ApiProject, kw_only=True):
    team: list[ApiMember]
    organisation: str
    mentors_organisations: list[str]
    versions: list[ApiVersion]
    files: list[ApiFile]


class ApiCounts(msgspec.Struct):
    """For each filter, how many projects each of its values would leave, with the other filters kept."""

    total: int
    facets: dict[str, dict[str, int]]


class ApiProblem(msgspec.Struct):
    """Problem details, RFC 9457."""

    type: str
    title: str
    status: int
    detail: str = ""


def _problem(description: str) -> ResponseSpec:
    return ResponseSpec(
        ApiProblem, description=description, generate_examples=False, media_type="application/problem+json"
    )


_WRONG = {400: _problem("A parameter is not what it can be"), 429: _problem("Too many requests: see Retry-After")}
_NONE = {**_WRONG, 404: _problem("Nothing public is there")}


class ShowcaseApi(Controller):
    path = PREFIX
    include_in_schema = True
    tags = ["showcase"]

    @get("/projects", operation_id="listProjects", summary="The catalogue, a page at a time", responses=_WRONG)
    async def projects(
        self,
        q: Annotated[str, QueryParameter(max_length=limits.SEARCH_WORDS, description=_WORDS)] = "",
        stage: _Stages = (),
        season: _Values = (),
        cluster: _Values = (),
        municipality: _Values = (),
        competency: _Values = (),
        kind: _Kinds = (),
        help: _Helps = (),
        award: _Values = (),
        sort: Annotated[_Sort, QueryParameter(description="Empty: by relevance where there are words, else the newest first")] = "",
        after: Annotated[str, QueryParameter(pattern=f"^({AFTER})?$", description="As next and previous have it")] = "",
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = PER_PAGE,
    ) -> ApiProjects:  # fmt: skip
        wish = _wish(
            q=q, stage=stage, season=season, cluster=cluster, municipality=municipality, competency=competency, kind=kind,
            help=help, award=award, sort=sort, after=after,
        )  # fmt: skip
        met = await find(wish, size=limit)
        lists = await reference_lists()

        def at(cursor: Any) -> str:
            size = f"limit={limit}" if limit != PER_PAGE else ""
            query = "&".join(filter(None, (wish.query(after=cursor or ""), size)))
            return full(f"{PREFIX}/projects" + (f"?{query}" if query else ""))

        return ApiProjects(
            met.total, [ApiProject(**_brief(row, lists)) for row in met.rows],
            at(met.page.next) if met.page.has_next else None, at(met.page.previous) if met.page.has_previous else None,
        )  # fmt: skip

    @get("/facets", operation_id="countProjects", summary="The numbers beside the filters", responses=_WRONG)
    async def facets(
        self,
        q: Annotated[str, QueryParameter(max_length=limits.SEARCH_WORDS, description=_WORDS)] = "",
        stage: _Stages = (),
        season: _Values = (),
        cluster: _Values = (),
        municipality: _Values = (),
        competency: _Values = (),
        kind: _Kinds = (),
        help: _Helps = (),
        award: _Values = (),
    ) -> ApiCounts:
        wish = _wish(
            q=q, stage=stage, season=season, cluster=cluster, municipality=municipality, competency=competency, kind=kind,
            help=help, award=award,
        )  # fmt: skip
        met = await find(wish, size=1)
        return ApiCounts(met.total, met.counts)

    @get(
        "/projects/{slug:str}",
        operation_id="readProject",
        summary="One project with all its public versions",
        responses=_NONE,
    )
    async def project(self, slug: Annotated[str, PathParameter(max_length=limits.SLUG)]) -> ApiProjectInFull:
        publication = await publication_at(slug)
        project = publication.project
        versions = await public_versions(publication)
        row = {**publication.to_dict(), "project": project.id, "slug": project.slug}
        return ApiProjectInFull(
            **_brief(row, await reference_lists()),
            team=[ApiMember(mate.name, mate.role) for mate in await public_team(project.id)],
            organisation=publication.organisation,
            mentors_organisations=await mentors_organisations(versions),
            versions=[_version(v) for v in versions],
            files=_files(files_of(newest_parts(versions))),
        )


def _files(files: AttachedFiles) -> list[ApiFile]:
    return [
        *([_file("cover", files.cover)] if files.cover else []),
        *(_file("picture", each) for each in files.pictures),
        *([_file("deck", files.deck)] if files.deck else []),
        *(_file("paper", each) for each in files.papers),
    ]


def _file(use: Literal["cover", "picture", "deck", "paper"], shown: AttachedFile) -> ApiFile:
    file = shown.file
    path = file.address(file.width, extension="jpg") if file.is_picture else file.download
    return ApiFile(use, full(path), shown.caption, file.width, file.height, file.pages)


def _wish(**query: str | Sequence[str]) -> Wish:
    said = [(name, (values,) if isinstance(values, str) else values) for name, values in query.items()]
    return Wish.of((name, value) for name, values in said for value in values)


def _brief(row: dict[str, Any], lists: Lists) -> dict[str, Any]:
    facets = values_in(row["facets"])

    def listed(name: str) -> list[ApiListed]:
        known = [lists[name][key] for key in facets.get(name, []) if key in lists[name]]
        return [ApiListed(r["key"], r["title_ru"], r["title_en"]) for r in known]

    def first(name: str) -> ApiListed | None:
        return next(iter(listed(name)), None)

    return {
        "slug": row["slug"], "url": full(f"/showcase/{row['slug']}"), "picture": full(f"/showcase/{row['slug']}/picture.png"),
        "title": row["title"], "pitch": row["pitch"], "stage": facets.get("stage", ["idea"])[0], "season": first("season"),
        "cluster": first("cluster"), "municipality": first("municipality"), "competencies": listed("competency"),
        "awards": listed("award"), "help_wanted": row["help_wanted"], "team_name": row["team_name"],
        "published_at": row["published_at"], "changed_at": row["changed_at"] or row["published_at"],
    }  # fmt: skip


def _version(version: Any) -> ApiVersion:
    row = version.row
    return ApiVersion(
        row.number, row.stage, row.round, row.submitted_at,
        "" if version.outcome == "stop" else version.outcome,
        [
            ApiSection(p.key, p.stage, p.title_ru, p.title_en, p.text, p.html or str(drawn(p)), p.kind)
            for p in version.parts
        ],
    )  # fmt: skip


def nothing_there(response: Response[Any]) -> Response[Any]:
    """Replace the framework's own 404 page for paths outside the API by ours."""
    if response.status_code == 404:
        raise NotFoundException
    return response


@get("/api", include_in_schema=False)
async def about_the_api(request: AnyRequest) -> Response[Any]:
    """Show the documentation, generated from the schema itself so that the two cannot differ."""
    schema = request.app.openapi_schema.to_schema()
    calls = [
        {
            "path": path,
            "summary": said["get"]["summary"],
            "parameters": [_explained(p) for p in said["get"]["parameters"]],
        }
        for path, said in schema["paths"].items()
    ]
    return page(request, "showcase/api.html", calls=calls, prefix=PREFIX)


def _explained(parameter: dict[str, Any]) -> dict[str, str]:
    kind = parameter["schema"]
    kind = kind.get("items", kind)
    if "enum" in kind:
        means = " | ".join(value for value in kind["enum"] if value)
    elif "maximum" in kind:
        means = f"{kind['minimum']:g}–{kind['maximum']:g}"
    else:
        means = f"≤ {kind['maxLength']} characters" if "maxLength" in kind else kind["type"]
    return {"name": parameter["name"], "means": means, "description": parameter.get("description", "")}


PAGES: list[Any] = [ShowcaseApi, about_the_api]
