"""Maximum lengths of texts and maximum counts, shared by forms, templates and rules.

Lengths are in characters (Unicode code points; a line break is one). A section's own
limit is a row of its season, not here.
"""

# A project and its details.
TITLE = 120
PITCH = 140
TEAM_NAME = 80
HELP_WANTED = 300
ORGANISATION = 200
COMPETENCIES = 8
STUDENTS = 6
#: A draft may exceed its section's limit by this many characters; the gate stays closed until the text fits.
OVERRUN = 2000
KEY = 40

#: A project's number or the address of its page.
PROJECT_ADDRESS = 200

# A person.
NAME = 60
#: «8Б», «2 курс».
COURSE = 20
FULL_NAME = 120
PASSKEY_NAME = 60
#: Where a guardian can be reached.
CONTACT = 300
#: What a guardian forbids others to do with a child's name or picture, in their own words.
BAN = 300
#: Guardians asked in one go.
GUARDIANS = 60
AGE_REASON = 300
#: A document's words; its sheet has to fit on one page of A4.
CONSENT_TITLE = 100
CONSENT_TEXT = 3200
VOID_REASON = 300
ACCOUNT_REASON = 300

# Messages between people.
COMMENT = 2000
POST = 2000
HELP_OFFER = 2000
HELP_OFFER_NAME = 100
CONTENT_REPORT = 2000
REPLY = 3000

# Reviews, conflicts of interest and decisions.
ADVICE = 4000
REVIEW_NOTE = 2000
SECTION_NOTE = 1000
CONFLICT_REASON = 300
DECLINE_REASON = 300
DOUBT = 500
REASON = 4000
NEXT_STEP = 500
OVERRIDE = 500
OFFICE_REASON = 500
REMARK = 1000
REMARK_ANSWER = 500
REMARKS = 12
CAPACITY = 50
SEASON_CAPACITY = 200

# A season, its sections and criteria.
SEASON_SLUG = 40
GUIDANCE = 2000
HINT = 500
ANCHORS = 2000
SHORTEST_SECTION = 20
LONGEST_SECTION = 5000
REVIEWS_REQUIRED = 5
REVIEW_DAYS = 60
REVISE_DAYS = 90
SHORTEST_REVIEW, LONGEST_REVIEW = 5, 240
WEIGHT = 100

# Notifications.
#: Days after which the bell forgets what happened.
NOTIFICATION_DAYS = 180

# Mail.
MAIL_SUBJECT = 200
MAIL_BODY = 4000

# The showcase.
NEWS_TITLE = 100
NEWS = 1500
#: Pieces of news that one project keeps, drafts among them.
NEWS_OF_PROJECT = 200
#: Projects that one account follows.
FOLLOWED = 300
PASSAGE = 2000
PASSAGES = 400
SEARCH_WORDS = 200
FILTER_VALUE = 80
#: Values of one filter: more than a list to choose from has.
FILTER_VALUES = 100
SLUG = 90

#: Bytes of a form on its way: twice the longest section in any script.
BODY = 512 * 1024
#: Bytes of what somebody posts who is not signed in.
VISITORS_BODY = 64 * 1024
#: Each line about who operates the data.
OPERATOR = 300
#: Telephone numbers, registration numbers and printed codes, with the blanks in them.
PHONE = 40
#: Of a picture or a paper, which is its alternative text as well.
CAPTION = 200
#: Characters of a sheet as it is stored.
SHEET = 60_000
#: Codes of a family's papers, typed together.
FAMILY_CODES = 200
