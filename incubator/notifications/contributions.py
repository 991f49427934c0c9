"""The personal data that notifications contribute."""

from incubator.core.contributions import PersonalData

PERSONAL_DATA = (PersonalData("notification", "person"), PersonalData("mail_preference", "person"))
