"""What the showcase is searched and filtered by, former addresses, awards, and the borders of a map."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-24T07:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Search, former addresses, awards, borders"


class Award(Table, tablename="award", schema=None):
    id = Serial(null=False, primary_key=True, unique=False, index=False, index_method=IndexMethod.btree, choices=None)


class Project(Table, tablename="project", schema=None):
    id = Serial(null=False, primary_key=True, unique=False, index=False, index_method=IndexMethod.btree, choices=None)


class Season(Table, tablename="season", schema=None):
    id = Serial(null=False, primary_key=True, unique=False, index=False, index_method=IndexMethod.btree, choices=None)


class Person(Table, tablename="person", schema=None):
    id = Serial(null=False, primary_key=True, unique=False, index=False, index_method=IndexMethod.btree, choices=None)


def line(length: int, **more: Any) -> tuple[Any, dict[str, Any]]:
    return Varchar, {"length": length, "default": "", **more}


def refer(to: type[Table], on_delete: OnDelete, **more: Any) -> tuple[Any, dict[str, Any]]:
    return ForeignKey, {
        "references": to, "on_delete": on_delete, "on_update": OnUpdate.cascade, "target_column": None, "null": False,
        **more,
    }  # fmt: skip


TEXT: tuple[Any, dict[str, Any]] = (Text, {"default": ""})
MOMENT: tuple[Any, dict[str, Any]] = (Timestamptz, {"default": None, "null": True})

TABLES = ("Award", "AwardGiven", "FormerSlug")
NAMES = {"Award": "award", "AwardGiven": "award_given", "FormerSlug": "former_slug", "Publication": "publication", "Municipality": "municipality"}
COLUMNS = {
    "Publication": {
        "place": (Integer, {"default": None, "null": True, "unique": True}),
        "organisation": line(200),
        "title_words": TEXT,
        "facets": TEXT,
        "graduated_at": MOMENT,
    },
    "Municipality": {"border": TEXT, "border_credit": line(200)},
    "FormerSlug": {"slug": line(90, unique=True), "project": refer(Project, OnDelete.cascade)},
    "Award": {
        "season": refer(Season, OnDelete.cascade),
        "key": line(60, unique=True),
        "title_ru": line(120),
        "title_en": line(120),
    },
    "AwardGiven": {
        "project": refer(Project, OnDelete.cascade),
        "award": refer(Award, OnDelete.cascade),
        "given_at": (Timestamptz, {}),
        "given_by": refer(Person, OnDelete.set_null, null=True, default=None),
    },
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)
    for name in TABLES:
        manager.add_table(class_name=name, tablename=NAMES[name], schema=None, columns=None)
    for table, columns in COLUMNS.items():
        for name, (kind, params) in columns.items():
            manager.add_column(
                table_class_name=table, tablename=NAMES[table], column_name=name, db_column_name=name,
                column_class_name=kind.__name__, column_class=kind,
                params={
                    "null": False, "primary_key": False, "unique": False, "index": False,
                    "index_method": IndexMethod.btree, "choices": None, "db_column_name": None, "secret": False, **params,
                },
                schema=None,
            )  # fmt: skip
    return manager
