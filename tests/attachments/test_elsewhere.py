"""Attachments where the rest of the programme meets them: deletion, merging, families, cards, stores and processes that die."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import msgspec
import pytest

from incubator.attachments.attach import attach
from incubator.attachments.people_on import Said, people_on
from incubator.attachments.removal import KEPT, remove_unnamed
from incubator.attachments.tables import Attachment, People, Pictured, Rendition
from incubator.core import clock
from incubator.db.engines import AnyEngine
from incubator.files.orphans import remove_orphans
from incubator.files.store import Store, current_store
from incubator.files.tables import StoredFile
from incubator.gates.delete_project import delete_project
from incubator.gates.merge_projects import merge_projects
from incubator.gates.submit import submit
from incubator.people.accounts import create_person
from incubator.privacy.family import family_of
from incubator.privacy.merging import merge_for
from incubator.privacy.sheets import code_for_family
from incubator.privacy.tables import FamilyCode
from incubator.projects.answers import answer_of
from incubator.projects.consents import PHOTO
from incubator.projects.kinds.files import COVER, GALLERY, KIND, joined, refs_in, results
from incubator.projects.start import start
from incubator.projects.tables import Answer, Comment
from incubator.publication.withdrawals import withdraw_consent
from incubator.showcase.catalogue import newest
from tests.attachments.uploads import KEY, attached, in_chunks, pdf, photo
from tests.browser import Browser
from tests.cast import Cast, fresh_project, make_cast, rewrite
from tests.engines import address_of
from tests.gates.test_file_pages import made_public, status, with_picture


async def test_both_stores_keep_what_is_attached(cast: Cast, store: Store) -> None:
    content = pdf(2)
    ref = await attached(cast, content, name="План.pdf")
    names = {}
    for row in await Rendition.objects(Rendition.file).where(Rendition.attachment == ref.id):
        names[row.name] = await current_store().get(row.file.digest)
    assert names[""] == content
    assert {name for name in names if name} == {"1-480.webp", "1-1280.webp", "2-1280.webp"}


async def test_pictures_go_with_the_project_and_their_bytes_after_them(cast: Cast) -> None:
    ref = await attached(cast)
    project = await fresh_project(cast.project)
    await delete_project(project, typed=project.title, reason="Проба", with_reviews=True, by=cast.organiser)
    assert not await Attachment.exists()
    assert not await Rendition.exists()
    assert await StoredFile.exists(), "the sweep takes them a month later"
    assert ref.id


async def test_files_go_with_a_duplicate_that_is_merged(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = await attached(cast)
    other = await start("Тихий улей 2", season=cast.season, by=cast.outsider, pitch="Датчики")
    await merge_projects(cast.project, other, reason="Дубликат", by=cast.organiser)
    assert await status(ref, cast.captain) == 200, "its section went there, so the files did"
    assert await status(ref, cast.outsider) == 200
    monkeypatch.setattr("incubator.attachments.removal.now", lambda: clock.now() + 9 * KEPT)
    assert await remove_unnamed() == 0
    assert await Attachment.exists()


async def test_what_a_version_of_a_merged_duplicate_shows_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = await with_picture(cast)
    await submit(await fresh_project(cast.project), by=cast.captain)
    other = await start("Тихий улей 2", season=cast.season, by=cast.outsider, pitch="Датчики")
    await merge_projects(await fresh_project(cast.project), other, reason="Дубликат", by=cast.organiser)
    await Answer.delete().where(Answer.key == KEY)
    for months in (1, 3, 5):
        moved = clock.now() + months * KEPT
        monkeypatch.setattr("incubator.attachments.removal.now", lambda at=moved: at)
        assert await remove_unnamed() == 0
    assert await status(ref, cast.organiser) == 200


async def test_whoever_has_two_accounts_is_on_it_once(cast: Cast) -> None:
    ref = await with_picture(cast, Said(People.TEAM, frozenset({cast.captain.id, cast.teammate.id})))
    twin = await create_person("twin@example.org", given_name="Мария", family_name="Кузнецова", confirmed=True)
    await Pictured(attachment=ref.id, person=twin.id).save()
    await merge_for(cast.captain.id, twin.id, reason="Одна и та же", by=cast.organiser)
    assert (await people_on([ref.id]))[ref.id] == {cast.captain.id, cast.teammate.id}


async def test_a_family_sees_the_pictures_on_which_its_child_is(cast: Cast) -> None:
    ref = await with_picture(cast, Said(People.TEAM, frozenset({cast.teammate.id})))
    code = await code_for_family(cast.teammate.id, by=cast.organiser)
    row = await FamilyCode.objects().get(FamilyCode.code == code)
    assert row
    assert [team.pictures for team in (await family_of(row)).public] == []
    await made_public(cast)
    assert [team.pictures for team in (await family_of(row)).public] == [[ref]]
    await withdraw_consent(cast.project, cast.teammate, PHOTO, by=cast.teacher)
    assert [team.pictures for team in (await family_of(row)).public] == [[]]


async def test_a_card_shows_the_cover_as_long_as_everybody_may_see_it(cast: Cast) -> None:
    ref = await with_picture(cast, Said(People.TEAM, frozenset({cast.teammate.id})))
    answer = await answer_of(cast.project.id, KEY)
    assert answer
    await rewrite(cast, KEY, answer.text.replace("gallery", "cover"))
    await made_public(cast)
    assert [row["cover"] for row in await newest(3)] == [ref]
    assert ref.address(480) in (await Browser().open("/showcase")).text
    await withdraw_consent(cast.project, cast.teammate, PHOTO, by=cast.teacher)
    assert [row["cover"] for row in await newest(3)] == [None]
    assert "/files/" not in (await Browser().open("/showcase")).text


async def test_a_search_does_not_quote_what_is_said_of_a_hidden_picture(cast: Cast) -> None:
    await with_picture(cast, Said(People.TEAM, frozenset({cast.teammate.id})))
    await made_public(cast)
    await withdraw_consent(cast.project, cast.teammate, PHOTO, by=cast.teacher)
    found = await Browser().open("/showcase?q=весах")
    assert "Улей на" not in found.text


async def test_a_killed_process_leaves_no_row_without_its_file_and_loses_nothing_acknowledged(
    database: AnyEngine, folder: Path
) -> None:
    cast = await make_cast()
    env = {**os.environ, "DATABASE_URL": address_of(database), "INCUBATOR_DATA": str(folder.parent)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.attachments.doomed", str(cast.project.id), str(cast.captain.id),
        env=env, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    said: list[int] = []
    async with asyncio.timeout(120):
        while len(said) < 4:
            said.append(int(await process.stdout.readline()))
        process.send_signal(signal.SIGKILL)
        said += [int(line) for line in (await process.stdout.read()).split(b"\n")[:-1]]
        assert await process.wait() == -signal.SIGKILL
    rows = await Attachment.objects()
    assert set(said) <= {row.id for row in rows}
    named = {ref.id for ref in refs_in((await answer_of(cast.project.id, KEY) or Answer(text="")).text)}
    assert named == {row.id for row in rows}, "the section names what there is, and nothing else"
    for file in await StoredFile.objects():
        assert await current_store().exists(file.digest)
    assert await remove_orphans() >= 0
    for rendition in await Rendition.objects(Rendition.file):
        assert await current_store().exists(rendition.file.digest)


async def test_pictures_of_a_merged_duplicate_stand_beside_those_that_were_there(cast: Cast) -> None:
    other = await start("Двойник", season=cast.season, by=cast.outsider, pitch="Пасека")
    await attached(cast)
    for colour in ("red", "blue"):
        await attach(other.id, KEY, in_chunks(photo(colour=colour)), name=f"{colour}.jpg", by=cast.outsider)
    await merge_projects(
        await fresh_project(other), await fresh_project(cast.project), reason="Дубль", by=cast.organiser
    )
    stands = await answer_of(cast.project.id, KEY)
    assert stands
    assert len(refs_in(stands.text)) == 3
    comments = await Comment.select(Comment.text).where((Comment.project == cast.project.id) & (Comment.key == KEY))
    assert ["сюда добавлены файлы" in each["text"] for each in comments] == [True]
    await remove_unnamed()
    with clock.clock_at(clock.now() + KEPT * 2):
        assert await remove_unnamed() == 0


def test_what_finds_no_room_is_counted_and_there_is_one_cover() -> None:
    def stored(ids: range) -> str:
        rows = [{"file": f"{n} {'a' * 16} picture 10 10 1", "use": COVER if n % 100 == 1 else GALLERY} for n in ids]
        return KIND.stored(msgspec.structs.replace(KIND.sheet(""), rows=rows))

    text, left = joined(stored(range(1, 13)), stored(range(101, 121)))
    files = results(KIND.sheet(text))
    assert (len(refs_in(text)), left) == (KIND.most_rows, 12 + 20 - KIND.most_rows)
    assert files.cover
    assert files.cover.file.id == 1
