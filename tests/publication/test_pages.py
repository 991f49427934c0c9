"""The pages on which a version is prepared for the public: the team's and the organiser's."""

from incubator.projects.consents import give_consent
from incubator.publication.tables import PublicVersion
from tests.browser import signed_in
from tests.cast import Cast, rewrite, submitted


async def test_a_team_hides_what_is_marked_and_asks(cast: Cast) -> None:
    await rewrite(cast, "problem", "Пишет Мария Кузнецова, тел. 8 921 123-45-67, и Иван Соколов.")
    captain = await signed_in(cast.captain)
    here = f"/projects/{cast.project.id}/showcase"
    await captain.open(here)
    assert "Сначала сдайте заявку" in captain.text
    await submitted(cast)
    await give_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    await captain.open(here)
    assert '<mark class="finding finding-named">Мария Кузнецова</mark>' in captain.page.text
    assert '<mark class="finding finding-forbidden">Иван Соколов</mark>' in captain.page.text
    assert "Сначала скройте имена" in captain.text
    await captain.send(f"{here}/passages", passage="Иван Соколов")
    assert "▮▮▮" in captain.text
    await captain.send(f"/projects/{cast.project.id}/publication")
    assert "В тексте есть телефон" in captain.text
    await captain.send(f"/projects/{cast.project.id}/publication", checked="1")
    assert "Ждёт организатора" in captain.text
    outsider = await signed_in(cast.outsider)
    assert (await outsider.open(here)).status_code == 404

    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/publications/{cast.project.id}")
    assert "Сначала решите обо всём" in office.text
    await office.send(f"/organiser/publications/{cast.project.id}/passages/kept", passage="8 921 123-45-67")
    await office.send(f"/organiser/publications/{cast.project.id}")
    assert "Версия на витрине" in office.text
    row = await PublicVersion.objects().first()
    assert row
    assert row.is_public
    assert "Соколов" not in row.content
    await office.open(f"/organiser/publications/{cast.project.id}")
    await office.send(f"/organiser/publications/{cast.project.id}", withdraw="1", reason="Просит школа")
    row = await PublicVersion.objects().first()
    assert row
    assert not row.is_public


async def test_a_version_that_is_not_there_is_not_found(cast: Cast) -> None:
    captain = await signed_in(cast.captain)
    for address in (f"/projects/{cast.project.id}/showcase", f"/organiser/publications/{cast.project.id}"):
        reader = captain if address.startswith("/projects") else await signed_in(cast.organiser)
        assert (await reader.open(f"{address}?version=7")).status_code == 404
        assert (await reader.open(f"{address}?version=x")).status_code == 200


async def test_hiding_says_what_became_of_it(cast: Cast) -> None:
    chat = "https://t.me/" + "a" * 700
    await rewrite(cast, "problem", f"Нас зовут Зюзики. Чат: {chat}")
    await submitted(cast)
    captain = await signed_in(cast.captain)
    here = f"/projects/{cast.project.id}/showcase"
    for typed, said in (
        ("Зюзики", "Скрыто от всех"),
        (chat, "Скрыто от всех"),
        ("Зюзяки", "ни в одной версии этого нет: Зюзяки"),
        (" ", "Ничего не скрыто"),
        ("ы" * 3000, "слишком длинное место"),
    ):
        await captain.open(here)
        await captain.send(f"{here}/passages", passage=typed)
        assert said in captain.text
    assert captain.page.text.count("▮▮▮") >= 2
