"""Signed sheets come back as photographs or scans: read, looked at by whoever brought them, and filed with the right person."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from incubator.core.child_process import ChildFailed, Queue, QueueFull, run_child
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.references import id_of, some_id_of
from incubator.files.keep import uploaded
from incubator.files.tables import StoredFile
from incubator.history.record import Happened, record
from incubator.people.age_changes import know_as_minor
from incubator.people.consents import Signatory, signatory_of
from incubator.people.locking import lock_person
from incubator.people.tables import Consent, Person
from incubator.privacy.paper_codes import sheet_code_in
from incubator.privacy.recorders import hold_entitlement, require_may_record, where_may_record
from incubator.privacy.sheet_page import SheetPage
from incubator.privacy.tables import ConsentSheet, SheetBatch, SheetScan
from incubator.projects.consents import Document, store_consent

#: Seconds for one file; a scan of a class takes ten.
PATIENCE = 90.0
#: One file at a time: reading a page needs a hundred megabytes.
_reading = Queue(1, most_waiting=20)


class Unreadable(Refusal):
    """The file is neither a picture nor a PDF that can be read."""

    def __init__(self, name: str) -> None:
        super().__init__(_("«%(name)s» не получилось открыть: нужна фотография (JPEG, PNG, WebP) или PDF", name=name))


async def read_pages(content: bytes, *, name: str) -> list[SheetPage]:
    """Return the pages of an uploaded file, read in a separate process. Raises Unreadable."""
    try:
        async with _reading.turn():
            said = await run_child("incubator.privacy.sheet_reader", content=content, patience=PATIENCE)
    except QueueFull as full:
        raise Refusal(_("Сейчас загружают сразу много файлов: попробуйте через минуту")) from full
    except ChildFailed as failed:
        raise Unreadable(name) from failed
    return [msgspec.json.decode(line, type=SheetPage) for line in said.splitlines()]


async def bring(content: bytes, *, name: str, by: Person) -> int:
    """Keep the pages of a file until somebody has looked at them; return how many. Raises Unreadable."""
    pages = await read_pages(content, name=name)
    for page in pages:
        async with uploaded(base64.b64decode(page.picture)) as upload, writing():
            file = await upload.keep(name=f"{name}.jpg", media_type="image/jpeg", by=by.id)
            sheet = await _sheet_named_on(page, by)
            await SheetScan(file=file.id, sheet=sheet, uploaded_by=by.id, uploaded_at=now()).save()
    return len(pages)


async def _sheet_named_on(page: SheetPage, by: Person) -> int | None:
    """Return the id of the sheet whose code is on the page, if ``by`` may file it."""
    for code in filter(None, map(sheet_code_in, page.codes)):
        sheet = await ConsentSheet.objects().get(ConsentSheet.code == code)
        if sheet and await where_may_record(by, sheet.person, sheet.purpose):
            return int(sheet.id)
    return None


@dataclass(frozen=True, slots=True)
class Brought:
    """A page in the tray."""

    scan: SheetScan
    sheet: ConsentSheet | None
    """With person and text."""
    is_recorded: bool
    """A consent for it stands already: filing only adds the picture."""


async def tray_of(by: Person) -> list[Brought]:
    """Return the pages that ``by`` has brought, not filed yet and may file, oldest first."""
    scans = await SheetScan.objects().where(SheetScan.uploaded_by == by.id).order_by(SheetScan.id)
    if not scans:  # as nearly always; then it is one query
        return []
    sheets = await _fileable([scan.sheet for scan in scans if scan.sheet is not None], by)
    recorded = await _recorded([sheet.person.id for sheet in sheets.values()])

    def is_recorded(sheet: ConsentSheet | None) -> bool:
        standing = recorded.get((sheet.person.id, sheet.purpose)) if sheet else None
        return sheet is not None and standing is not None and not _renews(sheet, standing)

    return [
        Brought(scan, sheet, is_recorded(sheet))
        for scan in scans
        if (sheet := sheets.get(scan.sheet)) or scan.sheet is None
    ]


def _renews(sheet: ConsentSheet, standing: Consent | None) -> bool:
    """Return whether a sheet is a consent of its own beside the one that stands: its text is another one, it holds longer, or it is
    another signed sheet than the one whose picture is kept. Pure."""
    if standing is None or id_of(sheet.consent) == standing.id:
        return False
    is_longer = sheet.term is not None and (standing.term is None or sheet.term > standing.term)
    return is_longer or some_id_of(sheet.text) != some_id_of(standing.text) or id_of(standing.scan) is not None


async def _fileable(ids: list[int], by: Person) -> dict[int, ConsentSheet]:
    """Return those of the sheets, with their people, whose consents ``by`` may record, by id."""
    sheets = await ConsentSheet.objects(ConsentSheet.person).where(ConsentSheet.id.is_in(ids or [0]))
    named = sorted({(sheet.person.id, sheet.purpose) for sheet in sheets})
    may_record = {each for each in named if await where_may_record(by, *each)}
    return {sheet.id: sheet for sheet in sheets if (sheet.person.id, sheet.purpose) in may_record}


async def _recorded(people: list[int]) -> dict[tuple[int, str], Consent]:
    """Return the newest consent that stands for these people, by person and purpose; not one for the time after 18."""
    standing = (
        await Consent.objects()
        .where(Consent.person.is_in(people or [0]) & Consent.standing() & Consent.starts_on.is_null())
        .order_by(Consent.id)
    )
    return {(some_id_of(row.person), row.purpose): row for row in standing}


async def scan_of(scan_id: int, by: Person) -> SheetScan | None:
    """Return a page of one's own tray; None also if it is of somebody whose consents ``by`` may not record any more."""
    scan = await SheetScan.objects(SheetScan.sheet).get((SheetScan.id == scan_id) & (SheetScan.uploaded_by == by.id))
    if scan is None or scan.sheet.id is None:
        return scan
    return scan if await where_may_record(by, scan.sheet.person, scan.sheet.purpose) else None


async def say_whose(scan_id: int, person_id: int, purpose: str, *, by: Person) -> None:
    """Say by hand whose sheet a page without a readable code is. Raises NotAllowed."""
    async with writing():
        await hold_entitlement(by, person_id, purpose)
        sheet = (
            await ConsentSheet.objects()
            .where((ConsentSheet.person == person_id) & (ConsentSheet.purpose == purpose))
            .order_by(ConsentSheet.id, ascending=False)
            .first()
        )
        if sheet is None:
            raise Refusal(_("Такой лист для этого участника ещё не печатали: без кода записать можно только его"))
        await SheetScan.update({SheetScan.sheet: sheet.id}).where(
            (SheetScan.id == scan_id) & (SheetScan.uploaded_by == by.id)
        )


async def file_scans(scan_ids: Sequence[int], *, by: Person) -> int:
    """File pages as consents, each in a transaction of its own; return how many."""
    return sum([await _file(scan_id, by) for scan_id in sorted(set(scan_ids))])


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of many pages."""

    count: int
    refused: tuple[str, ...]
    """Why some stay in the tray, with the name of the child."""


async def file_what_can_be(scan_ids: Sequence[int], *, by: Person) -> Filed:
    """File pages as consents; one that is refused keeps none of the others waiting."""
    count, refused = 0, []
    for brought in await tray_of(by):
        if brought.scan.id not in scan_ids or brought.sheet is None:
            continue
        try:
            count += await file_scans([brought.scan.id], by=by)
        except Refusal as refusal:
            name = brought.sheet.person.name
            refused.append(refusal.message if name in refusal.message else f"{name}: {refusal.message}")
    return Filed(count, tuple(dict.fromkeys(refused)))


async def _file(scan_id: int, by: Person) -> bool:
    async with writing():
        scan = await SheetScan.objects().get((SheetScan.id == scan_id) & (SheetScan.uploaded_by == by.id))
        sheet = await ConsentSheet.objects().get(ConsentSheet.id == (id_of(scan.sheet) or 0)) if scan else None
        if scan is None or sheet is None:
            return False
        project = (await hold_entitlement(by, sheet.person, sheet.purpose)).project
        person = await lock_person(sheet.person)
        signatory = Signatory(sheet.signatory)
        _require_signatory(person, signatory)
        await _require_not_taken_back(sheet, person)
        if signatory is Signatory.PAPER:
            await know_as_minor(person, by=by)
        standing = (await _recorded([person.id])).get((person.id, sheet.purpose))
        consent = await store_consent(
            person, sheet.purpose, by=by, signatory=signatory, project=project, renews=_renews(sheet, standing),
            document=Document(some_id_of(sheet.text), sheet.term, some_id_of(scan.file)),
        )  # fmt: skip
        if consent is None:
            consent = await _add_picture(sheet, scan)
        await ConsentSheet.update({ConsentSheet.consent: consent.id}).where(ConsentSheet.id == sheet.id)
        await SheetScan.delete().where(SheetScan.id == scan.id)
        await record(Happened.SHEET_FILED, by=by, project=project, subject=person.id, purpose=sheet.purpose)
        return True


def _require_signatory(person: Person, signatory: Signatory) -> None:
    """Raise Refusal if by now somebody else has to sign: the person has come of age, or turned out to be younger."""
    if signatory is signatory_of(person):
        return
    if signatory is Signatory.PAPER:
        raise Refusal(_("%(name)s: 18 лет уже есть, теперь за себя решает только сам участник", name=person.name))
    raise Refusal(
        _("%(name)s: лист подписан от своего имени, а 18 лет ещё нет или возраст не подтверждён", name=person.name)
    )


async def _require_not_taken_back(sheet: ConsentSheet, person: Person) -> None:
    """Raise Refusal if the consent was taken back after the sheet was printed: the signature is older than that word."""
    batch = await SheetBatch.objects().get(SheetBatch.id == some_id_of(sheet.batch))
    later = (Consent.person == person.id) & (Consent.purpose == sheet.purpose)
    if batch and await Consent.exists().where(later & (Consent.withdrawn_at > batch.made_at)):
        raise Refusal(
            _("%(name)s: после печати этого бланка согласие забрали назад. Если решили иначе, напечатайте новый.",
              name=person.name)
        )  # fmt: skip


async def _add_picture(sheet: ConsentSheet, scan: SheetScan) -> Consent:
    """Add the picture to the consent that stands already."""
    consent = (await _recorded([some_id_of(sheet.person)]))[some_id_of(sheet.person), sheet.purpose]
    consent.scan = scan.file
    if consent.awaits_teenager:  # on the sheet the teenager has signed as well
        consent.awaits_teenager, consent.teenager_agreed_at = False, now()
    await consent.save([Consent.scan, Consent.awaits_teenager, Consent.teenager_agreed_at])
    return consent


async def drop_scan(scan_id: int, *, by: Person) -> None:
    """Throw a page of one's own tray away; its picture is removed with the orphans."""
    async with writing():
        await SheetScan.delete().where((SheetScan.id == scan_id) & (SheetScan.uploaded_by == by.id))


#: How long a page waits to be filed.
WAITS = timedelta(days=30)


async def forget_waiting_scans() -> int:
    """Throw away the pages that nobody has filed in that time; return how many. A periodic task."""
    async with writing():
        return len(await SheetScan.delete().where(SheetScan.uploaded_at < now() - WAITS).returning(SheetScan.id))


async def open_scan(consent_id: int, *, by: Person) -> StoredFile:
    """Return the picture of a filed sheet, and note who opened it. Raises NotAllowed."""
    async with writing():
        consent = await Consent.objects(Consent.scan).get(Consent.id == consent_id)
        if consent is None or consent.scan is None or consent.scan.id is None:
            raise Refusal(_("К этому согласию снимка нет"))
        project = (await require_may_record(by, consent.person, consent.purpose)).project
        await record(Happened.SCAN_OPENED, by=by, project=project, subject=consent.person, consent=consent_id)
        file: StoredFile = consent.scan
        return file
