"""A team's news: written, looked at, offered, shown to everybody once an organiser has approved them, and taken off at once."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from incubator.app import AUDIENCES
from incubator.attachments.attach import attach_to_news, caption_files
from incubator.attachments.people_on import Said
from incubator.attachments.removal import remove_attachment
from incubator.attachments.tables import Attachment, People
from incubator.core import limits
from incubator.core.refusals import NotAllowed, Refusal, Repeated, Stale
from incubator.db import counting
from incubator.mail.tables import Message
from incubator.notifications.tell import tell_waiting
from incubator.projects.consents import give_consent
from incubator.projects.tables import News
from incubator.projects.transition import StageChanged
from incubator.publication.file_changes import hide_file, note_files
from incubator.publication.news import (
    NewsFlagged,
    NewsWording,
    basis_of_news,
    change_news,
    delete_news,
    news_of,
    offer_news,
    publish_news,
    refuse_news,
    take_news_off,
    write_news,
)
from incubator.publication.passages import hide_passages
from incubator.publication.publish import ask_publication, publish, unpublish
from incubator.publication.withdrawals import withdraw_consent
from tests.attachments.uploads import attached, in_chunks, pdf, photo
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, names_seen, submitted

HEADLINE, TEXT = "Первый рой", "Датчик услышал его **за сутки**"


@pytest.fixture
async def shown(cast: Cast) -> Cast:
    """Publish the cast's project."""
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    cast.project = await fresh_project(cast.project)
    await tell_waiting(AUDIENCES)
    await Message.delete(force=True)
    return cast


async def written(cast: Cast, text: str = TEXT, **more: Any) -> News:
    return await write_news(cast.project, NewsWording(HEADLINE, text, **more), by=cast.captain)


async def approved(cast: Cast, text: str = TEXT, **more: Any) -> News:
    row = await written(cast, text, **more)
    await offer_news(cast.project, row.id, is_checked=True, by=cast.captain)
    await publish_news(row.id, by=cast.organiser)
    return row


async def public_page(cast: Cast, path: str = "") -> str:
    browser = Browser()
    await browser.open(f"/showcase/{cast.project.slug}{path}")
    assert browser.page.status_code == 200
    return str(browser.page.text)


async def mails() -> list[tuple[str, str]]:
    await tell_waiting(AUDIENCES)
    rows = await Message.select(Message.to, Message.subject).order_by(Message.id)
    await Message.delete(force=True)
    return [(row["to"].partition("@")[0], row["subject"]) for row in rows]


async def test_from_a_draft_to_everybody_and_back(shown: Cast) -> None:
    row = await written(shown)
    assert HEADLINE not in await public_page(shown)
    await offer_news(shown.project, row.id, by=shown.captain)
    assert await mails() == [("organiser", "«Тихий улей»: новость для витрины")]
    assert HEADLINE not in await public_page(shown)
    await publish_news(row.id, by=shown.organiser)
    page = await public_page(shown)
    assert f'id="news-{row.id}"' in page
    assert "<strong>за сутки</strong>" in page
    assert {to for to, _subject in await mails()} == {"captain", "teammate", "teacher", "coach"}
    await take_news_off(shown.project.id, row.id, by=shown.captain)
    assert HEADLINE not in await public_page(shown)
    (row,) = await news_of(shown.project.id)
    assert (row.title, row.content, row.headline) == ("", "[]", HEADLINE)  # the copy is gone, the team's words stay


async def test_it_stands_in_both_feeds(shown: Cast) -> None:
    row = await approved(shown)
    own, all_ = await public_page(shown, "/feed.atom"), Browser()
    await all_.open("/showcase/feed.atom")
    other = Browser()
    await other.open("/showcase/feed.atom?q=рыбалка")
    for text in (own, all_.page.text):
        assert f"-news-{row.id}</id>" in text
        assert f"/showcase/{shown.project.slug}#news-{row.id}" in text
        assert "Датчик услышал его за сутки" in text
    assert "#news-" not in other.page.text
    await take_news_off(shown.project.id, row.id, by=shown.organiser)
    assert "#news-" not in await public_page(shown, "/feed.atom")


async def test_the_newest_three_and_then_the_rest(shown: Cast) -> None:
    rows = [await approved(shown, f"Новость номер {n}") for n in range(5)]
    page = await public_page(shown)
    places = [page.index(f'id="news-{row.id}"') for row in reversed(rows)]
    assert places == sorted(places)
    assert places[2] < page.index("Что было раньше: 2") < places[3]


@pytest.mark.parametrize(("who", "verb"), [
    ("coach", "write"), ("mentor", "write"), ("organiser", "write"), ("outsider", "write"),
    ("teammate", "offer"), ("coach", "offer"), ("mentor", "offer"),
    ("captain", "publish"), ("teacher", "publish"), ("captain", "refuse"),
    ("teammate", "end"), ("coach", "end"), ("outsider", "end"), ("coach", "change"), ("organiser", "delete"),
])  # fmt: skip
async def test_who_may_not(shown: Cast, who: str, verb: str) -> None:
    row, by = await written(shown), getattr(shown, who)
    if verb not in ("offer", "change", "delete"):
        await offer_news(shown.project, row.id, by=shown.captain)
    calls: dict[str, Callable[[], Awaitable[Any]]] = {
        "write": lambda: write_news(shown.project, NewsWording("А", "Б"), by=by),
        "offer": lambda: offer_news(shown.project, row.id, by=by),
        "publish": lambda: publish_news(row.id, by=by),
        "refuse": lambda: refuse_news(row.id, reason="Нет", by=by),
        "end": lambda: take_news_off(shown.project.id, row.id, by=by),
        "change": lambda: change_news(shown.project, row.id, NewsWording("А", "Б"), version=1, by=by),
        "delete": lambda: delete_news(shown.project, row.id, version=row.version, by=by),
    }
    with pytest.raises(NotAllowed):
        await calls[verb]()


async def test_nothing_changes_under_an_organiser_or_the_public(shown: Cast) -> None:
    row = await written(shown)
    await offer_news(shown.project, row.id, by=shown.captain)
    with pytest.raises(Refusal, match="сначала отзовите"):
        await change_news(shown.project, row.id, NewsWording("А", "Б"), version=1, by=shown.captain)
    mark = (await basis_of_news(row)).mark
    await take_news_off(shown.project.id, row.id, by=shown.captain)
    await change_news(shown.project, row.id, NewsWording("А", "Б"), version=1, by=shown.captain)
    await offer_news(shown.project, row.id, by=shown.captain)
    with pytest.raises(StageChanged):  # an organiser with the old page
        await publish_news(row.id, mark=mark, by=shown.organiser)
    await publish_news(row.id, by=shown.organiser)
    with pytest.raises(Refusal, match="сначала отзовите"):
        await change_news(shown.project, row.id, NewsWording("В", "Г"), version=2, by=shown.captain)
    with pytest.raises(Refusal, match="сначала отзовите"):
        await delete_news(shown.project, row.id, version=row.version, by=shown.captain)


async def test_two_who_write_and_one_who_presses_twice(shown: Cast) -> None:
    row = await written(shown)
    with pytest.raises(Repeated):
        await written(shown)
    await change_news(shown.project, row.id, NewsWording("Второй рой", TEXT), version=1, by=shown.teammate)
    with pytest.raises(Stale):
        await change_news(shown.project, row.id, NewsWording("Третий рой", TEXT), version=1, by=shown.captain)


async def test_there_is_a_limit(shown: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NEWS_OF_PROJECT", 1)
    await written(shown)
    with pytest.raises(Refusal, match="очень много"):
        await write_news(shown.project, NewsWording("А", "Б"), by=shown.captain)


async def test_a_project_off_the_showcase_offers_none_and_takes_its_news_along(shown: Cast) -> None:
    row = await approved(shown)
    await unpublish(shown.project, by=shown.organiser)
    other = await write_news(shown.project, NewsWording("А", "Б"), by=shown.captain)
    with pytest.raises(Refusal, match="сначала покажите"):
        await offer_news(shown.project, other.id, by=shown.captain)
    await ask_publication(shown.project, by=shown.captain)
    await publish(shown.project, by=shown.organiser)
    assert f'id="news-{row.id}"' not in await public_page(shown)  # nobody has looked at it since


async def test_names_and_numbers_are_found_before(shown: Cast) -> None:
    row = await written(shown, "Паяла Мария Кузнецова, тел. 8 921 111-22-33")
    with pytest.raises(NewsFlagged, match="не соглашался"):
        await offer_news(shown.project, row.id, is_checked=True, by=shown.captain)
    await hide_passages(shown.project, ["Мария Кузнецова"], by=shown.captain)
    with pytest.raises(NewsFlagged, match="телефон"):
        await offer_news(shown.project, row.id, by=shown.captain)
    await offer_news(shown.project, row.id, is_checked=True, by=shown.captain)
    with pytest.raises(NewsFlagged, match="решите обо всём"):
        await publish_news(row.id, by=shown.organiser)
    await hide_passages(shown.project, ["8 921 111-22-33"], by=shown.organiser)
    await publish_news(row.id, by=shown.organiser)
    page = await public_page(shown)
    assert "Паяла ▮▮▮" in page
    assert "Кузнецова" not in page
    assert "111-22-33" not in page


async def test_a_name_goes_with_its_consent(shown: Cast) -> None:
    await give_consent(shown.project, shown.captain, "public_name", by=shown.teacher)
    await names_seen(shown)
    await approved(shown, "Паяла Мария Кузнецова")
    assert "Паяла Мария Кузнецова" in await public_page(shown)
    await withdraw_consent(shown.project, shown.captain, "public_name", by=shown.captain)
    assert "Кузнецова" not in await public_page(shown)
    assert "Кузнецова" not in await public_page(shown, "/feed.atom")


async def test_a_passage_hidden_later_goes_at_once(shown: Cast) -> None:
    await approved(shown, "Пасека за старой мельницей")
    assert "мельницей" in await public_page(shown)
    await hide_passages(shown.project, ["за старой мельницей"], by=shown.teammate)
    page = await public_page(shown)
    assert "Пасека ▮▮▮" in page
    assert "мельницей" not in page


async def test_a_picture_of_the_gallery_follows_who_is_on_it(shown: Cast) -> None:
    picture = await attached(shown)
    await caption_files(shown.project.id, {picture.id: "Улей"}, by=shown.captain)
    address = picture.address(480)
    row = await approved(shown, picture=picture.id, caption="Улей зимой")
    assert address not in await public_page(shown)  # nobody has said who is on it
    await note_files(shown.project.id, {picture.id: Said(People.NOBODY)}, {}, by=shown.captain)
    (row,) = await News.objects().where(News.id == row.id)
    assert row.is_waiting  # an organiser has to look again
    await publish_news(row.id, by=shown.organiser)
    assert address in await public_page(shown)
    assert "Улей зимой" in await public_page(shown)
    assert (await Browser().open(address)).status_code == 200
    await hide_file(shown.project.id, picture.id, is_hidden=True, by=shown.teammate)
    page = await public_page(shown)
    assert address not in page
    assert "Улей зимой" not in page
    assert HEADLINE in page
    assert (await Browser().open(address)).status_code == 404


async def test_a_face_goes_with_its_consent(shown: Cast) -> None:
    row = await written(shown)
    picture = await attach_to_news(shown.project.id, row.id, in_chunks(photo()), name="IMG.jpg", by=shown.captain)
    on_it = Said(People.TEAM, frozenset({shown.teammate.id}))
    await note_files(shown.project.id, {picture.id: on_it}, {}, by=shown.captain)
    await give_consent(shown.project, shown.teammate, "photo", by=shown.teacher)
    await offer_news(shown.project, row.id, by=shown.captain)
    await publish_news(row.id, by=shown.organiser)
    assert picture.address(480) in await public_page(shown)
    await withdraw_consent(shown.project, shown.teammate, "photo", by=shown.teammate)
    assert picture.address(480) not in await public_page(shown)
    assert (await Browser().open(picture.address(480))).status_code == 404


async def test_its_picture_stays_while_the_news_name_it(shown: Cast) -> None:
    row = await written(shown)
    picture = await attach_to_news(shown.project.id, row.id, in_chunks(photo()), name="IMG.jpg", by=shown.captain)
    with pytest.raises(Refusal, match="стоит в новости"):
        await remove_attachment(shown.project.id, picture.id, by=shown.captain)
    with pytest.raises(Refusal, match="только картинка"):
        await attach_to_news(shown.project.id, row.id, in_chunks(pdf()), name="deck.pdf", by=shown.captain)
    assert await Attachment.count() == 1


async def test_a_picture_of_another_project_is_none(shown: Cast) -> None:
    with pytest.raises(Refusal, match="Такой картинки"):
        await written(shown, picture=999)


async def test_on_the_pages_of_team_and_office(shown: Cast) -> None:
    team = await signed_in(shown.captain)
    here = f"/projects/{shown.project.id}/news"
    await team.open(f"{here}/new")
    await team.send(f"{here}/new", headline="", text=TEXT)
    assert team.page.status_code == 422
    assert "за сутки" in team.page.text  # nothing typed is lost
    await team.send(f"{here}/new", headline=HEADLINE, text=TEXT)
    (row,) = await news_of(shown.project.id)
    own = f"{here}/{row.id}"
    assert str(team.page.url).endswith(own)
    await team.open(f"{own}/picture")
    await team.send(f"{own}/picture", picture="")
    assert team.page.status_code == 422
    await team.open(own)
    await team.send(f"{own}/offer")
    office = await signed_in(shown.organiser)
    await office.open("/organiser/publications")
    assert HEADLINE in office.page.text
    await office.open(f"/organiser/news/{row.id}")
    await office.send(f"/organiser/news/{row.id}/refusal", reason="Какой рой?")
    await team.open(own)
    assert "Какой рой?" in team.page.text
    await team.send(own, headline="Второй рой", text=TEXT, version="1")
    await team.send(f"{own}/offer")
    await office.open(f"/organiser/news/{row.id}")
    await office.send(f"/organiser/news/{row.id}")
    assert "Второй рой" in await public_page(shown)
    await office.open(f"/organiser/news/{row.id}")
    await office.send(f"/organiser/news/{row.id}", withdraw="1", reason="Разберёмся")
    assert "Второй рой" not in await public_page(shown)
    assert ("teacher", "«Тихий улей»: новость снята с витрины") in await mails()


async def test_as_many_queries_with_one_as_with_three(shown: Cast) -> None:
    async def queries() -> int:
        with counting() as seen:
            await public_page(shown)
        return len(seen)

    await public_page(shown)
    await approved(shown, "Один")
    one = await queries()
    for text in ("Два", "Три"):
        await approved(shown, text)
    assert await queries() == one


async def test_what_a_mate_has_written_since_is_not_deleted_with_the_draft(shown: Cast) -> None:
    row = await written(shown)
    await change_news(
        shown.project, row.id, NewsWording("Мы в финале", "Два часа работы"), version=1, by=shown.teammate
    )
    with pytest.raises(Refusal, match="только что изменили"):
        await delete_news(shown.project, row.id, version=1, by=shown.captain)
    await delete_news(shown.project, row.id, version=2, by=shown.captain)
