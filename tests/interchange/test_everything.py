"""Export and import of all data: identical, also from one kind of database to the other."""

import json
from pathlib import Path

import pytest

from incubator.core.clock import now
from incubator.gates.delete_project import delete_project
from incubator.interchange.consent_terms import with_term
from incubator.interchange.everything import NotAnExport, NotEmpty, export_to, import_from
from incubator.people.tables import Person
from incubator.projects.start import start
from incubator.publication.tables import Follower
from tests import engines
from tests.cast import Cast, make_cast, reviewed, submitted
from tests.privacy.guardians import answered, asked, links_allowed


async def test_an_export_survives_the_way_through_the_other_database(
    sqlite_template: Path, postgres_server: engines.Server, postgres_template: str, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    async with engines.sqlite_copy(sqlite_template, tmp_path):
        cast = await make_cast()
        await reviewed(cast, await submitted(cast))
        await links_allowed(cast)
        await answered(await asked(cast.captain, by=cast.teacher), public_name="yes", photo="no")
        rows = await export_to(first)
    async with engines.postgres_copy(postgres_server, postgres_template):
        assert await import_from(first) == rows
        await export_to(second)
        captain = await Person.objects().get(Person.id == cast.captain.id)
        assert captain
        await start("После возвращения", season=cast.season, by=captain)  # ids continue where they ended
    assert first.read_text("utf-8") == second.read_text("utf-8")
    assert "secret_hash" not in first.read_text("utf-8")


async def test_no_secret_leaves(cast: Cast, tmp_path: Path) -> None:
    await Person.update({Person.password: "$argon2id$secret"}).where(Person.id == cast.captain.id)
    await export_to(tmp_path / "all.jsonl")
    text = (tmp_path / "all.jsonl").read_text("utf-8")
    assert "$argon2id$" not in text
    tables = {json.loads(line)["table"] for line in text.splitlines()[:-1]}
    assert "person" in tables
    assert tables.isdisjoint({"session", "token", "message"})


async def test_only_an_empty_database_reads_an_export(cast: Cast, tmp_path: Path) -> None:
    await export_to(tmp_path / "all.jsonl")
    with pytest.raises(NotEmpty):
        await import_from(tmp_path / "all.jsonl")


@pytest.mark.parametrize(
    "line",
    ["no json", "[]", "{}", '{"table": "nothing"}', '{"table": "season", "colour": 1}',
     '{"table": "consent", "given_at": "2026-03-01T09:00:00+00:00"}',
     '{"table": "consent", "given_at": "2026-03-01T09:00:00+00:00", "signatory": "neighbour"}'],
)  # fmt: skip
async def test_a_file_that_is_no_export_is_refused_whole(database: object, tmp_path: Path, line: str) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text('{"table": "organisation", "id": 1, "name": "Школа"}\n' + line + "\n", "utf-8")
    with pytest.raises(NotAnExport, match="Line 2"):
        await import_from(path)


async def test_an_export_that_was_cut_off_is_refused_whole(
    sqlite_template: Path, postgres_server: engines.Server, postgres_template: str, tmp_path: Path
) -> None:
    path = tmp_path / "all.jsonl"
    async with engines.sqlite_copy(sqlite_template, tmp_path):
        await make_cast()
        rows = await export_to(path)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    assert json.loads(lines[-1])["rows"] == rows
    async with engines.postgres_copy(postgres_server, postgres_template):
        for cut in (
            lines[:-1],
            lines[: len(lines) // 2],
            [*lines[:-2], lines[-2][:20]],
            [*lines[:5], lines[-1]],
            [],
            [*lines, lines[0]],
        ):
            path.write_text("".join(cut), "utf-8")
            with pytest.raises(NotAnExport):
                await import_from(path)
            assert not await Person.exists()
        path.write_text("".join(lines), "utf-8")
        assert await import_from(path) == rows


def test_a_consent_from_before_documents_had_a_term_gets_one() -> None:
    old = {"signatory": "paper", "given_at": "2026-03-01T22:30:00+00:00", "term": None, "ends_on": None}
    assert with_term(old) == {**old, "term": "2027-03-02", "ends_on": "2027-03-02"}  # it was 2 March in the region
    assert with_term({**old, "ends_on": "2026-09-01"})["ends_on"] == "2026-09-01"
    own = {**old, "term": "2026-12-31", "ends_on": "2026-12-31"}
    assert with_term(own) == own


async def test_a_followers_link_does_not_leave_and_is_made_anew(
    cast: Cast, sqlite_template: Path, tmp_path: Path
) -> None:
    secret = "the-link-of-a-follower"
    await Follower(project=cast.project.id, email="reader@example.org", secret=secret, asked_at=now()).save()
    path = tmp_path / "all.jsonl"
    await export_to(path)
    assert secret not in path.read_text("utf-8")
    (tmp_path / "other").mkdir()
    async with engines.sqlite_copy(sqlite_template, tmp_path / "other"):
        await import_from(path)
        row = await Follower.objects().first()
        assert row
        assert row.email == "reader@example.org"
        assert row.secret not in {"", secret}


@pytest.mark.parametrize("is_old", [False, True])
async def test_no_number_of_what_was_deleted_is_given_again(
    sqlite_template: Path, postgres_server: engines.Server, postgres_template: str, tmp_path: Path, is_old: bool
) -> None:
    """``is_old``: the file does not say which numbers were given, the journal does."""
    path = tmp_path / "all.jsonl"
    async with engines.sqlite_copy(sqlite_template, tmp_path):
        cast = await make_cast()
        gone = await start("Секрет", season=cast.season, by=cast.outsider)
        await delete_project(gone, typed="Секрет", reason="По просьбе", by=cast.organiser)
        await export_to(path)
    if is_old:
        lines = path.read_text("utf-8").splitlines()
        path.write_text("\n".join([*lines[:-1], json.dumps({"rows": json.loads(lines[-1])["rows"]})]) + "\n", "utf-8")
    (tmp_path / "other").mkdir()
    for there in (
        engines.sqlite_copy(sqlite_template, tmp_path / "other"),
        engines.postgres_copy(postgres_server, postgres_template),
    ):
        async with there:
            await import_from(path)
            new = await start("Новый", season=cast.season, by=cast.captain)
            assert new.id > gone.id
