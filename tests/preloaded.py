"""What `incubator serve` imports and compiles before it answers, done once: `tests/forked.py` forks it.

Nothing here starts a thread, opens a database or reads a setting that a fork would keep.
"""

from incubator import app, cli, config, piccolo_conf, server
from incubator.checks import gather, report, rules
from incubator.http.templating import environment

LOADED = (app, cli, config, piccolo_conf, server, gather, report, rules)

_pages = environment("ru")
for _name in _pages.list_templates(extensions=["html"]):
    _pages.get_template(_name)
