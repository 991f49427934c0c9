"""Frozen versions after a change of the grammar: every word stays, the HTML is replaced."""

from incubator.http.markdown.version import GRAMMAR
from incubator.projects.document import frozen_parts, with_html
from incubator.projects.tables import Submission
from incubator.publication.render_again import render_frozen_again
from tests.cast import Cast, submitted


async def test_frozen_versions_follow_the_grammar(cast: Cast) -> None:
    submission = await submitted(cast)
    before = frozen_parts(submission)
    assert submission.grammar == GRAMMAR
    stale = with_html(submission, ["<p>Как раньше</p>" for _part in before])
    await Submission.update({Submission.content: stale, Submission.grammar: 0}).where(Submission.id == submission.id)
    assert await render_frozen_again() == 1
    fresh = await Submission.objects().get(Submission.id == submission.id)
    assert fresh
    assert frozen_parts(fresh) == before
    assert fresh.grammar == GRAMMAR
    assert await render_frozen_again() == 0
