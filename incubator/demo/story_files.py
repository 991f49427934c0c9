"""What the demo's teams attach to their documents, in the story's order: through the verbs that a person's clicks call."""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import timedelta
from typing import Any

from babel.numbers import format_decimal

from incubator.attachments.attach import attach
from incubator.attachments.people_on import Said, say_people
from incubator.attachments.tables import People
from incubator.demo.cells import cells_of
from incubator.demo.drawings import paper, picture, svg_of
from incubator.people.tables import Person
from incubator.programme.stages import Stage
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.kinds import economics
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import DECK, EVERYBODY, GALLERY, JUDGES, KIND, PAPER
from incubator.projects.tables import Project

#: The sections of files that the default programme asks.
_PICTURES, _APPENDICES = "pictures", "appendices"
_STAGES = [stage.value for stage in Stage]

Told = Mapping[str, Any]


def files_of_round(chapter: Told, number: int) -> list[Told]:
    """Return what a chapter attaches in a round, counted from 1; 0: in the draft after them."""
    return [told for told in chapter.get("file", []) if told["round"] == number]


class TeamFiles:
    """The files of one project, and who is in its team by given name."""

    def __init__(self, chapter: Told, team: Iterable[Person]) -> None:
        self._chapter = chapter
        self._team = {person.given_name: person for person in team}
        self._document: dict[str, Any] = {}
        self.ids: dict[str, int] = {}
        """The ids of the pictures by the names of their drawings."""

    async def attach_round(self, project: Project, number: int, answers: Told) -> None:
        """Attach what the team shows in this round (``files_of_round``), whose ``answers`` it has just written."""
        self._document |= answers
        rows: dict[str, list[dict[str, str]]] = {}
        for told in files_of_round(self._chapter, number):
            section = _APPENDICES if "note" in told else _PICTURES
            ref = await self._attach(project, section, told)
            rows.setdefault(section, []).append(_row(told, ref))
            if "picture" in told:
                self.ids[told["picture"]] = ref.id
            await self._say_people(project, ref, told)
        for section, added in rows.items():
            await self._fill_in(project, section, added)

    @property
    def _captain(self) -> Person:
        return next(iter(self._team.values()))

    async def _attach(self, project: Project, section: str, told: Told) -> FileRef:
        content = await self._content(project, told)
        return await attach(project.id, section, _at_once(content), name=_name(told), by=self._captain)

    async def _content(self, project: Project, told: Told) -> bytes:
        if "picture" in told:
            return await picture(told["picture"])
        chapter = self._chapter
        common = {"project": chapter["title"], "team": chapter["team_name"]}
        if note := told.get("note"):
            return await paper("demo/note.typ", {"rows": [], "end": [], **note, **common})
        return await paper(
            "demo/deck.typ",
            {
                **common,
                "title": chapter["title"],
                "pitch": self._document["pitch"],
                "cover": svg_of(told["cover"]),
                "passed": _STAGES.index(project.stage),
                "slides": [self._slide(slide) for slide in told["slides"]],
            },
        )

    def _slide(self, told: Told) -> dict[str, Any]:
        drawn = told.get("picture", "")
        figures = self._money() if told.get("shows_money") else told.get("figures", [])
        return {
            "title": told["title"],
            "lines": told.get("lines", []),
            "figures": figures,
            "picture": svg_of(drawn) if drawn else "",
        }

    def _money(self) -> list[tuple[str, str]]:
        """Return what the team's own economics come to: a presentation says nothing else than the plan."""
        stored = cells_of("economics", self._document["economics"], later=timedelta())
        found = economics.results(economics.KIND.sheet(stored))
        assert found
        return [
            (f"{_number(found.price)} ₽", "цена"),
            (f"{_number(found.margin)} ₽", "остаётся с одной продажи"),
            (_number(found.break_even), "продаж в месяц – и без убытка"),
        ]

    async def _say_people(self, project: Project, ref: FileRef, told: Told) -> None:
        """Say who is on it; the story leaves it open where it says so."""
        if told.get("is_unsaid"):
            return
        on_it = frozenset(self._team[name].id for name in told.get("on", []))
        said = Said(People.TEAM, on_it) if on_it else Said(People.NOBODY)
        await say_people(project.id, ref.id, said, by=self._captain)

    async def _fill_in(self, project: Project, section: str, added: list[dict[str, str]]) -> None:
        """Write captions and uses, as if they had been typed below the files."""
        answer = await answer_of(project.id, section)
        assert answer
        before = KIND.sheet(answer.text).rows[: -len(added)]
        value = cells_of(KIND.key, {"rows": [*before, *added]}, later=timedelta())
        await save_answer(project, section, value, version=answer.version, by=self._captain)


def _row(told: Told, ref: FileRef) -> dict[str, str]:
    use = PAPER if "note" in told else GALLERY if "picture" in told else DECK
    readers = EVERYBODY if "picture" in told or told.get("is_public", "slides" in told) else JUDGES
    return {"file": str(ref), "caption": told["caption"], "use": told.get("use", use), "readers": readers}


def _name(told: Told) -> str:
    if "picture" in told:
        return f"{told['picture']}.png"
    return f"{told['note']['title'] if 'note' in told else told['caption']}.pdf"


def _number(number: Any) -> str:
    return str(format_decimal(number, locale="ru"))


async def _at_once(content: bytes) -> AsyncIterator[bytes]:
    yield content
