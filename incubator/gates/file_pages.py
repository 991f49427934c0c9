"""The team's pictures and papers: uploading them, saying who is on them, and fetching them."""

from collections.abc import AsyncIterator, Iterable
from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from incubator.attachments.attach import attach, put_back
from incubator.attachments.people_on import Said
from incubator.attachments.removal import remove_attachment
from incubator.attachments.tables import People
from incubator.core.languages import _, ngettext
from incubator.core.refusals import NotAllowed, Refusal
from incubator.files.store import current_store
from incubator.gates.file_access import Served, served
from incubator.gates.files_view import files_view, upload_view
from incubator.http.flash import Flash
from incubator.http.forms import Form, id_in, read_form
from incubator.http.lookup import get_or_404
from incubator.http.ranges import ByteRange, NoSuchPart, part_of
from incubator.http.requests import AnyRequest
from incubator.http.templating import page, redirect, wants_json
from incubator.imaging.limits import LARGEST_PAPER
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.tables import Person
from incubator.projects.access import Access, require
from incubator.projects.enter import enter
from incubator.projects.kinds.files import CAPTION
from incubator.projects.permissions import Action, may
from incubator.publication.file_changes import hide_file, note_files

#: Files of one form, and the bytes of all of them.
MOST_FILES, MOST_BYTES = 15, 12 * LARGEST_PAPER
#: Bytes in which an uploaded file is read.
_CHUNK = 256 * 1024


class FilePages(Controller):
    path = "/projects/{project_id:int}/files"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        return page(request, "gates/files.html", **vars(await files_view(way)))

    @get("/new/{section:str}")
    async def form(self, request: PersonRequest, project_id: FromPath[int], section: FromPath[str]) -> Response[Any]:
        return await self._upload_page(request, project_id, section, Form())

    @post("/new/{section:str}", request_max_body_size=MOST_BYTES)
    async def upload(self, request: PersonRequest, project_id: FromPath[int], section: FromPath[str]) -> Response[Any]:
        way = await enter(request, project_id)
        require(may(way.role, Action.WRITE))
        data = await request.form()
        files = [each for each in data.getall("files", []) if isinstance(each, UploadFile) and each.filename]
        refused = await self._attach(way, section, files, by=request.user)
        if wants_json(request):
            return Response({"error": " ".join(dict.fromkeys(refused))}, status_code=422 if refused else 201)
        count = len(files) - len(refused)
        if count <= 0:
            form = Form()
            form.refuse("files", " ".join(dict.fromkeys(refused)))
            return await self._upload_page(request, project_id, section, form, status=422)
        said = Flash("success", ngettext("Загружен %(n)s файл", "Загружено файлов: %(n)s", count))
        return redirect(f"/projects/{project_id}/files", said, *(Flash("warning", why) for why in refused))

    async def _attach(self, way: Access, key: str, files: list[UploadFile], *, by: Person) -> list[str]:
        """Attach each file; return why some, or all of them, were refused."""
        if not files:
            return [_("Выберите файлы")]
        if len(files) > MOST_FILES:
            too_many = _("За один раз можно выбрать не больше %(n)s файлов", n=MOST_FILES)
            return [too_many] * len(files)
        refused = []
        for file in files:
            try:
                await attach(way.project.id, key, chunks_of(file), name=file.filename, by=by)
            except NotAllowed:
                raise
            except Refusal as refusal:
                refused.append(refusal.message)
            finally:
                await file.close()
        return refused

    async def _upload_page(
        self, request: PersonRequest, project_id: int, key: str, form: Form, *, status: int = 200
    ) -> Response[Any]:
        view = get_or_404(await upload_view(await enter(request, project_id), key))
        return page(request, "gates/upload.html", status=status, form=form, **vars(view))

    @post()
    async def note(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Note who is on each file, and what it is: all files of the page at once."""
        way = await enter(request, project_id)
        form = await read_form(request)
        files = (await files_view(way)).named
        said = {file.row.id: said for file in files if (said := _said(form, file.row.id))}
        captions = {
            file.row.id: caption
            for file in files
            if f"caption-{file.row.id}" in form
            and (caption := CAPTION.typed(form.value(f"caption-{file.row.id}"))) != form.value(f"was-{file.row.id}")
        }
        await note_files(way.project.id, said, captions, by=request.user)
        return redirect(f"/projects/{project_id}/files", Flash("success", _("Записано")))

    @post("/{file_id:int}/hiding")
    async def hide(self, request: PersonRequest, project_id: FromPath[int], file_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        is_hidden = (await read_form(request)).value("hide") != "no"
        await hide_file(way.project.id, file_id, is_hidden=is_hidden, by=request.user)
        said = _("С витрины убрано") if is_hidden else _("Снова можно показывать на витрине")
        return redirect(f"/projects/{project_id}/files#file-{file_id}", Flash("success", said))

    @post("/{file_id:int}/return")
    async def put_back(
        self, request: PersonRequest, project_id: FromPath[int], file_id: FromPath[int]
    ) -> Response[Any]:
        way = await enter(request, project_id)
        key = (await read_form(request)).value("key")
        await put_back(way.project.id, key, file_id, by=request.user)
        return redirect(f"/projects/{project_id}/files#file-{file_id}", Flash("success", _("Вернули в документ")))

    @post("/{file_id:int}/removal")
    async def remove(self, request: PersonRequest, project_id: FromPath[int], file_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        await remove_attachment(way.project.id, file_id, by=request.user)
        return redirect(f"/projects/{project_id}/files", Flash("success", _("Файл удалён насовсем")))


class ServedFiles(Controller):
    """What is attached, for whoever may see it at this moment: browsers ask each time, and mostly get 304."""

    path = "/files"

    @get("/{file_id:int}/{file_name:str}")
    async def serve(self, request: AnyRequest, file_id: FromPath[int], file_name: FromPath[str]) -> Response[Any]:
        file = get_or_404(await served(file_id, file_name, request.scope.get("user")))
        headers = _headers(file)
        if headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(b"", status_code=304, headers=headers)
        store = current_store()
        if not await store.exists(file.digest):  # asked before an answer begins: a stream that fails is a broken one
            raise NotFoundException
        asked, if_range = (request.headers.get(name, "") for name in ("range", "if-range"))
        try:
            part = part_of(asked, if_range, headers["etag"], file.size) or ByteRange(0, file.size, file.size)
        except NoSuchPart:
            return Response(b"", status_code=416, headers={**headers, "content-range": f"bytes */{file.size}"})
        headers |= {"accept-ranges": "bytes", "content-length": str(part.stop - part.start)}
        if part.is_whole:
            return Stream(store.stream(file.digest), media_type=file.media_type, headers=headers)
        headers["content-range"] = part.content_range
        content = store.stream(file.digest, part.start, part.stop)
        return Stream(content, status_code=206, media_type=file.media_type, headers=headers)


def _said(form: Form, file_id: int) -> Said | None:
    """Return what the form says of the people on a file; None if nothing, or nothing else than its page did.

    Others may have said something since that page was made, and it does not show people whose account is gone.
    """
    people = form.value(f"people-{file_id}")
    if people not in (People.NOBODY, People.TEAM, People.OTHERS):
        return None
    members, were = (_ids(form.values(f"{name}-{file_id}")) for name in ("member", "was-member"))
    is_of_team = people == People.TEAM
    if people == form.value(f"was-people-{file_id}") and not (is_of_team and members != were):
        return None
    return Said(People.TEAM, members, unticked=were - members) if is_of_team else Said(People(people))


def _ids(values: Iterable[str]) -> frozenset[int]:
    return frozenset(each for each in map(id_in, values) if each)


def _headers(file: Served) -> dict[str, str]:
    who = "public" if file.is_public else "private"
    headers = {
        "cache-control": f"{who}, no-cache",
        "etag": f'"{file.digest[:32]}"',
        "x-content-type-options": "nosniff",
    }
    if file.shows_people:  # a search engine would go on showing the face after a consent has ended
        headers["x-robots-tag"] = "noindex, noimageindex"
    if file.is_itself:
        # Somebody else's program wrote it: it is saved, and where a browser opens it all the same, it may do nothing.
        name = file.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
        headers["content-disposition"] = f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(file.name)}"
        headers["content-security-policy"] = "sandbox; default-src 'none'"
    return headers


async def chunks_of(file: UploadFile) -> AsyncIterator[bytes]:
    """Yield an uploaded file in pieces."""
    while chunk := await file.read(_CHUNK):
        yield chunk


PAGES = [FilePages, ServedFiles]
