"""The organiser's pages about consents: the register with its table to take away, and who operates the data."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.folding import folded
from incubator.core.languages import _, current_locale
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.consents import ConsentState
from incubator.people.guards import PersonRequest, freshly_proved, organiser
from incubator.privacy.consent_register import CONSENTS, state_in_words
from incubator.privacy.data_operator import FIELDS, NEEDED, change_operator, the_operator
from incubator.privacy.destruction import acts, destroy_what_is_due, drawn_act, due_for_destruction
from incubator.privacy.operator_numbers import is_inn, is_ogrn
from incubator.privacy.tables import DestructionAct
from incubator.projects.consents import PURPOSES, latest_texts
from incubator.tabular.sheets import as_csv, as_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows of one page; the table to take away has all.
_SHOWN = 50
_PERSON, _STATE = CONSENTS.keys.index("person"), CONSENTS.keys.index("state")


class ConsentRegisterPages(Controller):
    path = "/organiser/consents"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        form = Form(
            q=request.query_params.get("q", "")[: limits.SEARCH_WORDS], state=request.query_params.get("state", "")
        )
        words, state = folded(form.value("q")), form.value("state")
        rows = [
            row for row in await CONSENTS.rows() if words in folded(str(row[_PERSON])) and state in ("", row[_STATE])
        ]
        return page(
            request, "backoffice/consents.html", columns=_titles(), rows=rows[:_SHOWN], total=len(rows), form=form,
            states=list(map(state_in_words, ConsentState)), due=len(await due_for_destruction()), acts=await acts(),
            texts=await latest_texts(), purposes=PURPOSES, operator=await the_operator(),
        )  # fmt: skip

    @get("/table.csv", guards=[freshly_proved])
    async def csv(self) -> Response[bytes]:
        return _file(as_csv(_titles(), await CONSENTS.rows()), "text/csv; charset=utf-8", "consents.csv")

    @get("/table.xlsx", guards=[freshly_proved])
    async def xlsx(self) -> Response[bytes]:
        return _file(as_xlsx(_titles(), await CONSENTS.rows(), name=CONSENTS.name), _XLSX, "consents.xlsx")

    @post("/destruction", guards=[freshly_proved])
    async def destroy(self, request: PersonRequest) -> Response[Any]:
        """Destroy what need not be kept any more, with an act."""
        act = await destroy_what_is_due(by=request.user)
        return redirect(
            "/organiser/consents",
            Flash("success", _("Уничтожено, акт № %(n)s готов", n=act.id), f"/organiser/consents/acts/{act.id}"),
        )

    @get("/acts/{act_id:int}")
    async def act(self, act_id: FromPath[int]) -> Response[bytes]:
        act = get_or_404(await DestructionAct.objects(DestructionAct.made_by).get(DestructionAct.id == act_id))
        headers = {"content-disposition": f'inline; filename="act-{act.id}.pdf"', "cache-control": "no-store"}
        return Response(await drawn_act(act), media_type="application/pdf", headers=headers)

    @get("/operator")
    async def operator(self, request: PersonRequest) -> Response[Any]:
        row = await the_operator()
        return page(request, "backoffice/operator.html", form=Form(**{name: getattr(row, name) for name in FIELDS}))

    @post("/operator")
    async def change(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        values = {
            **{
                name: form.text(name, longest=limits.OPERATOR, required=name in NEEDED)
                for name in ("name_ru", "name_en", "address", "hosting", "lawyer")
            },
            "phone": form.text("phone", longest=limits.PHONE),
            "email": form.email("email"),
            "inn": "".join(form.text("inn", longest=limits.PHONE, required=True).split()),
            "ogrn": "".join(form.text("ogrn", longest=limits.PHONE, required=True).split()),
        }
        if values["inn"] and not is_inn(values["inn"]):
            form.refuse("inn", _("Такого ИНН не бывает: проверьте цифры, их 10 или 12"))
        if values["ogrn"] and not is_ogrn(values["ogrn"]):
            form.refuse("ogrn", _("Такого ОГРН не бывает: проверьте цифры, их 13 или 15"))
        if form.errors:
            return page(request, "backoffice/operator.html", status=422, form=form)
        await change_operator(values, by=request.user)
        return redirect("/organiser/consents", Flash("success", _("Сохранено: теперь это печатается на бланках")))


def _titles() -> list[str]:
    is_russian = current_locale() == "ru"
    return [column.title_ru if is_russian else column.title_en for column in CONSENTS.columns]


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


PAGES = [ConsentRegisterPages]
