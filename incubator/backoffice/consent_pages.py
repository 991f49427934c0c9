"""The organiser's pages about consents: the register with its table to take away, and who operates the data."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _, current_locale
from incubator.http.attachments import CSV, PDF, XLSX, attachment
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.keyset import after_of
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.consents import ConsentState
from incubator.people.guards import PersonRequest, freshly_proved, organiser
from incubator.privacy.consent_register import CONSENTS, register_page, state_in_words
from incubator.privacy.consent_wording import unchecked_titles
from incubator.privacy.data_operator import FIELDS, NEEDED, change_operator, the_operator
from incubator.privacy.destruction import acts, destroy_what_is_due, drawn_act, number_due
from incubator.privacy.operator_numbers import is_inn, is_ogrn
from incubator.privacy.tables import DestructionAct
from incubator.tabular.sheets import as_csv, as_xlsx

#: Rows of one page; the table to take away has all.
_SHOWN = 50


class ConsentRegisterPages(Controller):
    path = "/organiser/consents"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        asked = request.query_params
        form = Form(q=asked.get("q", "")[: limits.SEARCH_WORDS], state=asked.get("state", ""))
        state = ConsentState(form.value("state")) if form.value("state") in set(ConsentState) else None
        after = after_of(request)
        rows, total, further = await register_page(form.value("q"), state, after, _SHOWN)
        return page(
            request, "backoffice/consents.html", columns=_titles(), rows=rows, total=total, next=further, form=form,
            states=[(each.value, state_in_words(each)) for each in ConsentState], drafts=await unchecked_titles(),
            operator=await the_operator(), due=await number_due(), acts=await acts(),
            is_first=after is None,
        )  # fmt: skip

    @get("/table.csv", guards=[freshly_proved])
    async def csv(self) -> Response[bytes]:
        return attachment(as_csv(_titles(), await CONSENTS.rows()), CSV, "consents.csv")

    @get("/table.xlsx", guards=[freshly_proved])
    async def xlsx(self) -> Response[bytes]:
        return attachment(as_xlsx(_titles(), await CONSENTS.rows(), name=CONSENTS.name), XLSX, "consents.xlsx")

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
        return attachment(await drawn_act(act), PDF, f"act-{act.id}.pdf", is_shown=True)

    @get("/operator")
    async def operator(self, request: PersonRequest) -> Response[Any]:
        row = await the_operator()
        form = Form(**{name: getattr(row, name) for name in FIELDS}).with_read(*FIELDS)
        return page(request, "backoffice/operator.html", form=form, fields=FIELDS)

    @post("/operator")
    async def change(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        values = {
            **{
                name: form.text(name, longest=limits.OPERATOR, required=name in NEEDED)
                for name in ("name_ru", "name_en", "address", "hosting")
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
            return page(request, "backoffice/operator.html", status=422, form=form, fields=FIELDS)
        await change_operator(values, by=request.user, read=form.before(*FIELDS))
        return redirect("/organiser/consents", Flash("success", _("Сохранено: теперь это печатается на бланках")))


def _titles() -> list[str]:
    is_russian = current_locale() == "ru"
    return [column.title_ru if is_russian else column.title_en for column in CONSENTS.columns]


PAGES = [ConsentRegisterPages]
