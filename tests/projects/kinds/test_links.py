"""Links: cards that name their host, load nothing, and are looked through like any text."""

import re

import pytest

from incubator.core.languages import override_locale
from incubator.gates.submit import submit
from incubator.names.personal_data import PersonalKind
from incubator.programme.tables import Section
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.drawing import draw
from incubator.projects.kinds.links import KIND
from incubator.projects.kinds.plan import KIND as PLAN
from incubator.projects.tables import Submission
from incubator.publication.examination import basis_of, examine
from incubator.publication.passages import hide_passages
from incubator.publication.publish import Flagged, ask_publication, publish
from tests.browser import Browser
from tests.cast import Cast, fresh_project, make_ready
from tests.projects.kinds.test_sheets import form
from tests.publication.visitor import everything_public, places_of

KEY = "problem"
VIDEO = {
    "title": "Как поднимается тесто",
    "link": "https://xn--80aswg.xn--p1ai/video/1",
    "sort": "video",
    "about": "Двенадцать часов за минуту",
}
CHAT = {"title": "Спросите нас", "link": "https://t.me/kuzya_2010", "sort": "other", "about": ""}


def test_the_text_has_title_and_host() -> None:
    with override_locale("ru"):
        text = KIND.text(KIND.typed(form(VIDEO, CHAT)))
    assert "| Как поднимается тесто | https://сайт.рф/video/1 | видео | Двенадцать часов за минуту |" in text
    assert "* Где лежит: сайт.рф, t.me" in text


def test_what_is_missing_or_no_link_is_named() -> None:
    with override_locale("ru"):
        problems = KIND.problems(
            KIND.typed(form(VIDEO | {"title": ""}, CHAT | {"link": ""}, CHAT | {"link": "t.me/x"}))
        )
    assert [each.message for each in problems] == [
        "Название, строка 1: заполните",
        "Ссылка, строка 2: заполните",
        "Ссылка, строка 3: «t.me/x» – не ссылка: нужна вся, с https://",
    ]


def test_a_card_is_an_ordinary_link_with_both_forms_of_its_host_and_nothing_else_of_the_site() -> None:
    evil = {"title": "<script>", "link": "javascript:alert(1)", "sort": "code", "about": '"><img src=x>'}
    disguised = {"title": "Почта", "link": "https://google.com@evil.ru/", "sort": "other", "about": ""}
    with override_locale("ru"):
        html = str(draw(KIND, KIND.sheet(KIND.typed(form(VIDEO, evil, disguised)))))
    assert re.findall(r'href="([^"]*)"', html) == ["https://сайт.рф/video/1"]
    assert 'target="_blank" rel="noopener nofollow ugc"' in html
    assert "сайт.рф</bdi>" in html
    assert "(xn--80aswg.xn--p1ai)" in html
    assert not re.search(r"<(?:img|iframe|script|video|embed|object|link)\b", html)


@pytest.fixture
async def links(cast: Cast) -> Cast:
    """Let the season ask for links where it asks for the problem."""
    await Section.update({Section.kind: "links"}).where((Section.season == cast.season.id) & (Section.key == KEY))
    return cast


async def handed_in(cast: Cast, value: str) -> None:
    await make_ready(cast)
    answer = await answer_of(cast.project.id, KEY)
    await save_answer(
        await fresh_project(cast.project), KEY, value, version=answer.version if answer else 0, by=cast.captain
    )
    await submit(await fresh_project(cast.project), by=cast.captain)


async def _versions(cast: Cast) -> list[Submission]:
    return await Submission.objects().where(Submission.project == cast.project.id)


@pytest.mark.parametrize(
    ("link", "secret"),
    [
        ("https://t.me/kuzya_2010", "kuzya_2010"),
        ("https://forms.example.com/?to=kuzya%40mail.ru", "kuzya%40mail.ru"),
        ("https://example.com/kuzya@mail.ru", "kuzya@mail.ru"),
    ],
)
async def test_an_account_in_a_link_is_flagged_before_publication_and_hidden_everywhere(
    links: Cast, monkeypatch: pytest.MonkeyPatch, link: str, secret: str
) -> None:
    project = links.project
    await handed_in(links, KIND.typed(form(VIDEO, CHAT | {"link": link})))
    with pytest.raises(Flagged):
        await ask_publication(project, by=links.captain)
    (version,) = await _versions(links)
    found = (await examine(await basis_of(await fresh_project(project), version))).open
    assert {each.place for each in found} == {KEY}
    assert all(each.kind is not PersonalKind.PERSON for each in found)
    await hide_passages(project, [each.passage for each in found], by=links.captain)
    await ask_publication(project, by=links.captain)
    await publish(project, by=links.organiser)
    visitor = Browser()
    await visitor.open(f"/showcase/{project.slug}")
    assert "Как поднимается тесто" in visitor.text
    assert places_of(secret, await everything_public(project.slug, monkeypatch, secret)) == []


async def test_a_name_in_a_host_is_found_in_whichever_form_it_was_typed(links: Cast) -> None:
    await handed_in(links, KIND.typed(form(VIDEO | {"link": "https://xn----7sbbholfropmr6b6byi.xn--p1ai/"})))
    (version,) = await _versions(links)
    found = (await examine(await basis_of(await fresh_project(links.project), version))).forbidden
    assert [each.place for each in found] == [KEY]


async def test_links_that_hide_nothing_are_cards_for_the_public_and_found_by_their_host(links: Cast) -> None:
    await handed_in(links, KIND.typed(form(VIDEO)))
    await ask_publication(links.project, by=links.captain)
    await publish(links.project, by=links.organiser)
    visitor = Browser()
    await visitor.open(f"/showcase/{links.project.slug}")
    assert 'class="link-cards"' in visitor.text
    for wanted in ("тесто", "сайт.рф"):
        await visitor.open(f"/showcase?q={wanted}")
        assert "Тихий улей" in visitor.text


async def test_a_mate_in_a_plan_is_found_as_in_a_text(links: Cast) -> None:
    await Section.update({Section.kind: "plan"}).where((Section.season == links.season.id) & (Section.key == KEY))
    await handed_in(
        links, PLAN.typed(form({"task": "Улей", "ends": "2026-05-20", "who": links.teammate.name, "state": "ahead"}))
    )
    (version,) = await _versions(links)
    found = (await examine(await basis_of(await fresh_project(links.project), version))).forbidden
    assert [each.place for each in found] == [KEY]
