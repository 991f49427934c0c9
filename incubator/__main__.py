"""``python -m incubator`` runs the command ``incubator``."""

from incubator.cli import main

main()
