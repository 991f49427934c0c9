"""Pictures and papers of a version as its mentors read it: where they must not know the team, they come after their own review."""

from incubator.core.languages import ngettext
from incubator.projects.document import Frozen
from incubator.projects.kinds.files import KIND, refs_in
from incubator.reviews.access.visibility import Field, ReviewAccess


def with_files_seen(parts: list[Frozen], access: ReviewAccess) -> list[Frozen]:
    """Return the sections; in place of files that the reader does not see yet stands how many there are."""
    return parts if access.sees(Field.FILES) else [_withheld(part) for part in parts]


def _withheld(part: Frozen) -> Frozen:
    if part.kind != KIND.key or not part.value:
        return part
    said = ngettext(
        "Здесь %(n)s файл. По нему можно узнать команду, поэтому он откроется после вашей рецензии.",
        "Здесь файлов: %(n)s. По ним можно узнать команду, поэтому они откроются после вашей рецензии.",
        len(refs_in(part.value)),
    )
    return part.as_text(said, f"<p>{said}</p>")
