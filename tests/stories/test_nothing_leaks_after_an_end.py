"""Whenever a consent or a membership ends, no public page or file of any process names the child any more."""

import http.client
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pypdfium2
import pytest

from incubator.core.clock import today
from incubator.db import writing
from incubator.db.engines import AnyEngine
from incubator.http.attachments import DOCX
from incubator.names.declension import forms_of
from incubator.people.accounts import create_person
from incubator.people.ages import birthday
from incubator.people.tables import Consent, Person
from incubator.projects.ages import confirm_age
from incubator.projects.consents import PARTICIPATION, PUBLIC_NAME, give_consent
from incubator.projects.team import join
from incubator.publication.passages import hide_passages
from incubator.publication.publish import Flagged, ask_publication, publish
from incubator.publication.withdrawals import (
    hide_lapsed_names,
    remove_member,
    void_recorded_by,
    withdraw_by_family,
    withdraw_consent,
)
from tests.cast import BORN_ON, Cast, fresh, fresh_project, rewrite, submitted
from tests.chromium import serving
from tests.engines import address_of
from tests.http.test_public_tables import MORE, public_routes
from tests.projects.printed_versions import text_of_word
from tests.scale import IS_WHOLE
from tests.stories.test_fresh import folder

#: How each child is named in the text: in full, declined, by initials, in Latin letters, run together. The age is hidden from the beginning.
TEXT = """{given} {family}, {age}, школа № 7. Спасибо {given_to} {family_to}!

* {initial}. {family}
* {initial}. {second}.
* {family} {initial}.
* #{given}{family}

[Всё о работе](https://example.org/{latin})"""


AGE = "15 лет"
PICTURE = "A picture: "


@dataclass(frozen=True, slots=True)
class Child:
    person: Person
    given_to: str
    family_to: str
    latin: str

    @property
    def text(self) -> str:
        given, family = self.person.given_name, self.person.family_name
        return TEXT.format(
            given=given, family=family, given_to=self.given_to, family_to=self.family_to, initial=given[0],
            second=family[0], latin=self.latin, age=AGE,
        )  # fmt: skip

    def traces_in(self, text: str) -> set[str]:
        """Return what in a public answer tells of the child: the name in any form or script, initials, mail, date of birth, age."""
        shown = unquote(text).casefold()
        born = self.person.born_on
        assert born
        wanted = {
            *forms_of(self.person.given_name),
            *forms_of(self.person.family_name),
            self.latin,
            self.person.email,
            born.isoformat(),
            f"{born:%d.%m.%Y}",
            AGE,
            f"{self.person.given_name[0]}. {self.person.family_name[0]}.",
        }
        return {word for word in wanted if word.casefold() in shown}


class Visitor:
    """Somebody who keeps a connection to one process, so that it answers from its memory if it has the page."""

    def __init__(self, base: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)

    def close(self) -> None:
        self._connection.close()

    def _answer_to(self, path: str) -> http.client.HTTPResponse:
        self._connection.request("GET", quote(path, safe="/?=&%{}"))
        return self._connection.getresponse()

    def read(self, path: str) -> str:
        """Return the text of a page, a feed, a PDF; of a picture what tells it from another."""
        try:
            answer = self._answer_to(path)
        except http.client.RemoteDisconnected:  # idle for longer than a server keeps a connection: browsers ask again
            answer = self._answer_to(path)
        body = answer.read()
        assert answer.status in {200, 301, 404}, (path, answer.status)
        kind = answer.headers.get("content-type", "")
        if kind.startswith("application/pdf"):
            return _text_of(body)
        if kind == DOCX:
            return text_of_word(body)
        if kind.startswith("image/png"):
            return f"{PICTURE}{sha256(body).hexdigest()}"
        return f"{answer.headers}{body.decode()}"


def _text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


def addresses(slug: str, children: list[Child]) -> list[str]:
    """Return every public address in both languages, and searches for each child."""
    plain = {
        path.format(slug=slug, name="1.xml", path="nothing", paper=paper)
        for paper in ("document.pdf", "document.docx")
        for path in (*public_routes(), *MORE, "/api/v1/projects/{slug}")
    }
    words = [word for child in children for word in (child.person.family_name, child.family_to, child.latin)]
    searches = {f"{page}?q={quote(word)}" for page in ("/showcase", "/api/v1/projects", "/embed") for word in words}
    return sorted(plain | {f"{each}{'&' if '?' in each else '?'}lang=en" for each in plain} | searches)


#: What a change shows in first.
CORE = ("/", "/showcase", "/showcase/{slug}", "/showcase/{slug}/feed.atom", "/api/v1/projects/{slug}", "/sitemap/0.xml")


async def _family_takes_back(cast: Cast, child: Person) -> None:
    await withdraw_by_family(child, PUBLIC_NAME)


async def _teacher_withdraws(cast: Cast, child: Person) -> None:
    await withdraw_consent(cast.project, child, PUBLIC_NAME, by=cast.teacher)


async def _term_ends(_cast: Cast, child: Person) -> None:
    yesterday = today() - timedelta(days=1)
    await Consent.update({Consent.term: yesterday, Consent.ends_on: yesterday}).where(Consent.person == child.id)


async def _leaves(cast: Cast, child: Person) -> None:
    await remove_member(await fresh_project(cast.project), child.id, by=cast.teacher)


async def _comes_of_age(cast: Cast, child: Person) -> None:
    await confirm_age(
        await fresh_project(cast.project), child.id, birthday(today(), -18), reason="Паспорт", by=cast.organiser
    )


async def _recorder_is_found_out(cast: Cast, _child: Person) -> None:
    await remove_member(await fresh_project(cast.project), cast.teacher.id, by=cast.organiser)
    await void_recorded_by(cast.teacher.id, reason="Не педагог", by=cast.organiser)


End = Callable[[Cast, Person], Awaitable[None]]
#: How it ends, and whose it is. The last one ends whatever the teacher recorded.
ENDS: tuple[tuple[End, tuple[str, str, str, str, str]], ...] = (
    (_family_takes_back, ("Павел", "Заяц", "Павлу", "Зайцу", "zayats")),
    (_teacher_withdraws, ("Софья", "Лебедева", "Софье", "Лебедевой", "lebedeva")),
    (_term_ends, ("Мария", "Кузнецова", "Марии", "Кузнецовой", "kuznetsova")),
    (_leaves, ("Вячеслав", "Добролюбов", "Вячеславу", "Добролюбову", "dobrolyubov")),
    (_comes_of_age, ("Иван", "Соколов", "Ивану", "Соколову", "sokolov")),
    (_recorder_is_found_out, ("Артём", "Чубенко", "Артёму", "Чубенко", "chubenko")),
)


async def _children(cast: Cast) -> list[Child]:
    """Return the team: the captain, the other student of the cast, and more."""
    known = {"Кузнецова": cast.captain, "Соколов": cast.teammate}
    found = []
    for _end, (given, family, given_to, family_to, latin) in ENDS:
        person = known.get(family)
        if person is None:
            async with writing():
                person = await create_person(
                    f"{latin}@example.org", given_name=given, family_name=family, born_on=BORN_ON, confirmed=True
                )
                await join(cast.project.id, person, "student")
        for purpose in (PARTICIPATION, PUBLIC_NAME):
            await give_consent(cast.project, await fresh(person), purpose, by=cast.teacher)
        found.append(Child(await fresh(person), given_to, family_to, latin))
    return found


async def test_no_end_leaves_a_name_in_public(cast: Cast, database: AnyEngine, tmp_path: Path) -> None:
    children = await _children(cast)
    for key, some in (("problem", children[:3]), ("relevance", children[3:])):
        await rewrite(cast, key, "\n\n".join(child.text for child in some))
    await submitted(cast)
    with pytest.raises(Flagged):
        await ask_publication(cast.project, by=cast.captain)
    await hide_passages(cast.project, [AGE], by=cast.teammate)
    await ask_publication(cast.project, by=cast.captain)
    await publish(await fresh_project(cast.project), by=cast.organiser)
    slug, address = (await fresh_project(cast.project)).slug, address_of(database)
    core, everything, page = [path.format(slug=slug) for path in CORE], addresses(slug, children), f"/showcase/{slug}"
    with ExitStack() as stack:
        bases = [stack.enter_context(serving(address, folder(tmp_path, name))) for name in ("first", "second")]
        visitors = [Visitor(base) for base in bases]
        for visitor in visitors:
            stack.callback(visitor.close)
        texts = [{path: visitor.read(path) for path in everything} for visitor in visitors]  # from now on from memory
        pictures = [path for path in everything if texts[0][path].startswith(PICTURE)]
        drawn = [
            path for path in pictures if not path.startswith(("/icon.png", "/picture.png"))
        ]  # the site's own, which show nobody
        assert drawn
        for number, (end, _name) in enumerate(ENDS):
            await (
                hide_lapsed_names()
            )  # as each process does within seconds: the page is there again, and says the next name
            for visitor in visitors:
                assert children[number].traces_in(visitor.read(page))
            await end(cast, children[number].person)
            assert _leaks(visitors, everything if IS_WHOLE else core, children[: number + 1]) == {}
        await hide_lapsed_names()
        assert _leaks(visitors, everything, children) == {}
        for visitor in visitors:  # and is drawn anew
            assert not {path for path in drawn if visitor.read(path) in {each[path] for each in texts}}
            assert "Имена участников не показаны" in visitor.read(page)


def _leaks(visitors: Sequence[Visitor], paths: Iterable[str], gone: Sequence[Child]) -> dict[str, set[str]]:
    """Return what is still told of these children, by address; a search repeats what was asked."""
    found: dict[str, set[str]] = {}
    for path in paths:
        for visitor in visitors:
            text = visitor.read(path)
            asked = unquote(path).partition("q=")[2].casefold()
            traces = {word for child in gone for word in child.traces_in(text) if word.casefold() not in asked}
            if traces:
                found[path] = traces
    return found
