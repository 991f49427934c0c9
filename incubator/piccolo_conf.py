"""Piccolo's configuration: the database and the app (``PICCOLO_CONF=incubator.piccolo_conf``)."""

from piccolo.conf.apps import AppRegistry

from incubator.config import settings
from incubator.db import engine_for

DB = engine_for(settings.database)

APP_REGISTRY = AppRegistry(apps=["incubator.piccolo_app"])
