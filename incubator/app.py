"""create_app(): the list of features, nothing else."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar import Litestar, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp

from incubator import config, piccolo_conf
from incubator.interchange import assignment_pages
from incubator.journey import pages as journey
from incubator.journey.upkeep import keep_up_forever
from incubator.mail import pages as mail
from incubator.mail.delivery import deliver_forever
from incubator.people import pages as people
from incubator.people.guards import SignInNeeded
from incubator.people.sessions import SignedIn
from incubator.programme import pages as programme
from incubator.projects import pages as projects
from incubator.reviews import discussion_pages, mentor_pages
from incubator.reviews import pages as reviews
from incubator.showcase import api, crawlers, embed, feeds, map_page, project_pages
from incubator.showcase import pages as showcase
from incubator.showcase.patterns import show_patterns
from incubator.web import errors, health
from incubator.web.front import Front
from incubator.web.hooks import before_request
from incubator.web.language import Language, choose_language
from incubator.web.logs import log_as_json
from incubator.web.pace import Pace
from incubator.web.page_cache import PageCache
from incubator.web.static import favicon

#: Answers are longer than any section in any script, twice over.
LARGEST_BODY = 512 * 1024


@asynccontextmanager
async def running(_app: Litestar) -> AsyncIterator[None]:
    """The database's connections and the mail's delivery and the upkeep live as long as the server."""
    await piccolo_conf.DB.start_connection_pool()
    gc.collect()
    gc.freeze()  # what is loaded by now stays: looking through it again and again would stop the world for 40 ms
    tasks = [asyncio.create_task(work()) for work in (deliver_forever, keep_up_forever)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await piccolo_conf.DB.close_connection_pool()


def openapi() -> OpenAPIConfig:
    """Only the API of the showcase is in it, and only as data: /api draws it."""
    return OpenAPIConfig(
        title="The showcase", version="1", render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        description="Projects that school, college and university teams of the region chose to show.",
        openapi_router=Router(
            api.PREFIX, route_handlers=[], include_in_schema=False, after_request=api.nothing_there
        ),
    )  # fmt: skip


def framework() -> Litestar:
    dev: list[Any] = [mail.MailboxPages, show_patterns] if config.settings.dev else []
    return Litestar(
        route_handlers=[
            *showcase.PAGES,
            *project_pages.PAGES,
            *feeds.PAGES,
            *map_page.PAGES,
            *crawlers.PAGES,
            *api.PAGES,
            *embed.PAGES,
            *people.PAGES,
            *projects.PAGES,
            *journey.PAGES,
            *assignment_pages.PAGES,
            *reviews.PAGES,
            *mentor_pages.PAGES,
            *discussion_pages.PAGES,
            *programme.PAGES,
            *health.PAGES,
            choose_language,
            favicon,
            *dev,
        ],
        before_request=before_request,
        exception_handlers={
            **errors.HANDLERS,
            SignInNeeded: people.sign_in_needed,
            project_pages.Moved: project_pages.moved,
        },
        lifespan=[running],
        include_in_schema=False,
        openapi_config=openapi(),
        request_max_body_size=LARGEST_BODY,
        logging_config=None,
    )


def create_app() -> ASGIApp:
    """The whole site as one ASGI app."""
    log_as_json()
    app: Any = framework()
    site: Any = Pace(Front(SignedIn(Language(app)), config.settings), api.PREFIX)
    site = PageCache(site, showcase.is_public)
    if proxies := list(config.settings.trusted_proxies):
        site = wrap_asgi_with_proxy_headers(site, proxies)
    return cast(ASGIApp, site)
