"""Taking somebody's name out of everything that the public reads of a project."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from incubator.attachments.paper_words import take_papers_off, words_of_project
from incubator.history.record import Happened, record
from incubator.http.prose import Prose
from incubator.language.dictionary import is_thing
from incubator.names.folding import words_of
from incubator.names.matcher import PersonName
from incubator.names.personal_data import PersonalKind
from incubator.people.former_names import name_of, names_ever_of
from incubator.people.tables import Person
from incubator.projects.document import frozen_parts
from incubator.projects.tables import Member, Project
from incubator.publication.entry import follow_captions, publication_of, titles_in_addresses, update_entry
from incubator.publication.findings import Judge, TextFinding, find_in, find_in_paper
from incubator.publication.passages import papers_saying, store
from incubator.publication.people_named import NOBODY, TeamName, named_by_consent
from incubator.publication.public_copy import (
    Hidden,
    Unrendered,
    former_titles,
    hidden_of,
    hide_in_copies,
    prose_for,
    rendered,
    shown_parts,
)
from incubator.publication.tables import Passage, Publication, Verdict
from incubator.publication.versions import PublicText, end_news_of, public_texts_of, public_versions_of

#: A text and the HTML in which it is shown, if it is not a plain line.
_Shown = tuple[str, str | None]
#: What a judge finds in some texts.
_Found = Callable[[Judge], Sequence[TextFinding]]


@dataclass(frozen=True, slots=True)
class NamePlan:
    """What to hide so that nothing public names a person; made outside the transaction, of the texts as they were."""

    project: int
    person: int | None
    texts: dict[str, str]
    """What was searched: the content of each public version and piece of news, by ``_mark``."""
    passages: Sequence[str]
    prose: Prose
    """What is left of the texts, as HTML."""
    uncertain: frozenset[str]
    """Those of them that still seem to name the person: they are taken off until somebody has looked."""
    papers: frozenset[int] = frozenset()
    """Attachments in which the person's name is written."""

    @property
    def is_empty(self) -> bool:
        return not (self.passages or self.uncertain or self.papers)


async def plan_hiding(
    project_id: int, person: Person | None, *, is_new: bool = False, names: Sequence[PersonName] = ()
) -> NamePlan:
    """Search the public texts of a project. ``person``: None for somebody who has no account. Call outside transactions.

    ``names``: of people without accounts; those of an account are known.

    ``is_new``: the name is new in the team. Nobody takes words out of a text that was approved by calling themselves
    so: neither ordinary words, nor the name of somebody else who consented.
    """
    rows, what = await public_texts_of(project_id), await hidden_of(project_id)
    who = _Called(person.id if person else NOBODY, await _names_of(person) if person else list(names), is_new)
    passages, kept = await _known(project_id, person)
    kept += await _named_others(project_id, person) if is_new else []
    entry = await publication_of(project_id)
    if who.names:
        beside = await _beside(project_id, entry)
        passages += await _naming(who, _in_texts([*beside, *_texts_of(rows, Hidden(), None)]), kept)
    after = what.and_also(list(dict.fromkeys(passages)))
    prose = await prose_for(rows, after)
    uncertain = {_mark(row) for row in rows if await _naming(who, _in_texts(_texts_of([row], after, prose)), kept)}
    papers = await _papers_naming(project_id, who, passages, kept)
    return NamePlan(
        project_id, person.id if person else None, {_mark(row): row.content for row in rows},
        list(dict.fromkeys(passages)), prose, frozenset(uncertain), frozenset(papers),
    )  # fmt: skip


async def _beside(project_id: int, entry: Publication | None) -> list[_Shown]:
    """Return what the public reads beside the texts: details, and the titles in addresses."""
    lines = [entry.team_name, entry.help_wanted, entry.organisation] if entry else []
    titles = await titles_in_addresses(project_id, await former_titles(project_id))
    return [(text, None) for text in (*filter(None, lines), *titles)]


@dataclass(frozen=True, slots=True)
class _Called:
    """Who is looked for: an account, or ``NOBODY``, and every name that they have or had."""

    person: int
    names: Sequence[PersonName]
    is_new: bool


async def _names_of(person: Person) -> list[PersonName]:
    return (await names_ever_of([person.id])).get(person.id, [name_of(person)])


async def _papers_naming(project_id: int, who: _Called, passages: Sequence[str], kept: Sequence[str]) -> list[int]:
    """Return the attachments in which somebody is named, or one of the passages stands."""
    found = await papers_saying(project_id, passages)
    papers = await words_of_project(project_id) if who.names else {}
    for id_, words in papers.items():
        if await _naming(who, _in_paper(words), kept):
            found.append(id_)
    return found


async def _known(project_id: int, person: Person | None) -> tuple[list[str], list[str]]:
    """Return the passages that an approval noted as the person's name, and those that an organiser keeps.

    A single word that is kept is a word that only looks like a name, such as «Заяц». A whole name does not stay when its
    owner takes the consent back, whatever an organiser knew when it was kept: they can keep it again.
    """
    rows = await Passage.objects().where(Passage.project == project_id)
    who = person.id if person else None
    named = [row.text for row in rows if row.verdict == Verdict.NAMED and row.person == who]
    return named, [row.text for row in rows if row.verdict == Verdict.KEPT and len(row.text.split()) == 1]


def _mark(row: PublicText) -> str:
    """Return what tells a row from all others, of both tables."""
    return f"{type(row)._meta.tablename} {row.id}"


def _texts_of(rows: Sequence[PublicText], what: Hidden, prose: Prose | None) -> list[_Shown]:
    shown: list[_Shown] = []
    for row in rows:
        parts = frozen_parts(row) if prose is None else rendered(shown_parts(row, what), prose)
        shown += [(what.of(row.title), None), *((part.text, part.html or None) for part in parts)]
    return shown


async def _naming(who: _Called, found_by: _Found, kept: Sequence[str]) -> list[str]:
    """Return the passages that name somebody."""
    families = [name for name in who.names if not who.is_new or not _are_things(name.family)]
    # «Вера Улей» is somebody, «Улей» alone is not, and «Умный Улей» neither.
    whole = [name for name in who.names if name not in families and not _are_things(name.given)]

    def search() -> list[str]:
        found = _found(who.person, families, found_by, kept)
        return found + [passage for passage in _found(who.person, whole, found_by, kept) if len(words_of(passage)) > 1]

    return await asyncio.to_thread(search)


def _found(person: int, names: Sequence[PersonName], found_by: _Found, kept: Sequence[str]) -> list[str]:
    judge = Judge([TeamName(person, name, may_be_named=False) for name in names], kept)
    return [
        finding.passage
        for finding in (found_by(judge) if names else ())
        if finding.kind is PersonalKind.PERSON and finding.is_forbidden
    ]


def _in_texts(texts: Sequence[_Shown]) -> _Found:
    return lambda judge: [finding for text, html in texts for finding in find_in("", text, html, judge).findings]


def _in_paper(words: str) -> _Found:
    return lambda judge: find_in_paper("", words, (), judge).findings


def _are_things(name: str) -> bool:
    words = words_of(name)
    return bool(words) and all(is_thing(word.folded) for word in words)


async def _named_others(project_id: int, person: Person | None) -> list[str]:
    """Return the passages that were approved as the name of another member who may be named."""
    rows = await Passage.select(Passage.text, Passage.person).where(
        (Passage.project == project_id) & (Passage.verdict == Verdict.NAMED.value)
    )
    members = Member.select(Member.person).where(Member.project == project_id)
    allowed = await named_by_consent(members) - {person.id if person else None}
    return [row["text"] for row in rows if row["person"] in allowed]


async def carry_out(plan: NamePlan, *, by: Person | None) -> None:
    """Hide what was planned, and tell the organisers and those who lead the team.

    Call inside a transaction that has locked the project. Raises Unrendered if the texts have changed since.
    """
    project = await Project.objects().get(Project.id == plan.project)
    rows = await _same_texts(plan)
    if project is None:
        raise Unrendered
    await Passage.delete().where(
        (Passage.project == plan.project) & (Passage.verdict == Verdict.NAMED.value) & _of(plan.person)
    )
    hidden = await store(plan.project, Verdict.HIDDEN, plan.passages, by=by, is_limited=False)
    for row in rows:
        if _mark(row) in plan.uncertain:
            await _set_aside(row)
    if plan.uncertain:
        if not await public_versions_of(plan.project):
            await end_news_of(plan.project)
        await update_entry(project)
    await hide_in_copies(project, plan.prose)
    if papers := await take_papers_off(plan.project, plan.papers, by=by):
        await follow_captions(plan.project)
    if rows:
        await record(
            Happened.NAME_HIDDEN,
            by=by,
            project=plan.project,
            count=hidden,
            versions_set_aside=len(plan.uncertain),
            papers=papers,
        )


async def note_named(plan: NamePlan) -> None:
    """Note where public texts name somebody who consented. Call inside a transaction like ``carry_out``."""
    await _same_texts(plan)
    await store(plan.project, Verdict.NAMED, plan.passages, by=None, person=plan.person, is_limited=False)


async def _same_texts(plan: NamePlan) -> list[PublicText]:
    """Return what the public reads; raise Unrendered if its texts have changed since the plan was made."""
    rows = await public_texts_of(plan.project)
    if {_mark(row): row.content for row in rows} != plan.texts:
        raise Unrendered
    return rows


def _of(person: int | None) -> Any:
    return Passage.person.is_null() if person is None else Passage.person == person


async def _set_aside(row: PublicText) -> None:
    """Take a version or a piece of news off until an organiser has looked: it waits for an approval again."""
    table: Any = type(row)
    changes = {table.approved_at: None, table.is_waiting: True, table.title: "", table.content: "[]"}
    await table.update(changes).where(table.id == row.id)
