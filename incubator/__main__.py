"""``python -m incubator`` is the command ``incubator``."""

from incubator.cli import main

main()
