"""The one Piccolo app: every table of every feature, one linear history of migrations."""

from piccolo.conf.apps import AppConfig

from incubator.attachments import tables as attachments
from incubator.config import ROOT
from incubator.db.indexes import Index
from incubator.files import tables as files
from incubator.history import tables as history
from incubator.http import tables as http
from incubator.interchange import tables as interchange
from incubator.jobs import tables as jobs
from incubator.mail import tables as mail
from incubator.notifications import tables as notifications
from incubator.people import tables as people
from incubator.privacy import tables as privacy
from incubator.programme import tables as programme
from incubator.projects import tables as projects
from incubator.publication import tables as publication
from incubator.reference import tables as reference
from incubator.reviews import tables as reviews

#: In order of dependency, so that a row comes after the rows to which it refers.
_ROOMS = (
    *(http, files, jobs, history, mail, reference, people, notifications),
    *(programme, projects, attachments, reviews, publication, privacy, interchange),
)

#: Indexes that Piccolo cannot declare in a table: of several columns or of some rows.
INDEXES: list[Index] = [index for room in _ROOMS for index in getattr(room, "INDEXES", ())]

APP_CONFIG = AppConfig(
    app_name="incubator",
    migrations_folder_path=str(ROOT / "migrations"),
    table_classes=[table for room in _ROOMS for table in room.TABLES],
    migration_dependencies=[],
)
