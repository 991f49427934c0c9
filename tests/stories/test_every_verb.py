"""Every verb leaves exactly its events in the journal: a script of all verbs, in a possible order.

The random walk (test_any_way) looks for unexpected states; this test makes sure that no verb is silent.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest

from incubator.attachments.attach import caption_files, put_back
from incubator.attachments.people_on import Said, hide_attachment
from incubator.attachments.removal import remove_attachment
from incubator.attachments.tables import Attachment, People
from incubator.classroom.cards import make_cards, use_card
from incubator.classroom.corrections import PupilCorrection, correct_pupil, take_back_enrolment
from incubator.classroom.enrol import end_enrolments, enrol
from incubator.classroom.pupil_list import read_list
from incubator.classroom.substitutes import appoint_substitute, end_substitution, name_substitute
from incubator.classroom.teams import become_teacher, put_into_team
from incubator.core.clock import clock_at, end_of_day, now, today
from incubator.db import writing
from incubator.files.keep import keep
from incubator.gates.accept import Newcomer, accept, claim
from incubator.gates.begin_again import begin_again
from incubator.gates.correct_decision import Correction, correct_decision
from incubator.gates.correct_typo import correct_typo
from incubator.gates.decide import decide, undo_decision
from incubator.gates.delete_project import delete_project
from incubator.gates.extend import extend, mark_of
from incubator.gates.idea_deletion import delete_idea, restore_idea
from incubator.gates.merge_projects import merge_projects
from incubator.gates.near_deadlines import remind_of_deadlines
from incubator.gates.planned_deletion import REVOCABLE, delete_what_is_due, keep_project, plan_deletion
from incubator.gates.release import release
from incubator.gates.reply import reply_to_decision
from incubator.gates.submit import leave, reopen, submit, take_back
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.interchange.import_batches import start_import, stop_work
from incubator.interchange.import_commands import undo
from incubator.interchange.import_jobs import IMPORT_FILE
from incubator.interchange.project_import import ProjectImport
from incubator.interchange.projects import import_rows
from incubator.interchange.tables import ImportBatch
from incubator.interchange.uploaded_imports import upload_import
from incubator.mail.tables import Message
from incubator.notifications.mail_templates import change_mail_template, restore_mail_template
from incubator.notifications.outbox import drop, resend, send_test_to
from incubator.notifications.preferences import change_choices
from incubator.people.accounts import change_password, change_profile, confirm_email, create_person, sign_up
from incubator.people.address_change import ask_new_address, confirm_address, stop_address, stop_own_change
from incubator.people.affiliations import (
    AffiliationCapacity,
    affiliate,
    confirm_affiliation,
    end_affiliation,
)
from incubator.people.age_changes import state_birth_date
from incubator.people.ages import birthday
from incubator.people.coordinators import dismiss_coordinator, name_coordinator
from incubator.people.grants import grant_role, take_role
from incubator.people.oidc.identities import link, person_for, unlink, ways_in
from incubator.people.oidc.tokens import Visitor
from incubator.people.permissions import Scope, StaffRole
from incubator.people.second_factor import (
    Shower,
    confirm_app,
    remove_app,
    renew_codes,
    reset_factor,
    show_code,
    start_app,
    waiting_app,
)
from incubator.people.sessions import begin_session, end_session
from incubator.people.tables import Consent, Enrolment, Person, Substitution
from incubator.privacy.consent_wording import WORDS, note_lawyer, write_wording
from incubator.privacy.data_operator import FIELDS, change_operator
from incubator.privacy.destruction import destroy_what_is_due
from incubator.privacy.ending_consents import ask_for_next_consents
from incubator.privacy.family import renew_code
from incubator.privacy.guardian_answer import LinkEnded, answer_as_guardian, note_opened
from incubator.privacy.guardian_links import ask_again, ask_guardians, forget_guardian_links, revoke_guardian_link
from incubator.privacy.guardian_rules import WantedGuardian
from incubator.privacy.merge_proof import proof_of
from incubator.privacy.merging import merge_own
from incubator.privacy.missing_documents import remind_of_documents
from incubator.privacy.scans import file_scans, open_scan, say_whose
from incubator.privacy.sheets import WantedSheet, make_sheets
from incubator.privacy.slips import make_slips
from incubator.privacy.tables import ConsentSheet, SheetScan
from incubator.programme.changes import add_criterion, add_section, change, change_season, remove
from incubator.programme.season_rates import change_rates
from incubator.programme.seasons import criteria_at, open_season, sections_at
from incubator.programme.tables import Season, StageRule
from incubator.programme.tax_rates import RATES
from incubator.projects.ages import confirm_age
from incubator.projects.comments import comment, reopen_comment, resolve_comment
from incubator.projects.consents import give_consent, latest_texts
from incubator.projects.deadlines import binding_deadline
from incubator.projects.details import Details, change_details
from incubator.projects.document import submissions_of
from incubator.projects.errata import TITLE
from incubator.projects.invitations import (
    accept_into_team,
    invite_to_team,
    pending_invitations,
    revoke_invitation,
)
from incubator.projects.orphaned_consents import accept_recorded_by, void_recorded_by
from incubator.projects.own_consents import agree_too, ask_for_own_consents, give_own_consent
from incubator.projects.season_changes import change_season_of_teams
from incubator.projects.staff_invitations import (
    invite_from_server,
    invite_staff,
    open_staff_invitations,
    resend_staff_invitation,
    revoke_staff_invitation,
)
from incubator.projects.start import start
from incubator.projects.tables import Project, Submission
from incubator.projects.team import join, make_captain
from incubator.projects.transition import StageChanged
from incubator.projects.vouching import vouch
from incubator.publication.awards import add_award, give_award, take_award
from incubator.publication.content_report_words import Spot, Wrong
from incubator.publication.content_reports import close_report, hide_reported, report_content
from incubator.publication.file_changes import note_files
from incubator.publication.news import (
    NewsWording,
    change_news,
    delete_news,
    offer_news,
    publish_news,
    refuse_news,
    take_news_off,
    write_news,
)
from incubator.publication.organisations import correct_organisation, merge_duplicates
from incubator.publication.passages import hide_passages, keep_passages, passages_of, stop_hiding
from incubator.publication.publish import ask_publication, publish, refuse, unpublish
from incubator.publication.tables import ContentReport, Verdict
from incubator.publication.team_names import ask_about_names
from incubator.publication.withdrawals import (
    end_confirmation,
    refuse_to_vouch,
    remove_member,
    withdraw_by_family,
    withdraw_consent,
    withdraw_own_consent,
)
from incubator.reference.merging import add_name, merge, rename
from incubator.reference.organisations import organisation_named
from incubator.reference.specialities import load_specialities
from incubator.reference.tables import Organisation
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.bids import bid
from incubator.reviews.assignment.declared_conflicts import conflicts_on, declare_conflict, lift_conflict
from incubator.reviews.assignment.decline import decline
from incubator.reviews.assignment.dismissal import dismiss
from incubator.reviews.assignment.mentors import Offer, change_offer, days_away, end_feed, go_away, new_feed, stay
from incubator.reviews.assignment.proposal import apply, propose, set_by_hand
from incubator.reviews.assignment.reassign import reassign
from incubator.reviews.assignment.reconsider import reconsider
from incubator.reviews.assignment.reminders import remind
from incubator.reviews.assignment.season_due_dates import change_season_of_everybody
from incubator.reviews.figures import differing_entries
from incubator.reviews.review_statistics import differing_summaries
from incubator.reviews.reviewing.discussion import post_to_reviewers, post_to_team, remove_post
from incubator.reviews.reviewing.practice import practise
from incubator.reviews.reviewing.remarks import (
    address_remark,
    confirm_remark,
    doubt_remark,
    open_remarks,
    reopen_remark,
)
from incubator.reviews.reviewing.review import Opinion, save_review, send_review
from incubator.reviews.reviewing.threads import answer_comment
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import KEPT
from incubator.showcase.help import offer_help
from incubator.showcase.story import published
from incubator.tabular.rows import Row
from tests.attachments.uploads import KEY, attached
from tests.cast import Cast, fill_details, fill_sections, fresh, fresh_project, in_days, make_ready, rewrite
from tests.classroom.classes import colleague_of, confirmed_teacher
from tests.factors import give_app
from tests.interchange.files import Bar, json_lines
from tests.privacy.guardians import FATHER, MOTHER, links_allowed, open_link, signed_answer
from tests.privacy.reminders import close_gate_in

_told: set[str] = set()


@asynccontextmanager
async def leaves(*happened: Happened) -> AsyncIterator[None]:
    """Assert that the block adds exactly these events, in this order, and that stored figures follow."""
    last = await Event.select(Event.id).order_by(Event.id, ascending=False).first()
    yield
    new = await Event.select(Event.happened).where(Event.id > (last["id"] if last else 0)).order_by(Event.id)
    assert [row["happened"] for row in new] == [h.value for h in happened]
    assert await differing_summaries() == []
    assert await differing_entries() == []
    _told.update(h.value for h in happened)


async def test_every_verb_is_told(cast: Cast, tmp_path: Path) -> None:
    _told.clear()
    await _accounts()
    await _second_factor(cast)
    await _affiliations(cast)
    await _seasons(cast)
    await _class(cast)
    await _team(cast)
    await _gate(cast)
    await _showcase(cast)
    await _import(cast, tmp_path)
    assert _told == {h.value for h in Happened}, "a verb is missing in this script"


async def _accounts() -> None:
    async with leaves(Happened.SIGNED_UP):
        person = await sign_up("lena@example.org", "кит поёт басом", given_name="Лена", family_name="")
    mail = await Message.objects().where(Message.to == "lena@example.org").first()
    assert mail
    secret = mail.body.split("/confirm/")[1].split()[0]
    async with leaves(Happened.EMAIL_CONFIRMED):
        await confirm_email(secret)
    async with leaves(Happened.PASSWORD_CHANGED):
        await change_password(person, current="кит поёт басом", new="кит поёт тенором")
    async with leaves(Happened.PROFILE_CHANGED):
        await change_profile(person, given_name="Елена", family_name="Ким", locale="ru")
    await _address(person)
    async with leaves():
        secret = await begin_session(await fresh(person), user_agent="")
    async with leaves(Happened.SESSION_ENDED):
        await end_session(secret)
    async with leaves():  # a repeated click
        await end_session(secret)
    visitor = Visitor("https://id.example.org", "42", (await fresh(person)).email, is_confirmed=True)
    async with leaves(Happened.IDENTITY_LINKED):
        await person_for(visitor)
    async with leaves():  # signing in again
        await person_for(visitor)
    async with leaves():
        await link(person.id, visitor)
    (way,) = await ways_in(person)
    async with leaves(Happened.IDENTITY_UNLINKED):
        await unlink(person, way.id)
    async with leaves():  # a repeated click
        await unlink(person, way.id)
    async with leaves(Happened.MAIL_PREFERENCE_CHANGED):
        await change_choices(person, {"reminders": "daily"})
    async with leaves(Happened.INVITED):
        secret = await invite_from_server("organiser", email="second@example.org")
    async with leaves(Happened.SIGNED_UP, Happened.ROLE_GIVEN):
        await claim(secret, Newcomer("кит поёт басом"))
    async with leaves(Happened.ROLE_GIVEN):
        await grant_role(person, StaffRole.ORGANISER, by=None, scope=Scope.EVENT, scope_id=1)
    async with leaves(Happened.ROLE_TAKEN):
        await take_role(person, StaffRole.ORGANISER, by=None, scope=Scope.EVENT, scope_id=1)
    async with leaves():
        await take_role(person, StaffRole.ORGANISER, by=None, scope=Scope.EVENT, scope_id=1)


async def _second_factor(cast: Cast) -> None:
    person = cast.coach
    await start_app(person)
    app = await waiting_app(person)
    assert app
    shower = Shower(person, await begin_session(await fresh(person), user_agent=""), is_signed_in=True)
    async with leaves(Happened.FACTOR_ADDED):
        codes = await confirm_app(shower, pyotp.TOTP(app.secret).at(now()))
    async with leaves(Happened.RECOVERY_CODE_USED):
        await show_code(shower, codes[0])
    async with leaves(Happened.RECOVERY_CODES_MADE):
        await renew_codes(person)
    async with leaves(Happened.SESSION_ENDED, Happened.FACTOR_RESET):
        await reset_factor(person.id, reason="Телефон пропал", by=cast.organiser)
    async with leaves():
        await reset_factor(person.id, reason="Телефон пропал", by=cast.organiser)
    await give_app(person)
    async with leaves(Happened.FACTOR_REMOVED):
        await remove_app(person)


async def _affiliations(cast: Cast) -> None:
    school, other = await organisation_named("Школа № 20"), await organisation_named("Школа № 21")
    async with leaves(Happened.AFFILIATION_CHANGED):
        row = await affiliate(cast.captain, school, AffiliationCapacity.STUDENT, by=cast.captain)
    async with leaves(Happened.AFFILIATION_CHANGED):
        await confirm_affiliation(row.id, by=cast.teacher)
    async with leaves(Happened.AFFILIATION_CHANGED):
        await end_affiliation(row.id, by=cast.captain)
    async with leaves(Happened.REFERENCE_CHANGED):
        await add_name(Organisation, school, "Двадцатая", by=cast.organiser)
    async with leaves(Happened.REFERENCE_CHANGED):
        await rename(school, "Лицей № 20", by=cast.organiser)
    async with leaves(Happened.REFERENCE_CHANGED):
        await merge(Organisation, other, school, by=cast.organiser)
    async with leaves(Happened.REFERENCE_CHANGED):
        present = await Organisation.objects().get(Organisation.id == school)
        assert present
        await correct_organisation(
            present, name="Гимназия № 20", kind="school", municipality=None, is_new_name=False, by=cast.organiser
        )
    async with leaves(Happened.REFERENCE_CHANGED):
        twin = await Organisation.objects().get(Organisation.id == await organisation_named("Школа № 22"))
        assert twin
        await merge_duplicates(twin, present, by=cast.organiser)
    async with leaves(Happened.REFERENCE_CHANGED):
        await load_specialities([Row(1, {"code": "09.02.07", "name": "Программирование"})])
    async with leaves(Happened.CALENDAR_CHANGED):
        await new_feed(cast.mentor)
    async with leaves(Happened.CALENDAR_CHANGED):
        await end_feed(cast.mentor)


async def _class(cast: Cast) -> None:
    school = await confirmed_teacher(cast)
    colleague = await colleague_of(cast, school)
    account = (Happened.SIGNED_UP, Happened.AGE_CONFIRMED, Happened.AFFILIATION_CHANGED, Happened.AFFILIATION_CHANGED)
    lines = read_list("Иванов Пётр, 05.03.2012", today())
    async with leaves(*account, Happened.ENROLLED):
        await enrol(lines, organisation=school, by=cast.teacher)
    async with leaves():  # a repeated click
        await enrol(lines, organisation=school, by=cast.teacher)
    row = await Enrolment.objects(Enrolment.person).first()
    assert row
    slip = read_list("Щукина Ольга, 07.11.2011", today())
    async with leaves(*account, Happened.ENROLLED):
        await enrol(slip, organisation=school, by=cast.teacher)
    olga = await Person.objects().get(Person.family_name == "Щукина")
    assert olga
    put_right = PupilCorrection("Щуркина", "Ольга", "", olga.born_on.replace(year=2012), "опечатка")
    async with leaves(Happened.NAME_CORRECTED, Happened.BIRTH_DATE_CHANGED):
        await correct_pupil(olga.id, put_right, by=cast.teacher)
    async with leaves():  # a repeated click
        await correct_pupil(olga.id, put_right, by=cast.teacher)
    async with leaves(Happened.ENROLMENT_TAKEN_BACK):
        await take_back_enrolment(olga.id, by=cast.teacher)
    async with leaves(Happened.CARD_MADE):
        (card,) = await make_cards([row.person.id], by=cast.teacher)
    async with leaves(Happened.PASSWORD_CHANGED, Happened.CARD_USED):
        await use_card(card.login, card.code, "кит поёт басом", address="")
    async with leaves(Happened.JOINED):
        await put_into_team([row.person.id], cast.project.id, by=cast.teacher)
    await remove_member(cast.project, row.person.id, by=cast.teacher)
    async with leaves(Happened.SUBSTITUTE_NAMED):
        await name_substitute(colleague.id, in_days(3), by=cast.teacher)
    async with leaves():  # a repeated click
        await name_substitute(colleague.id, in_days(3), by=cast.teacher)
    stands_in = await Substitution.objects().first()
    assert stands_in
    async with leaves(Happened.SUBSTITUTE_ENDED):
        await end_substitution(stands_in.id, by=cast.teacher)
    async with leaves():  # a repeated click
        await end_substitution(stands_in.id, by=cast.teacher)
    async with leaves(Happened.SUBSTITUTE_NAMED):
        await appoint_substitute(cast.teacher.id, colleague.id, in_days(4), reason="Болеет", by=cast.organiser)
    async with leaves():  # a repeated click
        await appoint_substitute(cast.teacher.id, colleague.id, in_days(4), reason="Болеет", by=cast.organiser)
    async with leaves(Happened.ROLE_GIVEN):
        await name_coordinator(colleague.id, school, by=cast.organiser)
    async with leaves():  # a repeated click
        await name_coordinator(colleague.id, school, by=cast.organiser)
    async with leaves(Happened.ROLE_TAKEN):
        await dismiss_coordinator(colleague, school, by=cast.organiser)
    own = await start("Своя идея", season=cast.season, by=await fresh(row.person))
    async with leaves(Happened.JOINED):
        await become_teacher(own.id, by=cast.teacher)
    async with leaves(Happened.ENROLMENT_ENDED):
        await end_enrolments([row.person.id], by=cast.teacher)


async def _seasons(cast: Cast) -> None:
    by = cast.organiser
    async with leaves(Happened.SEASON_OPENED):
        season = await open_season("later", title_ru="Потом", title_en="Later", opens_on=in_days(400), closes_on=in_days(500), by=by)  # fmt: skip
    async with leaves(Happened.SEASON_CHANGED):
        await change_season(
            season, version=1, title_ru="Позже", title_en="Later", opens_on=in_days(400), closes_on=in_days(510),
            visibility="open", may_answer=True, confidence="weighed", electronic_consent=False, stages={}, by=by,
        )  # fmt: skip
    async with leaves(Happened.SEASON_CHANGED):
        await change_rates(season, RATES, version=2, by=by)
    date = {"submit_by": end_of_day(in_days(50))}
    async with leaves(Happened.SEASON_CHANGED, Happened.DATE_MOVED):
        await change_season_of_teams(
            cast.season, version=1, title_ru="Сезон", title_en="Season", opens_on=cast.season.opens_on,
            closes_on=cast.season.closes_on, visibility="names_hidden", may_answer=False, confidence="shown", electronic_consent=False,
            stages={"idea": date}, by=by,
        )  # fmt: skip
    section, criterion = (await sections_at(season.id, "idea"))[0], (await criteria_at(season.id, "idea"))[0]
    async with leaves(Happened.SECTION_CHANGED):
        await change(section, revision=1, by=by, title_ru="Главное")
    async with leaves(Happened.CRITERION_CHANGED):
        await change(criterion, revision=1, by=by, weight=25)
    async with leaves(Happened.SECTION_CHANGED):
        extra = await add_section(season, "idea", by=by, title_ru="Ещё", title_en="More", limit=100)
    async with leaves(Happened.CRITERION_CHANGED):
        await add_criterion(season, "idea", by=by, title_ru="Ещё", title_en="More", weight=5)
    async with leaves(Happened.SECTION_CHANGED):
        await remove(extra, by=by)
    async with leaves():  # a repeated click
        await remove(extra, by=by)


async def _team(cast: Cast) -> None:
    project = cast.project
    async with leaves(Happened.STARTED):
        await start("Другой", season=cast.season, by=cast.outsider)
    async with leaves(Happened.INVITED):
        secret = await invite_to_team(project, "student", by=cast.captain)
    async with leaves(Happened.JOINED):
        await accept_into_team(secret, by=cast.outsider)
    async with leaves(Happened.LEFT_TEAM):
        await remove_member(project, cast.outsider.id, by=cast.captain)
    await invite_to_team(project, "student", by=cast.captain)
    async with leaves(Happened.INVITATION_REVOKED):
        await revoke_invitation(project, (await pending_invitations(project.id))[0].id, by=cast.captain)
    async with leaves(Happened.ROLE_CHANGED):
        await make_captain(project, cast.teammate.id, by=cast.captain)
    async with leaves(Happened.ROLE_CHANGED):
        await make_captain(project, cast.captain.id, by=cast.teammate)
    async with leaves(Happened.CONSENT_GIVEN):
        await give_consent(project, cast.captain, "photo", by=cast.teacher)
    async with leaves(Happened.CONSENT_WITHDRAWN):
        await withdraw_consent(project, cast.captain, "photo", by=cast.captain)
    await _ages(cast)
    await _vouching(cast)
    async with leaves(Happened.DETAILS_CHANGED):
        await change_details(project, Details("Улей", "", "", None, None, "", ()), version=1, by=cast.captain)
    async with leaves(Happened.COMMENTED):
        said = await comment(project, "problem", "А кто заплатит?", by=cast.teacher)
    async with leaves(Happened.COMMENT_RESOLVED):
        await resolve_comment(project, said.id, by=cast.teammate)
    async with leaves(Happened.COMMENT_REOPENED):
        await reopen_comment(project, said.id, by=cast.teammate)
    async with leaves(Happened.REPLIED):
        await answer_comment(project, said.id, "Пасечники", by=cast.captain)
    async with leaves(Happened.ANSWERED):
        await rewrite(cast, "problem", "Пчёлы гибнут зимой")
    await _files(cast)


async def _files(cast: Cast) -> None:
    """Pictures come, are spoken of, hidden, and go."""
    number = cast.project.id
    async with leaves(Happened.ANSWERED, Happened.FILE_ATTACHED):
        picture = await attached(cast)
    async with leaves(Happened.ANSWERED):
        await caption_files(number, {picture.id: "Улей"}, by=cast.captain)
    said = {picture.id: Said(People.TEAM, frozenset({cast.captain.id}))}
    async with leaves(Happened.FILE_PEOPLE):
        await note_files(number, said, {}, by=cast.captain)
    async with leaves():  # a repeated click
        await note_files(number, said, {}, by=cast.captain)
    for is_hidden in (True, False):
        async with leaves(Happened.FILE_HIDDEN):
            await hide_attachment(number, picture.id, is_hidden=is_hidden, by=cast.teacher)
    async with leaves(Happened.ANSWERED):
        await rewrite(cast, KEY, "")
    async with leaves(Happened.ANSWERED):
        await put_back(number, KEY, picture.id, by=cast.captain)
    async with leaves():
        await put_back(number, KEY, picture.id, by=cast.captain)
    await rewrite(cast, KEY, "")
    async with leaves(Happened.FILE_REMOVED):
        await remove_attachment(number, picture.id, by=cast.captain)
    shown = await attached(cast)  # for the showcase
    await note_files(number, {shown.id: said[picture.id]}, {shown.id: "Пасека"}, by=cast.captain)


async def _address(person: Person) -> None:
    async def secret_to(email: str) -> str:
        mail = await Message.objects().where(Message.to == email).order_by(Message.id, ascending=False).first()
        assert mail
        return str(mail.body.split("/address/")[1].split()[0])

    person = await Person.objects().get(Person.id == person.id) or person
    words = {"password": "кит поёт тенором", "address": "127.0.0.1"}
    async with leaves(Happened.ADDRESS_CHANGE_ASKED):
        await ask_new_address(person, "kim@example.org", **words)
    async with leaves(Happened.ADDRESS_CHANGE_STOPPED):
        await stop_own_change(person)
    await ask_new_address(person, "kim@example.org", **words)
    async with leaves(Happened.ADDRESS_CHANGE_STOPPED):
        await stop_address(await secret_to("kim@example.org"))
    await ask_new_address(person, "kim@example.org", **words)
    async with leaves(Happened.ADDRESS_CHANGE_CONFIRMED):
        await confirm_address(await secret_to("kim@example.org"))
    async with leaves(Happened.ADDRESS_CHANGED):
        await confirm_address(await secret_to("lena@example.org"))
    async with writing():
        second = await create_person("lena2@example.org", given_name="Лена")
    async with leaves(Happened.ACCOUNTS_MERGED):
        await merge_own(await proof_of(second), by=person)


async def _ages(cast: Cast) -> None:
    project, day = cast.project, birthday(today(), -18) + timedelta(days=10)
    async with leaves(Happened.BIRTH_DATE_CHANGED):
        await state_birth_date(cast.teammate, day)
    async with leaves():  # a repeated click
        await state_birth_date(cast.teammate, day)
    async with leaves(Happened.AGE_CONFIRMED):
        await confirm_age(project, cast.teammate.id, day, by=cast.teacher)
    async with leaves():
        await confirm_age(project, cast.teammate.id, day, by=cast.teacher)
    await give_consent(project, cast.teammate, "photo", by=cast.teacher)
    await _papers(cast)
    async with leaves(Happened.OWN_CONSENTS_ASKED):
        await ask_for_own_consents()
    async with leaves(Happened.CONSENT_GIVEN):
        await give_own_consent(cast.teammate, "photo")
    async with leaves(Happened.CONSENT_WITHDRAWN):
        await withdraw_own_consent(cast.teammate, "photo")
    async with leaves():
        await withdraw_own_consent(cast.teammate, "photo")


async def _papers(cast: Cast) -> None:
    """Sheets for the captain, one of which comes back and is taken back by the family."""
    project = cast.project
    async with leaves(Happened.OPERATOR_CHANGED):
        await change_operator(dict.fromkeys(FIELDS, ""), by=cast.organiser)
    text = (await latest_texts())["staff"]
    words = {name: f"{getattr(text, name)} Ещё." for name in WORDS}
    async with leaves(Happened.CONSENT_TEXT_WRITTEN):
        own = await write_wording("staff", words, reason="Так точнее", based_on=text.id, by=cast.organiser)
    async with leaves():
        await write_wording("staff", words, reason="Так точнее", based_on=text.id, by=cast.organiser)
    for events in ((Happened.CONSENT_TEXT_CHECKED,), ()):
        async with leaves(*events):
            await note_lawyer(own.id, "Юрист, 1 сентября", by=cast.organiser)
    async with leaves(Happened.SHEETS_MADE):
        batch = await make_sheets([WantedSheet(cast.captain.id, project.id, "photo")], locale="ru", by=cast.teacher)
    async with leaves(Happened.SLIPS_MADE):
        await make_slips([(project.id, cast.captain.id)], by=cast.teacher)
    submit_by = await close_gate_in(project, days=3)
    async with leaves(*[Happened.DOCUMENTS_MISSING] * 3):  # every team at this gate
        assert await remind_of_documents() == 3
    async with leaves():
        assert await remind_of_documents() == 0
    await close_gate_in(project, days=7)
    async with leaves(*[Happened.DEADLINE_NEAR] * 3):
        assert await remind_of_deadlines() == 3
    async with leaves():
        assert await remind_of_deadlines() == 0
    await StageRule.update({StageRule.submit_by: submit_by}).where(
        (StageRule.season == project.season) & (StageRule.stage == project.stage)
    )
    file = await keep(b"a picture", name="sheet.jpg", media_type="image/jpeg", by=cast.teacher.id)
    scan = SheetScan(file=file.id, uploaded_by=cast.teacher.id, uploaded_at=now())
    await scan.save()
    async with leaves():
        await say_whose(scan.id, cast.captain.id, "photo", by=cast.teacher)
    await withdraw_own_consent(cast.captain, "photo")
    async with leaves(Happened.CONSENT_GIVEN, Happened.SHEET_FILED):
        assert await file_scans([scan.id], by=cast.teacher) == 1
    async with leaves():
        assert await file_scans([scan.id], by=cast.teacher) == 0
    sheet = await ConsentSheet.objects().get(ConsentSheet.batch == batch.id)
    assert sheet
    async with leaves(Happened.SCAN_OPENED):
        await open_scan(sheet.consent, by=cast.organiser)
    await Consent.update({Consent.ends_on: today(), Consent.term: today()}).where(Consent.id == sheet.consent)
    async with leaves(Happened.CONSENT_ENDING):
        await ask_for_next_consents()
    async with leaves():
        await ask_for_next_consents()
    async with leaves(Happened.CONSENT_WITHDRAWN):
        await withdraw_by_family(cast.captain, "photo")
    async with leaves():
        await withdraw_by_family(cast.captain, "photo")
    await _links(cast)
    async with leaves(Happened.FAMILY_CODE_CHANGED):
        await renew_code(cast.captain.id, by=cast.teacher)
    with clock_at(
        now() + timedelta(days=3 * 365 + 3)
    ):  # what the family took back is over for three years, the rest is not
        async with leaves(Happened.CONSENTS_DESTROYED):
            await destroy_what_is_due(by=cast.organiser)


async def _links(cast: Cast) -> None:
    """A guardian says yes to one document and takes another back; the teenager agrees, too."""
    await links_allowed(cast)
    wanted = [WantedGuardian(cast.captain.id, "Анна Кузнецова", "mother", MOTHER)]
    async with leaves(Happened.GUARDIAN_ASKED):
        await ask_guardians(wanted, locale="ru", by=cast.teacher)
    async with leaves(Happened.GUARDIAN_ASKED):
        await ask_again((await open_link(cast.captain)).id, by=cast.teacher)
    link = await open_link(cast.captain)
    async with leaves(Happened.GUARDIAN_LINK_REVOKED):
        await revoke_guardian_link(link.id, by=cast.teacher)
    async with leaves():
        await revoke_guardian_link(link.id, by=cast.teacher)
    await ask_guardians([replace(wanted[0], email=FATHER)], locale="ru", by=cast.organiser)
    link = await open_link(cast.captain)
    async with leaves():
        await note_opened(link)
    signed = await signed_answer(link, "participation", refused=("photo",))
    async with leaves(Happened.CONSENT_GIVEN, Happened.GUARDIAN_ANSWERED):
        await answer_as_guardian(link, signed)
    with pytest.raises(LinkEnded):
        await answer_as_guardian(link, signed)
    async with leaves(Happened.TEENAGER_AGREED):
        await agree_too(cast.captain, "participation")
    async with leaves():
        await agree_too(cast.captain, "participation")
    async with leaves():
        assert await forget_guardian_links() == 0


async def _vouching(cast: Cast) -> None:
    project = await start("Другая команда", season=cast.season, by=cast.outsider)
    async with writing():
        guests = [
            await create_person(f"t{n}@example.org", given_name="Алла", is_adult=True, confirmed=True) for n in range(2)
        ]
        await join(project.id, guests[0], "teacher")
        await join(project.id, guests[1], "coach")
    async with leaves(Happened.VOUCHED):
        await vouch(project, guests[0].id, by=cast.organiser)
    async with leaves():
        await vouch(project, guests[0].id, by=cast.organiser)
    await give_consent(project, cast.outsider, "photo", by=guests[0])
    async with leaves(Happened.CONSENT_VOIDED, Happened.VOUCHING_REFUSED):
        await refuse_to_vouch(project, guests[0].id, reason="Не педагог", by=cast.organiser)
    await remove_member(project, guests[1].id, by=cast.organiser)
    other = cast.teacher
    async with writing():
        await join(project.id, other, "teacher")
    await vouch(project, other.id, by=cast.organiser)
    await give_consent(project, cast.outsider, "photo", by=other)
    await remove_member(project, other.id, by=cast.organiser)
    async with leaves(Happened.CONSENT_CHECKED):
        await accept_recorded_by(other.id, by=cast.organiser)
    await give_consent(project, cast.outsider, "participation", by=cast.organiser)
    await Consent.update({Consent.checked_at: None}).where(Consent.recorded_by == other.id)
    async with leaves(Happened.CONSENT_VOIDED, Happened.FAMILY_CODE_CHANGED):
        await void_recorded_by(other.id, reason="Бланка нет", by=cast.organiser)
    async with writing():
        await join(project.id, guests[0], "teacher")
    async with leaves(Happened.VOUCHING_REFUSED, Happened.CONFIRMATION_ENDED):
        await end_confirmation(guests[0].id, reason="Не педагог", by=cast.organiser)


async def _gate(cast: Cast) -> None:
    await make_ready(cast)
    by = cast.organiser
    async with leaves(Happened.SUBMITTED):
        await submit(await fresh_project(cast.project), by=cast.captain)
    async with leaves(Happened.EXTENDED):
        await extend(cast.project, end_of_day(in_days(99)), read=mark_of(await binding_deadline(cast.project)), by=by)
    async with leaves():  # a repeated click
        await extend(cast.project, end_of_day(in_days(99)), read="", by=by)
    async with leaves(Happened.TAKEN_BACK):
        await take_back(await fresh_project(cast.project), by=cast.captain)
    submission = await submit(await fresh_project(cast.project), by=cast.captain)
    async with leaves(Happened.ASSIGNED):
        first = await assign(submission, cast.idle_mentor, by=by)
    async with leaves(Happened.SEASON_CHANGED, Happened.DUE_DATES_MOVED):
        await change_season_of_everybody(
            cast.season, version=2, title_ru="Сезон", title_en="Season", opens_on=cast.season.opens_on,
            closes_on=cast.season.closes_on, visibility="names_hidden", may_answer=False, confidence="shown", electronic_consent=False,
            stages={"idea": {"review_days": 30}}, moved=["idea"], by=by,
        )  # fmt: skip
    async with leaves(Happened.REASSIGNED):
        first = await reassign(first, cast.second_mentor, by=by)
    async with leaves(Happened.ASSIGNMENT_CANCELLED):
        await cancel_assignment(first, by=by)
    second = await assign(submission, cast.second_mentor, by=by)
    async with leaves(Happened.DECLINED):
        await decline(second, reason="Отпуск", is_conflict=False, by=cast.second_mentor)
    async with leaves(Happened.RECONSIDERED):
        second = await reconsider(second, by=cast.second_mentor)
    async with leaves(Happened.DECLINED, Happened.CONFLICT_DECLARED):
        await decline(second, reason="Родня", is_conflict=True, by=cast.second_mentor)
    third = await assign(submission, cast.idle_mentor, by=by)
    opinion = Opinion({c.id: 2 for c in await rubric_of(submission)}, "Хорошо", "", "return")
    async with leaves(Happened.REVIEW_SAVED):
        await save_review(third, opinion, version=0, by=cast.idle_mentor)
    async with leaves(Happened.REVIEW_SAVED, Happened.REVIEW_SENT):
        await send_review(third, opinion, version=1, by=cast.idle_mentor)
    async with leaves(Happened.REVIEW_CHANGED):
        await save_review(third, opinion, version=2, by=cast.idle_mentor)
    await _arranging(cast, submission)
    words: Any = {"reason": "Почти", "remarks": [("problem", "Сколько?")], "override": "Второй отказался"}
    async with leaves(Happened.DECIDED):
        decision = await decide(submission, "return", by=by, **words)
    async with leaves(Happened.DECISION_UNDONE):
        await undo_decision(decision, by=by)
    decision = await decide(submission, "return", by=by, **words)
    async with leaves(Happened.RETURNED):
        await release(decision, by=by)
    await Season.update({Season.may_answer: True}).where(Season.id == cast.season.id)
    async with leaves(Happened.DECISION_ANSWERED):
        await reply_to_decision(submission, "Мы всё посчитали", by=cast.captain)
    async with leaves(Happened.DECISION_CORRECTED):
        await correct_decision(decision, Correction("return", "Почти, но", "Опечатка", words["remarks"]), by=by)
    with pytest.raises(StageChanged):  # a repeated click
        await correct_decision(decision, Correction("return", "Почти, но", "Опечатка", words["remarks"]), by=by)
    remark = (await open_remarks(cast.project.id))[0]
    async with leaves(Happened.REMARK_ADDRESSED):
        await address_remark(cast.project, remark.id, "Переписали", by=cast.captain)
    async with leaves(Happened.REMARK_REOPENED):
        await reopen_remark(cast.project, remark.id, by=cast.captain)
    await address_remark(cast.project, remark.id, "Переписали", by=cast.captain)
    again = await submit(await fresh_project(cast.project), by=cast.captain)
    fourth = await assign(again, cast.idle_mentor, by=by)
    fourth.submission = again
    async with leaves(Happened.REMARK_DOUBTED):
        await doubt_remark(fourth, remark.id, "Не видно чисел", by=cast.idle_mentor)
    async with leaves(Happened.REMARK_CONFIRMED):
        await confirm_remark(fourth, remark.id, by=cast.idle_mentor)
    for expected in (Happened.ADVANCED, Happened.ADVANCED, Happened.GRADUATED):
        decision = await decide(again, "advance", reason="Да", override="Некому", by=by)
        async with leaves(expected):
            project = await release(decision, by=by)
        if expected is Happened.ADVANCED:
            await fill_sections(cast)
            again = await submit(project, by=cast.captain)


async def _arranging(cast: Cast, submission: Submission) -> None:
    """Assign reviewers, and discuss."""
    by, mentor = cast.organiser, cast.mentor
    async with leaves(Happened.MENTOR_CHANGED):
        await change_offer(mentor, Offer(5, 20, ("ru", "en"), frozenset(), frozenset()))
    async with leaves(Happened.MENTOR_CHANGED):
        await go_away(mentor, in_days(200), in_days(210))
    async with leaves(Happened.MENTOR_CHANGED):
        await stay(mentor, (await days_away(mentor))[0].id)
    async with leaves(Happened.BID):
        await bid(mentor, {cast.project.id: "gladly"})
    async with leaves(Happened.PRACTISED):
        await practise(mentor, {"problem": 3})
    async with leaves(Happened.PROPOSAL_CHANGED):
        await propose(by=by)
    async with leaves(Happened.PROPOSAL_CHANGED):
        await set_by_hand(submission.id, mentor.id, KEPT, by=by)
    async with leaves(Happened.ASSIGNED):
        await apply(by=by)
    with clock_at(now() + timedelta(days=60)):
        async with leaves(Happened.REMINDED):
            await remind()
        async with leaves():  # nothing more to say
            await remind()
    async with leaves(Happened.CONFLICT_DECLARED, Happened.ASSIGNMENT_WITHDRAWN):
        await declare_conflict(cast.project.id, mentor, is_hard=True, reason="Сосед", by=cast.teacher)
    async with leaves(Happened.CONFLICT_LIFTED):
        await lift_conflict((await conflicts_on(cast.project.id))[-1].id, by=by)
    async with leaves(Happened.POSTED):
        post = await post_to_reviewers(submission, "Что скажете?", by=cast.idle_mentor)
    async with leaves(Happened.POST_REMOVED):
        await remove_post(post, by=cast.idle_mentor)
    async with leaves(Happened.POSTED):
        await post_to_team(cast.project, "Встречаемся в среду", by=cast.coach)
    texts = {"subject_ru": "Ждём {title}", "subject_en": "{title}", "body_ru": "Пора", "body_en": "It is time"}
    async with leaves(Happened.WORDING_CHANGED):
        await change_mail_template("assignment", texts, version=0, by=by)
    async with leaves(Happened.WORDING_CHANGED):
        await restore_mail_template("assignment", by=by)
    await _mail(by)


async def _mail(organiser: Person) -> None:
    async with leaves(Happened.MAIL_TESTED):
        await send_test_to(organiser)
    last = await Message.select(Message.id).order_by(Message.id, ascending=False).first()
    assert last is not None
    async with leaves(Happened.MAIL_RESENT):
        await resend(last["id"], by=organiser)
    async with leaves(Happened.MAIL_DROPPED):
        await drop(last["id"], by=organiser)


async def _showcase(cast: Cast) -> None:
    project = await fresh_project(cast.project)
    async with leaves(Happened.PUBLICATION_ASKED):
        await ask_publication(project, by=cast.captain)
    newest = max(row.number for row in await submissions_of(project.id))
    async with leaves(Happened.PUBLICATION_REFUSED):
        await refuse(project, number=newest, reason="В разделе телефон", by=cast.organiser)
    await ask_publication(project, by=cast.captain)
    async with leaves(Happened.PUBLISHED):
        await publish(project, by=cast.organiser)
    async with leaves():  # a repeated click
        await publish(project, by=cast.organiser)
    publication = await published(project.slug)
    assert publication
    async with leaves(Happened.HELP_OFFERED):
        await offer_help(publication, name="Пасечник", email="bees@example.org", text="Приезжайте", address="127.0.0.1")
    async with leaves(Happened.CONTENT_REPORTED):
        await report_content(
            publication, wrong=Wrong.OTHER, place=Spot.PAGE, text="Ошибка", email="", address="127.0.0.1"
        )
    report = await ContentReport.objects().first()
    assert report
    async with leaves(Happened.CONTENT_REPORT_CLOSED):
        await close_report(report.id, answer="", by=cast.organiser)
    async with leaves(Happened.UNPUBLISHED):
        await hide_reported(report.id, reason="Разберёмся", by=cast.organiser)
    async with leaves():  # a repeated click
        await hide_reported(report.id, reason="Разберёмся", by=cast.organiser)
    await ask_publication(project, by=cast.captain)
    await publish(project, by=cast.organiser)
    shown = await Attachment.objects().where(Attachment.project == project.id).first()
    assert shown
    async with leaves(Happened.FILE_PEOPLE, Happened.FILE_WAITS):
        await note_files(project.id, {shown.id: Said(People.NOBODY)}, {}, by=cast.captain)
    async with leaves(Happened.PUBLISHED):
        await publish(project, by=cast.organiser)
    await _news(cast)
    async with leaves(Happened.AWARD_ADDED):
        award = await add_award(cast.season, title_ru="Выбор жюри", title_en="Jury's choice", by=cast.organiser)
    async with leaves(Happened.AWARDED):
        await give_award(project, award, by=cast.organiser)
    async with leaves():  # a repeated click
        await give_award(project, award, by=cast.organiser)
    async with leaves(Happened.AWARD_TAKEN):
        await take_award(project, award, by=cast.organiser)
    async with leaves(Happened.PASSAGES_HIDDEN):
        await hide_passages(project, ["Ответ"], by=cast.teammate)
    async with leaves():  # a repeated click
        await hide_passages(project, ["Ответ"], by=cast.teammate)
    async with leaves(Happened.PASSAGES_KEPT):
        await keep_passages(project, ["не личное"], by=cast.organiser)
    async with leaves(Happened.PASSAGE_SHOWN):
        await stop_hiding(project, (await passages_of(project.id, Verdict.HIDDEN))[0].id, by=cast.organiser)
    for person in (cast.captain, cast.teammate):
        await give_consent(project, person, "public_name", by=cast.teacher)
    await Person.update({Person.given_name: "Ян"}).where(Person.id == cast.teammate.id)
    async with leaves(Happened.NAME_WAITS):
        await ask_about_names(project.id)
    async with leaves():  # nobody is asked twice
        await ask_about_names(project.id)
    async with leaves(Happened.CONSENT_WITHDRAWN, Happened.NAME_HIDDEN):
        await withdraw_consent(project, cast.captain, "public_name", by=cast.captain)
    async with leaves(Happened.UNPUBLISHED):
        await unpublish(project, by=cast.teacher)


async def _news(cast: Cast) -> None:
    project = await fresh_project(cast.project)
    wording = NewsWording("Первый рой", "Датчик услышал его за сутки")
    async with leaves(Happened.NEWS_WRITTEN):
        news = await write_news(project, wording, by=cast.teammate)
    async with leaves():  # nothing changed
        await change_news(project, news.id, wording, version=1, by=cast.captain)
    async with leaves(Happened.NEWS_OFFERED):
        await offer_news(project, news.id, by=cast.captain)
    async with leaves():  # a repeated click
        await offer_news(project, news.id, by=cast.captain)
    async with leaves(Happened.NEWS_REFUSED):
        await refuse_news(news.id, reason="Какой рой?", by=cast.organiser)
    await offer_news(project, news.id, by=cast.teacher)
    async with leaves(Happened.NEWS_PUBLISHED):
        await publish_news(news.id, by=cast.organiser)
    async with leaves():  # a repeated click
        await publish_news(news.id, by=cast.organiser)
    async with leaves(Happened.NEWS_TAKEN_OFF):
        await take_news_off(project.id, news.id, by=cast.captain)
    async with leaves(Happened.NEWS_DELETED):
        await delete_news(project, news.id, version=news.version, by=cast.captain)


async def _import(cast: Cast, tmp_path: Path) -> None:
    path = json_lines(tmp_path / "ideas.jsonl", [{"id": "1", "title": "Мост"}])
    wish = ProjectImport({}, "id", cast.season.slug, "idea", publish=False, source="ideas")
    async with leaves(Happened.IMPORT_BEGUN, Happened.IMPORTED):
        await import_rows(path, wish, dry_run=False, batch=10, progress=Bar())
    begun = await ImportBatch.objects().first()
    assert begun
    async with leaves(Happened.PROJECT_DELETED, Happened.IMPORT_UNDONE):
        await undo(begun.id, is_meant=True)
    draft = await upload_import("a.csv", "Название\nМаяк\n".encode(), replace(wish, source="a"), by=cast.organiser)
    await start_import(draft.id, IMPORT_FILE, by=cast.organiser)
    running = await ImportBatch.objects(ImportBatch.job).get(ImportBatch.id == draft.id)
    assert running
    async with leaves(Happened.IMPORT_STOPPED):
        await stop_work(running, by=cast.organiser)
    other = await start("Уйдём", season=cast.season, by=cast.captain)
    async with leaves(Happened.LEFT):
        await leave(other, by=cast.captain)
    async with leaves(Happened.REOPENED):
        await reopen(await fresh_project(other), by=cast.organiser)
    await _office(cast, await fresh_project(other))
    for role in ("mentor", "organiser"):
        async with leaves(Happened.INVITED):
            secret = await invite_staff(role, email=f"guest-{role}@example.org", by=cast.organiser)
        async with writing():
            guest = await create_person(f"guest-{role}@example.org", given_name="Гость", is_adult=True, confirmed=True)
        async with leaves(Happened.INVITED):
            await resend_staff_invitation((await open_staff_invitations())[0].id, by=cast.organiser)
        async with leaves(Happened.INVITATION_REVOKED):
            await revoke_staff_invitation((await open_staff_invitations())[0].id, by=cast.organiser)
        secret = await invite_staff(role, email=f"guest-{role}@example.org", by=cast.organiser)
        async with leaves(Happened.ROLE_GIVEN):
            await accept(secret, by=guest)
        async with leaves(Happened.ROLE_TAKEN):
            await dismiss(guest, StaffRole(role), by=cast.organiser)
        async with leaves():  # a repeated click
            await dismiss(guest, StaffRole(role), by=cast.organiser)
        assert await Person.exists().where(Person.id == guest.id)
    await _stop(cast)


async def _office(cast: Cast, other: Project) -> None:
    """What an organiser does on a team's behalf."""
    by = cast.organiser
    async with leaves(Happened.WITHDRAWN):
        await leave(other, by=by, reason="Просили")
    twin = await start("Уйдём снова", season=cast.season, by=cast.captain)
    async with leaves(Happened.PROJECTS_MERGED):
        await merge_projects(twin, other, reason="Дубликат", by=by)
    kept = await start("Оставим", season=cast.season, by=cast.captain)
    await comment(kept, "problem", "Нужно ли это?", by=by)
    for event in (Happened.DELETION_PLANNED, Happened.DELETION_STOPPED, Happened.DELETION_PLANNED):
        async with leaves(event):
            if event is Happened.DELETION_STOPPED:
                await keep_project(kept, by=by)
            else:
                await plan_deletion(kept, typed="Оставим", reason="Проба", by=by)
    async with leaves():  # a repeated click
        await plan_deletion(kept, typed="Оставим", reason="Проба", by=by)
    with clock_at(now() + REVOCABLE + timedelta(days=1)):
        async with leaves(Happened.PROJECT_DELETED):
            assert await delete_what_is_due() == 1
    async with leaves(Happened.PROJECT_DELETED):
        await delete_project(other, typed="Уйдём", reason="Проба", by=by)
    idea = await start("Не взлетит", season=cast.season, by=cast.captain)
    await comment(idea, "problem", "Нужно ли это?", by=by)
    async with leaves(Happened.IDEA_DELETED):
        await delete_idea(idea, by=cast.captain)
    async with leaves():  # a repeated click
        await delete_idea(idea, by=cast.captain)
    async with leaves(Happened.IDEA_RESTORED):
        await restore_idea(idea, by=cast.captain)
    async with leaves():
        await restore_idea(idea, by=cast.captain)
    version = (await submissions_of(cast.project.id))[-1]
    async with leaves(Happened.TYPO_CORRECTED):
        await correct_typo(version, {TITLE: "Тихий улей!"}, reason="Опечатка", version=0, by=by)


async def _stop(cast: Cast) -> None:
    cast.project = await start("Остановят", season=cast.season, by=cast.captain)
    secret = await invite_to_team(cast.project, "teacher", by=cast.captain)
    await accept_into_team(secret, by=cast.teacher)
    await vouch(cast.project, cast.teacher.id, by=cast.organiser)
    await fill_details(cast)
    await fill_sections(cast)
    submission = await submit(await fresh_project(cast.project), by=cast.captain)
    decision = await decide(
        submission, "stop", reason="Нет", next_step="Поговорите с наставником", override="Некому", by=cast.organiser
    )
    async with leaves(Happened.STOPPED):
        await release(decision, by=cast.organiser)
    await open_season(
        "next", title_ru="Следующий", title_en="Next", opens_on=in_days(0), closes_on=in_days(90), by=cast.organiser
    )
    async with leaves(Happened.STARTED):
        await begin_again(await fresh_project(cast.project), by=cast.captain)
