"""The personal data that attachments contribute: faces."""

from incubator.core.contributions import PersonalData

PERSONAL_DATA = (
    PersonalData("attachment", "uploaded_by", is_record=True),
    PersonalData("pictured", "person"),
)
