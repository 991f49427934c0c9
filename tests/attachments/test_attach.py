"""Attaching: what is stored, what the document says of it, and what is refused."""

import asyncio

import pytest

from incubator.attachments import attach as module
from incubator.attachments import quota
from incubator.attachments.attach import caption_files, put_back
from incubator.attachments.refusals import NotOpened
from incubator.attachments.removal import KEPT, remove_attachment, remove_unnamed
from incubator.attachments.tables import Attachment, Rendition
from incubator.core import clock
from incubator.core.refusals import NotAllowed, Refusal, TooOften
from incubator.files.keep import FileTooLarge
from incubator.files.store import current_store
from incubator.files.tables import StoredFile
from incubator.history.tables import Event
from incubator.imaging import limits
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.kinds.files import COVER, KIND, MOST_PAPERS, results
from incubator.projects.kinds.sheet import Sheet
from incubator.projects.tables import Project
from tests.attachments.uploads import KEY, attached, office, pdf, photo
from tests.cast import Cast, submitted


async def value_of(cast: Cast) -> str:
    answer = await answer_of(cast.project.id, KEY)
    return answer.text if answer else ""


async def write(cast: Cast, value: str) -> None:
    answer = await answer_of(cast.project.id, KEY)
    await save_answer(cast.project, KEY, value, version=answer.version if answer else 0, by=cast.captain)


async def test_a_photograph_becomes_a_row_of_its_section(cast: Cast) -> None:
    ref = await attached(cast, by=cast.teammate)
    row = await Attachment.objects().get(Attachment.id == ref.id)
    assert row
    assert (row.sort, row.name, row.people, row.is_approved, row.uploaded_by) == ("picture", "IMG_1.jpg", "", False, cast.teammate.id)  # fmt: skip
    assert (ref.width, ref.height) == (1200, 800)
    shown = results(KIND.sheet(await value_of(cast)))
    assert [each.file for each in shown.pictures] == [ref]
    files = await Rendition.objects(Rendition.file).where(Rendition.attachment == ref.id).order_by(Rendition.id)
    assert [each.name for each in files] == ["0-480.webp", "0-960.webp", "0-1200.webp", "0-1200.jpg"]
    for each in files:
        assert await current_store().get(each.file.digest)
    assert row.size == sum(each.file.size for each in files)
    assert await Event.count().where(Event.happened == "file_attached") == 1


async def test_the_photograph_itself_is_not_kept(cast: Cast) -> None:
    content = photo()
    await attached(cast, content)
    for file in await StoredFile.objects():
        assert await current_store().get(file.digest) != content


async def test_a_paper_is_kept_as_it_is_beside_its_pages(cast: Cast) -> None:
    content = pdf(2)
    ref = await attached(cast, content, name="Защита.pdf")
    itself = await Rendition.objects(Rendition.file).get((Rendition.attachment == ref.id) & (Rendition.name == ""))
    assert itself
    assert await current_store().get(itself.file.digest) == content
    assert itself.file.media_type == "application/pdf"
    shown = results(KIND.sheet(await value_of(cast)))
    assert shown.deck
    assert (shown.deck.caption, shown.deck.file.pages, shown.deck.is_for_judges) == ("Защита", 2, False)


async def test_a_second_paper_is_for_judges_until_the_team_says_otherwise(cast: Cast) -> None:
    await attached(cast, pdf(1), name="a.pdf")
    await attached(cast, pdf(2), name="b.pdf")
    await attached(cast, office(), name="c.docx")
    shown = results(KIND.sheet(await value_of(cast)))
    assert [(each.caption, each.is_for_judges) for each in shown.papers] == [("b", True), ("c", True)]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"<svg/>", "JPEG"), (photo()[:2000], "повреждён"), (office("ppt/", extra="ppt/vbaProject.bin"), "макрос")],
)
async def test_nothing_stays_of_what_is_not_accepted(cast: Cast, content: bytes, words: str) -> None:
    with pytest.raises(NotOpened, match=words):
        await attached(cast, content)
    assert not await Attachment.exists()
    assert not await StoredFile.exists()
    assert not await value_of(cast)


async def test_too_much_is_refused_before_it_is_opened(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_PAPER", 1000)
    with pytest.raises(FileTooLarge):
        await attached(cast, photo())
    assert not await StoredFile.exists()


async def test_what_takes_too_long_is_told_from_what_is_broken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    with pytest.raises(NotOpened, match="слишком сложный"):
        await attached(cast)
    assert not await StoredFile.exists()


async def test_a_picture_has_a_smaller_limit_than_a_paper(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_PICTURE", 1000)
    with pytest.raises(FileTooLarge):
        await attached(cast, photo())
    await attached(cast, pdf(1))


async def test_a_project_holds_so_much_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    await attached(cast)
    monkeypatch.setattr(quota, "QUOTA", await quota.stored_by(cast.project.id) + 100)
    with pytest.raises(Refusal, match="больше не помещается"):
        await attached(cast, photo(colour="red"))
    assert await Attachment.count() == 1


async def test_what_is_sent_twice_is_there_once(cast: Cast) -> None:
    first, second = await asyncio.gather(attached(cast), attached(cast))
    assert first == second == await attached(cast)
    assert await Attachment.count() == 1
    assert len(results(KIND.sheet(await value_of(cast))).pictures) == 1


async def test_what_has_no_room_is_neither_opened_nor_stored(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    await attached(cast)
    monkeypatch.setattr(quota, "QUOTA", await quota.stored_by(cast.project.id))
    monkeypatch.setattr(module, "run_child", None)
    with pytest.raises(Refusal, match="больше не помещается"):
        await attached(cast, photo(colour="red"))
    with pytest.raises(NotAllowed):
        await attached(cast, by=cast.outsider)


async def test_a_project_uploads_so_often_in_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "MOST_A_DAY", 2)
    await attached(cast)
    with pytest.raises(NotOpened):
        await attached(cast, b"<svg/>")
    with pytest.raises(TooOften, match="За сутки"):
        await attached(cast)


async def test_a_section_holds_so_many(cast: Cast) -> None:
    refs = await asyncio.gather(*(attached(cast, photo(20 + n, 20)) for n in range(KIND.most_rows)))
    assert len({ref.id for ref in refs}) == KIND.most_rows
    with pytest.raises(Refusal, match="сначала уберите лишнее"):
        await attached(cast, photo(20, 99))
    assert KIND.most_rows > MOST_PAPERS


@pytest.mark.parametrize("who", ["teacher", "coach", "outsider", "mentor", "organiser"])
async def test_only_those_who_write_attach(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        await attached(cast, by=getattr(cast, who))
    assert not await Attachment.exists()


async def test_nothing_is_attached_to_a_text_or_to_a_closed_document(cast: Cast) -> None:
    with pytest.raises(Refusal, match="раздела"):
        await attached(cast, key="problem")
    await Project.update({Project.state: "stopped"}).where(Project.id == cast.project.id)
    with pytest.raises(Refusal):
        await attached(cast)
    assert not await Attachment.exists()


async def test_whoever_writes_captions_meanwhile_loses_nothing(cast: Cast) -> None:
    first = await attached(cast)
    read = await value_of(cast)
    await attached(cast, photo(colour="red"))
    await caption_files(cast.project.id, {first.id: "Улей на весах"}, by=cast.teammate)
    shown = results(KIND.sheet(await value_of(cast)))
    assert [each.caption for each in shown.pictures] == ["Улей на весах", ""]
    assert KIND.merged(read, await value_of(cast), read) == await value_of(cast)


async def test_what_was_taken_out_can_be_put_back_for_a_month(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = await attached(cast)
    await write(cast, "")
    assert await remove_unnamed() == 0
    await put_back(cast.project.id, KEY, ref.id, by=cast.captain)
    await put_back(cast.project.id, KEY, ref.id, by=cast.captain)  # repeated click
    assert len(results(KIND.sheet(await value_of(cast))).pictures) == 1
    moved = clock.now() + 2 * KEPT
    assert await remove_unnamed() == 0
    await write(cast, "")
    monkeypatch.setattr("incubator.attachments.removal.now", lambda: moved)
    assert await remove_unnamed() == 0, "its month begins when it was found unnamed"
    await put_back(cast.project.id, KEY, ref.id, by=cast.captain)
    await write(cast, "")
    moved += KEPT * 1.1
    assert await remove_unnamed() == 0, "and anew if it was put back meanwhile"
    monkeypatch.setattr("incubator.attachments.removal.now", lambda: moved + KEPT + KEPT)
    assert await remove_unnamed() == 1
    assert not await Attachment.exists()
    assert not await Rendition.exists()


async def test_what_a_version_shows_stays(cast: Cast) -> None:
    ref = await attached(cast)
    with pytest.raises(Refusal, match="стоит в документе"):
        await remove_attachment(cast.project.id, ref.id, by=cast.captain)
    await caption_files(cast.project.id, {ref.id: "Улей"}, by=cast.captain)
    await submitted(cast)
    with pytest.raises(Refusal):
        await remove_attachment(cast.project.id, ref.id, by=cast.captain)
    assert await Attachment.exists()


async def test_what_nothing_names_is_removed_for_good_by_the_team_alone(cast: Cast) -> None:
    ref = await attached(cast)
    await write(cast, "")
    with pytest.raises(NotAllowed):
        await remove_attachment(cast.project.id, ref.id, by=cast.outsider)
    await remove_attachment(cast.project.id, ref.id, by=cast.teammate)
    assert not await Attachment.exists()
    assert not await StoredFile.exists(), "for good: nothing keeps its bytes"
    assert await Event.count().where(Event.happened == "file_removed") == 1


async def test_there_is_one_cover(cast: Cast) -> None:
    refs = [await attached(cast), await attached(cast, photo(colour="red"))]
    rows = [{"file": str(ref), "caption": "Снимок", "use": COVER, "readers": "all"} for ref in refs]
    value = KIND.stored(Sheet(KIND.key, rows=rows))
    await write(cast, value)
    assert [each.place for each in KIND.problems(value)] == ["use.1"]
    shown = results(KIND.sheet(value))
    assert shown.cover
    assert shown.cover.file == refs[0]
    assert [each.file for each in shown.pictures] == [refs[1]], "the other one is not lost"


async def test_limits_are_what_people_are_told() -> None:
    assert (limits.LARGEST_PICTURE, limits.LARGEST_PAPER) == (15 * limits.MB, 25 * limits.MB)
