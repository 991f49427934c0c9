"""The one Piccolo app: every table of every feature, one linear history of migrations."""

from piccolo.conf.apps import AppConfig

from incubator.config import ROOT
from incubator.files import tables as files
from incubator.history import tables as history
from incubator.jobs import tables as jobs
from incubator.mail import tables as mail
from incubator.people import tables as people
from incubator.programme import tables as programme
from incubator.projects import tables as projects
from incubator.reviews import tables as reviews
from incubator.showcase import tables as showcase

APP_CONFIG = AppConfig(
    app_name="incubator",
    migrations_folder_path=str(ROOT / "migrations"),
    table_classes=[
        table
        for feature in (files, jobs, history, mail, people, programme, projects, reviews, showcase)
        for table in feature.TABLES
    ],
    migration_dependencies=[],
)
