"""The data for the page of one section: the section, its neighbours, and the gate."""

from dataclasses import dataclass

from incubator.gates.contents import ContentsLine, contents_of
from incubator.gates.workplace import Workplace, in_document, on_its_own, workplace
from incubator.http.forms import Form
from incubator.http.lookup import get_or_404
from incubator.http.prose import Prose, prose_of
from incubator.programme.seasons import criteria_at
from incubator.projects.access import Access
from incubator.projects.comments import resolved_on
from incubator.projects.document import Part
from incubator.projects.tables import Comment
from incubator.reviews.reviewing.threads_shown import Threads, threads_in
from incubator.reviews.rubric import Anchored, anchored


@dataclass(frozen=True, slots=True)
class SectionView:
    work: Workplace
    part: Part
    number: int
    """Its place among the sections, from 1."""
    contents: dict[str, list[ContentsLine]]
    """By stage, the current one first."""
    previous: Part | None
    following: Part | None
    resolved: list[Comment]
    """Closed comments on it, newest first."""
    closed: Threads
    """What was said below them."""
    prose: Prose
    """HTML of the closed comments."""
    rubric: list[Anchored]
    """Criteria of the next gate that look at this section."""
    other_criteria: list[Anchored]


def place_after(project_id: int, key: str, form: Form) -> str:
    """Return where something done at a section leads: back to its own page, if it was done there."""
    if not key:
        return f"/projects/{project_id}"
    return (on_its_own if form.value("alone") else in_document)(project_id, key)


async def section_view(way: Access, key: str) -> SectionView:
    """Return the page; raise NotFoundException if the document asks for no such section."""
    work = await workplace(way, on_its_own)
    parts = work.parts
    here = get_or_404(next((part for part in parts if part.key == key), None))
    number = parts.index(here)
    resolved = await resolved_on(way.project.id, key)
    rubric = [anchored(each) for each in await criteria_at(way.project.season.id, way.project.stage)]
    return SectionView(
        work=work,
        part=here,
        number=number + 1,
        contents=contents_of(work, here),
        previous=parts[number - 1] if number else None,
        following=parts[number + 1] if number + 1 < len(parts) else None,
        resolved=resolved,
        closed=await threads_in(way, resolved, ()),
        prose=await prose_of(comment.text for comment in resolved),
        rubric=[each for each in rubric if key in each.sections],
        other_criteria=[each for each in rubric if key not in each.sections],
    )
