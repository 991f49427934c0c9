"""Every consent of the demo, and of a season that was imported from it, is in the register: page, XLSX and CSV."""

import csv
import io
import re
from pathlib import Path

from incubator.demo import story
from incubator.gates.facts import blockers_of
from incubator.interchange.everything import export_to, import_from
from incubator.people.accounts import person_by_email
from incubator.people.consents import Signatory
from incubator.people.tables import Consent, Person
from incubator.privacy.consent_matrix import consent_tables
from incubator.privacy.consent_register import CONSENTS
from incubator.projects.consents import PARTICIPATION, valid_consents
from incubator.projects.tables import Member, Project
from incubator.publication.people_named import named_by_consent
from incubator.publication.withdrawals import void_recorded_by
from incubator.tabular.reading import read_rows
from tests import engines
from tests.browser import Browser, signed_in

#: Columns of the register that no consent may leave empty.
FILLED = ("Участник", "Документ", "Редакция", "Кто подписал", "Записано", "Кто записал", "Срок по документу",
          "Действует до", "Состояние")  # fmt: skip


async def office() -> Browser:
    person = await person_by_email(story.address(story.cast()["organiser"][0]))
    assert person
    return await signed_in(person)


async def one_is_void() -> Consent:
    """Find that the recorder of a minor's participation, whose team still writes, was not entitled."""
    writing = Project.select(Project.id).where(Project.state == "draft")
    members = Member.select(Member.person).where(Member.project.is_in(writing) & (Member.role == "student"))
    consent = (
        await Consent.objects(Consent.person, Consent.recorded_by)
        .where(
            Consent.person.is_in(members)
            & (Consent.purpose == PARTICIPATION)
            & (Consent.signatory == Signatory.PAPER.value)
        )
        .order_by(Consent.id)
        .first()
    )
    assert consent
    organiser = await person_by_email(story.address(story.cast()["organiser"][0]))
    assert organiser
    await Member.delete().where(
        Member.person == consent.recorded_by.id
    )  # only what a former member recorded is looked at
    await void_recorded_by(consent.recorded_by.id, reason="Не был педагогом", by=organiser)
    return consent


async def counts_nowhere(consent: Consent) -> None:
    person: Person = consent.person
    assert (person.id, PARTICIPATION) not in await valid_consents([person.id])
    assert person.id not in await named_by_consent([person.id])
    member = await Member.objects().where(Member.person == person.id).first()
    assert member
    (team,) = await consent_tables([member.project])
    assert next(cell.state for pupil in team.children if pupil.person.id == person.id for cell in pupil.cells) == "void"
    project = await Project.objects().get(Project.id == member.project)
    assert project
    assert ("consent", person.name) in {(each.code, each.subject) for each in await blockers_of(project)}


async def listed(folder: Path) -> list[list[str]]:
    """Return the register's rows from the CSV, once page and XLSX were found to have the same consents."""
    numbers = [str(row["id"]) for row in await Consent.select(Consent.id).order_by(Consent.id, ascending=False)]
    browser, seen, address = await office(), list[str](), "/organiser/consents"
    while address:
        await browser.open(address)
        assert f"Все согласия: {len(numbers)}" in browser.text
        seen += re.findall(r"<tr>\s*<td data-label=\"№\">(\d+)</td>", browser.text)
        further = re.search(r'href="(/organiser/consents\?[^"]*after=[^"]+)"', browser.text)
        address = further[1] if further else ""
    assert seen == numbers
    (folder / "consents.xlsx").write_bytes((await browser.http.get("/organiser/consents/table.xlsx")).content)
    sheet = read_rows(folder / "consents.xlsx")
    assert [row.text("№") for row in sheet] == numbers
    assert [(row.number, column) for row in sheet for column in FILLED if not row.text(column)] == []
    titles, *rows = csv.reader(
        io.StringIO((await browser.http.get("/organiser/consents/table.csv")).content.decode("utf-8-sig"))
    )
    assert [row[0] for row in rows] == numbers
    assert set(FILLED) <= set(titles)
    return rows


async def test_every_consent_is_listed_and_a_void_one_counts_nowhere(
    told: Path, tmp_path: Path, sqlite_template: Path, postgres_server: engines.Server, postgres_template: str
) -> None:
    async with engines.sqlite_copy(told / "incubator.sqlite", tmp_path):
        void = await one_is_void()
        await counts_nowhere(void)
        before, rows = await CONSENTS.rows(), await listed(tmp_path)
        assert len(rows) > 100
        assert {row[6] for row in rows if row[0] == str(void.id)} == {"недействительно"}
        await export_to(tmp_path / "all.jsonl")
    async with engines.postgres_copy(postgres_server, postgres_template):
        await import_from(tmp_path / "all.jsonl")
        assert await CONSENTS.rows() == before
        assert await listed(tmp_path) == rows
        await counts_nowhere(void)
