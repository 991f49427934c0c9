"""The personal data of consents on paper and by link."""

from incubator.core.contributions import PersonalData

PERSONAL_DATA = (
    PersonalData("operator", "changed_by", is_record=True),
    PersonalData("sheet_batch", "made_by"),
    PersonalData("consent_sheet", "person"),
    PersonalData("sheet_scan", "uploaded_by"),
    PersonalData("destruction_act", "made_by", is_record=True),
    PersonalData("family_code", "person"),
    PersonalData("family_code", "made_by", is_record=True),
    PersonalData("guardian_link", "person"),
    PersonalData("guardian_link", "asked_by", is_record=True),
    PersonalData("guardian_link", "email", is_address=True),
)
