"""The words of the documents: numbered versions, of which one is in force; drafts come with the program."""

from collections.abc import Sequence
from typing import Any

from incubator.db import writing
from incubator.people.defaults import default
from incubator.people.tables import ConsentText


async def install_consent_texts() -> None:
    """Add the packaged drafts that the database lacks.

    Where the operator has words of their own, these stay in force and the draft is only offered: nobody's text changes
    because the program was brought up to date.
    """
    async with writing():
        known = await ConsentText.select()
        for row in default("consents")["consent"]:
            same = [text for text in known if text["purpose"] == row["purpose"]]
            if any(_is_the_same(text, row) for text in same):
                continue
            text = ConsentText(
                **{**row, "version": max((each["version"] for each in same), default=0) + 1},
                packaged=row["version"], is_offered=any(each["packaged"] is None for each in same),
            )  # fmt: skip
            await text.save()
            known.append(text.to_dict())


def _is_the_same(text: dict[str, Any], row: dict[str, Any]) -> bool:
    return text["packaged"] == row["version"] or all(text[name] == row[name] for name in _WORDS)


_WORDS: Sequence[str] = ("title_ru", "title_en", "text_ru", "text_en")
