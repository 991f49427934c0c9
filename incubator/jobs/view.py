"""A job as a page shows it."""

from dataclasses import dataclass

from incubator.core.languages import _
from incubator.jobs.states import JobState
from incubator.jobs.tables import Job


@dataclass(frozen=True, slots=True)
class JobView:
    id: int
    state: JobState
    words: str
    """Its state in the reader's language."""
    percent: int | None
    """0–100; None while the amount of work is unknown."""
    steps: str
    """«12 из 40», or empty."""
    may_cancel: bool
    error: str
    """For the site's administrators; empty unless it failed."""

    @property
    def is_over(self) -> bool:
        return self.state.is_over


def job_view(job: Job) -> JobView:
    state = JobState(job.state)
    return JobView(
        id=job.id,
        state=state,
        words=_words(state, is_stopping=job.is_cancel_asked),
        percent=_percent(state, job.done, job.total),
        steps=_("%(done)s из %(total)s", done=job.done, total=job.total) if job.total else "",
        may_cancel=not state.is_over and not job.is_cancel_asked,
        error=job.error,
    )


def _words(state: JobState, *, is_stopping: bool) -> str:
    if state is JobState.RUNNING and is_stopping:
        return _("Останавливается")
    return {
        JobState.WAITING: _("Ждёт своей очереди"),
        JobState.RUNNING: _("Выполняется"),
        JobState.DONE: _("Готово"),
        JobState.FAILED: _("Не удалось"),
        JobState.CANCELLED: _("Отменено"),
    }[state]


def _percent(state: JobState, done: int, total: int) -> int | None:
    if state is JobState.DONE:
        return 100
    return max(0, min(100, done * 100 // total)) if total else None
