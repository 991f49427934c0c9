"""Text that shows nothing is no text: at the gate, in forms, in verbs and in imported rows."""

from typing import Any

import pytest

from incubator.core.refusals import Refusal
from incubator.gates.decide import decide
from incubator.gates.facts import blockers_of
from incubator.people.tables import Person
from incubator.projects.tables import Comment, Project
from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.review import Opinion, send_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Post
from tests.browser import signed_in
from tests.cast import Cast, fresh, fresh_project, make_ready, rewrite, submitted

NOTHING = ["---", "\u3164", "\u200b\u00ad", "&nbsp;", "<br>", "[](x)", "<!-- -->", "- [x]", "…"]


async def test_no_gate_takes_it_for_a_section_a_title_or_a_name(cast: Cast) -> None:
    await make_ready(cast)
    for text in NOTHING:
        await rewrite(cast, "problem", text)
        assert [b.code for b in await blockers_of(await fresh_project(cast.project))] == ["section_empty"], text
    await rewrite(cast, "problem", "Пчёлы мёрзнут")
    await Project.update({Project.title: "---"}).where(Project.id == cast.project.id)
    await Person.update({Person.family_name: "\u3164"}).where(Person.id == cast.captain.id)
    assert [b.code for b in await blockers_of(await fresh_project(cast.project))] == ["title", "name"]


@pytest.mark.parametrize("text", ["\u200b\u3164", "---"])
async def test_no_form_takes_it(cast: Cast, text: str) -> None:
    submission = await submitted(cast)
    own = f"/projects/{cast.project.id}"
    asked = await assign(submission, cast.mentor, by=cast.organiser)
    posts: list[tuple[Any, str, dict[str, str]]] = [
        (cast.captain, f"{own}/comments", {"text": text, "key": "problem"}),
        (cast.captain, f"{own}/talk", {"post": text}),
        (cast.captain, "/profile", {"given_name": text, "family_name": "Кузнецова"}),
        (cast.mentor, f"/reviews/{asked.id}/decline", {"reason": text}),
        (cast.organiser, f"/organiser/submissions/{submission.id}/posts", {"post": text}),
        (cast.organiser, f"/organiser/submissions/{submission.id}/decision", {"outcome": "advance", "reason": text}),
    ]
    for who, path, values in posts:
        browser = await signed_in(who)
        await browser.open("/profile")
        await browser.post(path, values | {"csrf": browser.csrf()})
        assert browser.page.status_code == 422, path
        assert "нет ни одного слова" in browser.text or "Заполните это поле" in browser.text, path
    assert (await Comment.count(), await Post.count()) == (0, 0)
    assert (await fresh(cast.captain)).given_name == cast.captain.given_name


async def test_no_decision_and_no_review_is_made_of_it(cast: Cast) -> None:
    submission = await submitted(cast)
    asked = await assign(submission, cast.mentor, by=cast.organiser)
    levels: dict[int, int | None] = {c.id: 2 for c in await rubric_of(submission)}
    for text in NOTHING:
        with pytest.raises(Refusal, match="не закончена"):
            await send_review(asked, Opinion(levels, text, "", "advance"), version=0, by=cast.mentor)
        wrong: list[dict[str, Any]] = [
            {"outcome": "advance", "reason": text, "override": "Ждать некого"},
            {"outcome": "advance", "reason": "Готово", "override": text},
            {"outcome": "stop", "reason": "Рано", "next_step": text, "override": "Ждать некого"},
            {"outcome": "return", "reason": "Рано", "remarks": [("problem", text)], "override": "Ждать некого"},
        ]
        for words in wrong:
            with pytest.raises(Refusal):
                await decide(submission, by=cast.organiser, **words)
