"""The programme: seasons with their stages, sections and criteria; awards."""

from piccolo.columns import (
    Boolean,
    Date,
    Integer,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique

from incubator.db.indexes import Index
from incubator.db.table import ForeignKey, Table


class Season(Table):
    """One run of the programme."""

    id: Serial
    slug = Varchar(length=40, unique=True)
    title_ru = Varchar(length=120)
    title_en = Varchar(length=120)
    opens_on = Date()
    closes_on = Date()
    visibility = Varchar(length=12, default="names_hidden")
    """Who sees whose names: open, names_hidden or double_blind (``reviews/access/visibility.py``)."""
    may_answer = Boolean(default=False)
    """A team may reply once to a released decision."""
    confidence = Varchar(length=10, default="shown")
    """Whether mentors say how sure they are: not_asked, shown or weighed (``presets.py: Confidence``)."""
    electronic_consent = Boolean(default=False)
    """A guardian may consent by a link in a mail; else on paper only."""
    version = Integer(default=1)
    """Counts the changes, so that two organisers cannot overwrite each other."""
    created_at = Timestamptz()


class StageRule(Table):
    """One stage of one season: its deadline, the number of reviewers, the days for a review and for revising."""

    id: Serial
    season = ForeignKey(Season, null=False, on_delete=OnDelete.cascade)
    stage = Varchar(length=10)
    submit_by = Timestamptz(null=True, default=None)
    """The last second in which a first round may be submitted; null: there is no date."""
    reviews_required = SmallInt(default=2)
    review_days = SmallInt(default=10)
    review_minutes = SmallInt(default=30)
    revise_days = SmallInt(default=14)
    """Days that a returned team has for its next round, counted from the day on which it is told."""

    stage_rule_once = Unique([season, stage])


class Section(Table):
    """One question of a stage. Once answered in a submission it is only ever superseded."""

    id: Serial
    season = ForeignKey(Season, null=False, on_delete=OnDelete.cascade)
    stage = Varchar(length=10)
    key = Varchar(length=40)
    position = SmallInt()
    revision = SmallInt(default=1)
    """Counts the wordings, in this row and in earlier ones with the same key."""
    is_current = Boolean(default=True)
    is_in_use = Boolean(default=False)
    """A submission refers to it: from then on a change makes a new row."""
    title_ru = Varchar(length=120)
    title_en = Varchar(length=120)
    guidance_ru = Text(default="")
    guidance_en = Text(default="")
    example_ru = Text(default="")
    example_en = Text(default="")
    limit = Integer()
    """In characters (Unicode code points; a line break is one)."""
    is_required = Boolean(default=True)
    group = Varchar(length=20, default="")
    kind = Varchar(length=20, default="text")
    """What it holds: a key of ``projects/kinds``."""


class Criterion(Table):
    """One line of a rubric. Once scored it is only ever superseded."""

    id: Serial
    season = ForeignKey(Season, null=False, on_delete=OnDelete.cascade)
    stage = Varchar(length=10)
    key = Varchar(length=40)
    position = SmallInt()
    revision = SmallInt(default=1)
    """Counts the wordings, in this row and in earlier ones with the same key."""
    is_current = Boolean(default=True)
    is_in_use = Boolean(default=False)
    """A submission refers to it: from then on a change makes a new row."""
    title_ru = Varchar(length=120)
    title_en = Varchar(length=120)
    hint_ru = Text(default="")
    hint_en = Text(default="")
    weight = SmallInt()
    lowest = SmallInt(default=0)
    highest = SmallInt(default=3)
    anchors_ru = Text(default="[]")
    """JSON list: one sentence per level, from the lowest to the highest."""
    anchors_en = Text(default="[]")
    sections = Text(default="[]")
    """JSON list: keys of the sections that it looks at, as ``sections_of_criterion`` reads it. Empty: the document as a whole."""


class TaxRate(Table):
    """What a tax takes from a day on, in the plans of one season (``tax_rates.py``)."""

    id: Serial
    season = ForeignKey(Season, null=False, on_delete=OnDelete.cascade)
    tax = Varchar(length=20)
    since = Date()
    hundredths = Integer()
    """Of a percent."""
    source = Text(default="")
    """Where it is written: a law, an article."""


class Award(Table):
    """An award that a season gives to projects."""

    id: Serial
    season = ForeignKey(Season, null=False, on_delete=OnDelete.cascade)
    key = Varchar(length=60, unique=True)
    title_ru = Varchar(length=120)
    title_en = Varchar(length=120)


TABLES = [
    Season,
    StageRule,
    Section,
    Criterion,
    TaxRate,
    Award,
]

#: Only one wording of each key is current; superseded ones stay for what refers to them.
INDEXES = [
    Index("section_current", (Section.season, Section.stage, Section.key), where='"is_current"', is_unique=True),
    Index(
        "criterion_current", (Criterion.season, Criterion.stage, Criterion.key), where='"is_current"', is_unique=True
    ),
]
