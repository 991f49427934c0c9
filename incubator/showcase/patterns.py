"""Every component in every state, on one page; only where ``INCUBATOR_DEV=1``."""

from typing import Any

from litestar import Response, get

from incubator.artwork.cover import MOTIFS
from incubator.http.forms import Form
from incubator.http.markdown.renderer import render
from incubator.http.requests import AnyRequest
from incubator.http.templating import page
from incubator.jobs.states import JobState
from incubator.jobs.tables import Job
from incubator.jobs.view import job_view
from incubator.showcase.cards import cover_of

#: All that the grammar knows.
PROSE = """\
Мы **спросили** *семерых* пасечников[^1], а не ~~двух~~: вода H~2~O, площадь x^2^, код `List<String>`, адрес https://example.org/.

# Первая ступень
## Вторая ступень
### Третья ступень

- [x] опросить пасечников
- [ ] собрать датчик, который слышит рой
  - [x] купить микрофон
  - обычный пункт

1. Первый шаг
   - вложенный
     1. ещё глубже
2. Второй шаг

| Статья | Сколько | Цена, ₽ | Откуда |
|:-------|:-------:|--------:|--------|
| Микрофон | 12 | 14 400 | грант |
| Плата | 3 | 900 | школа |

> Если рой услышать вовремя, его можно поймать.

```
громкость = max(датчик.громкость(рой) for датчик in датчики if датчик.слышит(рой) and not датчик.сломан)
```

[^1]: Опрос в мае, протокол у педагога.
"""

#: One in each state; of one that begins nobody knows how much there is to do.
JOBS = (
    Job(id=1, state=JobState.WAITING),
    Job(id=2, state=JobState.RUNNING),
    Job(id=3, state=JobState.RUNNING, done=12, total=40),
    Job(id=4, state=JobState.DONE, done=40, total=40),
    Job(id=5, state=JobState.FAILED, done=12, total=40, error="ValueError: line 13"),
    Job(id=6, state=JobState.CANCELLED, done=12, total=40),
)


@get("/patterns")
async def show_patterns(request: AnyRequest) -> Response[Any]:
    form = Form(
        title="Тихий улей", pitch="Датчики звука предупреждают о роении", choice="b", check="1", level__problem="2"
    )
    form.refuse("email", "Проверьте адрес: он должен быть вида имя@почта.рф")
    covers = [
        {"url": "/patterns", "title": [(motif, False)], "pitch": [("Обложка без ", False), ("картинки", True)], "text": [], "photo": None, "stage": stage, "state": state, "stage_label": stage,
         "municipality": "Лужский район", "cover": cover_of(f"Проект {motif}", {"hue_from": hue, "hue_to": hue + 30, "motif": motif})}
        for motif, stage, state, hue in zip(MOTIFS, ("idea", "project", "plan", "plan") * 3, ("draft", "draft", "draft", "graduated") * 3, range(20, 340, 32), strict=False)
    ]  # fmt: skip
    jobs = [job_view(job) for job in JOBS]
    return page(request, "showcase/patterns.html", form=form, covers=covers, prose=await render(PROSE), jobs=jobs)
