"""Answers to refusals, missing pages and faults."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.plugins.problem_details import ProblemDetailsException

from incubator.core.languages import _, current_locale
from incubator.core.refusals import Refusal
from incubator.db import AlreadyThere, TryAgain
from incubator.http.flash import Flash
from incubator.http.slow_bodies import ClientLeft, TooManySlowBodies
from incubator.http.templating import environment, page, redirect, safe_path, wants_json

log = structlog.get_logger()


def _title(status: int) -> str:
    return {
        400: _("Запрос не разобрать"),
        403: _("Сюда нельзя"),
        404: _("Такой страницы нет"),
        405: _("Так сюда обратиться нельзя"),
        408: _("Связь слишком медленная: форма не дошла"),
        413: _("Слишком большая посылка"),
        429: _("Слишком часто"),
        503: _("Сейчас слишком много желающих: зайдите через минуту"),
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
    origin = urlsplit(request.headers.get("referer", ""))
    back = safe_path(origin.path) if origin.netloc == request.headers.get("host") else "/"
    texts = (refusal.message, *refusal.problems)
    return redirect(back, *(Flash("danger", text) for text in texts))


def already_there(request: Request[Any, Any, Any], _error: AlreadyThere) -> Response[Any]:
    return refused(request, Refusal(_("Это уже сделано — кто-то успел раньше. Обновите страницу.")))


def try_again(request: Request[Any, Any, Any], _error: TryAgain) -> Response[Any]:
    return refused(request, Refusal(_("Сейчас многие пишут одновременно. Повторите ещё раз.")))


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Return a page with the request's id; the error itself goes to the log alone."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status >= 500:
        log.error("request failed", exc_info=error)
    detail = error.detail if isinstance(error, HTTPException) and status == 403 else ""
    if wants_json(request):
        wrong = [str(e.get("key", "")) for e in getattr(error, "extra", None) or [] if isinstance(e, dict)]
        return problem(request, status, _title(status), detail, request_id=_request_id(request), problems=wrong)
    return _page(request, status, detail)


def client_left(_request: Request[Any, Any, Any], _error: ClientLeft) -> Response[None]:
    """Return an answer that nobody gets; its status is the one that proxies log for this."""
    return Response(None, status_code=499, media_type="text/plain")


def too_many_slow_bodies(_request: Request[Any, Any, Any], error: TooManySlowBodies) -> Response[str]:
    """Return a page that costs nothing: it is sent to hundreds at once, if somebody opens hundreds of connections."""
    return Response(_overloaded(current_locale()), status_code=503, headers=error.headers, media_type="text/html")


@cache
def _overloaded(locale: str) -> str:
    return environment(locale).get_template("overloaded.html").render(locale=locale, heading=_title(503))


def _request_id(request: Request[Any, Any, Any]) -> str:
    return str(request.scope["state"].get("request_id", ""))


def _page(request: Request[Any, Any, Any], status: int, detail: str) -> Response[str]:
    return page(
        request,
        "error.html",
        status=status,
        code=status,
        heading=_title(status),
        detail=detail,
        request_id=_request_id(request),
    )


HANDLERS: Any = {
    Refusal: refused,
    AlreadyThere: already_there,
    TryAgain: try_again,
    ClientLeft: client_left,
    TooManySlowBodies: too_many_slow_bodies,
    HTTPException: failed,
    Exception: failed,
}
