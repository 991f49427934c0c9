"""The cast of the demo: everybody with a button to become them. Only `incubator demo` serves these pages."""

from itertools import groupby
from typing import Any

from litestar import Controller, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from incubator.core.languages import _
from incubator.demo.cast import Kind, everybody, main_addresses, person_of_the_story
from incubator.http.requests import AnyRequest
from incubator.http.templating import page, redirect
from incubator.people.grants import roles_of
from incubator.people.pages import home_of, signed_in_redirect
from incubator.people.proof import Opened
from incubator.people.sessions import end_session, secret_from, session_cookie


class DemoPages(Controller):
    path = "/demo"

    @get()
    async def show(self, request: AnyRequest) -> Response[Any]:
        parts = {part.email: part for part in await everybody()}
        main = [parts[email] for email in main_addresses() if email in parts]
        others = sorted((p for p in parts.values() if p not in main), key=lambda p: list(Kind).index(p.kind))
        titles = {
            Kind.TEAM: _("Капитаны команд"), Kind.TEACHER: _("Педагоги"), Kind.MENTOR: _("Наставники"),
            Kind.ORGANISER: _("Организаторы"),
        }  # fmt: skip
        groups = [(titles[kind], list(members)) for kind, members in groupby(others, key=lambda p: p.kind)]
        return page(request, "demo/cast.html", main=main, groups=groups)

    @post("/people/{person_id:int}")
    async def become(self, request: AnyRequest, person_id: FromPath[int]) -> Response[Any]:
        """Sign in as somebody of the story, as often as one likes; never as somebody who signed up.

        They are invented and have no telephone: whoever is curious may set up a second factor for one of them, and the
        button still works for the next visitor.
        """
        person = await person_of_the_story(person_id)
        if person is None:
            raise NotFoundException
        await end_session(secret_from(request.scope))
        return await signed_in_redirect(request, person, home_of(await roles_of(person.id)), opened=Opened.FACTOR)

    @post("/visitor")
    async def become_visitor(self, request: AnyRequest) -> Response[Any]:
        await end_session(secret_from(request.scope))
        response = redirect("/")
        response.set_cookie(session_cookie(""))
        return response


PAGES = [DemoPages]
