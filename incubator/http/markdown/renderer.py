"""Markdown to clean HTML without holding the event loop: one child process for each loop, started on first use.

Call it outside of transactions: a text that hangs takes two seconds before its process is killed.
"""

import asyncio
from collections.abc import Sequence
from contextvars import Context
from html import escape

import structlog

from incubator.db.loops import PerLoop
from incubator.http.markdown.frames import whole
from incubator.http.markdown.memory import Memory
from incubator.http.markdown.process import Child, ChildGone

log = structlog.get_logger()

#: Previews ask for the same text again and again.
memory = Memory(room=4_000_000)


async def render(text: str) -> str:
    """HTML that is safe to put into a page; a blank text is "".

    The text's length must have been limited before. A text that cannot be rendered comes back as it was
    typed, in one paragraph.
    """
    return (await render_all([text]))[0]


async def render_all(texts: Sequence[str]) -> list[str]:
    """The HTML of each text, in their order."""
    results = {text: memory.get(text) if text.strip() else "" for text in texts}
    for text, html in results.items():
        if html is None:
            # One by one: a hundred texts must not keep somebody's preview waiting.
            results[text] = await _worker().ask(text)
    return [results[text] or "" for text in texts]


async def stop() -> None:
    """End this loop's process; the next text starts another one."""
    worker = _workers.pop()
    if worker:
        await worker.end()


def as_typed(text: str) -> str:
    """The last resort."""
    return "<p>" + escape(whole(text).strip(), quote=False).replace("\n", "<br>") + "</p>"


class _Worker:
    """A task that owns a child and asks it one thing after another.

    A caller that is cancelled leaves the question behind, so that no answer can come to the wrong one.
    ``asyncio.run`` cancels the task before it closes the loop, and the child ends with it.
    """

    def __init__(self) -> None:
        self._questions: asyncio.Queue[tuple[str, asyncio.Future[str]]] = asyncio.Queue()
        # In a context of its own: it outlives the request, and the transaction, of its first caller.
        self._task = asyncio.create_task(self._work(), name="markdown", context=Context())

    @property
    def is_working(self) -> bool:
        return not self._task.done()

    def ask(self, text: str) -> asyncio.Future[str]:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._questions.put_nowait((text, answer))
        return answer

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _work(self) -> None:
        self._child: Child | None = None
        answer: asyncio.Future[str] | None = None
        text = ""
        try:
            while True:
                text, answer = await self._questions.get()
                if not answer.done():
                    html = await self._html(text)
                    if not answer.done():
                        answer.set_result(html)
        finally:
            if answer and not answer.done():
                answer.set_result(as_typed(text))
            self._answer_the_rest()
            await self._end_child()

    async def _html(self, text: str) -> str:
        """Asks once more if the child is gone: it may have been killed between two texts."""
        for _attempt in range(2):
            try:
                self._child = self._child or await Child.start()
                html = await self._child.ask(text)
            except TimeoutError:
                log.warning("markdown took too long", characters=len(text))
                await self._end_child()
                break
            except ChildGone:
                log.warning("markdown process is gone", characters=len(text))
                await self._end_child()
            else:
                memory.put(text, html)
                return html
        return as_typed(text)

    async def _end_child(self) -> None:
        if self._child:
            child, self._child = self._child, None
            await child.end()

    def _answer_the_rest(self) -> None:
        while not self._questions.empty():
            text, answer = self._questions.get_nowait()
            if not answer.done():
                answer.set_result(as_typed(text))


_workers: PerLoop[_Worker] = PerLoop(discard=lambda worker: None)


def _worker() -> _Worker:
    worker = _workers.get()
    return worker if worker and worker.is_working else _workers.put(_Worker())
