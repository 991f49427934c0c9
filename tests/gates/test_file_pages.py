"""Pictures and papers over HTTP: who may fetch them at this moment, what the team says of them, and how they are uploaded."""

import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from PIL import Image

from incubator.attachments.attach import caption_files
from incubator.attachments.people_on import Said, hide_attachment, people_on
from incubator.attachments.showing import public_now
from incubator.attachments.tables import Attachment, People, Pictured
from incubator.core.refusals import NotAllowed
from incubator.files.store import current_store, store_at
from incubator.files.tables import StoredFile
from incubator.gates.decide import decide
from incubator.gates.merge_projects import merge_projects
from incubator.gates.release import release
from incubator.gates.submit import submit
from incubator.people.permissions import StaffRole
from incubator.people.tables import Person
from incubator.programme.presets import Preset
from incubator.programme.tables import Season
from incubator.projects.access import role_of
from incubator.projects.answers import answer_of
from incubator.projects.consents import PHOTO, give_consent
from incubator.projects.document import submissions_of
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import KIND, results
from incubator.projects.permissions import ProjectRole
from incubator.projects.start import start
from incubator.publication.file_changes import note_files
from incubator.publication.publish import ask_publication, publish, unpublish
from incubator.publication.versions import offered_versions
from incubator.publication.withdrawals import remove_member, withdraw_consent
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.dismissal import dismiss
from incubator.reviews.reviewing.discussion import people_to_call, reviewers_and_office
from tests.attachments.uploads import KEY, attached, pdf, photo
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, make_ready, send
from tests.imaging.test_plain_papers import signed_pdf
from tests.projects.test_vouching import newcomer

NOBODY = Said(People.NOBODY)


async def with_picture(cast: Cast, said: Said = NOBODY, content: bytes | None = None) -> FileRef:
    """Return a picture of a document that is ready for the gate."""
    await make_ready(cast)
    for person in (cast.captain, cast.teammate):
        await give_consent(cast.project, person, PHOTO, by=cast.teacher)
    ref = await attached(cast, content)
    await caption_files(cast.project.id, {ref.id: "Улей на весах"}, by=cast.captain)
    await note_files(cast.project.id, {ref.id: said}, {}, by=cast.captain)
    return ref


async def made_public(cast: Cast) -> None:
    await submit(await fresh_project(cast.project), by=cast.captain)
    await ask_publication(await fresh_project(cast.project), by=cast.captain, is_checked=True)
    await publish(await fresh_project(cast.project), by=cast.organiser)


async def status(ref: FileRef, person: Person | None = None) -> int:
    browser = await signed_in(person) if person else Browser()
    return (await browser.open(ref.address(ref.width))).status_code


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        *(("captain", 200), ("teammate", 200), ("teacher", 200), ("coach", 200), ("organiser", 200)),
        *(("outsider", 404), ("mentor", 404), ("", 404)),
    ],
)
async def test_before_it_is_public_the_team_alone_fetches_it(cast: Cast, who: str, expected: int) -> None:
    ref = await attached(cast)
    assert await status(ref, getattr(cast, who) if who else None) == expected


async def test_what_is_fetched_is_the_picture_and_nothing_else(cast: Cast) -> None:
    ref = await attached(cast)
    browser = await signed_in(cast.captain)
    got = await browser.open(ref.address(480))
    assert got.headers["content-type"] == "image/webp"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "private, no-cache"
    with Image.open(io.BytesIO(got.content)) as picture:
        assert picture.size == (480, 320)
        assert not picture.getexif()
    again = await browser.open(ref.address(480), **{"if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    wrong = ref.address(480).replace(ref.code, "0" * 16)
    assert (await browser.open(wrong)).status_code == 404
    assert (await browser.open(ref.address(481))).status_code == 404


async def test_a_paper_is_saved_and_can_do_nothing_in_a_browser(cast: Cast) -> None:
    content = pdf(2)
    ref = await attached(cast, content, name='Отчёт "1"\r\n.pdf')
    got = await (await signed_in(cast.captain)).open(ref.download)
    assert got.content == content
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"].startswith("attachment;")
    assert "\n" not in got.headers["content-disposition"]
    assert "sandbox" in got.headers["content-security-policy"]
    assert (await (await signed_in(cast.captain)).open(ref.address(ref.width, page=2))).status_code == 200


async def test_bytes_that_are_gone_or_out_of_reach_are_told_before_an_answer_begins(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refs = [await attached(cast), await attached(cast, pdf(1))]
    captain = await signed_in(cast.captain)
    for row in await StoredFile.objects():
        await current_store().delete(row.digest)
    for ref in refs:
        assert (await captain.open(ref.address(ref.width))).status_code == 404
    assert (await captain.open(refs[1].download)).status_code == 404
    assert (await captain.open(f"/projects/{cast.project.id}/paper/document.pdf")).status_code == 200
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    away = store_at("s3://away/for-now", tmp_path)
    monkeypatch.setattr("incubator.gates.file_pages.current_store", lambda: away)
    for address in (refs[0].address(480), refs[1].download):
        got = await captain.open(address)
        assert (got.status_code, "не отвечает" in got.text) == (503, True)


async def test_a_mentor_fetches_what_the_version_in_front_of_them_shows(cast: Cast) -> None:
    ref = await with_picture(cast)
    submission = await submit(await fresh_project(cast.project), by=cast.captain)
    later = await attached(cast, photo(colour="red"))
    await assign(submission, cast.mentor, by=cast.organiser)
    assert await status(ref, cast.mentor) == 200
    assert await status(ref, cast.idle_mentor) == 404
    assert await status(later, cast.mentor) == 404


async def test_where_mentors_must_not_know_the_team_files_come_after_the_review(cast: Cast) -> None:
    await Season.update({Season.visibility: Preset.DOUBLE_BLIND.value}).where(Season.id == cast.season.id)
    ref = await with_picture(cast)
    submission = await submit(await fresh_project(cast.project), by=cast.captain)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{assignment.id}")
    assert "откроется после вашей рецензии" in mentor.text
    assert "Улей на весах" not in mentor.text
    assert "/files/" not in mentor.text
    assert await status(ref, cast.mentor) == 404
    await send(assignment, submission, cast.mentor)
    await mentor.open(f"/reviews/{assignment.id}")
    assert ref.address(ref.width, extension="jpg") in mentor.text
    assert await status(ref, cast.mentor) == 200


async def test_everybody_fetches_it_once_an_organiser_has_approved_it(cast: Cast) -> None:
    ref = await with_picture(cast)
    assert await status(ref) == 404
    await made_public(cast)
    got = await Browser().open(ref.address(480))
    assert (got.status_code, got.headers["cache-control"]) == (200, "public, no-cache")
    await unpublish(await fresh_project(cast.project), by=cast.captain)
    assert await status(ref) == 404


@pytest.mark.parametrize("said", [Said(People.UNSAID), Said(People.OTHERS)])
async def test_nobody_sees_faces_of_whom_nobody_knows(cast: Cast, said: Said) -> None:
    await make_ready(cast)
    ref = await attached(cast)
    await caption_files(cast.project.id, {ref.id: "Улей"}, by=cast.captain)
    if said.people:
        await note_files(cast.project.id, {ref.id: said}, {}, by=cast.captain)
    await made_public(cast)
    assert await status(ref) == 404
    page = await Browser().open(f"/showcase/{(await fresh_project(cast.project)).slug}")
    assert page.status_code == 200
    assert "/files/" not in page.text


async def test_an_ended_consent_hides_the_picture_at_the_next_request(cast: Cast) -> None:
    ref = await with_picture(cast, Said(People.TEAM, frozenset({cast.captain.id, cast.teammate.id})))
    await made_public(cast)
    slug = (await fresh_project(cast.project)).slug
    visitor = Browser()
    assert "noimageindex" in (await visitor.open(ref.address(480))).headers["x-robots-tag"]
    assert "/files/" in (await visitor.open(f"/showcase/{slug}")).text
    await withdraw_consent(cast.project, cast.teammate, PHOTO, by=cast.teacher)
    assert await status(ref) == 404
    assert "/files/" not in (await visitor.open(f"/showcase/{slug}")).text
    assert await status(ref, cast.captain) == 200, "the team still sees its own picture"
    await give_consent(cast.project, cast.teammate, PHOTO, by=cast.teacher)
    assert await status(ref) == 200


async def test_whoever_leaves_the_team_leaves_its_public_pictures(cast: Cast) -> None:
    ref = await with_picture(cast, Said(People.TEAM, frozenset({cast.teammate.id})))
    await made_public(cast)
    await remove_member(cast.project, cast.teammate.id, by=cast.captain)
    assert await status(ref) == 404


async def test_a_picture_of_somebody_whose_account_is_gone_is_not_public(cast: Cast) -> None:
    ref = await with_picture(cast, Said(People.TEAM, frozenset({cast.teammate.id})))
    await made_public(cast)
    await Attachment.raw("UPDATE pictured SET person = NULL")
    assert await public_now([ref.id], cast.project.id) == set()


async def test_the_team_hides_and_shows_again(cast: Cast) -> None:
    ref = await with_picture(cast)
    await made_public(cast)
    captain = await signed_in(cast.captain)
    await captain.open(f"/projects/{cast.project.id}/files")
    await captain.send(f"/projects/{cast.project.id}/files/{ref.id}/hiding")
    assert await status(ref) == 404
    await captain.send(f"/projects/{cast.project.id}/files/{ref.id}/hiding")
    assert await status(ref) == 200
    await hide_attachment(cast.project.id, ref.id, is_hidden=True, by=cast.organiser)
    assert await status(ref) == 404
    with pytest.raises(NotAllowed):
        await hide_attachment(cast.project.id, ref.id, is_hidden=False, by=cast.captain)
    await hide_attachment(cast.project.id, ref.id, is_hidden=False, by=cast.organiser)
    assert await status(ref) == 200


async def test_naming_fewer_people_waits_for_an_organiser(cast: Cast) -> None:
    ref = await with_picture(cast, Said(People.TEAM, frozenset({cast.captain.id, cast.teammate.id})))
    await made_public(cast)
    await withdraw_consent(cast.project, cast.teammate, PHOTO, by=cast.teacher)
    await note_files(cast.project.id, {ref.id: Said(People.TEAM, frozenset({cast.captain.id}))}, {}, by=cast.captain)
    assert await status(ref) == 404, "or a child could take the name of another off a picture"
    assert (await offered_versions(cast.project.id))[1].is_waiting
    await publish(await fresh_project(cast.project), by=cast.organiser)
    assert await status(ref) == 200


@pytest.mark.parametrize("said", [NOBODY, Said(People.TEAM, frozenset({1}))])
async def test_what_was_unsaid_when_it_was_approved_waits_too(cast: Cast, said: Said) -> None:
    ref = await with_picture(cast, Said(People.OTHERS))
    await made_public(cast)
    assert await status(ref) == 404
    await note_files(cast.project.id, {ref.id: said}, {}, by=cast.captain)
    assert await status(ref) == 404, "an organiser has not seen what the team says now"
    await publish(await fresh_project(cast.project), by=cast.organiser)
    assert await status(ref) == 200


async def test_naming_more_people_counts_at_once(cast: Cast) -> None:
    ref = await with_picture(cast, Said(People.TEAM, frozenset({cast.captain.id})))
    await made_public(cast)
    await withdraw_consent(cast.project, cast.teammate, PHOTO, by=cast.teacher)
    everybody = Said(People.TEAM, frozenset({cast.captain.id, cast.teammate.id}))
    await note_files(cast.project.id, {ref.id: everybody}, {}, by=cast.teacher)
    assert await status(ref) == 404
    assert not (await offered_versions(cast.project.id))[1].is_waiting


@pytest.mark.parametrize("who", ["", "mentor", "captain"])
async def test_the_name_of_an_upload_is_for_its_team(cast: Cast, who: str) -> None:
    await make_ready(cast)
    content = signed_pdf()
    ref = await attached(cast, content, name="Кузнецова Мария 8Б.pdf")
    await note_files(cast.project.id, {ref.id: NOBODY}, {ref.id: "Защита"}, by=cast.captain)
    await made_public(cast)
    await assign((await submissions_of(cast.project.id))[-1], cast.mentor, by=cast.organiser)
    reader = await signed_in(getattr(cast, who)) if who else Browser()
    assert (await reader.open(f"{ref.download}-plain")).status_code == 404
    got = await reader.open(ref.download)
    said = unquote(got.headers["content-disposition"])
    assert (got.content == content) is (who == "captain")
    assert (b"Author" in got.content) is (who == "captain")
    assert ("Кузнецова" in said) is (who == "captain")
    assert (f"file-{ref.id}.pdf" in said) is (who != "captain")


async def test_what_is_for_judges_is_never_public(cast: Cast) -> None:
    await make_ready(cast)
    await attached(cast, pdf(1), name="deck.pdf")
    paper = await attached(cast, pdf(2), name="letter.pdf")
    refs = [each.file for each in _shown(await _value(cast))]
    await note_files(cast.project.id, {ref.id: NOBODY for ref in refs}, {}, by=cast.captain)
    await made_public(cast)
    assert (await Browser().open(refs[0].download)).headers["cache-control"] == "public, no-cache"
    own = await (await signed_in(cast.captain)).open(refs[0].download)
    assert own.headers["cache-control"] == "private, no-cache", "it says the names that the upload had"
    assert (await Browser().open(paper.download)).status_code == 404


async def _value(cast: Cast) -> str:
    answer = await answer_of(cast.project.id, KEY)
    assert answer
    return answer.text


def _shown(value: str) -> list[Any]:
    found = results(KIND.sheet(value))
    return [*found.all_pictures, *([found.deck] if found.deck else []), *found.papers]


# --- the pages -----------------------------------------------------------------------------------------------------


async def upload(browser: Browser, project_id: int, *files: tuple[str, bytes], **headers: str) -> httpx.Response:
    await browser.open(f"/projects/{project_id}/files/new/{KEY}")
    sent = [("files", (name, content, "application/octet-stream")) for name, content in files]
    return await browser.http.post(
        f"/projects/{project_id}/files/new/{KEY}", data={"csrf": browser.csrf()}, files=sent,
        headers={"sec-fetch-site": "same-origin", **headers}, follow_redirects=True,
    )  # fmt: skip


async def test_several_files_come_with_one_form(cast: Cast) -> None:
    captain = await signed_in(cast.captain)
    page = await upload(captain, cast.project.id, ("a.jpg", photo()), ("b.txt", b"x"), ("Защита.pdf", pdf()))
    assert page.url.path == f"/projects/{cast.project.id}/files"
    assert "Загружено 2 файла" in page.text
    assert "«b.txt»: принимаем картинки" in page.text
    assert await Attachment.count() == 2


async def test_a_form_of_which_nothing_is_accepted_comes_back_with_the_reason(cast: Cast) -> None:
    captain = await signed_in(cast.captain)
    page = await upload(captain, cast.project.id, ("b.svg", b"<svg/>"))
    assert page.status_code == 422
    assert "«b.svg»: принимаем картинки" in page.text
    empty = await upload(captain, cast.project.id)
    assert "Выберите файлы" in empty.text


async def test_scripts_get_an_answer_for_each_file(cast: Cast) -> None:
    captain = await signed_in(cast.captain)
    asked = {"accept": "application/json", "x-requested-with": "fetch"}
    assert (await upload(captain, cast.project.id, ("a.jpg", photo()), **asked)).status_code == 201
    refused = await upload(captain, cast.project.id, ("a.jpg", b"GIF89a"), **asked)
    assert refused.status_code == 422
    assert "принимаем" in refused.json()["error"]


async def test_the_team_says_who_is_on_all_pictures_at_once(cast: Cast) -> None:
    first, second = await attached(cast), await attached(cast, photo(colour="red"))
    captain = await signed_in(cast.captain)
    await captain.open(f"/projects/{cast.project.id}/files")
    changes: dict[str, Any] = {
        f"people-{first.id}": "team", f"member-{first.id}": [str(cast.captain.id), str(cast.teammate.id)],
        f"people-{second.id}": "nobody", f"caption-{second.id}": "Схема прибора",
    }  # fmt: skip
    page = await captain.send(f"/projects/{cast.project.id}/files", **changes)
    assert "Записано" in page.text
    assert await people_on([first.id, second.id]) == {first.id: {cast.captain.id, cast.teammate.id}, second.id: set()}
    assert [each.caption for each in _shown(await _value(cast))] == ["", "Схема прибора"]


async def test_a_page_takes_nobody_off_whom_somebody_else_put_there_meanwhile(cast: Cast) -> None:
    ref = await attached(cast)
    await note_files(cast.project.id, {ref.id: Said(People.TEAM, frozenset({cast.captain.id}))}, {}, by=cast.captain)
    captain = await signed_in(cast.captain)
    await captain.open(f"/projects/{cast.project.id}/files")
    everybody = frozenset({cast.captain.id, cast.teammate.id})
    await note_files(cast.project.id, {ref.id: Said(People.TEAM, everybody)}, {}, by=cast.teacher)
    caption: dict[str, Any] = {f"caption-{ref.id}": "Улей"}
    await captain.send(f"/projects/{cast.project.id}/files", **caption)
    assert (await people_on([ref.id]))[ref.id] == everybody
    await captain.open(f"/projects/{cast.project.id}/files")
    mate: dict[str, Any] = {f"member-{ref.id}": [str(cast.teammate.id)]}
    await captain.send(f"/projects/{cast.project.id}/files", **mate)
    assert (await people_on([ref.id]))[ref.id] == {cast.teammate.id}


@pytest.mark.parametrize("is_gone", [False, True])
async def test_whoever_left_stays_on_their_pictures_until_somebody_says_otherwise(cast: Cast, is_gone: bool) -> None:
    everybody = frozenset({cast.captain.id, cast.teammate.id})
    ref = await attached(cast)
    await note_files(cast.project.id, {ref.id: Said(People.TEAM, everybody)}, {}, by=cast.captain)
    await remove_member(cast.project, cast.teammate.id, by=cast.captain)
    if is_gone:
        await Pictured.update({Pictured.person: None}).where(Pictured.person == cast.teammate.id)
    on_it = {cast.captain.id, None if is_gone else cast.teammate.id}
    captain, path = await signed_in(cast.captain), f"/projects/{cast.project.id}/files"
    await captain.open(path)
    assert ("уже не в команде" in captain.text) is not is_gone
    caption: dict[str, Any] = {f"caption-{ref.id}": "Улей"}
    await captain.send(path, **caption)
    assert (await people_on([ref.id]))[ref.id] == on_it
    await captain.open(path)
    others: dict[str, Any] = {f"member-{ref.id}": [str(cast.captain.id), str(cast.teacher.id)]}
    await captain.send(path, **others)
    nobody_says = {None} if is_gone else set()
    assert (await people_on([ref.id]))[ref.id] == {cast.captain.id, cast.teacher.id} | nobody_says


async def test_a_caption_that_is_too_long_is_kept_and_named_at_the_gate(cast: Cast) -> None:
    ref = await attached(cast)
    captain = await signed_in(cast.captain)
    await captain.open(f"/projects/{cast.project.id}/files")
    changes: dict[str, Any] = {f"caption-{ref.id}": "Улей " * 60}
    await captain.send(f"/projects/{cast.project.id}/files", **changes)
    assert [each.caption for each in _shown(await _value(cast))] == [("Улей " * 60).strip()]
    assert "лишних знаков" in (await captain.open(f"/projects/{cast.project.id}")).text


async def test_saying_that_the_team_is_on_it_takes_saying_who(cast: Cast) -> None:
    ref = await attached(cast)
    captain = await signed_in(cast.captain)
    await captain.open(f"/projects/{cast.project.id}/files")
    typed = {**_typed(ref, "team"), f"caption-{ref.id}": "Улей, который мы взвесили"}
    page = await captain.send(f"/projects/{cast.project.id}/files", **typed)
    assert "Отметьте, кто из команды" in page.text
    assert "Улей, который мы взвесили" in page.text, "what was typed beside it is not lost"
    row = await Attachment.objects().first()
    assert row
    assert row.people == ""


def _typed(ref: FileRef, people: str) -> dict[str, Any]:
    return {f"people-{ref.id}": people}


async def test_the_gate_says_of_how_many_nobody_said_who_is_on_them(cast: Cast) -> None:
    captain = await signed_in(cast.captain)
    ref = await attached(cast)
    assert "1 файл: не сказано, кто на снимке" in (await captain.open(f"/projects/{cast.project.id}")).text
    await note_files(cast.project.id, {ref.id: NOBODY}, {}, by=cast.captain)
    assert "не сказано, кто на н" not in (await captain.open(f"/projects/{cast.project.id}")).text


async def test_nobody_is_ticked_who_is_not_in_the_team(cast: Cast) -> None:
    ref = await attached(cast)
    said = Said(People.TEAM, frozenset({cast.captain.id, cast.outsider.id}))
    await note_files(cast.project.id, {ref.id: said}, {}, by=cast.captain)
    assert (await people_on([ref.id]))[ref.id] == {cast.captain.id}


async def test_an_adult_for_whom_nobody_vouched_sees_no_faces(cast: Cast) -> None:
    ref = await attached(cast)
    stranger = await newcomer(cast)
    assert await role_of(stranger, cast.project.id) == ProjectRole.UNVOUCHED
    assert await status(ref, stranger) == 404
    page = await (await signed_in(stranger)).open(f"/projects/{cast.project.id}/files")
    assert "когда за вас поручатся" in page.text
    assert "/files/" not in page.text.replace(f"/projects/{cast.project.id}/files", "")


async def test_what_was_taken_out_comes_back_by_a_button(cast: Cast) -> None:
    ref = await attached(cast)
    captain = await signed_in(cast.captain)
    await captain.open(f"/projects/{cast.project.id}/answers/{KEY}")
    await captain.send(f"/projects/{cast.project.id}/answers/{KEY}", rows="remove:0")
    assert not await _kept(cast)
    page = await captain.open(f"/projects/{cast.project.id}/files")
    assert "Убраны из документа: 1" in page.text
    await captain.send(f"/projects/{cast.project.id}/files/{ref.id}/return")
    assert await _kept(cast) == [ref]


async def _kept(cast: Cast) -> list[FileRef]:
    answer = await answer_of(cast.project.id, KEY)
    return [each.file for each in _shown(answer.text)] if answer and answer.text else []


async def test_the_form_of_a_section_cannot_name_what_was_never_uploaded(cast: Cast) -> None:
    await attached(cast)
    captain = await signed_in(cast.captain)
    await captain.open(f"/projects/{cast.project.id}/answers/{KEY}")
    forged = "999 0123456789abcdef picture 100 100 0"
    await captain.send(f"/projects/{cast.project.id}/answers/{KEY}", file=[forged, "javascript:alert(1)"])
    page = await captain.open(f"/projects/{cast.project.id}/answers/{KEY}")
    assert "javascript" not in page.text
    address = re.search(r"/files/999/[^\"]+", page.text)
    assert address
    assert (await captain.open(address[0])).status_code == 404


async def test_a_mentor_whose_role_was_taken_fetches_nothing_and_is_called_no_more(cast: Cast) -> None:
    """An assignment whose review was sent stays open for ever."""
    ref = await with_picture(cast, Said(People.TEAM, frozenset({cast.captain.id})))
    version = await submit(await fresh_project(cast.project), by=cast.captain)
    for mentor in (cast.mentor, cast.second_mentor):
        await send(await assign(version, mentor, by=cast.organiser), version, mentor)
    assert await status(ref, cast.mentor) == 200
    await dismiss(cast.mentor, StaffRole.MENTOR, by=cast.organiser)
    assert await status(ref, cast.mentor) == 404
    assert cast.mentor.id not in {person.id for person in await people_to_call(version, cast.second_mentor)}
    assert cast.mentor.id not in {person.id for person in await reviewers_and_office(version.id)}


async def test_a_mentor_of_a_merged_duplicate_still_sees_its_pictures(cast: Cast) -> None:
    ref = await with_picture(cast)
    version = await submit(await fresh_project(cast.project), by=cast.captain)
    await send(await assign(version, cast.mentor, by=cast.organiser), version, cast.mentor)
    decision = await decide(
        version, "return", reason="Почти", remarks=[("problem", "Цифры?")], override="Некому", by=cast.organiser
    )
    await release(decision, by=cast.organiser)
    into = await start("Другой", season=cast.season, by=cast.outsider, pitch="Попробуем")
    await merge_projects(await fresh_project(cast.project), into, reason="Один", by=cast.organiser)
    assert await status(ref, cast.mentor) == 200
    assert await status(ref, cast.second_mentor) == 404
