"""Every component in every state, on one page; only where ``INCUBATOR_DEV=1``."""

from typing import Any

from litestar import Response, get

from incubator.artwork.cover import MOTIFS
from incubator.http.forms import Form
from incubator.http.requests import AnyRequest
from incubator.http.templating import page
from incubator.showcase.cards import cover_of


@get("/patterns")
async def show_patterns(request: AnyRequest) -> Response[Any]:
    form = Form(
        title="Тихий улей", pitch="Датчики звука предупреждают о роении", choice="b", check="1", level__problem="2"
    )
    form.refuse("email", "Проверьте адрес: он должен быть вида имя@почта.рф")
    covers = [
        {"url": "/patterns", "title": [(motif, False)], "pitch": [("Обложка без ", False), ("картинки", True)], "text": [], "stage": stage, "state": state, "stage_label": stage,
         "municipality": "Лужский район", "cover": cover_of(f"Проект {motif}", {"hue_from": hue, "hue_to": hue + 30, "motif": motif})}
        for motif, stage, state, hue in zip(MOTIFS, ("idea", "project", "plan", "plan") * 3, ("draft", "draft", "draft", "graduated") * 3, range(20, 340, 32), strict=False)
    ]  # fmt: skip
    return page(request, "showcase/patterns.html", form=form, covers=covers)
