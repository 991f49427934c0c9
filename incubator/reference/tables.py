"""Reference rows that every feature refers to: clusters, competencies, specialities, municipalities, organisations.

They are dated: ended rows remain, because a project keeps what was true then. A row that was
merged names the one it was merged into; ``merging.py`` finds the row that replaces it today.
"""

from typing import Any

from piccolo.columns import Boolean, Date, DoublePrecision, Serial, SmallInt, Text, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.reference import LazyTableReference
from piccolo.constraints import Unique

from incubator.db.indexes import Index
from incubator.db.table import ForeignKey, Table


class Cluster(Table):
    """An industrial cluster of the region."""

    id: Serial
    key = Varchar(length=40, unique=True)
    code = Varchar(length=20, default="")
    """Its code in an official list; empty if it has none."""
    title_ru = Varchar(length=120)
    title_en = Varchar(length=120)
    about_ru = Text(default="")
    about_en = Text(default="")
    hue_from = SmallInt(default=150)
    hue_to = SmallInt(default=170)
    motif = Varchar(length=20, default="waves")


class Competency(Table):
    """A professional competency that a project exercises."""

    id: Serial
    key = Varchar(length=60, unique=True)
    standard = Varchar(length=20, default="")
    """The list that contains ``code``, with the year if it changes yearly."""
    code = Varchar(length=20, default="")
    title_ru = Varchar(length=120)
    title_en = Varchar(length=120)


class Speciality(Table):
    """A speciality or profession that the region's colleges and universities teach, by its federal code."""

    id: Serial
    code = Varchar(length=12, unique=True)
    title = Varchar(length=200)
    level = Varchar(length=40, default="")
    """As the federal list names it: «СПО: специальность», «бакалавриат»."""


class Municipality(Table):
    """A municipality of the region."""

    id: Serial
    key = Varchar(length=40, unique=True)
    title_ru = Varchar(length=120)
    title_en = Varchar(length=120)
    oktmo = Varchar(length=11, default="")
    lon = DoublePrecision(default=0.0)
    lat = DoublePrecision(default=0.0)
    border = Text(default="")
    """SVG path of its border on the region's map; while all are empty, outlines are made from the centres."""
    border_credit = Varchar(length=200, default="")
    """The attribution required by the border's licence."""
    merged_into: "ForeignKey[Any]" = ForeignKey(
        LazyTableReference("Municipality", app_name="incubator"), null=True, default=None, on_delete=OnDelete.restrict
    )
    ended_on = Date(null=True, default=None)
    """The last day before a merger; null: still exists."""


class Organisation(Table):
    """A school, college, university, enterprise or club."""

    id: Serial
    key = Varchar(length=80, unique=True)
    name = Varchar(length=200)
    form = Varchar(length=200, default="", index=True)
    """Its name as spellings are compared; see ``name_forms.py``."""
    kind = Varchar(length=20, default="school")
    is_kind_guessed = Boolean(default=False)
    """Nobody has said what it is: the kind was guessed from the name."""
    municipality = ForeignKey(Municipality, null=True, default=None, on_delete=OnDelete.set_null)
    merged_into: "ForeignKey[Any]" = ForeignKey(
        LazyTableReference("Organisation", app_name="incubator"), null=True, default=None, on_delete=OnDelete.restrict
    )
    ended_on = Date(null=True, default=None)
    """The last day before a merger; null: still exists."""

    @property
    def present_id(self) -> int:
        """Return the id of the organisation that replaces this one today."""
        return int(self.merged_into or self.id)


class MunicipalityName(Table):
    """Another name of a municipality: a former or a colloquial one."""

    id: Serial
    municipality = ForeignKey(Municipality, null=False, on_delete=OnDelete.cascade)
    name = Varchar(length=200)
    form = Varchar(length=200, default="", index=True)
    """As spellings are compared."""
    until = Date(null=True, default=None)
    """Its last day; null: a colloquial name."""

    municipality_name_once = Unique([municipality, name])


class ClusterName(Table):
    """Another name of a cluster, as people say or write it."""

    id: Serial
    cluster = ForeignKey(Cluster, null=False, on_delete=OnDelete.cascade)
    name = Varchar(length=200)
    form = Varchar(length=200, default="", index=True)
    """As spellings are compared."""

    cluster_name_once = Unique([cluster, name])


class OrganisationName(Table):
    """Another name of an organisation: a former or a colloquial one."""

    id: Serial
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.cascade)
    name = Varchar(length=200)
    form = Varchar(length=200, default="", index=True)
    """As spellings are compared."""
    until = Date(null=True, default=None)
    """Its last day; null: a colloquial name."""

    organisation_name_once = Unique([organisation, name])


TABLES = [Cluster, Competency, Speciality, Municipality, Organisation, MunicipalityName, ClusterName, OrganisationName]

INDEXES = [
    Index("organisation_named", (Organisation.name,)),
]
