"""The personal data that notifications contribute."""

from incubator.core.contributions import PersonalData

PERSONAL_DATA = (PersonalData("mail_preference", "person"),)
