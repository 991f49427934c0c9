"""What notifications hold about people."""

from incubator.core.contributions import PersonalData

PERSONAL_DATA = (PersonalData("mail_preference", "person"),)
