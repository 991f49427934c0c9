"""Every route of the app against every member of the cast. A route that is missing in the table fails."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from incubator import config
from incubator.app import create_app, framework
from incubator.attachments.attach import caption_files
from incubator.classroom.substitutes import name_substitute
from incubator.core.clock import now
from incubator.files.keep import keep
from incubator.interchange.tables import ImportBatch
from incubator.notifications.tables import Notification
from incubator.people.oidc.identities import link
from incubator.people.oidc.tokens import Visitor
from incubator.people.permissions import StaffAction
from incubator.people.permissions import may as may_in_programme
from incubator.people.sessions import begin_session
from incubator.people.tables import Consent
from incubator.privacy.guardian_links import ask_guardians
from incubator.privacy.guardian_rules import WantedGuardian
from incubator.privacy.scans import file_scans
from incubator.privacy.sheets import WantedSheet, make_sheets
from incubator.privacy.tables import ConsentSheet, FamilyCode, SheetScan
from incubator.programme.tables import Season
from incubator.projects.comments import comment
from incubator.projects.invitations import invite_to_team
from incubator.projects.permissions import Action, ProjectRole
from incubator.projects.permissions import may as may_with_project
from incubator.publication.awards import add_award
from incubator.publication.news import NewsWording, write_news
from incubator.publication.tables import ContentReport
from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.discussion import post_to_team
from incubator.reviews.tables import Decision, Remark
from tests import engines, permissions_page
from tests.attachments.uploads import KEY, attached
from tests.browser import Browser, signed_in
from tests.cast import Cast, in_days, make_cast, submitted
from tests.classroom.classes import colleague_of, confirmed_teacher, enrolled
from tests.privacy.guardians import operator_known
from tests.stories.test_the_long_way import last_link

WHO = ("visitor", "captain", "teammate", "teacher", "coach", "outsider", "mentor", "idle_mentor", "organiser")

#: Answers by letter, in the order of WHO:
#: o = the page or its redirect back to work, i = to the sign-in page, n = not found, f = forbidden.
PUBLIC = "ooooooooo"
UNPUBLISHED = "n" * 9  # the cast's project is not published
MEMBERS = "ioooonnno"  # the team, and organisers
PEOPLE = "ioooooooo"  # everybody who is signed in
MENTORS = "ifffofoof"
ORGANISERS = "i" + "f" * 7 + "o"
RECORDERS = "innonnnno"  # the team's teacher, and organisers
ADULTS = "iffoofooo"
CLASS_TEACHERS = "iffofffff"
CLASS_OF_PUPIL = "innonnnnn"
ASSIGNED = "ifffnfonf"  # mentors only; among them only the assigned one finds it

ROUTES = {
    ("GET", "/"): PUBLIC,
    ("GET", "/showcase"): PUBLIC,
    ("GET", "/showcase/map"): PUBLIC,
    ("GET", "/showcase/feed.atom"): PUBLIC,
    ("GET", "/showcase/{slug}"): UNPUBLISHED,
    ("GET", "/showcase/{slug}/feed.atom"): UNPUBLISHED,
    ("GET", "/showcase/{slug}/picture.png"): UNPUBLISHED,
    ("GET", "/showcase/{slug}/poster"): UNPUBLISHED,
    ("GET", "/showcase/{slug}/poster.pdf"): UNPUBLISHED,
    ("GET", "/showcase/{slug}/paper/{paper}"): UNPUBLISHED,
    ("GET", "/showcase/{slug}/help"): UNPUBLISHED,
    ("POST", "/showcase/{slug}/help"): UNPUBLISHED,
    ("GET", "/showcase/{slug}/report"): UNPUBLISHED,
    ("POST", "/showcase/{slug}/report"): UNPUBLISHED,
    ("POST", "/showcase/{slug}/follow"): UNPUBLISHED,
    ("GET", "/mail/follow/{secret}"): "n" * 9,  # nobody's
    ("POST", "/mail/follow/{secret}"): PUBLIC,  # ending it twice is no error
    ("POST", "/mail/follow/{secret}/confirmed"): "n" * 9,
    ("POST", "/mail/follow/{secret}/all"): PUBLIC,
    ("GET", "/following"): PEOPLE,
    ("POST", "/following"): PEOPLE,
    ("GET", "/embed"): PUBLIC,
    ("GET", "/embed/{slug}"): UNPUBLISHED,
    ("GET", "/embed.js"): PUBLIC,
    ("GET", "/favicon.ico"): PUBLIC,
    ("GET", "/robots.txt"): PUBLIC,
    ("GET", "/manifest.webmanifest"): PUBLIC,
    ("GET", "/icon.png"): PUBLIC,
    ("GET", "/picture.png"): PUBLIC,
    ("GET", "/worker.js"): PUBLIC,
    ("GET", "/offline"): PUBLIC,
    ("GET", "/sitemap.xml"): PUBLIC,
    ("GET", "/sitemap/{name}"): PUBLIC,
    ("GET", "/api"): PUBLIC,
    ("GET", "/api/v1"): PUBLIC,
    ("GET", "/api/v1/openapi.json"): PUBLIC,
    ("GET", "/api/v1/projects"): PUBLIC,
    ("GET", "/api/v1/facets"): PUBLIC,
    ("GET", "/api/v1/oembed"): PUBLIC,
    ("GET", "/api/v1/projects/{slug}"): UNPUBLISHED,
    ("GET", "/api/v1/{path}"): "n" * 9,
    ("GET", "/privacy"): PUBLIC,
    ("GET", "/about"): PUBLIC,
    ("GET", "/help"): PUBLIC,
    ("GET", "/criteria"): PUBLIC,
    ("GET", "/health"): PUBLIC,
    ("GET", "/ready"): PUBLIC,
    ("GET", "/language/{locale}"): PUBLIC,
    ("GET", "/sign-in"): PUBLIC,
    ("POST", "/sign-in"): PUBLIC,
    ("GET", "/sign-in/{secret}"): PUBLIC,
    ("POST", "/sign-in/{secret}"): PUBLIC,
    # Another site that nobody has set up: tests/people/test_oidc.py has one.
    ("POST", "/sign-in/with/{key}"): "n" * 9,
    ("GET", "/sign-in/with/{key}/return"): "n" * 9,
    ("POST", "/profile/ways-in"): "i" + "n" * 8,
    ("GET", "/profile/ways-in"): PEOPLE,
    ("POST", "/profile/ways-in/{identity_id}/remove"): "io" + "n" * 7,  # the captain's
    ("POST", "/sign-out"): PUBLIC,
    ("GET", "/sign-up"): PUBLIC,
    ("POST", "/sign-up"): PUBLIC,
    ("GET", "/confirm/{secret}"): PUBLIC,
    ("POST", "/confirm/{secret}"): PUBLIC,
    ("POST", "/confirm/{secret}/password"): PUBLIC,
    ("POST", "/confirmation"): PEOPLE,
    ("GET", "/password/forgot"): PUBLIC,
    ("POST", "/password/forgot"): PUBLIC,
    ("GET", "/password/reset/{secret}"): PUBLIC,
    ("POST", "/password/reset/{secret}"): PUBLIC,
    ("GET", "/profile"): PEOPLE,
    ("POST", "/profile"): PEOPLE,
    ("GET", "/profile/address"): PEOPLE,
    ("POST", "/profile/address"): PEOPLE,
    ("POST", "/profile/address/stop"): PEOPLE,
    ("GET", "/address/{secret}"): PUBLIC,
    ("POST", "/address/{secret}"): PUBLIC,
    ("POST", "/profile/birth-date"): PEOPLE,
    ("GET", "/profile/consents"): PEOPLE,
    ("POST", "/profile/consents/{purpose}"): PEOPLE,
    ("GET", "/consents"): PEOPLE,
    ("POST", "/consents/slips"): PEOPLE,  # nobody is chosen
    ("POST", "/consents/sheets"): PEOPLE,
    ("POST", "/consents/own"): PEOPLE,
    ("GET", "/consents/sheets/{batch_id}/print"): "innonnnnn",
    ("GET", "/consents/sheet/{code}"): RECORDERS,
    ("POST", "/consents/scans"): "iffoffffo",
    ("GET", "/consents/scans/{scan_id}/picture"): "innonnnnn",
    ("POST", "/consents/scans/filing"): PEOPLE,
    ("POST", "/consents/scans/{scan_id}/sheet"): "innonnnnn",
    ("POST", "/consents/scans/{scan_id}/removal"): "innonnnnn",
    ("GET", "/consents/{consent_id}/scan"): RECORDERS,
    ("POST", "/consents/families/{person_id}/code"): RECORDERS,
    ("GET", "/consents/guardians"): PEOPLE,  # nobody is chosen: back to the table
    ("POST", "/consents/guardians"): RECORDERS,
    ("POST", "/consents/guardians/choice"): PEOPLE,
    ("POST", "/consents/guardians/{link_id}/again"): RECORDERS,
    ("POST", "/consents/guardians/{link_id}/revocation"): RECORDERS,
    ("GET", "/guardian/{guardian_secret}"): PUBLIC,  # whoever has the mail; another secret: tests/privacy/test_guardian_links.py
    ("POST", "/guardian/{guardian_secret}"): PUBLIC,
    ("GET", "/class"): PEOPLE,
    ("GET", "/class/table"): CLASS_TEACHERS,
    ("POST", "/class/list"): CLASS_TEACHERS,
    ("POST", "/class/pupils"): CLASS_TEACHERS,
    ("POST", "/class/cards"): CLASS_TEACHERS,
    ("GET", "/class/pupils/{pupil_id}"): CLASS_OF_PUPIL,
    ("POST", "/class/pupils/{pupil_id}"): CLASS_OF_PUPIL,
    ("GET", "/class/pupils/{pupil_id}/taking-back"): CLASS_OF_PUPIL,
    ("POST", "/class/pupils/{pupil_id}/taking-back"): CLASS_OF_PUPIL,
    ("POST", "/class/team"): CLASS_TEACHERS,
    ("POST", "/class/removal"): CLASS_TEACHERS,
    ("POST", "/class/projects/{project_id}/teacher"): "i" + "f" * 8,  # no pupil of the class writes in this team
    ("POST", "/class/substitutes"): CLASS_TEACHERS,
    ("POST", "/class/substitutes/{substitution_id}/end"): "innonnnnn",
    ("GET", "/card"): PUBLIC,
    ("POST", "/card"): PUBLIC,  # whoever has the card
    ("GET", "/family"): PUBLIC,
    ("POST", "/family"): PUBLIC,
    ("GET", "/family/{family_codes}"): PUBLIC,  # whoever has the paper
    ("POST", "/family/{family_codes}/withdrawal"): PUBLIC,
    ("GET", "/profile/password"): PEOPLE,
    ("POST", "/profile/password"): PEOPLE,
    ("GET", "/profile/merging"): PEOPLE,
    ("POST", "/profile/merging"): PEOPLE,
    ("GET", "/profile/merging/{secret}"): PEOPLE,
    ("POST", "/profile/merging/{secret}"): PEOPLE,
    ("GET", "/organiser/accounts"): ORGANISERS,
    ("GET", "/organiser/accounts/{person_id}"): ORGANISERS,
    ("POST", "/organiser/accounts/{person_id}/address"): ORGANISERS,
    ("POST", "/organiser/accounts/{person_id}/merging"): ORGANISERS,
    ("POST", "/organiser/accounts/{person_id}/second-factor/reset"): ORGANISERS,
    ("POST", "/organiser/accounts/{person_id}/confirmation/end"): ORGANISERS,
    ("GET", "/vouching"): PEOPLE,
    ("POST", "/vouching/{project_id}/{person_id}"): "i" + "n" * 7 + "o",
    ("POST", "/vouching/{project_id}/{person_id}/refusal"): "i" + "n" * 7 + "o",
    ("POST", "/vouching/consents/{person_id}"): "i" + "f" * 7 + "o",
    ("GET", "/second-factor"): PEOPLE,
    ("POST", "/second-factor"): PEOPLE,
    ("POST", "/second-factor/passkey"): "i" + "f" * 8,  # nobody of the cast has one
    ("GET", "/profile/second-factor"): PEOPLE,
    ("POST", "/profile/second-factor/app"): ADULTS,
    ("GET", "/profile/second-factor/app"): PEOPLE,
    ("POST", "/profile/second-factor/app/confirmation"): PEOPLE,
    ("POST", "/profile/second-factor/app/removal"): PEOPLE,
    ("POST", "/profile/second-factor/passkeys"): PEOPLE,
    ("POST", "/profile/second-factor/passkeys/options"): PEOPLE,
    ("POST", "/profile/second-factor/passkeys/{passkey_id}/removal"): PEOPLE,
    ("POST", "/profile/second-factor/codes"): PEOPLE,
    ("GET", "/profile/mail"): PEOPLE,
    ("POST", "/profile/mail"): PEOPLE,
    ("GET", "/notifications"): PEOPLE,
    ("POST", "/notifications/read"): PEOPLE,
    ("POST", "/notifications/{notification_id}"): "ionnnnnnn",  # whose it is
    ("POST", "/profile/sessions/{session_id}/end"): "i" + "n" * 8,  # somebody else's session
    ("GET", "/start"): PUBLIC,
    ("POST", "/start"): PUBLIC,
    ("GET", "/projects"): PEOPLE,
    ("GET", "/projects/new"): PEOPLE,
    ("POST", "/projects/new"): PEOPLE,
    ("POST", "/preview"): PEOPLE,
    ("GET", "/projects/{project_id}"): MEMBERS,
    ("GET", "/projects/{project_id}/gate"): MEMBERS,
    ("GET", "/projects/{project_id}/changes"): "iooffnnnf",
    ("GET", "/projects/{project_id}/self-check"): "iooffnnnf",
    ("POST", "/projects/{project_id}/self-check"): "iooffnnnf",
    ("GET", "/projects/{project_id}/history"): MEMBERS,
    ("GET", "/projects/{project_id}/paper/{paper}"): MEMBERS,
    ("GET", "/projects/{project_id}/submissions/{number}"): MEMBERS,
    ("GET", "/projects/{project_id}/submissions/{number}/paper/{paper}"): MEMBERS,
    ("GET", "/projects/{project_id}/submissions/{number}/milestone.png"): MEMBERS,
    ("POST", "/projects/{project_id}/submissions/{number}/answer"): "iooffnnnf",
    ("GET", "/projects/{project_id}/talk"): MEMBERS,
    ("POST", "/projects/{project_id}/talk"): MEMBERS,
    ("POST", "/projects/{project_id}/conflicts"): MEMBERS,
    ("GET", "/projects/{project_id}/details"): MEMBERS,
    ("POST", "/projects/{project_id}/details"): "iooffnnnf",
    ("GET", "/projects/{project_id}/answers/{key}"): MEMBERS,
    ("GET", "/projects/{project_id}/answers/{key}/history"): "ioooonnnf",
    ("POST", "/projects/{project_id}/answers/{key}/restoration"): "iooffnnnf",
    ("POST", "/projects/{project_id}/answers"): "iooffnnnf",
    ("POST", "/projects/{project_id}/answers/{key}"): "iooffnnnf",
    ("POST", "/projects/{project_id}/comments"): "iffoonnno",
    ("POST", "/projects/{project_id}/comments/{comment_id}/resolution"): MEMBERS,
    ("POST", "/projects/{project_id}/comments/{comment_id}/posts"): MEMBERS,
    ("GET", "/projects/{project_id}/files"): MEMBERS,
    ("POST", "/projects/{project_id}/files"): "iooofnnno",
    ("GET", "/projects/{project_id}/files/new/{section}"): MEMBERS,
    ("POST", "/projects/{project_id}/files/new/{section}"): "iooffnnnf",
    ("POST", "/projects/{project_id}/files/{file_id}/hiding"): "iooofnnno",
    ("POST", "/projects/{project_id}/files/{file_id}/return"): "iooffnnnf",
    ("POST", "/projects/{project_id}/files/{file_id}/removal"): "iooffnnnf",
    ("GET", "/files/{file_id}/{file_name}"): "noooonono",  # the team, the mentor who reads it, and organisers
    ("GET", "/projects/{project_id}/team"): MEMBERS,
    ("POST", "/projects/{project_id}/team/invitations"): "iofofnnno",
    ("POST", "/projects/{project_id}/team/invitations/{invitation_id}/revocation"): "iofofnnno",
    ("POST", "/projects/{project_id}/team/members/{person_id}/departure"): "ionofnnno",
    ("POST", "/projects/{project_id}/team/captain"): "iofofnnno",
    ("POST", "/projects/{project_id}/team/members/{person_id}/consents/{purpose}"): "iffofnnno",
    ("GET", "/projects/{project_id}/team/members/{person_id}/age"): "iffofnnno",
    ("POST", "/projects/{project_id}/team/members/{person_id}/age"): "iffofnnno",
    ("POST", "/projects/{project_id}/submission"): "iofffnnnf",
    ("POST", "/projects/{project_id}/submission/withdrawal"): "iofffnnnf",
    ("GET", "/projects/{project_id}/submission/withdrawal"): "iofffnnnf",
    ("GET", "/projects/{project_id}/office"): "iffffnnno",
    ("POST", "/projects/{project_id}/office/publication"): "iffffnnno",
    ("POST", "/projects/{project_id}/office/withdrawal"): "iffffnnno",
    ("POST", "/projects/{project_id}/office/merger"): "iffffnnno",
    ("GET", "/projects/{project_id}/office/correction"): "iffffnnno",
    ("POST", "/projects/{project_id}/office/correction"): "iffffnnno",
    ("POST", "/projects/{project_id}/office/deletion"): "iffffnnno",
    ("POST", "/projects/{project_id}/office/keeping"): "iffffnnno",
    ("GET", "/projects/{project_id}/extension"): "iffffnnno",
    ("POST", "/projects/{project_id}/extension"): "iffffnnno",
    ("POST", "/projects/{project_id}/departure"): "iofofnnno",
    ("POST", "/projects/{project_id}/another-try"): "iooffnnnf",
    ("POST", "/projects/{project_id}/idea/deletion"): "iofffnnnf",
    ("POST", "/projects/{project_id}/idea/restoration"): "iofffnnnf",
    ("POST", "/projects/{project_id}/reopening"): "iffffnnno",
    ("POST", "/projects/{project_id}/publication"): "iofofnnno",
    ("GET", "/projects/{project_id}/showcase"): MEMBERS,
    ("POST", "/projects/{project_id}/showcase/passages"): "iooofnnno",
    ("POST", "/projects/{project_id}/showcase/passages/{passage_id}/removal"): "iooofnnno",
    ("GET", "/projects/{project_id}/news"): MEMBERS,
    ("GET", "/projects/{project_id}/news/new"): "iooofnnnf",
    ("POST", "/projects/{project_id}/news/new"): "iooofnnnf",
    ("GET", "/projects/{project_id}/news/{news_id}"): MEMBERS,
    ("POST", "/projects/{project_id}/news/{news_id}"): "iooofnnnf",
    ("POST", "/projects/{project_id}/news/{news_id}/offer"): "iofofnnno",
    ("POST", "/projects/{project_id}/news/{news_id}/removal"): "iofofnnno",
    ("GET", "/projects/{project_id}/news/{news_id}/picture"): MEMBERS,
    ("POST", "/projects/{project_id}/news/{news_id}/picture"): "iooofnnnf",
    ("POST", "/projects/{project_id}/remarks/{remark_id}/addressed"): "iooffnnnf",
    ("POST", "/projects/{project_id}/remarks/{remark_id}/posts"): MEMBERS,
    ("GET", "/invitations/{secret}"): PUBLIC,
    ("POST", "/invitations/{secret}"): PEOPLE,
    ("POST", "/invitations/{secret}/account"): PUBLIC,
    ("GET", "/invitations/mine/{invitation_id}"): "i" + "n" * 8,  # whose address it was mailed to: tests/gates/test_invitation_in_bell.py
    ("POST", "/invitations/mine/{invitation_id}"): PEOPLE,
    ("POST", "/posts/{post_id}/removal"): "iofffnnno",
    ("GET", "/desk"): MENTORS,
    ("GET", "/desk/offer"): MENTORS,
    ("POST", "/desk/offer"): MENTORS,
    ("POST", "/desk/offer/away"): MENTORS,
    ("POST", "/desk/offer/away/{away_id}/removal"): MENTORS,
    ("POST", "/desk/offer/calendar"): MENTORS,
    ("GET", "/desk/bids"): MENTORS,
    ("POST", "/desk/bids"): MENTORS,
    ("POST", "/desk/bids/{project_id}/conflict"): "ifffnfnnf",  # only for projects offered to them
    ("GET", "/desk/scale"): MENTORS,
    ("GET", "/desk/practice"): MENTORS,
    ("POST", "/desk/practice"): MENTORS,
    ("GET", "/calendar/{name}"): "n" * 9,  # the address is the secret
    ("GET", "/mail/{kind}/off/{secret}"): "n" * 9,
    ("POST", "/mail/{kind}/off/{secret}"): "n" * 9,
    ("GET", "/reviews/{assignment_id}"): ASSIGNED,
    ("GET", "/reviews/{assignment_id}/paper/{paper}"): ASSIGNED,
    ("POST", "/reviews/{assignment_id}"): ASSIGNED,
    ("POST", "/reviews/{assignment_id}/decline"): ASSIGNED,
    ("POST", "/reviews/{assignment_id}/return"): ASSIGNED,
    ("POST", "/reviews/{assignment_id}/posts"): "ifffnffnf",  # even the assigned one not before sending their own review
    ("POST", "/reviews/{assignment_id}/remarks/{remark_id}/confirmation"): ASSIGNED,
    ("POST", "/reviews/{assignment_id}/remarks/{remark_id}/posts"): ASSIGNED,
    ("GET", "/organiser"): ORGANISERS,
    ("GET", "/organiser/projects"): ORGANISERS,
    ("GET", "/organiser/people"): ORGANISERS,
    ("GET", "/organiser/consents"): ORGANISERS,
    ("GET", "/organiser/consents/table.csv"): ORGANISERS,
    ("GET", "/organiser/consents/table.xlsx"): ORGANISERS,
    ("POST", "/organiser/consents/destruction"): ORGANISERS,
    ("GET", "/organiser/consents/acts/{act_id}"): "i" + "f" * 7 + "n",
    ("GET", "/organiser/consents/texts"): ORGANISERS,
    ("GET", "/organiser/consents/texts/{purpose}"): ORGANISERS,
    ("GET", "/organiser/consents/texts/{purpose}/new"): ORGANISERS,
    ("POST", "/organiser/consents/texts/{purpose}/new"): ORGANISERS,
    ("POST", "/organiser/consents/texts/{purpose}/preview"): ORGANISERS,
    ("POST", "/organiser/consents/texts/{purpose}/{text_id}/lawyer"): ORGANISERS,
    ("GET", "/organiser/consents/operator"): ORGANISERS,
    ("POST", "/organiser/consents/operator"): ORGANISERS,
    ("POST", "/organiser/people"): ORGANISERS,
    ("POST", "/organiser/people/invitations/{invitation_id}/resending"): ORGANISERS,
    ("POST", "/organiser/people/invitations/{invitation_id}/revocation"): ORGANISERS,
    ("POST", "/organiser/people/{person_id}/capacity"): ORGANISERS,
    ("GET", "/organiser/people/{person_id}/roles/{role}"): "i" + "f" * 7 + "n",  # the cast's teammate has no role
    ("POST", "/organiser/people/{person_id}/roles/{role}/withdrawal"): "i" + "f" * 7 + "n",
    ("GET", "/organiser/deadlines"): ORGANISERS,
    ("POST", "/organiser/deadlines/extensions"): ORGANISERS,
    ("GET", "/organiser/decisions"): ORGANISERS,
    ("GET", "/organiser/decisions/release"): ORGANISERS,
    ("POST", "/organiser/decisions/release"): ORGANISERS,
    ("GET", "/organiser/proposal"): ORGANISERS,
    ("POST", "/organiser/proposal"): ORGANISERS,
    ("POST", "/organiser/proposal/pairs"): ORGANISERS,
    ("POST", "/organiser/proposal/application"): ORGANISERS,
    ("GET", "/organiser/assignments"): ORGANISERS,
    ("POST", "/organiser/assignments"): ORGANISERS,
    ("POST", "/organiser/assignments/check"): ORGANISERS,
    ("GET", "/organiser/assignments/table.csv"): ORGANISERS,
    ("GET", "/organiser/assignments/table.xlsx"): ORGANISERS,
    ("GET", "/organiser/imports"): ORGANISERS,
    ("POST", "/organiser/imports"): ORGANISERS,
    ("GET", "/organiser/imports/{import_id}"): ORGANISERS,
    ("POST", "/organiser/imports/{import_id}/columns"): ORGANISERS,
    ("POST", "/organiser/imports/{import_id}/start"): ORGANISERS,
    ("POST", "/organiser/imports/{import_id}/removal"): ORGANISERS,
    ("POST", "/organiser/imports/{import_id}/stop"): ORGANISERS,
    ("POST", "/organiser/imports/{import_id}/undoing"): ORGANISERS,
    ("GET", "/organiser/imports/{import_id}/report.xlsx"): ORGANISERS,
    ("GET", "/organiser/calibration"): ORGANISERS,
    ("GET", "/organiser/organisations"): ORGANISERS,
    ("GET", "/organiser/organisations/{organisation_id}"): ORGANISERS,
    ("POST", "/organiser/organisations/{organisation_id}"): ORGANISERS,
    ("GET", "/organiser/classes"): ORGANISERS,
    ("GET", "/organiser/classes/{teacher_id}"): ORGANISERS,
    ("POST", "/organiser/classes/{teacher_id}/substitutes"): ORGANISERS,
    ("POST", "/organiser/classes/substitutes/{substitution_id}/end"): ORGANISERS,
    ("POST", "/organiser/organisations/{organisation_id}/merge"): ORGANISERS,
    ("POST", "/organiser/organisations/{organisation_id}/coordinators"): "i" + "f" * 7 + "n",  # nobody is chosen
    ("POST", "/organiser/organisations/{organisation_id}/coordinators/{person_id}/dismissal"): "i" + "f" * 7 + "n",
    ("POST", "/organiser/organisations/{organisation_id}/names"): ORGANISERS,
    ("POST", "/organiser/organisations/{organisation_id}/names/{name_id}/removal"): ORGANISERS,
    ("GET", "/organiser/outbox"): ORGANISERS,
    ("POST", "/organiser/outbox/test"): ORGANISERS,
    ("POST", "/organiser/outbox/{message_id}/resending"): ORGANISERS,
    ("POST", "/organiser/outbox/{message_id}/removal"): ORGANISERS,
    ("GET", "/organiser/mails"): ORGANISERS,
    ("GET", "/organiser/mails/{mail}"): ORGANISERS,
    ("POST", "/organiser/mails/{mail}"): ORGANISERS,
    ("GET", "/organiser/publications"): ORGANISERS,
    ("GET", "/organiser/reports"): ORGANISERS,
    ("GET", "/organiser/reports/{report_id}"): ORGANISERS,
    ("POST", "/organiser/reports/{report_id}/hiding"): ORGANISERS,
    ("POST", "/organiser/reports/{report_id}/closing"): ORGANISERS,
    ("GET", "/organiser/news/{news_id}"): ORGANISERS,
    ("POST", "/organiser/news/{news_id}"): ORGANISERS,
    ("POST", "/organiser/news/{news_id}/refusal"): ORGANISERS,
    ("GET", "/organiser/publications/{project_id}"): ORGANISERS,
    ("POST", "/organiser/publications/{project_id}"): ORGANISERS,
    ("POST", "/organiser/publications/{project_id}/passages"): ORGANISERS,
    ("POST", "/organiser/publications/{project_id}/passages/kept"): ORGANISERS,
    ("POST", "/organiser/publications/{project_id}/passages/{passage_id}/removal"): ORGANISERS,
    ("POST", "/organiser/publications/{project_id}/refusal"): ORGANISERS,
    ("POST", "/organiser/publications/{project_id}/awards"): ORGANISERS,
    ("POST", "/organiser/awards"): ORGANISERS,
    ("GET", "/organiser/submissions/{submission_id}"): ORGANISERS,
    ("POST", "/organiser/submissions/{submission_id}/assignments"): ORGANISERS,
    ("POST", "/organiser/submissions/{submission_id}/assignments/{assignment_id}/cancellation"): ORGANISERS,
    ("POST", "/organiser/submissions/{submission_id}/assignments/{assignment_id}/reassignment"): ORGANISERS,
    ("POST", "/organiser/submissions/{submission_id}/conflicts"): ORGANISERS,
    ("POST", "/organiser/submissions/{submission_id}/conflicts/{conflict_id}/lifting"): "i" + "f" * 7 + "n",
    ("POST", "/organiser/submissions/{submission_id}/posts"): ORGANISERS,
    ("POST", "/organiser/submissions/{submission_id}/decision"): ORGANISERS,
    ("POST", "/organiser/submissions/{submission_id}/decision/undoing"): ORGANISERS,
    ("POST", "/organiser/submissions/{submission_id}/decision/release"): ORGANISERS,
    ("GET", "/organiser/submissions/{submission_id}/correction"): ORGANISERS,
    ("POST", "/organiser/submissions/{submission_id}/correction"): ORGANISERS,
    ("GET", "/organiser/seasons"): ORGANISERS,
    ("GET", "/organiser/seasons/new"): ORGANISERS,
    ("POST", "/organiser/seasons/new"): ORGANISERS,
    ("GET", "/organiser/seasons/{season_id}"): ORGANISERS,
    ("POST", "/organiser/seasons/{season_id}"): ORGANISERS,
    ("GET", "/organiser/seasons/{season_id}/taxes"): ORGANISERS,
    ("POST", "/organiser/seasons/{season_id}/taxes"): ORGANISERS,
    ("GET", "/organiser/seasons/{season_id}/{stage}/sections/new"): ORGANISERS,
    ("POST", "/organiser/seasons/{season_id}/{stage}/sections/new"): ORGANISERS,
    ("GET", "/organiser/seasons/{season_id}/{stage}/sections/{section_id}"): ORGANISERS,
    ("POST", "/organiser/seasons/{season_id}/{stage}/sections/{section_id}"): ORGANISERS,
    ("GET", "/organiser/seasons/{season_id}/{stage}/criteria/new"): ORGANISERS,
    ("POST", "/organiser/seasons/{season_id}/{stage}/criteria/new"): ORGANISERS,
    ("GET", "/organiser/seasons/{season_id}/{stage}/criteria/{criterion_id}"): ORGANISERS,
    ("POST", "/organiser/seasons/{season_id}/{stage}/criteria/{criterion_id}"): ORGANISERS,
}  # fmt: skip

#: The action that each route of a project checks. Where an answer differs from what the table alone says, the reason is given.
PROJECT_ACTIONS: dict[tuple[str, str], Action | str] = {
    ("GET", "/projects/{project_id}"): Action.SEE,
    ("GET", "/projects/{project_id}/gate"): Action.SEE,
    ("GET", "/projects/{project_id}/changes"): Action.WRITE,
    ("GET", "/projects/{project_id}/self-check"): Action.WRITE,
    ("POST", "/projects/{project_id}/self-check"): Action.WRITE,
    ("GET", "/projects/{project_id}/history"): Action.SEE,
    ("GET", "/projects/{project_id}/paper/{paper}"): Action.SEE,
    ("GET", "/projects/{project_id}/submissions/{number}"): Action.SEE,
    ("GET", "/projects/{project_id}/submissions/{number}/paper/{paper}"): Action.SEE,
    ("GET", "/projects/{project_id}/submissions/{number}/milestone.png"): Action.SEE,
    ("POST", "/projects/{project_id}/submissions/{number}/answer"): Action.REPLY,
    ("GET", "/projects/{project_id}/talk"): Action.TALK,
    ("POST", "/projects/{project_id}/talk"): Action.TALK,
    ("POST", "/projects/{project_id}/conflicts"): Action.DECLARE_CONFLICT,
    ("GET", "/projects/{project_id}/details"): Action.SEE,
    ("POST", "/projects/{project_id}/details"): Action.WRITE,
    ("GET", "/projects/{project_id}/answers/{key}"): Action.SEE,
    ("GET", "/projects/{project_id}/answers/{key}/history"): Action.READ_REVISIONS,
    ("POST", "/projects/{project_id}/answers/{key}/restoration"): Action.WRITE,
    ("POST", "/projects/{project_id}/answers"): Action.WRITE,
    ("POST", "/projects/{project_id}/answers/{key}"): Action.WRITE,
    ("POST", "/projects/{project_id}/comments"): Action.COMMENT,
    ("POST", "/projects/{project_id}/comments/{comment_id}/resolution"): Action.RESOLVE_COMMENT,
    ("POST", "/projects/{project_id}/comments/{comment_id}/posts"): Action.ANSWER_COMMENT,
    ("GET", "/projects/{project_id}/files"): Action.SEE,
    ("POST", "/projects/{project_id}/files"): Action.HIDE_PASSAGE,
    ("GET", "/projects/{project_id}/files/new/{section}"): Action.SEE,
    ("POST", "/projects/{project_id}/files/new/{section}"): Action.WRITE,
    ("POST", "/projects/{project_id}/files/{file_id}/hiding"): Action.HIDE_PASSAGE,
    ("POST", "/projects/{project_id}/files/{file_id}/return"): Action.WRITE,
    ("POST", "/projects/{project_id}/files/{file_id}/removal"): Action.WRITE,
    ("GET", "/projects/{project_id}/team"): Action.SEE,
    ("POST", "/projects/{project_id}/team/invitations"): Action.INVITE,
    ("POST", "/projects/{project_id}/team/invitations/{invitation_id}/revocation"): Action.REVOKE_INVITATION,
    ("POST", "/projects/{project_id}/team/members/{person_id}/departure"): "the captain sends the teammate away, who then finds no team",
    ("POST", "/projects/{project_id}/team/captain"): Action.CHANGE_CAPTAIN,
    ("POST", "/projects/{project_id}/team/members/{person_id}/consents/{purpose}"): Action.RECORD_CONSENT,
    ("GET", "/projects/{project_id}/team/members/{person_id}/age"): Action.CONFIRM_AGE,
    ("POST", "/projects/{project_id}/team/members/{person_id}/age"): Action.CONFIRM_AGE,
    ("POST", "/projects/{project_id}/submission"): Action.SUBMIT,
    ("POST", "/projects/{project_id}/submission/withdrawal"): Action.TAKE_BACK,
    ("GET", "/projects/{project_id}/submission/withdrawal"): Action.TAKE_BACK,
    ("GET", "/projects/{project_id}/office"): Action.MANAGE,
    ("POST", "/projects/{project_id}/office/publication"): Action.MANAGE,
    ("POST", "/projects/{project_id}/office/withdrawal"): Action.MANAGE,
    ("POST", "/projects/{project_id}/office/merger"): Action.MANAGE,
    ("GET", "/projects/{project_id}/office/correction"): Action.MANAGE,
    ("POST", "/projects/{project_id}/office/correction"): Action.MANAGE,
    ("POST", "/projects/{project_id}/office/deletion"): Action.MANAGE,
    ("POST", "/projects/{project_id}/office/keeping"): Action.MANAGE,
    ("GET", "/projects/{project_id}/extension"): Action.EXTEND,
    ("POST", "/projects/{project_id}/extension"): Action.EXTEND,
    ("POST", "/projects/{project_id}/departure"): Action.LEAVE,
    ("POST", "/projects/{project_id}/another-try"): Action.BEGIN_AGAIN,
    ("POST", "/projects/{project_id}/idea/deletion"): Action.DELETE_IDEA,
    ("POST", "/projects/{project_id}/idea/restoration"): Action.DELETE_IDEA,
    ("POST", "/projects/{project_id}/reopening"): Action.REOPEN,
    ("POST", "/projects/{project_id}/publication"): Action.ASK_PUBLICATION,
    ("GET", "/projects/{project_id}/showcase"): Action.SEE,
    ("POST", "/projects/{project_id}/showcase/passages"): Action.HIDE_PASSAGE,
    ("POST", "/projects/{project_id}/showcase/passages/{passage_id}/removal"): Action.HIDE_PASSAGE,
    ("GET", "/projects/{project_id}/news"): Action.SEE,
    ("GET", "/projects/{project_id}/news/new"): Action.WRITE_NEWS,
    ("POST", "/projects/{project_id}/news/new"): Action.WRITE_NEWS,
    ("GET", "/projects/{project_id}/news/{news_id}"): Action.SEE,
    ("POST", "/projects/{project_id}/news/{news_id}"): Action.WRITE_NEWS,
    ("POST", "/projects/{project_id}/news/{news_id}/offer"): Action.ASK_PUBLICATION,
    ("POST", "/projects/{project_id}/news/{news_id}/removal"): Action.UNPUBLISH,
    ("GET", "/projects/{project_id}/news/{news_id}/picture"): Action.SEE,
    ("POST", "/projects/{project_id}/news/{news_id}/picture"): Action.WRITE_NEWS,
    ("POST", "/projects/{project_id}/remarks/{remark_id}/addressed"): Action.ADDRESS_REMARK,
    ("POST", "/projects/{project_id}/remarks/{remark_id}/posts"): Action.ANSWER_COMMENT,
}  # fmt: skip
#: Each person's role in the project; the rest are outsiders.
PROJECT_ROLES = {
    "captain": ProjectRole.CAPTAIN, "teammate": ProjectRole.STUDENT, "teacher": ProjectRole.TEACHER,
    "coach": ProjectRole.COACH, "organiser": ProjectRole.ORGANISER,
}  # fmt: skip
#: The coach is also a mentor of other teams.
STAFF_ROLES = {"coach": ["mentor"], "mentor": ["mentor"], "idle_mentor": ["mentor"], "organiser": ["organiser"]}
STAFF_ROUTES = {"/organiser": StaffAction.ORGANISE, "/desk": StaffAction.REVIEW, "/reviews": StaffAction.REVIEW}

#: Present only if INCUBATOR_DEV=1, for everybody: a demo's mailbox contains the links of its whole cast.
DEV_ROUTES = {("GET", "/mailbox"), ("GET", "/mailbox/{name}"), ("GET", "/patterns")}


def routes_of_the_app() -> set[tuple[str, str]]:
    found = set()
    for route in framework().routes:
        path = (
            "".join(
                f"/{{{part.name}}}" if hasattr(part, "name") else f"/{part}"
                for part in getattr(route, "path_components", [])
            )
            or "/"
        )
        found |= {(method, path) for method in getattr(route, "methods", ()) if method in {"GET", "POST"}}
    return found


def test_every_route_is_in_the_table() -> None:
    assert routes_of_the_app() == set(ROUTES)


def test_every_route_of_a_project_answers_as_its_table_says() -> None:
    assert {route for route in ROUTES if route[1].startswith("/projects/{project_id}")} == PROJECT_ACTIONS.keys()
    for route, action in PROJECT_ACTIONS.items():
        if isinstance(action, Action):
            expected = "".join(_project_letter(PROJECT_ROLES.get(who, ""), action) for who in WHO[1:])
            assert ROUTES[route] == "i" + expected, route


def _project_letter(role: str, action: Action) -> str:
    if may_with_project(role, action):
        return "o"
    return "f" if may_with_project(role, Action.SEE) else "n"


def test_routes_of_staff_are_open_to_nobody_else() -> None:
    for (method, path), letters in ROUTES.items():
        action = STAFF_ROUTES.get("/" + path.split("/")[1])
        if action is None:
            continue
        for who, letter_ in zip(WHO, letters, strict=True):
            if who == "visitor":
                assert letter_ == "i", (method, path)
            elif not may_in_programme(STAFF_ROLES.get(who, []), action):
                assert letter_ == "f", (method, path, who)


def test_the_page_of_permissions_is_as_the_tables_are() -> None:
    assert permissions_page.FILE.read_text("utf-8") == permissions_page.text(), "run: python -m tests.permissions_page"


async def test_what_helps_a_demo_is_there_only_where_asked_for(
    database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _method, path in DEV_ROUTES:
        assert (await Browser().open(path)).status_code == 404
    monkeypatch.setattr(config, "settings", replace(config.settings, dev=True, data=tmp_path))
    assert routes_of_the_app() == set(ROUTES) | DEV_ROUTES
    app = create_app()
    for path, status in (("/mailbox", 200), ("/patterns", 200), ("/mailbox/1", 404), ("/mailbox/..%2f..", 404)):
        assert (await Browser(app).open(path)).status_code == status


@pytest.fixture(scope="module")
def scene(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast, dict[str, Any]]:
    """Prepare once and copy for each route: the file, the cast, and the routes' parameters."""
    folder = tmp_path_factory.mktemp("scene")

    async def play() -> tuple[Cast, dict[str, Any]]:
        async with engines.sqlite_copy(sqlite_template, folder):
            return await set_scene()

    with asyncio.Runner() as runner:
        return folder / "test.sqlite", *runner.run(play())


@pytest.fixture
async def stage(scene: tuple[Path, Cast, dict[str, Any]], tmp_path: Path) -> AsyncIterator[tuple[Cast, dict[str, Any]]]:
    path, cast, values = scene
    async with engines.sqlite_copy(path, tmp_path):
        yield cast, values


#: How an uploaded table that is gone by now was to be read.
WISH = '{"mapping":{},"id_column":null,"season":"2026","stage":"idea","publish":false,"source":"ideas"}'


async def set_scene() -> tuple[Cast, dict[str, Any]]:
    """Create everything that permissions may concern: a review, a decision's remark, a session."""
    cast = await make_cast()
    picture = await attached(cast)
    await caption_files(cast.project.id, {picture.id: "Улей"}, by=cast.captain)
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    award = await add_award(cast.season, title_ru="Награда", title_en="Award", by=cast.organiser)
    other = Decision(submission=submission.id, outcome="return", reason="…", decided_at=now())
    await other.save()
    remark = Remark(decision=other.id, project=cast.project.id, key="pitch", text="…")
    await remark.save()
    await Decision.update({Decision.released_at: now()}).where(Decision.id == other.id)
    await post_to_team(cast.project, "Привет", by=cast.captain)
    await comment(cast.project, "pitch", "Кому это нужно?", by=cast.teacher)
    await begin_session(cast.idle_mentor, user_agent="elsewhere")
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    waiting, filed = await brought_sheets(cast, "public_name", "photo")
    await file_scans([filed.id], by=cast.teacher)
    pupil, *_others = await enrolled(cast)
    await name_substitute((await colleague_of(cast, await confirmed_teacher(cast))).id, in_days(5), by=cast.teacher)
    sheet = await ConsentSheet.objects().first()
    consent = await Consent.objects().get(Consent.scan == filed.file)
    code = await FamilyCode.objects().first()
    assert sheet
    assert consent
    assert code
    for subject in ("1", "2"):
        await link(cast.captain.id, Visitor("https://id.example.org", subject, "", is_confirmed=False))
    await operator_known()
    await Season.update({Season.electronic_consent: True}).where(Season.id == cast.season.id)
    guardian = [WantedGuardian(cast.teammate.id, "Анна Соколова", "mother", "guardian@example.org")]
    await ask_guardians(guardian, locale="ru", by=cast.teacher)
    guardian_secret = (await last_link("guardian@example.org")).rpartition("/")[2]
    news = await write_news(cast.project, NewsWording("Первый рой", "Датчик услышал его за сутки"), by=cast.captain)
    report = ContentReport(project=cast.project.id, wrong="other", place="page", reported_at=now())
    await report.save()
    notification = await Notification.objects().where(Notification.person == cast.captain.id).first()
    assert notification
    begun = ImportBatch(
        kind="projects", state="draft", source="ideas", file_name="ideas.xlsx", created_at=now(), options=WISH
    )
    await begun.save()
    return cast, {
        "import_id": begun.id, "file_id": picture.id, "news_id": news.id, "file_name": picture.address(480).rpartition("/")[2], "section": KEY,
        "report_id": report.id, "notification_id": notification.id, "link_id": 1, "guardian_secret": guardian_secret,
        "batch_id": sheet.batch, "act_id": 999, "code": sheet.code, "scan_id": waiting.id, "consent_id": consent.id, "family_codes": code.code,
        "project_id": cast.project.id, "submission_id": submission.id, "assignment_id": assignment.id,
        "remark_id": remark.id, "number": 1, "key": "pitch", "paper": "document.pdf", "slug": cast.project.slug, "locale": "en",
        "name": "0.xml", "path": "nothing", "kind": "reminders", "mail": "assignment", "away_id": 1, "conflict_id": 1, "post_id": 1, "passkey_id": 1,
        "secret": secret, "message_id": 999, "person_id": cast.teammate.id, "pupil_id": pupil.id, "teacher_id": cast.teacher.id, "purpose": "photo", "text_id": 3, "role": "organiser", "session_id": 999, "identity_id": 1, "substitution_id": 1, "comment_id": 1,
        "invitation_id": 1, "passage_id": 1, "organisation_id": 1, "name_id": 1, "season_id": cast.season.id, "award": award.id, "stage": "idea", "section_id": 1, "criterion_id": 1,
    }  # fmt: skip


async def brought_sheets(cast: Cast, *purposes: str) -> list[SheetScan]:
    """Return pages that the teacher has brought of the teammate's sheets."""
    wanted = [WantedSheet(cast.teammate.id, cast.project.id, purpose) for purpose in purposes]
    batch = await make_sheets(wanted, locale="ru", by=cast.teacher)
    scans = []
    for sheet in await ConsentSheet.objects().where(ConsentSheet.batch == batch.id).order_by(ConsentSheet.id):
        file = await keep(b"a picture", name="sheet.jpg", media_type="image/jpeg", by=cast.teacher.id)
        scan = SheetScan(file=file.id, sheet=sheet.id, uploaded_by=cast.teacher.id, uploaded_at=now())
        await scan.save()
        scans.append(scan)
    return scans


# Person 1 is the captain: transferring the role to its holder changes nothing for the next requests.
FILLED = {
    "title": "Новое имя", "text": "Слова", "version": "1", "role": "student", "way": "link", "person": "1",
    "given_name": "Имя", "mentor": "8", "award": "1", "season": "1", "reason": "Причина", "outcome": "advance", "answer": "Ответ",
    "post": "Сообщение", "headline": "Новость", "wrong": "other", "purpose": "photo", "kind": "family", "mentor_name": "Вера Тихая",
    "born_day": "3", "born_month": "9", "born_year": "2010", "of": "2",
}  # fmt: skip


def letter(response: Any) -> str:
    """Return the letter for an answer."""
    if response.status_code == 404:
        return "n"
    if response.status_code == 403:
        return "f"
    if response.status_code == 401:
        return "i"
    return "o"


@pytest.mark.parametrize(
    ("route", "expected"), ROUTES.items(), ids=lambda v: " ".join(v) if isinstance(v, tuple) else None
)
async def test_route(stage: tuple[Cast, dict[str, Any]], route: tuple[str, str], expected: str) -> None:
    """Ask as a script would: problem details distinguish 401, 403 and 404, whatever pages do with them."""
    cast, values = stage
    method, path = route
    answers = ""
    assert len(expected) == len(WHO)
    for who in WHO:
        browser = Browser() if who == "visitor" else await signed_in(getattr(cast, who))
        target = path.format(**values)
        headers = {"accept": "application/json", "sec-fetch-site": "same-origin"}
        if method == "GET":
            response = await browser.http.get(target, headers=headers)
        else:
            await browser.open("/privacy" if who != "visitor" else "/sign-in")
            filled = {**FILLED, "child": values["family_codes"], "csrf": browser.csrf()}
            response = await browser.post(target, filled, follow=False, headers=headers)
        assert response.status_code < 500, (who, response.text)
        answers += letter(response)
    assert answers == expected, dict(zip(WHO, zip(answers, expected, strict=True), strict=True))
