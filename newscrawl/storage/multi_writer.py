"""Write the stories of several sites in one run, in the order in which they arrive.

Each site has its own files, lock and writing thread. One more thread hands the stories over and waits before it changes
from one site to another, so that the order does not depend on which writing thread is faster.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from newscrawl.dedup.identify import Decision
from newscrawl.items import Story
from newscrawl.storage.jsonl import WriteFailed
from newscrawl.storage.lock import LockHeld
from newscrawl.storage.writer import SiteOutput


class MultiSiteOutput:
    """The outputs of several sites; each is opened with the site's first story."""

    def __init__(self, folder: Path, name: str, opened: Callable[[str], SiteOutput]) -> None:
        self.folder, self.site, self.opened = folder, name, opened
        self.started_at = datetime.now(UTC)
        self.run = f"{self.started_at:%Y%m%dT%H%M%SZ}-{token_hex(3)}"
        self.outputs: dict[str, SiteOutput] = {}
        self.pending: list[Future[Decision]] = []
        self.last: SiteOutput | None = None
        self.failure: WriteFailed | None = None
        self.refused: LockHeld | None = None  # a site is being crawled
        self.on_failure: Callable[[WriteFailed], object] | None = None
        self.executor = ThreadPoolExecutor(1, thread_name_prefix="newscrawl-replay")

    def write(self, story: Story) -> Future[Decision]:
        """As `SiteOutput.write`, to the output of the story's site."""
        done: Future[Decision] = Future()
        self.executor.submit(self._hand_over, story, done)
        return done

    def _hand_over(self, story: Story, done: Future[Decision]) -> None:
        try:
            output = self._output_of(story)
            if output is not self.last:
                wait(self.pending)
                self.pending.clear()
            self.last = output
            if story.crawl is not None:
                story.crawl.run = output.run
            written = output.write(story)
            self.pending.append(written)
            written.add_done_callback(lambda future: _pass_result(future, done))
        except Exception as error:  # noqa: BLE001 - any error must end the wait for this story
            self._fail(error, done)

    def _output_of(self, story: Story) -> SiteOutput:
        if self.failure is not None:
            raise self.failure
        site = story.source.id if story.source else ""
        if site not in self.outputs:
            output = self.outputs[site] = self.opened(site)
            output.on_failure = self.on_failure
        return self.outputs[site]

    def _fail(self, error: Exception, done: Future[Decision]) -> None:
        first = self.failure is None
        if first and isinstance(error, LockHeld):
            self.refused = error
        self.failure = error if isinstance(error, WriteFailed) else WriteFailed(f"{type(error).__name__}: {error}")
        done.set_exception(self.failure)
        if first and self.on_failure is not None:
            self.on_failure(self.failure)

    def close(self, finish_reason: str, wait_seconds: float | None = None) -> None:
        """Close every site's output. Blocks; WriteFailed if one failed."""
        self.executor.shutdown()
        failed = self.failure
        for output in self.outputs.values():
            try:
                output.close(finish_reason, wait_seconds)
            except WriteFailed as error:
                failed = error
        if failed is not None:
            raise failed


def _pass_result(future: Future[Decision], done: Future[Decision]) -> None:
    """Copy the outcome of one future to another."""
    error = future.exception()
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(future.result())
