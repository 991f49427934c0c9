"""A job on a page: its state in both languages and its progress, without scripts."""

import re

import pytest

from incubator.core.languages import override_locale
from incubator.http.templating import environment
from incubator.jobs.states import JobState
from incubator.jobs.tables import Job
from incubator.jobs.view import job_view

PAGE = """
{% from "components/progress.html" import progress, progress_refresh %}
{{ progress_refresh(job) }}
{% call progress(job, "Импорт <проектов>") %}<form method="post" action="/cancel"></form>{% endcall %}
{{ progress(job, "Без кнопки") }}
"""


def a_job(state: JobState, done: int = 0, total: int = 0, *, is_cancel_asked: bool = False, error: str = "") -> Job:
    return Job(id=7, state=state, done=done, total=total, is_cancel_asked=is_cancel_asked, error=error)


@pytest.mark.parametrize(
    ("job", "percent", "russian", "english"),
    [
        (a_job(JobState.WAITING), None, "Ждёт своей очереди", "Waiting for its turn"),
        (a_job(JobState.RUNNING), None, "Выполняется", "Running"),
        (a_job(JobState.RUNNING, 1, 3), 33, "Выполняется", "Running"),
        (a_job(JobState.RUNNING, 4, 3), 100, "Выполняется", "Running"),
        (a_job(JobState.RUNNING, 1, 3, is_cancel_asked=True), 33, "Останавливается", "Stopping"),
        (a_job(JobState.DONE), 100, "Готово", "Done"),
        (a_job(JobState.FAILED, 1, 2), 50, "Не удалось", "Failed"),
        (a_job(JobState.CANCELLED, 0, 2, is_cancel_asked=True), 0, "Отменено", "Cancelled"),
    ],
)
def test_how_it_stands(job: Job, percent: int | None, russian: str, english: str) -> None:
    view = job_view(job)
    assert (view.percent, view.words) == (percent, russian)
    with override_locale("en"):
        assert job_view(job).words == english


def test_steps_are_told_where_they_are_known() -> None:
    assert job_view(a_job(JobState.RUNNING, 12, 40)).steps == "12 из 40"
    assert job_view(a_job(JobState.RUNNING)).steps == ""


@pytest.mark.parametrize(
    ("job", "is_asking_again", "may_cancel"),
    [
        (a_job(JobState.WAITING), True, True),
        (a_job(JobState.RUNNING, 1, 4), True, True),
        (a_job(JobState.RUNNING, 1, 4, is_cancel_asked=True), True, False),
        (a_job(JobState.DONE, 4, 4), False, False),
        (a_job(JobState.FAILED, error="ValueError: <b>"), False, False),
        (a_job(JobState.CANCELLED), False, False),
    ],
)
def test_the_page_asks_again_until_it_is_over(job: Job, is_asking_again: bool, may_cancel: bool) -> None:
    view = job_view(job)
    html = environment("ru").from_string(PAGE).render(job=view)
    assert ('<meta http-equiv="refresh" content="3">' in html) is is_asking_again
    assert html.count("<form") == may_cancel
    assert html.count(f'<p role="status">{view.words}') == 2
    assert '<label for="job-7">Импорт &lt;проектов&gt;</label>' in html
    assert ("ValueError: &lt;b&gt;" in html) is bool(job.error)


@pytest.mark.parametrize(
    ("job", "value"),
    [
        (a_job(JobState.WAITING), None),  # an indeterminate progress bar
        (a_job(JobState.RUNNING, 1, 4), "25"),
        (a_job(JobState.DONE), "100"),
        (a_job(JobState.CANCELLED), "0"),
    ],
)
def test_the_bar(job: Job, value: str | None) -> None:
    html = environment("ru").from_string(PAGE).render(job=job_view(job))
    bar = re.search(r'<progress\s+id="job-7"\s+max="100"(?:\s+value="(\d+)")?\s*>', html)
    assert bar
    assert bar[1] == value
