"""Sheets to be printed and signed: one document for one person each, with a code under which it is filed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from incubator import config
from incubator.core.clock import now, today
from incubator.core.formatting import day
from incubator.core.languages import _, localized, override_locale
from incubator.core.printed_codes import in_groups, new_code
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.ages import signs_beside_guardian
from incubator.people.consents import OWN, Signatory, signatory_of
from incubator.people.locking import lock_people, lock_person
from incubator.people.tables import ConsentText, Person
from incubator.privacy.data_operator import the_operator
from incubator.privacy.paper_codes import FAMILY, SHEET, sheet_address
from incubator.privacy.recorders import require_may_record, where_may_record
from incubator.privacy.tables import ConsentSheet, FamilyCode, Operator, SheetBatch
from incubator.projects.access import require, role_of
from incubator.projects.consents import DOCUMENTS, PARTICIPATION, STAFF, latest_texts, may_ban, term_in
from incubator.projects.locking import lock_project
from incubator.projects.permissions import STUDENT_ROLES, Action, may
from incubator.projects.staff_consents import works_in_programme
from incubator.projects.tables import Member
from incubator.typesetting.qr import qr_code, standalone
from incubator.typesetting.typst import typeset

#: Sheets of one file: three for each of forty pupils.
MOST = 120


@dataclass(frozen=True, slots=True)
class WantedSheet:
    """A document to print: for whom, of which team (None: a pupil of a class), for what."""

    person: int
    project: int | None
    purpose: str


async def make_sheets(wanted: Sequence[WantedSheet], *, locale: str, by: Person) -> SheetBatch:
    """Make sheets to be printed together; return their batch.

    Raises NotAllowed unless ``by`` may record consents in each team, and Refusal for nothing or too much.
    """
    if not wanted:
        raise Refusal(_("Отметьте хотя бы один бланк"))
    if len(wanted) > MOST:
        raise Refusal(_("За один раз печатается не больше %(most)s бланков: отметьте меньше", most=MOST))
    async with writing():
        await hold_entitlement_to(wanted, by)
        texts = await latest_texts()
        terms = {project: await term_in(project) for project in {each.project for each in wanted}}
        batch = SheetBatch(made_by=by.id, made_at=now(), locale=locale)
        await batch.save()
        for each in sorted(set(wanted), key=lambda one: (one.project or 0, one.person, DOCUMENTS.index(one.purpose))):
            signatory = await _who_signs(each)
            await ConsentSheet(
                batch=batch.id, person=each.person, purpose=each.purpose, text=texts[each.purpose].id,
                signatory=signatory.value, term=terms[each.project], code=new_code(SHEET),
            ).save()  # fmt: skip
            if signatory is Signatory.PAPER:
                await code_for_family(each.person, by=by)
        await record(Happened.SHEETS_MADE, by=by, batch=batch.id, count=len(set(wanted)))
        return batch


async def hold_entitlement_to(wanted: Sequence[WantedSheet], by: Person) -> None:
    """Do the same as ``require_entitled``, and lock what it rests on: the teams, ``by``, the people. Call inside a transaction."""
    for project in sorted({each.project for each in wanted if each.project is not None}):
        await lock_project(project)
    await lock_person(by.id)
    await lock_people({each.person for each in wanted})
    await require_entitled(wanted, by)


async def require_entitled(wanted: Iterable[WantedSheet], by: Person) -> None:
    """Raise NotAllowed unless ``by`` may record all of these consents, and Refusal for who is not in the team that is named."""
    in_teams: dict[int, set[int]] = {}
    alone = set()
    for each in wanted:
        if each.project is None or each.purpose == STAFF:
            alone.add((each.person, each.purpose))
        else:
            in_teams.setdefault(each.project, set()).add(each.person)
    for project, people in in_teams.items():
        require(may(await role_of(by, project), Action.RECORD_CONSENT))
        await _require_students(people, project)
    for person, purpose in alone - {(by.id, STAFF)}:
        await require_may_record(by, person, purpose)


async def _require_students(people: set[int], project: int) -> None:
    rows = await Member.select(Member.person).where(
        (Member.project == project) & Member.role.is_in([role.value for role in STUDENT_ROLES])
    )
    if not people <= {row["person"] for row in rows}:
        raise Refusal(_("Этого человека уже нет в команде"))


async def _who_signs(wanted: WantedSheet) -> Signatory:
    """Return whose signature the sheet is for. Raises Refusal for an adult whose age nobody has confirmed."""
    person = await Person.objects().get(Person.id == wanted.person)
    assert person  # locked
    if wanted.purpose == STAFF and not await works_in_programme(person.id):
        raise Refusal(_("%(name)s больше не работает в программе: этот документ не нужен", name=person.name))
    signatory = signatory_of(person)
    if signatory is None:
        raise Refusal(_("%(name)s: сначала подтвердите, что 18 лет уже есть, потом печатайте бланк", name=person.name))
    return signatory


async def code_for_family(person_id: int, *, by: Person) -> str:
    """Return the code that opens the person's page for the family; made at the first time. Call inside a transaction that locked the person."""
    known = await FamilyCode.objects().where((FamilyCode.person == person_id) & FamilyCode.working()).first()
    if known is None:
        known = FamilyCode(person=person_id, code=new_code(FAMILY), made_at=now(), made_by=by.id)
        await known.save()
    return str(known.code)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What one sheet says."""

    title: str
    text: tuple[tuple[str, str], ...]
    """Paragraphs: the question that each answers, if it has one, and the answer."""
    child: str
    born: str
    has_bans: bool
    """The document is about showing the data to everybody: the signatory may forbid what others do with them."""
    is_own: bool
    """An adult signs for themselves: no guardian, no code for a family."""
    signs_too: bool
    term: str
    version: str
    qr: str
    code: str
    filed_by: str
    family_qr: str
    family_address: str
    family_code: str


async def batch_of(batch_id: int, by: Person) -> SheetBatch | None:
    """Return a batch that ``by`` has made, while they may still record consents for everybody in it; one's own document is one's own."""
    batch = await SheetBatch.objects().get((SheetBatch.id == batch_id) & (SheetBatch.made_by == by.id))
    if batch is None:
        return None
    rows = await ConsentSheet.select(ConsentSheet.person, ConsentSheet.purpose).where(ConsentSheet.batch == batch.id)
    wanted = {(row["person"], row["purpose"]) for row in rows} - {(by.id, STAFF)}
    people = sorted({(person, STAFF if purpose == STAFF else PARTICIPATION) for person, purpose in wanted})
    return batch if all([await where_may_record(by, *each) for each in people]) else None


async def drawn_sheets(batch: SheetBatch) -> bytes:
    """Return the batch as a PDF, one page of A4 for each sheet, in its language."""
    sheets = (
        await ConsentSheet.objects(ConsentSheet.person, ConsentSheet.text)
        .where(ConsentSheet.batch == batch.id)
        .order_by(ConsentSheet.id)
    )
    return await _typeset(sheets, batch.locale)


async def drawn_example(text: ConsentText, locale: str) -> bytes:
    """Return a document's sheet as a PDF before its words are in force: with an invented name, and codes that lead nowhere."""
    with override_locale(locale):
        person = Person(id=0, family_name=_("Образец"), given_name=_("Имя"))
    signatory = Signatory.OWN_PAPER if text.purpose == STAFF else Signatory.PAPER
    sheet = ConsentSheet(
        batch=0, person=0, text=0, purpose=text.purpose, signatory=signatory.value, term=await term_in(None), code="0" * SHEET,
    )  # fmt: skip
    sheet.person, sheet.text = person, text
    return await _typeset([sheet], locale)


async def fits_one_sheet(text: ConsentText, locale: str) -> bool:
    """Return whether its sheet is one page of A4."""
    import pypdfium2  # here: a worker in which nobody edits texts does without

    with pypdfium2.PdfDocument(await drawn_example(text, locale)) as document:
        return len(document) == 1


async def _typeset(sheets: Sequence[ConsentSheet], locale: str) -> bytes:
    codes = await family_codes([sheet.person.id for sheet in sheets])
    operator = await the_operator()
    with override_locale(locale):
        data = {
            "locale": locale,
            "site": urlsplit(config.settings.base_url).netloc,
            "operator": operator_in_words(operator),
            "words": _words(),
            "sheets": [asdict(_drawn(sheet, codes.get(sheet.person.id, ""))) for sheet in sheets],
        }
    return await typeset("privacy/sheet.typ", data, format="pdf")


async def family_codes(people: Iterable[int]) -> dict[int, str]:
    """Return the working codes by person. One query."""
    rows = await FamilyCode.select(FamilyCode.person, FamilyCode.code).where(
        FamilyCode.person.is_in(list(people) or [0]) & FamilyCode.working()
    )
    return {row["person"]: row["code"] for row in rows}


def _drawn(sheet: ConsentSheet, family_code: str) -> _Drawn:
    person: Person = sheet.person
    text: ConsentText = sheet.text
    family = f"{config.settings.base_url}/family/{family_code}"
    return _Drawn(
        title=localized(text, "title"),
        text=paragraphs_of(text),
        child=" ".join(each for each in (person.family_name, person.given_name, person.patronymic) if each),
        born=day(person.born_on),
        has_bans=may_ban(sheet.purpose),
        is_own=sheet.signatory in OWN,
        signs_too=signs_beside_guardian(person.born_on, today()),
        term=day(sheet.term),
        version=_("редакция %(n)s", n=text.version) if text.version else _("новая редакция"),
        qr=standalone(qr_code(config.settings.base_url + sheet_address(sheet.code))),
        code=in_groups(sheet.code),
        filed_by=_("для организатора") if sheet.purpose == STAFF else _("для школы"),
        family_qr=standalone(qr_code(family)),
        family_address=f"{urlsplit(config.settings.base_url).netloc}/family",
        family_code=in_groups(family_code),
    )


def paragraphs_of(text: ConsentText) -> tuple[tuple[str, str], ...]:
    """Return the paragraphs of a document: the question that each answers, if it has one, and the answer."""
    return tuple(_paragraph(each) for each in localized(text, "text").split("\n") if each.strip())


def _paragraph(text: str) -> tuple[str, str]:
    """Return the short first sentence, «Зачем.», apart from the rest."""
    lead, dot, rest = text.strip().partition(". ")
    return (lead + ".", rest) if dot and len(lead) <= _LONGEST_LEAD else ("", text.strip())


#: Characters of a first sentence that is a heading.
_LONGEST_LEAD = 30


def operator_in_words(operator: Operator) -> tuple[str, ...]:
    """Return the lines that say who answers for the data; what is needed and nobody has filled in is left to be written by hand."""
    blank = "_" * 30
    email = _("почта: %(email)s", email=operator.email or blank)
    return (
        localized(operator, "name") or blank,
        _("адрес: %(address)s", address=operator.address or blank),
        _("ИНН %(inn)s, ОГРН %(ogrn)s", inn=operator.inn or "_" * 12, ogrn=operator.ogrn or "_" * 15),
        _("%(email)s, телефон: %(phone)s", email=email, phone=operator.phone) if operator.phone else email,
        *([_("данные хранит: %(hosting)s", hosting=operator.hosting)] if operator.hosting else []),
    )


def _words() -> dict[str, str]:
    """Return the words around the text."""
    return {
        "programme": _("Программа «От идеи – к проекту, от проекта – к предпринимательству»"),
        "consent": _("Согласие на обработку персональных данных"),
        "operator": _("Оператор"),
        "site": _("Сайт"),
        "i": _("Я, законный представитель (фамилия, имя, отчество)"),
        "contact": _("адрес, телефон или почта для связи"),
        "of": _("представляю интересы ребёнка"),
        "born": _("дата рождения"),
        "i_myself": _("Я"),
        "bans": _("Что я запрещаю делать с этими данными тем, кто их увидит (отметьте, если нужно)"),
        "ban_copy": _("копировать в другие базы и на другие сайты"),
        "ban_ads": _("использовать для рекламы"),
        "ban_other": _("другое"),
        "until": _("Согласие действует до"),
        "included": _("включительно"),
        "guardian": _("Законный представитель: дата, подпись, фамилия"),
        "myself": _("Дата, подпись, фамилия"),
        "teenager": _("Я, участник 14 лет и старше, тоже согласен: дата, подпись, фамилия"),
        "keep": _("Отрежьте и оставьте дома"),
        "own_page": _(
            "Ваши согласия на сайте: %(address)s. Там видно, что вы подписали, и любое можно забрать назад.",
            address=f"{urlsplit(config.settings.base_url).netloc}/profile/consents",
        ),
        "family": _("Что видно о ребёнке на сайте и как забрать согласие назад: откройте код телефоном или наберите"),
        "family_code": _("код"),
        "secret": _("Код заменяет подпись: не показывайте его посторонним."),
    }
