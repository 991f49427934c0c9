"""The operator writes the documents: versions, what rests on each, what changed, who checked, and drafts that come later."""

from typing import Any

import pytest

from incubator.core.refusals import NotAllowed, Refusal
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people import consent_texts
from incubator.people.consent_texts import install_consent_texts
from incubator.people.defaults import default
from incubator.people.tables import ConsentText
from incubator.privacy.consent_wording import (
    WORDS,
    NewerWording,
    changes_between,
    note_lawyer,
    unchecked_titles,
    wordings_of,
    write_wording,
)
from incubator.privacy.scans import bring, file_scans, tray_of
from incubator.projects.consents import DOCUMENTS, PHOTO, PUBLIC_NAME, give_consent, latest_texts, valid_consents
from incubator.projects.own_consents import give_own_consent
from tests.browser import signed_in
from tests.cast import Cast
from tests.privacy.photographs import photographed
from tests.privacy.test_paper_consents import printed, text_of

NEW = "Что ещё. Снимки хранит школа."


async def own_words(**changes: str) -> tuple[ConsentText, dict[str, str]]:
    """Return the text about photographs that is in force, and words that differ from it."""
    text = (await latest_texts())[PHOTO]
    return text, {name: getattr(text, name) for name in WORDS} | {"text_ru": f"{text.text_ru}\n\n{NEW}"} | changes


async def test_an_organiser_writes_a_version_and_consents_keep_theirs(cast: Cast) -> None:
    await give_consent(cast.project, cast.captain, PHOTO, by=cast.teacher)
    pdf = await printed(cast, cast.teammate, purposes=(PHOTO,))
    office = await signed_in(cast.organiser)
    await office.open("/organiser/consents")
    assert "Этих текстов юрист ещё не видел: Участие в программе" in office.text
    await office.open("/organiser/consents/texts")
    assert office.text.count("заготовка, юрист не проверял") == len(DOCUMENTS)
    form = f"/organiser/consents/texts/{PHOTO}/new"
    await office.open(form)
    began = dict(office.form(form))
    assert "Чтобы рассказать о проекте" in began["text_ru"]  # from the one in force
    await office.send(form, text_ru=f"{began['text_ru']}\n\n{NEW}", text_en="...", reason="")
    assert office.page.status_code == 422
    assert "Здесь нет ни одного слова" in office.text
    assert NEW in dict(office.form(form))["text_ru"]  # nothing typed is lost
    await office.send(form, text_en=began["text_en"], reason="Так попросил юрист")
    assert "Редакция 3 действует" in office.text

    assert (await latest_texts())[PHOTO].version == 3
    row, own = (await wordings_of(PHOTO))[1], (await wordings_of(PHOTO))[0]
    assert (row.text.version, row.given, row.holding, row.is_in_force) == (2, 1, 1, False)
    assert (own.given, own.is_in_force, own.is_draft, bool(own.text.packaged)) == (0, True, True, False)
    assert "Галина Смирнова" in office.text
    assert "Так попросил юрист" in office.text
    assert '<ins><span class="visually-hidden">[добавлено: </span>' in office.text
    event = await Event.objects().where(Event.happened == Happened.CONSENT_TEXT_WRITTEN.value).first()
    assert event
    assert (event.actor_id, "Так попросил юрист" in event.data) == (cast.organiser.id, True)

    # What was given or printed before keeps its words; what is given now has the new ones.
    await bring(photographed(pdf)[0], name="IMG_1.jpg", by=cast.teacher)
    await file_scans([each.scan.id for each in await tray_of(cast.teacher)], by=cast.teacher)
    kept = await valid_consents([cast.captain.id, cast.teammate.id])
    assert {consent.text for consent in kept.values()} == {row.text.id}
    pupil = await signed_in(cast.captain)
    await pupil.open("/profile/consents")
    assert "Вы согласились с редакцией 2" in pupil.text
    assert NEW not in pupil.text
    await give_consent(cast.project, cast.teacher, PHOTO, by=cast.teacher)
    assert (await valid_consents([cast.teacher.id]))[cast.teacher.id, PHOTO].text == own.text.id
    assert NEW in " ".join(text_of(await printed(cast, cast.captain, purposes=(PHOTO,)))[0].split())

    await office.open(f"/organiser/consents/texts/{PHOTO}")
    await office.send(
        f"/organiser/consents/texts/{PHOTO}/{own.text.id}/lawyer", lawyer="Юрист И. И. Правов, 1 сентября"
    )
    assert "Юрист И. И. Правов" in office.text
    assert "Фотография на витрине" not in await unchecked_titles()
    assert len(await unchecked_titles()) == len(DOCUMENTS) - 1
    await pupil.open("/profile/consents")
    assert "Правов" not in pupil.text


async def test_the_form_is_sent_twice_late_or_by_somebody_else(cast: Cast) -> None:
    text, words = await own_words()
    sent: dict[str, Any] = {"reason": "Точнее", "based_on": text.id, "by": cast.organiser}
    first = await write_wording(PHOTO, words, **sent)
    assert (await write_wording(PHOTO, words, **sent)).id == first.id
    other = words | {"title_ru": "Снимки"}
    with pytest.raises(NewerWording, match="появилась редакция 3"):
        await write_wording(PHOTO, other, **sent)
    with pytest.raises(Refusal, match="слово в слово"):
        await write_wording(PHOTO, words, **sent | {"based_on": first.id})
    for person in (cast.teacher, cast.mentor):
        with pytest.raises(NotAllowed):
            await write_wording(PHOTO, other, **sent | {"by": person})
        with pytest.raises(NotAllowed):
            await note_lawyer(first.id, "Сам", by=person)
    assert await ConsentText.count().where(ConsentText.purpose == PHOTO) == 3

    office = await signed_in(cast.organiser)
    form = f"/organiser/consents/texts/{PHOTO}/new"
    await office.open(form)
    late = dict(office.form(form)) | {"based_on": str(text.id), "title_ru": "Снимки", "reason": "Короче"}
    await office.post(form, late)
    assert office.page.status_code == 422
    assert "появилась редакция 3" in office.text
    await office.send(form)  # now knowing
    assert "Редакция 4 действует" in office.text
    await office.open(f"/organiser/consents/texts/{PHOTO}?before=2&after=4")
    assert office.text.count("<del>") > 0
    assert (await office.open(f"/organiser/consents/texts/{PHOTO}?before=x&after=99")).status_code == 200
    assert (await office.open("/organiser/consents/texts/nothing")).status_code == 404


async def test_the_sheet_can_be_seen_before(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    for purpose in DOCUMENTS:
        await office.open(f"/organiser/consents/texts/{purpose}/new")
        form = f"/organiser/consents/texts/{purpose}/preview"
        sent = dict(office.form(f"/organiser/consents/texts/{purpose}/new"))
        # As long as the form lets through, it still is one page of A4.
        paragraph = "Зачем. " + "Слова о том, что будет. " * 18 + "\n"
        longest = {f"text_{x}": (paragraph * 8)[:3200] for x in ("ru", "en")}
        page = await office.post(form, sent | longest | {"preview": "en"})
        assert page.headers["content-type"] == "application/pdf"
        (only,) = text_of(page.content)
        assert "Example" in only
        assert "Слова о том" in only
    lines = "Раз.\n" * 400  # short, and yet more than a page
    await office.open(f"/organiser/consents/texts/{PHOTO}/new")
    await office.send(f"/organiser/consents/texts/{PHOTO}/new", text_ru=lines, reason="Проба")
    assert office.page.status_code == 422
    assert "На один лист А4 не помещается" in office.text
    assert await ConsentText.count().where(ConsentText.made_by == cast.organiser.id) == 0


async def test_a_newer_draft_does_not_replace_the_operators_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    text, words = await own_words()
    await write_wording(PHOTO, words, reason="Точнее", based_on=text.id, by=cast.organiser)
    rows = default("consents")["consent"]
    drafts = [
        {**row, "version": 7, "title_ru": f"{row['title_ru']}, снова"}
        for row in rows if (row["purpose"], row["version"]) in {(PHOTO, 2), (PUBLIC_NAME, 2)}
    ]  # fmt: skip
    monkeypatch.setattr(consent_texts, "default", lambda _name: {"consent": [*rows, *drafts]})
    for _start in range(2):
        await install_consent_texts()
    current = {purpose: (text.version, text.packaged or 0) for purpose, text in (await latest_texts()).items()}
    assert current[PHOTO] == (3, 0)  # the operator's own
    assert current[PUBLIC_NAME] == (3, 7)  # nobody had changed that one
    assert [each.text.version for each in await wordings_of(PHOTO) if each.text.is_offered] == [4]
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/consents/texts/{PHOTO}")
    assert "пришла заготовка новее (редакция 4)" in office.text
    offered = (await wordings_of(PHOTO))[0].text
    await office.open(f"/organiser/consents/texts/{PHOTO}/new?from={offered.id}")
    form = f"/organiser/consents/texts/{PHOTO}/new"
    assert dict(office.form(form))["title_ru"].endswith("снова")
    await office.send(form, reason="Взяли новую заготовку")
    assert (await latest_texts())[PHOTO].version == 5
    await give_own_consent(cast.mentor, "staff")


def test_changes_are_told_in_both_languages() -> None:
    before = ConsentText(title_ru="Фото", title_en="Photo", text_ru="Один два", text_en="One two")
    after = ConsentText(title_ru="Фото", title_en="Photo", text_ru="Один три", text_en="One two")
    told = changes_between(before, after)
    assert ("del", "два") in told["ru"]
    assert ("ins", "три") in told["ru"]
    assert [op for op, _text in told["en"]] == ["same"]
