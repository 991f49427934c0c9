"""create_app(): the list of features, nothing else."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar import Litestar, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp

from incubator import config, piccolo_conf
from incubator.attachments import contributions as attachments_contributions
from incubator.attachments.removal import remove_unnamed
from incubator.backoffice import (
    account_pages,
    all_project_pages,
    approval_pages,
    assignment_pages,
    calibration_pages,
    consent_text_pages,
    content_report_pages,
    coordinator_pages,
    correction_pages,
    deadline_pages,
    decision_pages,
    import_pages,
    mail_template_pages,
    organisation_pages,
    outbox_pages,
    overview_pages,
    people_pages,
    proposal_pages,
    publication_pages,
    school_class_pages,
    season_pages,
    submission_pages,
    tax_rate_pages,
)
from incubator.backoffice import consent_pages as consent_register_pages
from incubator.backoffice import news_pages as news_approval_pages
from incubator.classroom import audiences as classroom_audiences
from incubator.classroom import card_pages, class_pages, pupil_pages
from incubator.core import limits
from incubator.demo import pages as demo_pages
from incubator.demo.strip import DemoStrip
from incubator.files.orphans import remove_orphans
from incubator.gates import (
    answer_pages,
    document_pages,
    file_pages,
    gate_pages,
    invitation_audiences,
    invitation_pages,
    near_deadlines,
    news_pages,
    office_pages,
    own_consent_pages,
    paper_pages,
    revision_pages,
    self_check_pages,
    showcase_pages,
    talk_pages,
    team_pages,
    thread_pages,
    version_pages,
    vouching_pages,
)
from incubator.gates import audiences as gates_audiences
from incubator.gates.planned_deletion import delete_what_is_due
from incubator.http import errors, health
from incubator.http.anonymous_bodies import AnonymousBodies
from incubator.http.before_request import before_request
from incubator.http.form_body import LARGEST_DOCUMENT
from incubator.http.form_request import FormRequest
from incubator.http.language import Language, choose_language
from incubator.http.lending import lent
from incubator.http.logs import log_as_json
from incubator.http.markdown import renderer as markdown
from incubator.http.middleware import Front
from incubator.http.once import Once, forget_answers
from incubator.http.page_cache import PageCache
from incubator.http.prose import forget_rendered
from incubator.http.proxies import PlainAddresses, UntrustedProxy
from incubator.http.rate_limit import RateLimit
from incubator.http.slow_bodies import SlowBodies
from incubator.http.static import favicon
from incubator.http.templating import add_words
from incubator.http.together import Together
from incubator.http.unread_bodies import UnreadBodies
from incubator.interchange import assignments, import_jobs
from incubator.interchange import contributions as interchange_contributions
from incubator.jobs.kinds import joined
from incubator.jobs.periodic import run_periodically
from incubator.jobs.worker import run_forever
from incubator.mail import pages as mail
from incubator.mail.delivery import deliver_forever
from incubator.mail.retention import erase_old_mails
from incubator.notifications import bell_pages, second_factor_audiences
from incubator.notifications import contributions as notifications_contributions
from incubator.notifications import pages as notifications
from incubator.notifications.bell import UNREAD, forget_notifications
from incubator.notifications.digest import bundle_waiting
from incubator.notifications.tell import tell_by, tell_forever
from incubator.people import address_pages, oidc_pages, profile_pages, second_factor_pages
from incubator.people import contributions as people_contributions
from incubator.people import pages as people
from incubator.people.accounts import when_renamed
from incubator.people.consents import void_reason_in_words
from incubator.people.guards import ProofNeeded, SetUpNeeded, SignInNeeded, set_up
from incubator.people.kept_forms import KeptForms
from incubator.people.oidc.visits import forget_visits
from incubator.people.own_notices import remind_in_profile
from incubator.people.rate_limits import forget_attempts
from incubator.people.role_words import staff_role_title
from incubator.people.sessions import SignedIn, count_unread_by
from incubator.privacy import (
    about_pages,
    consent_pages,
    consent_register,
    family_pages,
    guardian_link_pages,
    guardian_pages,
    merging_pages,
    missing_documents,
    slip_pages,
)
from incubator.privacy import audiences as privacy_audiences
from incubator.privacy import contributions as privacy_contributions
from incubator.privacy.ending_consents import ask_for_next_consents
from incubator.privacy.family import end_codes_known_to
from incubator.privacy.guardian_links import forget_guardian_links
from incubator.privacy.guardian_rules import relation_in_words
from incubator.privacy.scans import forget_waiting_scans
from incubator.programme.stages import stage_label, stage_title
from incubator.projects import (
    age_pages,
    detail_pages,
    start_pages,
    vouching_audiences,
)
from incubator.projects import audiences as projects_audiences
from incubator.projects import contributions as projects_contributions
from incubator.projects.consents import purpose_title
from incubator.projects.enter import Merged, merged
from incubator.projects.lifecycle import state_title
from incubator.projects.own_consents import ask_for_own_consents
from incubator.projects.staff_consents import staff_consent_notice
from incubator.projects.vouching import when_undone
from incubator.publication import audiences as publication_audiences
from incubator.publication import contributions as publication_contributions
from incubator.publication.content_report_words import place_title, wrong_title
from incubator.publication.content_reports import forget_reporters
from incubator.publication.file_changes import follow_all_captions
from incubator.publication.follower_mails import tell_followers
from incubator.publication.following import forget_unconfirmed
from incubator.publication.team_names import ask_about_new_names
from incubator.publication.withdrawals import follow_name, hide_lapsed_names, hide_lapsed_names_forever
from incubator.reviews import contributions as reviews_contributions
from incubator.reviews.assignment import audiences as assignment_audiences
from incubator.reviews.assignment.declared_conflicts import withdraw_all_barred
from incubator.reviews.assignment.endings import ending_for_office
from incubator.reviews.assignment.reminders import remind
from incubator.reviews.reviewing import audiences as reviewing_audiences
from incubator.reviews.reviewing import discussion_pages, mentor_pages, review_pages, thread_audiences
from incubator.reviews.reviewing import paper_pages as review_paper_pages
from incubator.server import cut_off_idle_readers
from incubator.showcase import api, embed, feeds, installable_pages, oembed, project_pages, report_pages, sitemap
from incubator.showcase import audiences as showcase_audiences
from incubator.showcase import follow_pages as following_pages
from incubator.showcase import pages as showcase
from incubator.showcase import paper_pages as public_paper_pages
from incubator.showcase.patterns import show_patterns
from incubator.showcase.region_map import pages as region_map

#: Every module with pages; each lists its own in ``PAGES``.
_PAGES: tuple[Any, ...] = (
    *(
        showcase,
        installable_pages,
        about_pages,
        project_pages,
        public_paper_pages,
        report_pages,
        feeds,
        region_map,
        sitemap,
        api,
        embed,
        oembed,
    ),
    *(people, profile_pages, oidc_pages, second_factor_pages, address_pages, notifications, bell_pages),
    *(start_pages, detail_pages, team_pages, invitation_pages),
    *(
        age_pages,
        own_consent_pages,
        vouching_pages,
        merging_pages,
        consent_pages,
        slip_pages,
        family_pages,
        guardian_link_pages,
        guardian_pages,
        class_pages,
        card_pages,
        pupil_pages,
    ),
    *(
        document_pages,
        answer_pages,
        revision_pages,
        self_check_pages,
        file_pages,
        gate_pages,
        showcase_pages,
        news_pages,
        version_pages,
        paper_pages,
        talk_pages,
        thread_pages,
        office_pages,
    ),
    *(review_pages, review_paper_pages, mentor_pages, discussion_pages),
    *(
        overview_pages,
        people_pages,
        all_project_pages,
        deadline_pages,
        decision_pages,
        submission_pages,
        correction_pages,
        proposal_pages,
        assignment_pages,
        calibration_pages,
    ),
    *(
        account_pages,
        consent_register_pages,
        consent_text_pages,
        coordinator_pages,
        publication_pages,
        content_report_pages,
        approval_pages,
        news_approval_pages,
        season_pages,
        tax_rate_pages,
        school_class_pages,
        mail_template_pages,
        outbox_pages,
        organisation_pages,
        import_pages,
    ),
    following_pages,
    health,
)

#: Data that features contribute to shared pages (core/contributions.py).
DATED = (*projects_contributions.DATED, *reviews_contributions.DATED)
EVIDENCE = (*reviews_contributions.EVIDENCE, *publication_contributions.EVIDENCE)
REPORTS = (*assignments.REPORTS, *consent_register.REPORTS)
AUDIENCES = (
    *second_factor_audiences.AUDIENCES,
    *vouching_audiences.AUDIENCES,
    *projects_audiences.AUDIENCES,
    *assignment_audiences.AUDIENCES,
    *reviewing_audiences.AUDIENCES,
    *thread_audiences.AUDIENCES,
    *publication_audiences.AUDIENCES,
    *showcase_audiences.AUDIENCES,
    *gates_audiences.AUDIENCES,
    *invitation_audiences.AUDIENCES,
    *near_deadlines.AUDIENCES,
    *privacy_audiences.AUDIENCES,
    *missing_documents.AUDIENCES,
    *classroom_audiences.AUDIENCES,
)
PERSONAL_DATA = (
    *people_contributions.PERSONAL_DATA,
    *notifications_contributions.PERSONAL_DATA,
    *projects_contributions.PERSONAL_DATA,
    *attachments_contributions.PERSONAL_DATA,
    *reviews_contributions.PERSONAL_DATA,
    *publication_contributions.PERSONAL_DATA,
    *privacy_contributions.PERSONAL_DATA,
    *interchange_contributions.PERSONAL_DATA,
)

#: Kinds of work that takes longer than a request; each process runs one at a time.
JOBS = joined(import_jobs.JOBS)

#: A project that is deleted takes with it what its last events were about.
tell_by(AUDIENCES)

#: Template filters: the names of stages, states, roles and purposes of consents, and why one is void.
add_words(
    lent,
    stage_label,
    stage_title,
    state_title,
    purpose_title,
    staff_role_title,
    void_reason_in_words,
    relation_in_words,
    ending_for_office,
    wrong_title,
    place_title,
)


#: Public texts are searched for a new name as for a newcomer's.
when_renamed(follow_name)
#: Whoever turns out not to be entitled knows no family's code any more.
when_undone(end_codes_known_to)

remind_in_profile(staff_consent_notice)

#: The header counts without a query of its own.
count_unread_by(UNREAD)


async def send_digests() -> int:
    """Send each reader's bundled mails in one, without what is over."""
    return await bundle_waiting(AUDIENCES)


#: Periodic tasks, called every ROUND seconds in every process; all are safe to run concurrently.
PERIODIC = (
    *(
        withdraw_all_barred,
        hide_lapsed_names,
        follow_all_captions,
        ask_about_new_names,
        remind,
        ask_for_own_consents,
        ask_for_next_consents,
        missing_documents.remind_of_documents,
        near_deadlines.remind_of_deadlines,
    ),
    *(
        delete_what_is_due,
        send_digests,
        forget_rendered,
        forget_answers,
        remove_unnamed,
        remove_orphans,
        erase_old_mails,
        forget_attempts,
        forget_visits,
    ),
    *(forget_reporters, forget_guardian_links, forget_waiting_scans, forget_notifications),
    *(tell_followers, forget_unconfirmed),
)
ROUND = 300


@asynccontextmanager
async def running(_app: Litestar) -> AsyncIterator[None]:
    """Run the database connections, mail delivery, jobs and periodic tasks as long as the server."""
    await piccolo_conf.DB.start_connection_pool()
    gc.collect()
    gc.freeze()  # objects loaded so far stay: rescanning them would stop everything for 40 ms each time
    beside = (
        deliver_forever(), tell_forever(AUDIENCES), hide_lapsed_names_forever(),
        run_periodically(PERIODIC, every=ROUND), cut_off_idle_readers(), run_forever(JOBS),
    )  # fmt: skip
    tasks = [asyncio.create_task(work) for work in beside]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await markdown.stop()
        await piccolo_conf.DB.close_connection_pool()


def openapi() -> OpenAPIConfig:
    """Return the OpenAPI configuration: only the showcase's API, as data; /api displays it."""
    return OpenAPIConfig(
        title="The showcase", version="1", render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        description="Projects that school, college and university teams of the region chose to show.",
        openapi_router=Router(
            api.PREFIX, route_handlers=[], include_in_schema=False, after_request=api.nothing_there
        ),
    )  # fmt: skip


def framework(*more_pages: Any) -> Litestar:
    dev: list[Any] = [*mail.PAGES, show_patterns] if config.settings.dev else []
    return Litestar(
        route_handlers=[
            *(each for module in _PAGES for each in module.PAGES),
            choose_language,
            favicon,
            *dev,
            *more_pages,
        ],
        guards=[set_up],
        before_request=before_request,
        exception_handlers={
            **errors.HANDLERS,
            SignInNeeded: people.sign_in_needed,
            ProofNeeded: second_factor_pages.proof_needed,
            SetUpNeeded: second_factor_pages.set_up_needed,
            project_pages.Moved: project_pages.moved,
            Merged: merged,
        },
        lifespan=[running],
        include_in_schema=False,
        openapi_config=openapi(),
        request_class=FormRequest,
        request_max_body_size=limits.BODY,
        logging_config=None,
    )


def create_app() -> ASGIApp:
    """The whole site as one ASGI app."""
    app = framework()
    return _site(app, app)


def create_demo() -> ASGIApp:
    """The site with the demo's page, on which anybody becomes anybody. Only `incubator demo` serves this; no setting does."""
    app = framework(*demo_pages.PAGES)
    return _site(DemoStrip(app), app)


def _site(app: Any, inner: Litestar) -> ASGIApp:
    log_as_json()
    alone = SignedIn(Language(app))
    together = Together(app, alone, LARGEST_DOCUMENT)
    kept = KeptForms(together, alone, SignedIn(Language(together)), LARGEST_DOCUMENT)
    inside = SignedIn(Language(UnreadBodies(AnonymousBodies(Once(kept, alone, LARGEST_DOCUMENT)))))
    site: Any = RateLimit(
        Front(SlowBodies(inside), config.settings, [route.path for route in inner.routes]), api.PREFIX
    )
    proxies = list(config.settings.trusted_proxies)
    if not proxies:  # a page from memory asks for nobody's address
        return cast(ASGIApp, PageCache(PlainAddresses(UntrustedProxy(site, proxies)), showcase.is_public))
    site = wrap_asgi_with_proxy_headers(PageCache(site, showcase.is_public), proxies)
    return cast(ASGIApp, PlainAddresses(UntrustedProxy(site, proxies)))
