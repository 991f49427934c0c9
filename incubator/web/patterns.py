"""Every component in every state, on one page; only where ``INCUBATOR_DEV=1``."""

from typing import Any

from litestar import Request, Response, get

from incubator.web.forms import Form
from incubator.web.templating import helpers, page


@get("/patterns")
async def show_patterns(request: Request[Any, Any, Any]) -> Response[Any]:
    form = Form(title="Тихий улей", pitch="Датчики звука предупреждают о роении", cluster="2")
    form.refuse("email", "Проверьте адрес: он должен быть вида имя@почта.рф")
    covers = [(m, helpers["cover"](f"Проект {m}", 155, 175, m)) for m in helpers["motifs"]]
    return page(request, "patterns.html", demo_form=form, covers=covers)
