"""Sheets are printed, signed, photographed, and filed with the right child."""

import io
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from incubator.core.clock import clock_at, now, today
from incubator.core.refusals import NotAllowed, Refusal
from incubator.files.store import current_store
from incubator.files.tables import StoredFile
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.ages import birthday
from incubator.people.consents import Signatory
from incubator.people.tables import Consent, Person
from incubator.privacy.scans import (
    WAITS,
    bring,
    file_scans,
    forget_waiting_scans,
    open_scan,
    read_pages,
    say_whose,
    tray_of,
)
from incubator.privacy.sheets import WantedSheet, batch_of, drawn_sheets, make_sheets
from incubator.privacy.tables import ConsentSheet, FamilyCode, SheetScan
from incubator.projects.ages import confirm_age
from incubator.projects.consents import PARTICIPATION, PHOTO, PUBLIC_NAME, PURPOSES, give_consent, valid_consents
from incubator.projects.tables import Project
from incubator.publication.withdrawals import remove_member, withdraw_consent
from tests.browser import signed_in
from tests.cast import Cast
from tests.privacy.photographs import photographed, scanned, without_code


async def printed(cast: Cast, *people: Person, purposes: tuple[str, ...] = PURPOSES) -> bytes:
    """Return the sheets of these children as a PDF."""
    wanted = [WantedSheet(person.id, cast.project.id, purpose) for person in people for purpose in purposes]
    return await drawn_sheets(await make_sheets(wanted, locale="ru", by=cast.teacher))


def text_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


async def test_a_sheet_says_who_signs_what_until_when(cast: Cast) -> None:
    pages = text_of(await printed(cast, cast.captain))
    assert len(pages) == 3  # one sheet of A4 for each document
    for page in pages:
        plain = " ".join(page.split())
        assert "Кузнецова Мария" in plain
        assert "Я, участник 14 лет и старше" in plain
        assert "Согласие действует до" in plain
    assert "использовать для рекламы" not in pages[0]
    assert "использовать для рекламы" in pages[1]
    english = await make_sheets([WantedSheet(cast.captain.id, cast.project.id, PHOTO)], locale="en", by=cast.teacher)
    assert "Photo on the showcase" in text_of(await drawn_sheets(english))[0]


@pytest.mark.parametrize("angle", [4.0, 90.0])
async def test_a_photograph_is_filed_with_the_right_child(cast: Cast, angle: float) -> None:
    pdf = await printed(cast, cast.captain, cast.teammate, purposes=(PARTICIPATION, PUBLIC_NAME))
    for photo in photographed(pdf, angle=angle):
        assert await bring(photo, name="IMG_1.jpg", by=cast.teacher) == 1
    tray = await tray_of(cast.teacher)
    found = [(each.sheet.person.id, each.sheet.purpose) for each in tray if each.sheet]
    assert found == [
        (person.id, purpose) for person in (cast.captain, cast.teammate) for purpose in (PARTICIPATION, PUBLIC_NAME)
    ]
    assert await valid_consents([cast.captain.id, cast.teammate.id]) == {}  # nothing counts before somebody has looked
    assert await file_scans([each.scan.id for each in tray], by=cast.teacher) == 4
    consents = await valid_consents([cast.captain.id, cast.teammate.id])
    assert set(consents) == set(found)
    for consent in consents.values():
        assert consent.signatory == Signatory.PAPER
        assert consent.scan
        assert consent.ends_on
    assert await tray_of(cast.teacher) == []


async def test_a_scanner_sends_a_class_in_one_file(cast: Cast) -> None:
    pdf = scanned(await printed(cast, cast.captain, cast.teammate))
    assert await bring(pdf, name="class.pdf", by=cast.teacher) == 6
    assert all(each.sheet for each in await tray_of(cast.teacher))


async def test_what_a_phone_writes_into_a_picture_is_not_kept(cast: Cast) -> None:
    photo = photographed(await printed(cast, cast.captain))[0]
    assert b"PhoneMaker" in photo
    await bring(photo, name="IMG_1.jpg", by=cast.teacher)
    file = await StoredFile.objects().first()
    assert file
    kept = await current_store().get(file.digest)
    with Image.open(io.BytesIO(kept)) as picture:
        assert not picture.getexif()
        assert max(picture.size) <= 2200


async def test_a_page_without_a_readable_code_is_named_by_hand(cast: Cast) -> None:
    pdf = await printed(cast, cast.captain)
    await bring(without_code(pdf), name="IMG_1.jpg", by=cast.teacher)
    (page,) = await tray_of(cast.teacher)
    assert page.sheet is None
    assert await file_scans([page.scan.id], by=cast.teacher) == 0
    await say_whose(page.scan.id, cast.captain.id, PARTICIPATION, by=cast.teacher)
    assert await file_scans([page.scan.id], by=cast.teacher) == 1
    assert (cast.captain.id, PARTICIPATION) in await valid_consents([cast.captain.id])


async def test_somebody_elses_sheet_is_not_recognised(cast: Cast) -> None:
    photo = photographed(await printed(cast, cast.captain))[0]
    await bring(photo, name="IMG_1.jpg", by=cast.mentor)
    (page,) = await tray_of(cast.mentor)
    assert page.sheet is None
    with pytest.raises(NotAllowed):
        await say_whose(page.scan.id, cast.captain.id, PARTICIPATION, by=cast.mentor)
    for person in (cast.captain, cast.coach, cast.mentor, cast.outsider):
        with pytest.raises(NotAllowed):
            await make_sheets([WantedSheet(cast.captain.id, cast.project.id, PHOTO)], locale="ru", by=person)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 broken", b"\xff\xd8\xff\xe0 broken", b"GIF89a", b"<svg/>", b"PK\x03\x04"]
)
async def test_what_is_no_picture_is_refused(database: Any, content: bytes) -> None:
    with pytest.raises(Refusal):
        await read_pages(content, name="x")


async def test_a_bomb_ends_only_its_own_process(database: Any) -> None:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    with pytest.raises(Refusal):
        await read_pages(out.getvalue(), name="x.png")


async def test_who_opened_a_sheet_is_on_record(cast: Cast) -> None:
    await bring(photographed(await printed(cast, cast.captain))[0], name="IMG_1.jpg", by=cast.teacher)
    await file_scans([each.scan.id for each in await tray_of(cast.teacher)], by=cast.teacher)
    consent = await Consent.objects().first()
    assert consent
    for person in (cast.captain, cast.teammate, cast.coach, cast.mentor, cast.outsider):
        with pytest.raises(NotAllowed):
            await open_scan(consent.id, by=person)
    await open_scan(consent.id, by=cast.organiser)
    event = await Event.objects().where(Event.happened == Happened.SCAN_OPENED.value).first()
    assert event
    assert (event.actor_id, event.subject_id) == (cast.organiser.id, cast.captain.id)


async def test_a_form_that_was_ticked_before_gets_its_picture(cast: Cast) -> None:
    teacher = await signed_in(cast.teacher)
    await teacher.open(f"/projects/{cast.project.id}/team")
    await teacher.send(f"/projects/{cast.project.id}/team/members/{cast.captain.id}/consents/{PARTICIPATION}")
    await bring(photographed(await printed(cast, cast.captain))[0], name="IMG_1.jpg", by=cast.teacher)
    (page,) = await tray_of(cast.teacher)
    assert page.is_recorded
    await file_scans([page.scan.id], by=cast.teacher)
    rows = await Consent.objects().where(Consent.person == cast.captain.id)
    assert [bool(row.scan) for row in rows] == [True]


async def test_the_pages_without_scripts(cast: Cast) -> None:
    teacher = await signed_in(cast.teacher)
    await teacher.open(f"/projects/{cast.project.id}/team")
    assert f"/consents?project={cast.project.id}" in teacher.text
    await teacher.open("/consents")
    assert "Мария Кузнецова" in teacher.text
    await teacher.send("/consents/sheets", purpose=[PARTICIPATION, PHOTO])
    assert "Бланки готовы: 4" in teacher.text
    batch = await ConsentSheet.objects().first()
    assert batch
    pdf = (await teacher.http.get(f"/consents/sheets/{batch.batch}/print")).content
    await teacher.open("/consents")
    files = [("files", (f"IMG_{n}.jpg", photo, "image/jpeg")) for n, photo in enumerate(photographed(pdf))]
    teacher.page = await teacher.http.post(
        "/consents/scans", data={"csrf": teacher.csrf()}, files=files, follow_redirects=True
    )
    assert "Прочитано 4 листа" in teacher.text
    scan = await SheetScan.objects().first()
    assert scan
    picture = await teacher.http.get(f"/consents/scans/{scan.id}/picture")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["cache-control"] == "no-store"
    await teacher.send("/consents/scans/filing")
    assert "Записано согласий: 4" in teacher.text
    assert len(await valid_consents([cast.captain.id, cast.teammate.id])) == 4
    code = await ConsentSheet.objects().first()
    assert code
    await teacher.open(f"/consents/sheet/{code.code}")
    assert "Сфотографируйте" in teacher.text
    office = await signed_in(cast.organiser)
    await office.open("/organiser/consents")
    assert office.text.count("законный представитель, на бумаге") == 4


async def test_nothing_and_too_much_are_refused_in_words(cast: Cast) -> None:
    teacher = await signed_in(cast.teacher)
    await teacher.open("/consents")
    await teacher.send("/consents/sheets", purpose=[])
    assert teacher.page.status_code == 422
    assert "Отметьте хотя бы один бланк" in teacher.text
    await teacher.open("/consents")
    teacher.page = await teacher.http.post(
        "/consents/scans", data={"csrf": teacher.csrf()}, files=[("files", ("x.txt", b"x", "text/plain"))]
    )
    assert teacher.page.status_code == 422
    assert "нужна фотография" in teacher.text


async def test_an_adult_signs_on_paper_for_themselves(cast: Cast) -> None:
    """Once somebody responsible knows that they are 18: nobody younger gets such a sheet, and no code for a family is on it."""
    twenty = birthday(today(), -20)
    await Person.update({Person.born_on: twenty}).where(Person.id == cast.captain.id)
    teacher = await signed_in(cast.teacher)
    with pytest.raises(Refusal, match="сначала подтвердите"):
        await printed(cast, cast.captain)
    await teacher.open("/consents")
    assert f'href="/projects/{cast.project.id}/team/members/{cast.captain.id}/age"' in teacher.text
    await confirm_age(cast.project, cast.captain.id, twenty, by=cast.teacher)
    await teacher.open("/consents")
    assert "подписывает сам, на сайте или на бумаге" in teacher.text
    pdf = await printed(cast, cast.captain, purposes=(PARTICIPATION, PHOTO))
    plain = " ".join(text_of(pdf)[0].split())
    assert "Я, Кузнецова Мария" in plain
    assert "/profile/consents. Там видно, что вы подписали" in plain
    for word in ("законный представитель (", "представляю интересы", "14 лет", "код "):
        assert word not in plain
    assert not await FamilyCode.exists().where(FamilyCode.person == cast.captain.id)

    for photo in photographed(pdf):
        await bring(photo, name="IMG_1.jpg", by=cast.teacher)
    first, second = (each.scan.id for each in await tray_of(cast.teacher))
    assert await file_scans([first], by=cast.teacher) == 1
    consent = (await valid_consents([cast.captain.id]))[cast.captain.id, PARTICIPATION]
    assert (consent.signatory, consent.awaits_age, consent.recorded_by.id) == ("own_paper", False, cast.teacher.id)
    assert consent.ends_on == consent.term

    # It turns out that they are 17: what they signed counts nowhere, and the other sheet is not filed any more.
    await confirm_age(cast.project, cast.captain.id, birthday(today(), -17), reason="Паспорт", by=cast.organiser)
    assert await valid_consents([cast.captain.id]) == {}
    with pytest.raises(Refusal, match="подписан от своего имени"):
        await file_scans([second], by=cast.teacher)
    office = await signed_in(cast.organiser)
    await office.open("/organiser/consents?state=void")
    assert "лично, на бумаге" in office.text


async def test_what_was_signed_before_a_withdrawal_does_not_undo_it(cast: Cast) -> None:
    pdf = photographed(await printed(cast, cast.captain, purposes=(PHOTO,)))[0]
    for _time in range(2):
        await bring(pdf, name="IMG_1.jpg", by=cast.teacher)
    first, second = (each.scan.id for each in await tray_of(cast.teacher))
    await file_scans([first], by=cast.teacher)
    await withdraw_consent(cast.project, cast.captain, PHOTO, by=cast.captain)
    with pytest.raises(Refusal, match="напечатайте новый"):
        await file_scans([second], by=cast.teacher)
    assert await valid_consents([cast.captain.id]) == {}


async def test_a_new_code_ends_the_former_one(cast: Cast) -> None:
    await printed(cast, cast.captain)
    before = await FamilyCode.objects().first()
    assert before
    await printed(cast, cast.captain)
    assert await FamilyCode.count() == 1  # the same on every sheet
    teacher = await signed_in(cast.teacher)
    await teacher.open("/consents")
    await teacher.send(f"/consents/families/{cast.captain.id}/code")
    assert "Прежний код больше не работает" in teacher.text
    assert (await teacher.http.get(f"/family/{before.code}")).status_code == 404
    assert await Project.count() >= 1


async def test_who_has_left_gets_no_sheets_any_more(cast: Cast) -> None:
    batch = await make_sheets([WantedSheet(cast.captain.id, cast.project.id, PHOTO)], locale="ru", by=cast.teacher)
    assert await batch_of(batch.id, cast.teacher)
    await remove_member(cast.project, cast.teacher.id, by=cast.organiser)
    assert await batch_of(batch.id, cast.teacher) is None


async def test_who_has_left_opens_no_picture_that_waits_and_a_month_ends_it(cast: Cast) -> None:
    (photo,) = photographed(await printed(cast, cast.captain, purposes=(PHOTO,)))
    await bring(photo, name="IMG_1.jpg", by=cast.teacher)
    (waiting,) = await tray_of(cast.teacher)
    picture = f"/consents/scans/{waiting.scan.id}/picture"
    teacher = await signed_in(cast.teacher)
    assert (await teacher.http.get(picture)).status_code == 200
    await remove_member(cast.project, cast.teacher.id, by=cast.organiser)
    assert (await teacher.http.get(picture)).status_code == 404
    assert await tray_of(cast.teacher) == []
    with clock_at(now() + WAITS - timedelta(hours=1)):
        assert await forget_waiting_scans() == 0
    with clock_at(now() + WAITS + timedelta(hours=1)):
        assert await forget_waiting_scans() == 1
    assert await SheetScan.count() == 0


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/consents/sheets", {"purpose": PHOTO, "only_missing": "1", "locale": "ru"}),
        ("/consents/guardians/choice", {}),
    ],
)
async def test_no_answer_tells_a_stranger_who_consented_or_is_a_minor(
    cast: Cast, path: str, fields: dict[str, str]
) -> None:
    await give_consent(cast.project, cast.captain, PHOTO, by=cast.teacher)
    stranger = await signed_in(cast.outsider)
    await stranger.open("/profile")
    said = set()
    for person in (cast.captain, cast.teammate, cast.teacher):
        child = f"{cast.project.id}-{person.id}"
        answer = await stranger.http.post(path, data={"csrf": stranger.csrf(), "child": child, **fields})
        said.add((answer.status_code, answer.headers.get("location", "")))
    assert len(said) == 1, said
