"""A team names a mentor whom it knows."""

from incubator.people.tables import Person
from incubator.reviews.assignment.declared_conflicts import conflicts_on
from tests.browser import signed_in
from tests.cast import Cast


async def test_a_team_names_a_mentor_as_it_knows_them(cast: Cast) -> None:
    await Person.update({Person.patronymic: "Ильинична"}).where(Person.id == cast.mentor.id)
    team = await signed_in(cast.captain)
    project = f"/projects/{cast.project.id}"
    for name in ("Анна Орлова", "орлова  АННА", "Анна Ильинична Орлова", "Орлова Анна Ильинична"):
        await team.open(f"{project}/talk")
        await team.send(f"{project}/conflicts", mentor_name=name, reason="Соседка, знакомы давно")
        assert "новых заявок вашей команды этот наставник не получит" in team.text
    assert {row.mentor.id for row in await conflicts_on(cast.project.id)} == {cast.mentor.id}


async def test_of_two_mentors_of_one_name_the_team_says_which(cast: Cast) -> None:
    both = Person.id.is_in([cast.mentor.id, cast.second_mentor.id])
    await Person.update({Person.given_name: "Анна", Person.family_name: "Орлова"}).where(both)
    await Person.update({Person.patronymic: "Ильинична"}).where(Person.id == cast.mentor.id)
    team = await signed_in(cast.captain)
    project = f"/projects/{cast.project.id}"
    await team.open(f"{project}/talk")
    await team.send(f"{project}/conflicts", mentor_name="Анна Орлова", reason="Соседка, знакомы давно")
    assert team.page.status_code == 422
    assert "несколько" in team.text
    assert "Такого наставника у нас нет" not in team.text
    await team.send(f"{project}/conflicts", mentor_name="Анна Ильинична Орлова", reason="Соседка, знакомы давно")
    assert [row.mentor.id for row in await conflicts_on(cast.project.id)] == [cast.mentor.id]
