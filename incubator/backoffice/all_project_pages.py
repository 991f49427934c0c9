"""The list of all projects for organisers."""

from datetime import datetime
from typing import Any

from litestar import Controller, Response, get

from incubator.backoffice.all_projects import SORTS, ProjectFilter, list_projects
from incubator.core import limits
from incubator.core.clock import now
from incubator.http.keyset import after_of
from incubator.http.requests import AnyRequest
from incubator.http.templating import page
from incubator.people.guards import PersonRequest, organiser
from incubator.programme.stages import Stage
from incubator.projects.lifecycle import State


class AllProjectPages(Controller):
    path = "/organiser/projects"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        after = after_of(request)
        wish = _filter_of(request)
        kept = {"stage": wish.stage, "state": wish.state, "q": wish.words, "sort": wish.sort}
        kept["since"] = (wish.since or now()).isoformat() if wish.sort == "changed" else ""
        return page(
            request, "backoffice/all_projects.html", found=await list_projects(wish, after), wish=wish,
            is_first=after is None, stages=[s.value for s in Stage], states=[s.value for s in State],
            kept={name: value for name, value in kept.items() if value and (name, value) != ("sort", "new")},
        )  # fmt: skip


def _filter_of(request: AnyRequest) -> ProjectFilter:
    query = request.query_params
    sort = query.get("sort", "")
    return ProjectFilter(
        stage=query.get("stage", ""), state=query.get("state", ""), words=query.get("q", "").strip()[: limits.FILTER_VALUE],
        sort=sort if sort in SORTS else "new", since=_moment(query.get("since", "")),
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    """Return the moment in an address; None if it was typed by hand."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


PAGES = [AllProjectPages]
