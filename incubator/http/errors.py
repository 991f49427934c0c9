"""Answers to refusals, missing pages and faults."""

from functools import cache
from typing import Any

import structlog
from litestar import Request, Response
from litestar.enums import RequestEncodingType
from litestar.exceptions import HTTPException
from litestar.plugins.problem_details import ProblemDetailsException

from incubator.core import limits
from incubator.core.disk import is_disk_full
from incubator.core.formatting import size
from incubator.core.languages import _, current_locale
from incubator.core.refusals import Refusal, Repeated
from incubator.db import AlreadyThere, StorageFull, TryAgain, Unavailable
from incubator.http.flash import Flash
from incubator.http.form_body import TOO_LARGE
from incubator.http.inside import REFUSED
from incubator.http.once import AnsweredElsewhere
from incubator.http.posted import Again, form_again, words_posted
from incubator.http.requests import came_from, page_at
from incubator.http.slow_bodies import ClientLeft, TooManySlowBodies
from incubator.http.templating import environment, page, redirect, wants_json

log = structlog.get_logger()


def _title(status: int) -> str:
    return {
        400: _("Запрос не разобрать"),
        403: _("Сюда нельзя"),
        404: _("Такой страницы нет"),
        405: _("Так сюда обратиться нельзя"),
        408: _("Связь слишком медленная: форма не дошла"),
        413: _("Слишком много за один раз"),
        429: _("Слишком часто"),
        503: _("Сейчас слишком много желающих: зайдите через минуту"),
        507: _("На сервере кончилось место"),
    }.get(status, _("Что-то сломалось у нас"))


def problem(
    request: Request[Any, Any, Any], status: int, title: str, detail: str = "", **more: Any
) -> Response[dict[str, Any]]:
    """Return problem details (RFC 9457) as Litestar writes them; its plugin would send them to browsers as well."""
    # An empty detail among the extras stays empty; as an argument it would become the status's English phrase.
    extra = {"detail": detail, **more}
    found = ProblemDetailsException(status_code=status, type_="about:blank", title=title, extra=extra)
    return found.to_response(request)


def refused(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """Send the person back to the page with the reason; a script gets problem details."""
    if wants_json(request):
        return problem(request, refusal.status, refusal.message, problems=list(refusal.problems))
    if request.method == "GET":
        return _page(request, refusal.status, refusal.message)
    request.scope["state"][REFUSED] = refusal
    texts = (refusal.message, *refusal.problems)
    return redirect(page_at(request, came_from(request)), *(Flash("danger", text) for text in texts))


def repeated(request: Request[Any, Any, Any], refusal: Repeated) -> Response[Any]:
    """Lead to what stands already: nothing that was typed is lost."""
    if wants_json(request):
        return refused(request, refusal)
    return redirect(refusal.link, Flash("info", refusal.message))


def nowhere_to_save(request: Request[Any, Any, Any], message: str, link: str = "") -> Response[Any]:
    """Say why what was posted has no place any more, and show its text to copy; ``link``: where one can go on."""
    if wants_json(request):
        return problem(request, 409, message)
    return _page(request, 409, "", title=message, link=link)


def already_there(request: Request[Any, Any, Any], _error: AlreadyThere) -> Response[Any]:
    return refused(request, Refusal(_("Это уже сделано – кто-то успел раньше. Обновите страницу.")))


def try_again(request: Request[Any, Any, Any], _error: TryAgain) -> Response[Any]:
    return refused(request, Refusal(_("Сейчас многие пишут одновременно. Повторите ещё раз.")))


def unavailable(request: Request[Any, Any, Any], error: Unavailable) -> Response[Any]:
    """Say that the database is away, with the form to send again if nothing of it was saved."""
    log.error("database unavailable", error=str(error.__cause__ or error).split("\n")[0])
    title = _("База данных сейчас не отвечает")
    if error.is_certain:
        detail = _("Сайт соединится с ней сам: обновите страницу через минуту. Всё, что сохранено раньше, цело.")
    else:
        detail = _(
            "Связь оборвалась в ту секунду, когда мы сохраняли. Прежде чем отправлять ещё раз, посмотрите через минуту, "
            "не сохранилось ли."
        )
    return _not_saved(request, 503, title, detail, again=form_again(request) if error.is_certain else None)


def storage_full(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Say that the disk is full, with the form to send again."""
    log.error("no room left on the disk", error=str(error.__cause__ or error).split("\n")[0])
    detail = _("Сейчас ничего не записывается. Всё, что сохранено раньше, цело. Сообщите, пожалуйста, организаторам.")
    return _not_saved(request, 507, _title(507), detail, again=form_again(request))


def system_error(request: Request[Any, Any, Any], error: OSError) -> Response[Any]:
    """Recognise a full disk: files are written outside the database."""
    return storage_full(request, error) if is_disk_full(error) else failed(request, error)


def _not_saved(
    request: Request[Any, Any, Any], status: int, title: str, detail: str, *, again: Again | None
) -> Response[Any]:
    if wants_json(request):
        answer: Response[Any] = problem(request, status, title, detail, request_id=_request_id(request))
    else:
        answer = _page(request, status, detail, title=title, again=again)
    answer.headers["Retry-After"] = "30"
    return answer


def answered_elsewhere(_request: Request[Any, Any, Any], _error: AnsweredElsewhere) -> Response[None]:
    """Return what nobody sees: ``Once`` sends the first request's answer instead."""
    return Response(None, status_code=204)


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Return a page with the request's id; the error itself goes to the log alone."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status >= 500:
        log.error("request failed", exc_info=error)
    answer = _failed(request, error, status)
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(_readable(error.headers))
    return answer


def _readable(headers: dict[str, str]) -> dict[str, str]:
    """Return the headers of an error. Whatever can be read with GET can be read with HEAD (middleware.py)."""
    return {
        name: f"{value}, HEAD" if name.lower() == "allow" and "GET" in value.split(", ") else value
        for name, value in headers.items()
    }


def _failed(request: Request[Any, Any, Any], error: Exception, status: int) -> Response[Any]:
    detail = _detail(request, status, error)
    if wants_json(request):
        wrong = [str(e.get("key", "")) for e in getattr(error, "extra", None) or [] if isinstance(e, dict)]
        return problem(request, status, _title(status), detail, request_id=_request_id(request), problems=wrong)
    return _page(request, status, detail)


def _detail(request: Request[Any, Any, Any], status: int, error: Exception) -> str:
    if status == 413:
        request.scope["state"][TOO_LARGE] = True
        largest = getattr(error, "limit", 0) or request.route_handler.resolve_request_max_body_size() or limits.BODY
        if request.content_type[0] == RequestEncodingType.MULTI_PART:
            return _(
                "За один раз страница принимает не больше %(limit)s, и ничего не загружено. Выберите меньше файлов или файлы поменьше.",
                limit=size(largest),
            )
        return _(
            "За один раз страница принимает не больше %(limit)s. Вернитесь назад: текст остался там. Сократите его и отправьте ещё раз.",
            limit=size(largest),
        )
    return error.detail if isinstance(error, HTTPException) and status == 403 else ""


def client_left(_request: Request[Any, Any, Any], _error: ClientLeft) -> Response[None]:
    """Return an answer that nobody gets; its status is the one that proxies log for this."""
    return Response(None, status_code=499, media_type="text/plain")


def too_many_slow_bodies(request: Request[Any, Any, Any], error: TooManySlowBodies) -> Response[Any]:
    """Return a page that costs nothing: it is sent to hundreds at once, if somebody opens hundreds of connections."""
    if wants_json(request):
        answer: Response[Any] = problem(request, 503, _title(503), _("Ничего не потеряно: отправьте ещё раз."))
        answer.headers.update(error.headers or {})
        return answer
    brings_files = request.content_type[0] == RequestEncodingType.MULTI_PART
    content = _overloaded(current_locale(), brings_files)
    return Response(content, status_code=503, headers=error.headers, media_type="text/html")


@cache
def _overloaded(locale: str, brings_files: bool) -> str:
    shown = environment(locale).get_template("overloaded.html")
    return shown.render(locale=locale, heading=_title(503), brings_files=brings_files)


def _request_id(request: Request[Any, Any, Any]) -> str:
    return str(request.scope["state"].get("request_id", ""))


def _page(
    request: Request[Any, Any, Any], status: int, detail: str, *, title: str = "", again: Again | None = None,
    link: str = "",
) -> Response[str]:  # fmt: skip
    return page(
        request,
        "error.html",
        status=status,
        code=status,
        heading=title or _title(status),
        detail=detail,
        again=again,
        words=words_posted(request) if status in {404, 409} else (),
        link=link,
        request_id=_request_id(request),
    )


HANDLERS: Any = {
    Repeated: repeated,
    Refusal: refused,
    AlreadyThere: already_there,
    TryAgain: try_again,
    Unavailable: unavailable,
    StorageFull: storage_full,
    OSError: system_error,
    ClientLeft: client_left,
    TooManySlowBodies: too_many_slow_bodies,
    AnsweredElsewhere: answered_elsewhere,
    HTTPException: failed,
    Exception: failed,
}
