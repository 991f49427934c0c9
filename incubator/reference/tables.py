"""Reference rows that every feature refers to: clusters, competencies, municipalities, organisations."""

from piccolo.columns import (
    DoublePrecision,
    ForeignKey,
    Serial,
    SmallInt,
    Text,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table


class Cluster(Table):
    id: Serial
    key = Varchar(length=40, unique=True)
    title_ru = Varchar(length=120)
    title_en = Varchar(length=120)
    about_ru = Text(default="")
    about_en = Text(default="")
    hue_from = SmallInt(default=150)
    hue_to = SmallInt(default=170)
    motif = Varchar(length=20, default="waves")


class Competency(Table):
    id: Serial
    key = Varchar(length=60, unique=True)
    title_ru = Varchar(length=120)
    title_en = Varchar(length=120)


class Municipality(Table):
    id: Serial
    key = Varchar(length=40, unique=True)
    title_ru = Varchar(length=120)
    title_en = Varchar(length=120)
    oktmo = Varchar(length=11, default="")
    lon = DoublePrecision(default=0.0)
    lat = DoublePrecision(default=0.0)
    border = Text(default="")
    """SVG path of its border on the region's map; empty: a tile is drawn instead."""
    border_credit = Varchar(length=200, default="")
    """Whom the border's licence asks to name."""


class Organisation(Table):
    id: Serial
    key = Varchar(length=80, unique=True)
    name = Varchar(length=200)
    kind = Varchar(length=20, default="school")
    municipality = ForeignKey(Municipality, null=True, default=None, on_delete=OnDelete.set_null)


TABLES = [Cluster, Competency, Municipality, Organisation]
