"""The findings as lines for a terminal, in the language of its user."""

import os
from collections.abc import Iterable

from incubator.checks.finding import Finding, Level

_MARKS = {Level.FINE: "+", Level.WARNING: "!", Level.REFUSAL: "x"}


def terminal_locale() -> str:
    """Return the language of the terminal: Russian or English."""
    language = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ru" if language.lower().startswith("ru") else "en"


def lines(found: Iterable[Finding]) -> list[str]:
    """Return a line for each finding, and below it how to mend what is wrong."""
    shown = []
    for each in found:
        shown.append(f"{_MARKS[each.level]} {each.check}: {each.text}")
        if each.remedy:
            shown.append(f"    {each.remedy}")
    return shown
