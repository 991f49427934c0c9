"""The personal data that accounts contribute."""

from incubator.core.contributions import PersonalData

PERSONAL_DATA = (
    PersonalData("person", "id"),
    PersonalData("person", "age_known_by", is_record=True),
    PersonalData("session", "person"),
    PersonalData("authenticator", "person"),
    PersonalData("passkey", "person"),
    PersonalData("recovery_code", "person"),
    PersonalData("token", "person"),
    PersonalData("known_device", "person"),
    PersonalData("address_change", "person"),
    PersonalData("identity", "person"),
    PersonalData("pending_sign_in", "person"),
    PersonalData("grant", "person"),
    PersonalData("grant", "granted_by", is_record=True),
    PersonalData("affiliation", "person"),
    PersonalData("affiliation", "confirmed_by", is_record=True),
    PersonalData("enrolment", "person"),
    PersonalData("enrolment", "teacher", is_record=True),
    PersonalData("substitution", "teacher"),
    PersonalData("substitution", "substitute"),
    PersonalData("access_card", "person"),
    PersonalData("access_card", "made_by", is_record=True),
    PersonalData("consent", "person"),
    PersonalData("consent", "recorded_by", is_record=True),
    PersonalData("consent", "withdrawn_by", is_record=True),
    PersonalData("consent", "voided_by", is_record=True),
    PersonalData("consent_text", "made_by", is_record=True),
    # Plain numbers, in packages that lie below this one.
    PersonalData("event", "actor_id", is_record=True),
    PersonalData("event", "subject_id", is_record=True),
    PersonalData("stored_file", "uploaded_by", is_record=True),
    PersonalData("job", "created_by", is_record=True),
)
