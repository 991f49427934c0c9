"""What imports contribute elsewhere: personal data."""

from incubator.core.contributions import PersonalData

PERSONAL_DATA = (PersonalData("import_batch", "created_by", is_record=True),)
