"""Piccolo's configuration: the database and the app (``PICCOLO_CONF=incubator.piccolo_conf``)."""

import sys
from importlib import import_module
from types import ModuleType

# Piccolo imports the formatter of a command that only developers run: a tenth of a second, and 6 MB in each server process.
if "black" not in sys.modules:
    sys.modules["black"] = ModuleType("black")
    import_module("piccolo.conf.apps")
    del sys.modules["black"]

from piccolo.conf.apps import AppRegistry

from incubator.config import settings
from incubator.db import engine_for

DB = engine_for(settings.database)

APP_REGISTRY = AppRegistry(apps=["incubator.piccolo_app"])
