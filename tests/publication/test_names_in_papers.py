"""A name in an attached paper cannot be masked: the paper is not public while somebody is named who does not agree."""

import pytest
import typst

from incubator.attachments.paper_words import words_in
from incubator.attachments.people_on import Said
from incubator.attachments.tables import Attachment, PaperWords, People
from incubator.gates.submit import submit
from incubator.projects.consents import give_consent
from incubator.projects.details import Details, change_details
from incubator.projects.kinds.file_ref import FileRef
from incubator.publication.file_changes import hide_file, note_files
from incubator.publication.passages import hide_passages, keep_passages
from incubator.publication.publish import Flagged, ask_publication, publish
from incubator.publication.versions import offered_versions
from incubator.publication.withdrawals import remove_member, withdraw_consent
from tests.attachments.uploads import attached
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, make_ready


def paper(*paragraphs: str) -> bytes:
    return bytes(typst.compile("\n\n".join(paragraphs).encode()))


async def with_paper(cast: Cast, *paragraphs: str) -> FileRef:
    """Submit a document with a paper on which nobody is to be seen."""
    await make_ready(cast)
    ref = await attached(cast, paper(*paragraphs), name="Доклад.pdf")
    await note_files(cast.project.id, {ref.id: Said(People.NOBODY)}, {}, by=cast.captain)
    await submit(await fresh_project(cast.project), by=cast.captain)
    return ref


async def offer(cast: Cast) -> None:
    await ask_publication(await fresh_project(cast.project), by=cast.captain, is_checked=True)


async def approve(cast: Cast) -> None:
    await publish(await fresh_project(cast.project), by=cast.organiser)


async def fetched(ref: FileRef) -> int:
    return (await Browser().open(ref.download)).status_code


async def test_a_paper_that_names_somebody_without_consent_is_not_offered(cast: Cast) -> None:
    ref = await with_paper(cast, "Над ульем работал Иван", "Соколов, звоните")
    with pytest.raises(Flagged, match="не соглашался"):
        await offer(cast)
    captain = await signed_in(cast.captain)
    await captain.open(f"/projects/{cast.project.id}/showcase")
    assert "Иван Соколов" in captain.text.partition('id="files"')[2]
    await hide_passages(cast.project, ["Иван Соколов"], by=cast.captain)
    await offer(cast)
    await approve(cast)
    assert await fetched(ref) == 404


async def test_an_organiser_decides_about_a_telephone_number_in_a_paper(cast: Cast) -> None:
    ref = await with_paper(cast, "Справочная музея: +7 921 123-45-67")
    await offer(cast)
    with pytest.raises(Flagged, match="Сначала решите"):
        await approve(cast)
    await keep_passages(cast.project, ["+7 921 123-45-67"], by=cast.organiser)
    await approve(cast)
    assert await fetched(ref) == 200


@pytest.mark.parametrize("end", ["withdrawal", "removal"])
async def test_a_paper_goes_with_the_consent_of_whom_it_names(cast: Cast, end: str) -> None:
    await give_consent(cast.project, cast.teammate, "public_name", by=cast.teacher)
    ref = await with_paper(cast, "Взвешивал улей И. Соколов.")
    await offer(cast)
    await approve(cast)
    assert await fetched(ref) == 200
    if end == "withdrawal":
        await withdraw_consent(cast.project, cast.teammate, "public_name", by=cast.teammate)
    else:
        await remove_member(cast.project, cast.teammate.id, by=cast.captain)
    assert await fetched(ref) == 404
    # Whoever lets it be seen again asks an organiser, who cannot approve what names somebody.
    await hide_file(cast.project.id, ref.id, is_hidden=False, by=cast.captain)
    assert await fetched(ref) == 404
    if end == "withdrawal":
        rows = await offered_versions(cast.project.id)
        assert rows[1].is_waiting
        with pytest.raises(Flagged):
            await approve(cast)


async def test_what_is_hidden_in_texts_keeps_a_later_paper_back(cast: Cast) -> None:
    await hide_passages(cast.project, ["Сокол"], by=cast.captain)
    ref = await with_paper(cast, "Наш Сокол взвесил улей.")
    await offer(cast)
    with pytest.raises(Flagged, match="Сначала решите"):
        await approve(cast)
    await hide_passages(cast.project, ["Сокол"], by=cast.organiser)
    await approve(cast)
    assert await fetched(ref) == 404
    assert await words_in([ref.id]) == {ref.id: "Наш Сокол взвесил улей.\n"}
    await Attachment.delete().where(Attachment.id == ref.id)
    assert not await PaperWords.exists()


@pytest.mark.parametrize("hidden", ["before the approval", "before the consent ended"])
async def test_what_is_hidden_while_somebody_looks_waits_for_an_organiser(cast: Cast, hidden: str) -> None:
    if hidden != "before the approval":
        await give_consent(cast.project, cast.teammate, "public_name", by=cast.teacher)
    ref = await with_paper(cast, "Взвешивал улей И. Соколов.")
    if hidden == "before the approval":
        await hide_file(cast.project.id, ref.id, is_hidden=True, by=cast.captain)
    await offer(cast)
    await approve(cast)
    if hidden != "before the approval":
        await hide_file(cast.project.id, ref.id, is_hidden=True, by=cast.captain)
        await withdraw_consent(cast.project, cast.teammate, "public_name", by=cast.teammate)
    await hide_file(cast.project.id, ref.id, is_hidden=False, by=cast.captain)
    assert await fetched(ref) == 404
    with pytest.raises(Flagged):
        await approve(cast)


@pytest.mark.parametrize("end", ["withdrawal", "removal"])
async def test_an_approval_for_another_reason_has_not_looked_at_what_is_hidden(cast: Cast, end: str) -> None:
    await give_consent(cast.project, cast.teammate, "public_name", by=cast.teacher)
    ref = await with_paper(cast, "Взвешивал улей И. Соколов.")
    await offer(cast)
    await approve(cast)
    if end == "withdrawal":
        await withdraw_consent(cast.project, cast.teammate, "public_name", by=cast.teammate)
    else:
        await remove_member(cast.project, cast.teammate.id, by=cast.captain)
    project = await fresh_project(cast.project)
    details = Details(project.title, "Пчеловоды", "", project.cluster, project.municipality, "Школа № 1", ())
    await change_details(project, details, version=project.details_version, by=cast.captain)
    await offer(cast)
    await approve(cast)
    await hide_file(cast.project.id, ref.id, is_hidden=False, by=cast.captain)
    assert await fetched(ref) == 404
