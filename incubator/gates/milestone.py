"""A version's milestone, handed in or passed, as the team celebrates and shares it: no person is named."""

from incubator.artwork.colours import in_srgb
from incubator.core.formatting import day
from incubator.core.languages import _, current_locale
from incubator.db.references import id_of
from incubator.programme.stages import Stage, stage_title
from incubator.projects.paper import cover_for
from incubator.projects.tables import Project, Submission
from incubator.publication.public_copy import hidden_of
from incubator.reference.tables import Cluster
from incubator.reviews.tables import Decision
from incubator.typesetting.drawn_text import drawn_text
from incubator.typesetting.qr import standalone
from incubator.typesetting.typst import typeset


async def landscape(project: Project) -> str:
    """Return the project's drawn cover as SVG. One query, none without a cluster."""
    cluster_id = id_of(project.cluster)
    cluster = await Cluster.objects().get(Cluster.id == cluster_id) if cluster_id else None
    return cover_for(project.title, cluster)


async def milestone_picture(project: Project, submission: Submission) -> bytes:
    """Return a PNG, 1200 × 630, that says which gate the version has passed, or at which it was handed in."""
    passed = (
        await Decision.objects()
        .where(Decision.standing_on(submission.id) & Decision.released() & (Decision.outcome == "advance"))
        .first()
    )
    stages, stage = list(Stage), Stage(submission.stage)
    name = stage_title(stage)
    said = _("Рубеж «%(stage)s» пройден", stage=name) if passed else _("Сдали на рубеж «%(stage)s»", stage=name)
    data = {
        "locale": current_locale(),
        "title": drawn_text((await hidden_of(project.id)).of(submission.title), project.team_name or said),
        "pitch": "",
        "cover": standalone(in_srgb(await landscape(project))),
        "has_photo": False,
        "passed": stages.index(stage) + bool(passed),
        "about": "",
        "milestone": said,
        "team": day(passed.released_at if passed else submission.submitted_at),
        "programme": _("От идеи – к проекту, от проекта – к предпринимательству"),
    }
    return await typeset("typesetting/picture.typ", data, format="png", ppi=72.0)
