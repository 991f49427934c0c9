"""Hiding passages from the public, and keeping those that only look personal."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress

from incubator.attachments.paper_words import take_papers_off, words_of_project
from incubator.core import limits
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require_may, require_outside, role_of
from incubator.projects.document import frozen_parts, submissions_of
from incubator.projects.errata import corrected
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action, ProjectRole
from incubator.projects.tables import News, Project
from incubator.publication.entry import follow_captions, organisation_of
from incubator.publication.hiding import canonical, occurrences, standing_in
from incubator.publication.public_copy import Unrendered, hidden_of, hide_in_copies, prose_for
from incubator.publication.tables import Passage, Verdict
from incubator.publication.versions import public_texts_of, public_versions_of


async def passages_of(project_id: int, verdict: Verdict) -> list[Passage]:
    """Return the passages about which this was decided, oldest first."""
    return (
        await Passage.objects(Passage.made_by)
        .where((Passage.project == project_id) & (Passage.verdict == verdict.value))
        .order_by(Passage.id)
    )


async def kept_passages(project_id: int) -> list[str]:
    """Return the passages of which an organiser said that everybody may read them. One query."""
    rows = await Passage.select(Passage.text).where(
        (Passage.project == project_id) & (Passage.verdict == Verdict.KEPT.value)
    )
    return [row["text"] for row in rows]


async def absent_passages(project: Project, passages: Iterable[str]) -> list[str]:
    """Return the passages that stand in no version and no detail of the project: mistyped, perhaps."""
    texts = [project.team_name, project.help_wanted, await organisation_of(project.id)]
    for submission in await submissions_of(project.id):
        fresh = await corrected(submission)
        texts += [fresh.title, *(part.text for part in frozen_parts(fresh))]
    for news in await News.objects().where(News.project == project.id):
        texts += [news.headline, news.text, news.caption]
    texts += (await words_of_project(project.id)).values()
    return [passage for passage in _different(passages) if not any(occurrences(text, passage) for text in texts)]


async def hide_passages(project: Project, passages: Iterable[str], *, by: Person, sections: Iterable[str] = ()) -> None:
    """Hide passages, or whole sections, from the public: at once, in every version, also in those to come.

    A paper that says one of them is taken off as a whole.
    """
    wanted, keys = _different(passages), sorted(set(sections))
    papers = await papers_saying(project.id, wanted)
    while True:
        what = (await hidden_of(project.id)).and_also(wanted, keys)
        prose = await prose_for(await public_texts_of(project.id), what)
        with suppress(Unrendered):
            async with writing():
                project = await lock_project(project.id)
                await require_may(by, Action.HIDE_PASSAGE, project.id)
                new = await store(project.id, Verdict.HIDDEN, wanted, sections=keys, by=by)
                if await take_papers_off(project.id, papers, by=by):
                    await follow_captions(project.id)
                if new:
                    await hide_in_copies(project, prose)
                    await record(Happened.PASSAGES_HIDDEN, by=by, project=project.id, count=new)
            return


async def papers_saying(project_id: int, passages: Sequence[str]) -> list[int]:
    """Return the attachments in which one of the passages is written. Call outside transactions."""
    papers = await words_of_project(project_id) if passages else {}

    def search() -> list[int]:
        return [id_ for id_, words in papers.items() if standing_in(words, passages)]

    return await asyncio.to_thread(search) if papers else []


async def keep_passages(project: Project, passages: Iterable[str], *, by: Person) -> None:
    """Say, as an organiser, that everybody may read passages: they name nobody, or are meant for everybody.

    What was hidden before becomes public only with the next approval.
    """
    await require_staff(by, StaffAction.PUBLISH)
    async with writing():
        await lock_project(project.id)
        await require_outside(by, project.id)
        new = await store(project.id, Verdict.KEPT, _different(passages), by=by)
        if new:
            await record(Happened.PASSAGES_KEPT, by=by, project=project.id, count=new)


async def stop_hiding(project: Project, passage_id: int, *, by: Person) -> None:
    """Decide anew about a hidden passage: the team while nothing of it is public, an organiser at any time.

    Public versions stay as they are; the next approval asks about the passage again.
    """
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.HIDE_PASSAGE, project.id)
        is_office = await role_of(by, project.id) == ProjectRole.ORGANISER
        if not is_office and await public_versions_of(project.id):
            raise Refusal(_("Проект уже видят все: вернуть скрытое может организатор"))
        gone = (
            await Passage.delete()
            .where((Passage.id == passage_id) & (Passage.project == project.id) & (Passage.verdict == Verdict.HIDDEN.value))
            .returning(Passage.id)
        )  # fmt: skip
        if gone:
            await record(Happened.PASSAGE_SHOWN, by=by, project=project.id)


async def copy_hidden(source: int, target: int, *, by: Person) -> None:
    """Hide in another project what is hidden in this one: its texts go there. Call inside the transaction that takes them there."""
    rows = await passages_of(source, Verdict.HIDDEN)
    texts, sections = [row.text for row in rows if row.text], [row.key for row in rows if row.key]
    await store(target, Verdict.HIDDEN, texts, sections=sections, by=by, is_limited=False)


async def store(
    project_id: int, verdict: Verdict, passages: Sequence[str], *, by: Person | None, sections: Sequence[str] = (),
    person: int | None = None, is_limited: bool = True,
) -> int:  # fmt: skip
    """Store a verdict, which replaces an earlier one on the same passage; return how many are new.

    ``is_limited``: people may not store more than ``limits.PASSAGES``; the end of a consent is never refused. Call inside a transaction that has locked the project.
    """
    known = await Passage.objects().where(Passage.project == project_id)
    wanted = [*((text, "") for text in passages), *(("", key) for key in sections)]
    if is_limited and len(known) + len(wanted) > limits.PASSAGES:
        raise Refusal(_("Скрыто уже очень много: лучше поправьте сам текст и сдайте новую версию"))
    new = 0
    for text, key in wanted:
        same = [row for row in known if _is_same(row, text, key)]
        if any((row.verdict, row.person) == (verdict.value, person) for row in same):
            continue
        if verdict is not Verdict.NAMED:
            await _forget(same)
        await Passage(
            project=project_id, text=text, key=key, verdict=verdict.value, person=person, made_at=now(),
            made_by=by.id if by else None,
        ).save()  # fmt: skip
        new += 1
    return new


async def _forget(rows: Sequence[Passage]) -> None:
    if rows:
        await Passage.delete().where(Passage.id.is_in([row.id for row in rows]))


def _is_same(row: Passage, text: str, key: str) -> bool:
    return row.key == key and canonical(row.text) == canonical(text)


def _different(passages: Iterable[str]) -> list[str]:
    """Return the passages that say something, each once."""
    return list({canonical(passage): passage.strip() for passage in passages if canonical(passage)}.values())
