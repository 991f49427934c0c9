"""The command ``incubator``."""

import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

# Piccolo reads this when its first table is defined.
os.environ.setdefault("PICCOLO_CONF", "incubator.piccolo_conf")

import click

from incubator.people.permissions import INVITED_STAFF

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T], *, migrated: bool = True) -> T:
    """Run one command's work with open database connections.

    Ends the command with a clear message if the data folder is named by a relative path, if the database is away or misnamed
    or its disk full, or if ``migrated`` is required and migrations are pending.
    """
    from incubator import config
    from incubator.db import StorageFull, Unavailable, connected
    from incubator.db.migrating import pending

    if config.settings.is_data_relative:
        work.close()
        raise click.ClickException(
            f"INCUBATOR_DATA={config.settings.given_data} would be another folder in every place where the command is "
            f"started. Write the whole path: INCUBATOR_DATA={config.settings.data}"
        )

    if config.settings.is_database_unreadable:
        work.close()
        raise click.ClickException(
            "DATABASE_URL cannot be read. Write it like this: postgres://user:password@host/name, with %23 for # in the "
            "password, %2F for /, and so on"
        )

    async def inside() -> T:
        async with connected():
            if migrated and (waiting := await pending()):
                work.close()
                raise click.ClickException(
                    f"The database is not up to date ({len(waiting)} migrations). Run: incubator migrate"
                )
            return await work

    try:
        return asyncio.run(inside())
    except Unavailable as error:
        work.close()
        raise click.ClickException(f"The database cannot be used: {error}") from None
    except StorageFull as error:
        work.close()
        raise click.ClickException(f"No room left on the disk of {config.settings.data}: {error}") from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """От идеи к делу: ideas, projects and business plans, their gates, reviews and showcase.

    Settings come from the environment: INCUBATOR_DATA (folder of the SQLite file and the
    mail files), DATABASE_URL (postgres://… instead of SQLite), INCUBATOR_BASE_URL (the
    address people see), INCUBATOR_SMTP_URL, INCUBATOR_MAIL_FROM. `incubator check` says
    what is wrong with them.
    """
    os.umask(0o077)  # whatever a command writes, only its owner may read


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--data", default="var/demo", show_default=True, type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the demo's database and mail.",
)  # fmt: skip
@click.option("--fresh", is_flag=True, help="Discard all changes and create the demo again.")
@click.option("--no-serve", is_flag=True, help="Only create the data.")
def demo(host: str, port: int, data: Path, fresh: bool, no_serve: bool) -> None:
    """Serve a demo programme to click through: a complete story with its people.

    A second run keeps the changes made since the first.
    """
    os.environ.pop("DATABASE_URL", None)
    data = data.absolute()
    os.environ.update(INCUBATOR_DATA=str(data), INCUBATOR_DEV="1", INCUBATOR_BASE_URL=f"http://{_visible(host)}:{port}")
    from incubator.app import AUDIENCES
    from incubator.db import sqlite_pool
    from incubator.demo.seed import prepare, tell

    if not no_serve:
        _require_free(host, port)
        _tell_apart(host, port, data, fresh=fresh)
        _serve(host, port, workers=1, app="incubator.app:create_demo")
        return
    prepare(data, fresh=fresh)
    sqlite_pool.IS_DURABLE = False
    run(tell(lambda total: click.progressbar(length=total, label="Telling the story"), AUDIENCES), migrated=False)
    sqlite_pool.IS_DURABLE = True
    click.echo(f"\nThe showcase, as a visitor sees it: http://{_visible(host)}:{port}/")
    click.echo(f"Be anybody of its people, as often as you like:   http://{_visible(host)}:{port}/demo")


def _tell_apart(host: str, port: int, data: Path, *, fresh: bool) -> None:
    """Create the demo's data in a process of its own.

    What stores and draws pictures starts threads. They would be missing in the server's workers, which are forks, and whatever
    waits for them would wait for ever.
    """
    told = subprocess.run(  # noqa: S603 - our own program
        [
            *(sys.executable, "-m", "incubator", "demo", "--no-serve"),
            *(f"--host={host}", f"--port={port}", f"--data={data}", *(["--fresh"] if fresh else [])),
        ],
        check=False,
    )
    if told.returncode:
        raise SystemExit(told.returncode)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Number of server processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site. Run `incubator migrate` first.

    Looks at the settings as `incubator check` does, without asking other servers: what is unsafe prevents the start.
    """
    from incubator import config
    from incubator.checks.last_folder import remember

    _require_free(host, port)
    _check_apart()
    remember(config.settings.data)
    _serve(host, port, workers)


@main.command()
def check() -> None:
    """Say what is wrong with the settings, and how to mend it.

    Looks at the address, the proxy, mail, folders and their rights, the disk, stored files, the database and the clock.
    Ends with status 1 if `incubator serve` would not start.
    """
    _check(outside=True, quiet=False)


def _check(*, outside: bool, quiet: bool) -> None:
    """Print what the checks find, or with ``quiet`` only what is wrong; end the command if the site must not start."""
    from incubator import config
    from incubator.checks.finding import Level
    from incubator.checks.gather import gather, tighten
    from incubator.checks.report import lines, terminal_locale
    from incubator.checks.rules import findings, refusals
    from incubator.core.languages import override_locale

    tighten(config.settings.data)
    with override_locale(terminal_locale()):
        found = findings(asyncio.run(gather(config.settings, outside=outside)))
        for line in lines(each for each in found if not quiet or each.level is not Level.FINE):
            click.echo(line, err=quiet)
    if wrong := refusals(found):
        raise click.ClickException(f"{len(wrong)} problem(s) marked x must be mended before the site can be served.")


def _check_apart() -> None:
    """Check in a process of its own, if the system can fork: what that loads, the migrations among it, would stay with every worker."""
    if "fork" not in multiprocessing.get_all_start_methods():
        _check(outside=False, quiet=True)
        return
    checking = multiprocessing.get_context("fork").Process(target=_check_and_say)
    checking.start()
    checking.join()
    if checking.exitcode:
        raise SystemExit(1)


def _check_and_say() -> None:
    try:
        _check(outside=False, quiet=True)
    except click.ClickException as refusal:
        refusal.show()
        raise SystemExit(1) from None


@main.command("mail-test")
@click.argument("email")
def mail_test(email: str) -> None:
    """Send a test mail to EMAIL now, and say what the mail server answered."""
    from incubator import config
    from incubator.checks.report import terminal_locale
    from incubator.core.email_address import normalised
    from incubator.core.languages import override_locale
    from incubator.mail.test_mail import send_test

    try:
        address = normalised(email)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="EMAIL") from error
    with override_locale(terminal_locale()):
        try:
            click.echo(asyncio.run(send_test(address, config.settings)))
        except Exception as error:  # noqa: BLE001 - whatever the server, the network or the address is to blame for
            raise click.ClickException(f"{type(error).__name__}: {error}") from None


def _require_free(host: str, port: int) -> None:
    """Report an unavailable address clearly; the server itself would panic."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {host}:{port}: {error.strerror}. Try --port.") from None


def _visible(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - only compared


def _serve(host: str, port: int, workers: int, app: str = "incubator.app:create_app") -> None:
    from incubator.server import serve as serve_app

    click.echo(f"Serving on http://{_visible(host)}:{port} – press Ctrl+C to stop.")
    serve_app(app, host=host, port=port, workers=workers)


@main.command()
def migrate() -> None:
    """Bring the database up to date; safe to repeat.

    Also adds the reference lists (clusters, districts, competencies, texts of consents)
    that are missing.
    """
    from incubator import config
    from incubator.checks.last_folder import remember
    from incubator.db.migrating import migrate as run_migrations
    from incubator.programme.install import install_defaults
    from incubator.publication.index import rebuild
    from incubator.publication.render_again import render_frozen_again
    from incubator.reviews.figures import mend_figures

    async def work() -> int:
        done = await run_migrations()
        await install_defaults()
        await render_frozen_again()
        if done:
            await rebuild()
            await mend_figures()
        return len(done)

    click.echo(f"Migrations run: {run(work(), migrated=False)}. The database is up to date.")
    click.echo(f"Data folder: {config.settings.data}")
    remember(config.settings.data)


@main.command()
def figures() -> None:
    """Compare the stored figures of reviews and of what is in review with the rows they follow from, and mend what differs.

    Nothing differs unless somebody has changed the database by hand. Ends with status 1 if something did.
    """
    from incubator.reviews.figures import mend_figures

    if found := run(mend_figures()):
        raise click.ClickException(f"{len(found)} submission(s) had wrong figures; they are right now.")
    click.echo("All figures are what their rows add up to.")


def _address(_ctx: Any, _param: Any, email: str) -> str:
    """Return an address in its stored form."""
    from incubator.core.email_address import normalised

    try:
        return normalised(email)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _place(_ctx: Any, _param: Any, name: str) -> str:
    """Return an organisation's name as it can be stored; empty if nobody could read it."""
    from incubator.core import limits
    from incubator.core.text import clean_line
    from incubator.core.visible import says_something

    name = clean_line(name)
    if len(name) > limits.ORGANISATION:
        raise click.BadParameter(f"at most {limits.ORGANISATION} characters")
    return name if says_something(name) else ""


_ROLE = click.Choice([role.value for role in INVITED_STAFF])


@main.command("create-organiser")
@click.argument("email", callback=_address)
@click.option("--mail", is_flag=True, help="Mail the link as well.")
def create_organiser(email: str, mail: bool) -> None:
    """Invite EMAIL to be an organiser and print the link, which works once, for two weeks.

    Whoever opens it chooses a password and a name. The role is theirs from then on, not before.
    """
    _invite("organiser", email, organisation="", mail=mail)


def _invite(role: str, email: str, *, organisation: str, mail: bool) -> None:
    from incubator import config
    from incubator.core.languages import override_locale
    from incubator.core.refusals import Refusal
    from incubator.projects.staff_invitations import invite_from_server
    from incubator.reference.organisations import organisation_named

    async def work() -> str:
        place = await organisation_named(organisation, kind="enterprise") if organisation else None
        return await invite_from_server(role, email=email, organisation=place, is_mailed=mail)

    try:
        with override_locale("en"):
            click.echo(f"{config.settings.base_url}/invitations/{run(work())}")
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None


@main.group()
def role() -> None:
    """Who is an organiser or a mentor: list, give, revoke."""


@role.command("list")
def list_roles() -> None:
    """List who holds which role since when and by whom, and the open invitations."""
    from incubator.core.clock import day_of
    from incubator.people.grants import role_holders
    from incubator.people.permissions import StaffRole
    from incubator.projects.staff_invitations import open_staff_invitations

    async def work() -> list[tuple[str, str, str, str]]:
        held = [
            (each.value, grant.person.email, f"since {day_of(grant.since)}", _giver(grant.granted_by))
            for each in StaffRole
            for grant in await role_holders(each)
        ]
        invited = [
            (row.role, row.email, f"invited until {day_of(row.expires_at)}", _giver(row.invited_by))
            for row in await open_staff_invitations()
        ]
        return held + invited

    for row in run(work()):
        click.echo("\t".join(row))


def _giver(person: Any) -> str:
    return f"by {person.email}" if person and person.id else "by the command line"


@role.command("give")
@click.argument("email", callback=_address)
@click.argument("name", type=_ROLE, metavar="ROLE")
@click.option("--organisation", default="", callback=_place, metavar="NAME", help="Where a mentor works; required for mentors.")  # fmt: skip
@click.option("--mail", is_flag=True, help="Mail the link as well.")
def give_role(email: str, name: str, organisation: str, mail: bool) -> None:
    """Invite EMAIL to the ROLE (organiser or mentor) and print the link by which it is accepted."""
    if name == "mentor" and not organisation:
        raise click.UsageError("Conflicts of interest need to know where a mentor works: --organisation NAME.")
    _invite(name, email, organisation=organisation, mail=mail)


@role.command("revoke")
@click.argument("email", callback=_address)
@click.argument("name", type=_ROLE, metavar="ROLE")
def revoke_role(email: str, name: str) -> None:
    """Take the ROLE (organiser or mentor) from EMAIL: an open invitation, the role itself, and every session."""
    from incubator.core.languages import override_locale
    from incubator.core.refusals import Refusal
    from incubator.people.accounts import person_by_email
    from incubator.people.grants import roles_of
    from incubator.people.permissions import StaffRole
    from incubator.projects.staff_invitations import revoke_from_server
    from incubator.reviews.assignment.dismissal import dismiss

    async def work() -> list[str]:
        done = ["The invitation is revoked."] if await revoke_from_server(name, email) else []
        person = await person_by_email(email)
        if person is not None and name in await roles_of(person.id):
            await dismiss(person, StaffRole(name), by=None)
            done.append("The role is taken away, and every session of this account has ended.")
        return done

    try:
        with override_locale("en"):
            done = run(work())
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    if not done:
        raise click.ClickException(f"{email} neither has this role nor is invited to it.")
    click.echo("\n".join(done))


@main.command("reset-second-factor")
@click.argument("email", callback=_address)
@click.option("--reason", default="", metavar="TEXT", help="Why; told to the person and the organisers.")
def reset_second_factor(email: str, reason: str) -> None:
    """Take the second factor from EMAIL, who has lost it: app, passkeys, recovery codes, and every session.

    For when no other organiser can do it on the person's page. The password alone opens the account until a new factor is
    set up; whoever has a role that needs one does that first.
    """
    from incubator.core.text import clean_line
    from incubator.people.accounts import person_by_email
    from incubator.people.second_factor import reset_factor

    async def work() -> bool:
        person = await person_by_email(email)
        return person is not None and await reset_factor(person.id, reason=clean_line(reason)[:300], by=None)

    if not run(work()):
        raise click.ClickException(f"There is no account {email} with a second factor.")
    click.echo(f"The second factor of {email} is gone, and every session has ended. The organisers are told.")


@main.group("import")
def import_() -> None:
    """Import projects or reviews from a file."""


#: Combined with the row's own id (at most 80 characters) it makes the stored id.
_LONGEST_SOURCE = 39


def _source(_ctx: Any, _param: Any, name: str) -> str:
    """Return a source's name if it can be stored."""
    from incubator.core.text import clean_line

    name = clean_line(name)
    if len(name) > _LONGEST_SOURCE:
        raise click.BadParameter(f"at most {_LONGEST_SOURCE} characters")
    return name


def _source_of(file: Path) -> str:
    """Return the file's name without its extension, if it can be stored."""
    try:
        return _source(None, None, file.stem)
    except click.BadParameter:
        raise click.UsageError(
            f"The name “{file.stem[:40]}…” is long: name the file's content with --source."
        ) from None


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _mapped(_ctx: Any, _param: Any, pairs: tuple[str, ...]) -> dict[str, str]:
    """Return ``field=column`` pairs as a dictionary."""
    wrong = next((pair for pair in pairs if "=" not in pair), None)
    if wrong:
        raise click.BadParameter(f"“{wrong}” is not of the form field=column")
    return dict(pair.split("=", 1) for pair in pairs)


@import_.command("projects")
@click.argument("file", type=_FILE)
@click.option("--map", "mapping", multiple=True, callback=_mapped, metavar="FIELD=COLUMN", help="Column that contains a field, or nothing after = to leave the field out; may be repeated. Columns with a usual heading are found by it. Fields: title, team, organisation, municipality, cluster, competencies, help_wanted, students, teacher, coach, and the key of every section of text.")  # fmt: skip
@click.option("--id", "id_column", default=None, metavar="COLUMN", help="Column that identifies a row: importing it again changes nothing. [default: a column called id, №, номер …; if there is none, title, team and organisation]")  # fmt: skip
@click.option("--sheet", default="", metavar="NAME", help="Sheet of a workbook. [default: the first with anything in it]")  # fmt: skip
@click.option("--season", required=True, metavar="SLUG", help="Season of the projects; created if missing.")
@click.option("--stage", default="idea", show_default=True, type=click.Choice(["idea", "project", "plan"]), help="Stage that the projects have reached.")  # fmt: skip
@click.option("--state", default="draft", show_default=True, type=click.Choice(["draft", "in_review", "graduated"]), help="State of the projects: in_review submits them at the gate.")  # fmt: skip
@click.option("--source", default="", callback=_source, metavar="NAME", help="Name that distinguishes the ids of different files; give the earlier one for a file that was renamed. [default: the file's name]")  # fmt: skip
@click.option("--publish", is_flag=True, help="Publish the projects on the showcase.")
@click.option("--update", "updates", is_flag=True, help="Change what an earlier run made where the file says something else, as long as nobody has worked on it since; --dry-run shows the changes.")  # fmt: skip
@click.option("--invite", is_flag=True, help="Mail the students, teachers and coaches whose addresses the file has an invitation into their team.")  # fmt: skip
@click.option("--force", is_flag=True, help="Import even if rows seem to be shifted against each other.")
@click.option("--dry-run", is_flag=True, help="Only report what would be created, and all problems.")
@click.option("--batch", default=200, show_default=True, type=click.IntRange(1, 5000), help="Rows per transaction.")
def import_projects(file: Path, mapping: dict[str, str], id_column: str | None, sheet: str, season: str, stage: str, state: str, source: str, publish: bool, updates: bool, invite: bool, force: bool, dry_run: bool, batch: int) -> None:  # fmt: skip
    """Import projects from FILE: JSON Lines (.jsonl), CSV or a spreadsheet (.xlsx, .xls, .ods).

    \b
    Example:
      incubator import projects ideas.csv --season 2026 --map title=Название --map problem=Проблема

    A row that was imported before (by --id) is left alone, so an interrupted import can
    simply be restarted. Invalid rows are listed with row and column, and skipped; the
    status is then 1. `incubator import undo NUMBER` takes an import back.
    """
    from incubator.interchange.project_import import ProjectImport
    from incubator.interchange.projects import import_rows

    if state == "graduated" and stage != "plan":
        raise click.BadParameter("only business plans graduate: --stage plan", param_hint="--state")
    wish = ProjectImport(
        mapping, id_column, season, stage, publish, source or _source_of(file), state, updates=updates, sheet=sheet,
        is_looked_at=force, invites=invite,
    )  # fmt: skip
    _import(import_rows(file, wish, dry_run=dry_run, batch=batch, progress=_progress), dry_run)


@import_.command("list")
def list_imports() -> None:
    """List the imports: number, when, file, what came of it."""
    from incubator.interchange.import_commands import listed_imports

    for line in run(listed_imports()):
        click.echo(line)


@import_.command("undo")
@click.argument("number", type=int)
@click.option("--yes", is_flag=True, help="Do it; otherwise only say what would be deleted.")
def undo_import_(number: int, yes: bool) -> None:
    """Delete the projects that import NUMBER made and nobody has worked on since."""
    from incubator.checks.report import terminal_locale
    from incubator.core.languages import override_locale
    from incubator.core.refusals import Refusal
    from incubator.interchange.import_commands import undo

    with override_locale(terminal_locale()):
        try:
            lines = run(undo(number, is_meant=yes))
        except Refusal as refusal:
            raise click.ClickException(refusal.message) from None
    click.echo("\n".join(lines))


def _scale(_ctx: Any, _param: Any, text: str) -> tuple[int, int]:
    """Return the lowest and the highest level of «1-5»."""
    low, _dash, high = text.partition("-")
    if not (low.isdigit() and high.isdigit() and int(low) < int(high) <= 100):
        raise click.BadParameter("must look like 1-5")
    return int(low), int(high)


def _scales(ctx: Any, param: Any, pairs: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    return {key: _scale(ctx, param, text) for key, text in _mapped(ctx, param, pairs).items()}


def _levels(ctx: Any, param: Any, pairs: tuple[str, ...]) -> dict[str, int]:
    """Return the levels of words."""
    found = _mapped(ctx, param, pairs)
    wrong = next((level for level in found.values() if not level.isdigit()), None)
    if wrong is not None:
        raise click.BadParameter(f"“{wrong}” is not a level")
    return {word: int(level) for word, level in found.items()}


@import_.command("reviews")
@click.argument("file", type=_FILE)
@click.option("--project", "project_column", required=True, metavar="COLUMN", help="Column with the id under which the project was imported.")  # fmt: skip
@click.option("--source", required=True, callback=_source, metavar="NAME", help="Name of the file with the projects, without its extension.")  # fmt: skip
@click.option("--mentor", "mentor_column", required=True, metavar="COLUMN", help="Column that identifies the reviewer.")
@click.option("--criterion", "criteria", multiple=True, callback=_mapped, metavar="KEY=COLUMN", required=True, help="Criterion: a key and the column with its level; may be repeated. They become the rubric of the submissions.")  # fmt: skip
@click.option("--scale", default="0-3", show_default=True, callback=_scale, metavar="LOW-HIGH", help="Lowest and highest level.")  # fmt: skip
@click.option("--scale-of", "scales", multiple=True, callback=_scales, metavar="KEY=LOW-HIGH", help="Scale of one criterion, where it differs; may be repeated.")  # fmt: skip
@click.option("--level", "words", multiple=True, callback=_levels, metavar="WORD=LEVEL", help="A word for a level, as in отлично=5; may be repeated.")  # fmt: skip
@click.option("--times", default=1, show_default=True, type=click.IntRange(1, 10), help="What levels are multiplied by: 2 where the file has halves.")  # fmt: skip
@click.option("--confidence", "confidence_column", default="", metavar="COLUMN", help="Column with the reviewer's confidence, a whole number from 1 on.")  # fmt: skip
@click.option("--recommendation", "recommendation_column", default="", metavar="COLUMN", help="Column with what the reviewer recommends: допустить, доработать, остановить …")  # fmt: skip
@click.option("--date", "date_column", default="", metavar="COLUMN", help="Column with the day of the review. [default: now]")  # fmt: skip
@click.option("--title", "title_column", default="", metavar="COLUMN", help="Column with the project's title, to notice rows that are shifted against each other.")  # fmt: skip
@click.option("--advice", "advice_columns", multiple=True, metavar="COLUMN", help="Column with advice to the team; may be repeated.")  # fmt: skip
@click.option("--sheet", default="", metavar="NAME", help="Sheet of a workbook. [default: the first with anything in it]")  # fmt: skip
@click.option("--force", is_flag=True, help="Import even if rows seem to be shifted against each other.")
@click.option("--dry-run", is_flag=True, help="Only report what would be created, and all problems.")
@click.option("--batch", default=200, show_default=True, type=click.IntRange(1, 5000), help="Rows per transaction.")
def import_reviews(file: Path, scale: tuple[int, int], force: bool, dry_run: bool, batch: int, **options: Any) -> None:  # fmt: skip
    """Import reviews of projects that were imported before.

    A blank level is a criterion that does not apply. `incubator import undo NUMBER` takes an import back.

    \b
    Example:
      incubator import reviews assessments.jsonl --source proposals --project proposal_id \\
        --mentor assessor --criterion impact=impact --scale 1-5 --advice impact_note
    """
    from incubator.interchange.review_rows import ReviewImport
    from incubator.interchange.reviews import import_rows

    wish = ReviewImport(**options, lowest=scale[0], highest=scale[1], is_looked_at=force)
    _import(import_rows(file, wish, dry_run=dry_run, batch=batch, progress=_progress), dry_run)


def _import(work: Coroutine[Any, Any, Any], dry_run: bool) -> None:
    """Run an import and print its report; errors that the person can fix are one line. Ends with status 1 if rows were skipped."""
    from incubator.checks.report import terminal_locale
    from incubator.core.languages import override_locale
    from incubator.interchange.import_commands import report_lines
    from incubator.interchange.import_report import ImportRefused
    from incubator.interchange.project_context import UnknownField
    from incubator.tabular.rows import UnknownFormat

    with override_locale(terminal_locale()):
        try:
            report = run(work)
        except (UnknownFormat, UnknownField, ImportRefused) as error:
            raise click.ClickException(str(error)) from None
        for problem in report.problems:
            click.echo(str(problem), err=True)
        for line in report_lines(report, dry_run=dry_run):
            click.echo(line)
    if report.failed:
        raise SystemExit(1)


def _progress(total: int) -> Any:
    return click.progressbar(length=total, label="Rows")


@main.group()
def programme() -> None:
    """Data shared by all seasons: the map, the specialities."""


@programme.command("load-borders")
@click.argument("file", type=_FILE, required=False)
@click.option(
    "--credit", default="", metavar="TEXT", help="Attribution required by the borders' licence; shown under the map."
)
@click.option("--forget", is_flag=True, help="Draw the outlines made from the centres again.")
def load_borders_(file: Path | None, credit: str, forget: bool) -> None:
    """Draw the showcase's map with real borders from FILE (GeoJSON) instead of outlines made from the districts' centres.

    A feature is recognised by a property with the district's OKTMO code or name.

    \b
    Example:
      incubator programme load-borders districts.geojson --credit "© участники OpenStreetMap"
    """
    from incubator.showcase.region_map.borders import NotBorders
    from incubator.showcase.region_map.load import forget_borders, load_borders

    if forget:
        run(forget_borders())
        click.echo("The map is drawn with outlines made from the districts' centres.")
        return
    if file is None or not credit:
        raise click.UsageError("Name the FILE, and with --credit whose borders they are.")
    try:
        text = file.read_text("utf-8")
        click.echo(f"Borders read: {run(load_borders(text, credit=credit[:200]))}")
    except (NotBorders, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file.name}: {error}") from None


@programme.command("load-specialities")
@click.argument("file", type=_FILE)
def load_specialities_(file: Path) -> None:
    """Add specialities and professions from FILE, a table with the columns code, name and level.

    A code that exists already gets the file's name and level. Rows with problems are listed and skipped; the status is then 1.
    """
    from incubator.reference.specialities import load_specialities
    from incubator.tabular.reading import read_rows
    from incubator.tabular.rows import UnknownFormat

    try:
        rows = read_rows(file)
    except UnknownFormat as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    count, problems = run(load_specialities(rows))
    for problem in problems[:1000]:
        click.echo(str(problem), err=True)
    click.echo(f"Specialities read: {count}. Problems: {len(problems)}.")
    if problems:
        raise SystemExit(1)


@main.command()
def reindex() -> None:
    """Write anew by what words each publication is found, and rebuild the showcase's index. Safe at any time."""
    from incubator.publication.entry import reindex

    click.echo(f"Publications indexed: {run(reindex())}")


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export(file: Path) -> None:
    """Write all data as JSON Lines to FILE (accounts without passwords and sessions).

    `incubator import all FILE` reads it into an empty database.
    """
    from incubator.interchange.everything import export_to, mails_left_behind

    click.echo(f"Rows written: {run(export_to(file))}")
    if waiting := run(mails_left_behind()):
        click.echo(
            f"{waiting} mail(s) wait to be sent and are not in the file. Let this site send them before another one takes its place.",
            err=True,
        )


@import_.command("all")
@click.argument("file", type=_FILE)
def import_all(file: Path) -> None:
    """Import what `incubator export` wrote into an empty database."""
    from incubator.interchange.everything import NotAnExport, NotEmpty, import_from

    try:
        click.echo(f"Rows read: {run(import_from(file))}")
    except (NotEmpty, NotAnExport) as error:
        raise click.ClickException(str(error)) from None
