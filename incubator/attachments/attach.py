"""Attaching an upload to a section: opened in a process of its own, stored, and named by a new row of the section."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

import msgspec

from incubator.attachments.quota import count_upload, require_room
from incubator.attachments.refusals import NotOpened, words_of
from incubator.attachments.showing import ref_of
from incubator.attachments.tables import ITSELF, PLAIN, Attachment, PaperWords, Rendition
from incubator.core import limits
from incubator.core.child_process import ChildFailed, ChildTooSlow, Queue, QueueFull, run_child
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import StorageFull, writing
from incubator.db.references import some_id_of
from incubator.files.keep import FileTooLarge, Upload, uploaded
from incubator.files.names import clean_name
from incubator.files.store import digest_of
from incubator.history.record import Happened, record
from incubator.imaging.limits import LARGEST_PAPER, LARGEST_PICTURE, MB, SECONDS
from incubator.imaging.opened import OpenedUpload, Refused, Sort
from incubator.people.tables import Person
from incubator.programme.seasons import section_at
from incubator.projects.access import require_may, require_open_document
from incubator.projects.answers import Written, answer_of, save_locked
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import KIND, captioned, refs_in, with_file
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.tables import Answer, News

#: Seconds for one upload, on a busy machine.
PATIENCE = 2.0 * SECONDS
#: Uploads that are opened at once in one process of ours, how many may wait for that, and how many of them one person's.
AT_ONCE, MOST_WAITING, MOST_OF_ONE = 1, 60, 30
_opening = Queue(AT_ONCE, most_waiting=MOST_WAITING, most_of_one=MOST_OF_ONE)


@dataclass(frozen=True, slots=True)
class Made:
    """An upload that was opened, with what is to be stored of it."""

    opened: OpenedUpload
    code: str
    files: tuple[tuple[str, str, Upload], ...]
    """Name of the rendition, media type, stored bytes."""

    @property
    def size(self) -> int:
        return sum(upload.size for _name, _media_type, upload in self.files)


async def attach(project_id: int, key: str, content: AsyncIterator[bytes], *, name: str, by: Person) -> FileRef:
    """Attach an upload to a section of files; its row is the last one. Nothing stays of it if that is refused, or if it is there already.

    Raises NotOpened if it is nothing that is accepted, FileTooLarge, Refusal where the section or the project holds no
    more, too often, or while many others wait, and NotAllowed.
    """
    name = clean_name(name)

    async def look() -> None:
        await _open_section(project_id, key, by)

    async def insert(made: Made) -> FileRef:
        return await _insert(project_id, key, made, name=name, by=by)

    return await _taken_in(project_id, content, look, insert, name=name, by=by)


async def attach_to_news(
    project_id: int, news_id: int, content: AsyncIterator[bytes], *, name: str, by: Person
) -> FileRef:
    """Attach a picture to a piece of news that the team still writes, in place of the one that it had. Raises like ``attach``."""
    name = clean_name(name)

    async def look() -> None:
        await _open_news(project_id, news_id, by)

    async def insert(made: Made) -> FileRef:
        news = await _open_news(project_id, news_id, by)
        there = FileRef.of(news.picture)
        if there is not None and there.code == made.code:
            return there  # sent twice
        if made.opened.sort is not Sort.PICTURE:
            raise Refusal(_("К новости подходит только картинка"))
        row = await _kept(project_id, made, name=name, by=by)
        news.picture, news.version = str(ref_of(row)), news.version + 1
        await news.save([News.picture, News.version])
        await record(Happened.FILE_ATTACHED, by=by, project=project_id, news=news_id, file=row.id)
        return ref_of(row)

    return await _taken_in(project_id, content, look, insert, name=name, by=by)


async def _taken_in(
    project_id: int, content: AsyncIterator[bytes], look: Callable[[], Awaitable[None]],
    insert: Callable[[Made], Awaitable[FileRef]], *, name: str, by: Person,
) -> FileRef:  # fmt: skip
    """Open an upload and store it. ``look`` refuses whoever may not; ``insert`` writes its rows. Each runs in a transaction."""
    async with writing(is_cache=True):  # before anything is opened or stored: refused bytes stay in the store for a day
        await look()
        await require_room(project_id, 1)
        await count_upload(project_id)
    with TemporaryDirectory() as folder, TemporaryFile() as source:
        await _receive(content, source)
        opened = await _opened(source, Path(folder), name, by)
        async with AsyncExitStack() as stack:
            made = await _stored(opened, source, Path(folder), stack)
            async with writing():
                return await insert(made)


async def _receive(content: AsyncIterator[bytes], source: IO[bytes]) -> None:
    size = 0
    async for chunk in content:
        size += len(chunk)
        if size > LARGEST_PAPER:
            raise FileTooLarge(_("Файл слишком большой: можно до %(limit)s МБ.", limit=LARGEST_PAPER // MB))
        source.write(chunk)
    source.flush()
    source.seek(0)


async def _opened(source: IO[bytes], folder: Path, name: str, by: Person) -> OpenedUpload:
    """Return what the upload is, with its pictures in ``folder``."""
    try:
        async with _opening.turn(by.id):
            said = await run_child("incubator.imaging.reader", str(folder), source=source, patience=PATIENCE)
    except QueueFull as full:
        raise Refusal(_("Сейчас загружают сразу много файлов: попробуйте через минуту")) from full
    except ChildFailed as failure:
        is_slow = isinstance(failure, ChildTooSlow)
        said = msgspec.json.encode(OpenedUpload(refused=Refused.SLOW if is_slow else Refused.BROKEN))
    opened = msgspec.json.decode(said, type=OpenedUpload)
    if opened.refused is Refused.NO_ROOM:
        raise StorageFull(f"no room in {folder} to open an upload")
    if opened.refused is not None:
        raise NotOpened(name, words_of(opened.refused))
    if opened.sort is Sort.PICTURE and source.seek(0, 2) > LARGEST_PICTURE:
        raise FileTooLarge(_("Картинка слишком большая: можно до %(limit)s МБ.", limit=LARGEST_PICTURE // MB))
    return opened


async def _stored(opened: OpenedUpload, source: IO[bytes], folder: Path, stack: AsyncExitStack) -> Made:
    """Store what is served of an upload. A picture itself is not kept: what a phone wrote into it goes with it."""
    files = []
    for drawing in opened.drawings:
        content = (folder / drawing.file).read_bytes()
        files.append((drawing.file, drawing.media_type, await stack.enter_async_context(uploaded(content))))
    if opened.sort is not Sort.PICTURE:
        itself = await stack.enter_async_context(uploaded(_chunks(source), largest=LARGEST_PAPER))
        files.append((ITSELF, opened.media_type, itself))
    if opened.plain:
        with (folder / opened.plain).open("rb") as paper:
            plain = await stack.enter_async_context(uploaded(_chunks(paper), largest=2 * LARGEST_PAPER))
        files.append((PLAIN, opened.media_type, plain))
    return Made(opened, (await asyncio.to_thread(digest_of, source))[:16], tuple(files))


async def _chunks(source: IO[bytes]) -> AsyncIterator[bytes]:
    source.seek(0)
    while chunk := await asyncio.to_thread(source.read, MB):
        yield chunk


async def _insert(project_id: int, key: str, made: Made, *, name: str, by: Person) -> FileRef:
    version, text = await _open_section(project_id, key, by)
    if there := next((ref for ref in refs_in(text) if ref.code == made.code), None):
        return there  # sent twice
    row = await _kept(project_id, made, name=name, by=by)
    await save_locked(project_id, key, _with(text, version, row), by)
    await record(Happened.FILE_ATTACHED, by=by, project=project_id, key=key, file=row.id)
    return ref_of(row)


async def _kept(project_id: int, made: Made, *, name: str, by: Person) -> Attachment:
    """Store the rows of an upload. Raises Refusal if the project has no room for it."""
    await require_room(project_id, made.size)
    opened = made.opened
    row = Attachment(
        project=project_id, code=made.code, sort=opened.sort.value, name=name, width=opened.width,
        height=opened.height, pages=opened.pages, size=made.size, uploaded_at=now(), uploaded_by=by.id,
    )  # fmt: skip
    await row.save()
    if opened.words:
        await PaperWords(attachment=row.id, text=opened.words).save()
    for rendition, media_type, upload in made.files:
        file = await upload.keep(name=name, media_type=media_type, by=by.id)
        await Rendition(attachment=row.id, name=rendition, file=file.id).save()
    return row


async def put_back(project_id: int, key: str, file_id: int, *, by: Person) -> None:
    """Let a section of files name an attachment again that was taken out of the document. Raises NotAllowed, Refusal."""
    async with writing():
        version, text = await _open_section(project_id, key, by)
        row = await Attachment.objects().get((Attachment.id == file_id) & (Attachment.project == project_id))
        if row is None:
            raise Refusal(_("Этого файла уже нет"))
        if row.id not in {ref.id for ref in refs_in(text)}:
            row.unnamed_since = None  # its month begins anew whenever it is taken out
            await row.save([Attachment.unnamed_since])
            await save_locked(project_id, key, _with(text, version, row), by)


async def caption_files(project_id: int, captions: Mapping[int, str], *, by: Person) -> None:
    """Write what attachments are, by id, into the sections that name them. Raises NotAllowed, Refusal.

    Only these cells change: whoever works on others of the section meanwhile loses nothing.
    """
    async with writing():
        project = await lock_project(project_id)
        await require_may(by, Action.WRITE, project_id)
        require_open_document(project)
        for answer in await Answer.objects().where(Answer.project == project_id).order_by(Answer.key):
            text = captioned(answer.text, captions) if refs_in(answer.text) else answer.text
            if text != answer.text:
                await save_locked(project_id, answer.key, Written(text, answer.version), by)


async def _open_section(project_id: int, key: str, by: Person) -> tuple[int, str]:
    """Lock the project; return version and value of a section of files that takes one more."""
    project = await lock_project(project_id)
    await require_may(by, Action.WRITE, project_id)
    require_open_document(project)
    section = await section_at(some_id_of(project.season), project.stage, key)
    if section is None or section.kind != KIND.key:
        raise Refusal(_("Такого раздела в документе нет"))
    answer = await answer_of(project_id, key)
    text = answer.text if answer else ""
    if len(refs_in(text)) >= KIND.most_rows:
        raise Refusal(_("В разделе уже %(n)s файлов, больше не бывает: сначала уберите лишнее", n=KIND.most_rows))
    return (answer.version if answer else 0), text


async def _open_news(project_id: int, news_id: int, by: Person) -> News:
    """Lock the project; return a piece of its news in which the team still writes."""
    await lock_project(project_id)
    await require_may(by, Action.WRITE_NEWS, project_id)
    row = await News.objects().get((News.id == news_id) & (News.project == project_id))
    if row is None or not row.may_be_changed:
        raise Refusal(_("Новость у организатора или уже на витрине: сначала отзовите или снимите её"))
    return row


def _with(text: str, version: int, row: Attachment) -> Written:
    return Written(with_file(text, ref_of(row), name=Path(row.name).stem[: limits.CAPTION]), version)
