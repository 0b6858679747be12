"""Another process that reads rows, and the two threads that keep its pipes moving, so that it never waits for this one."""

from __future__ import annotations

import contextlib
import pickle
import subprocess
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread

from campaign.adapters.fresh_process import start
from campaign.adapters.row_reading.frames import read_frame, write_frame
from campaign.adapters.row_reading.wire import rows_sent
from campaign.adapters.row_reading.worker import READY
from campaign.core.lead import SourceRow
from campaign.core.reading import ReadsRows

WORKER = "campaign.adapters.row_reading.worker"


class ReadingProcess:
    """Started at once, ready later. Every question is answered: with b"" once the process has ended."""

    def __init__(self, reader: ReadsRows, worker: str = WORKER) -> None:
        self._process = start(worker, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._to_write: SimpleQueue[bytes | None] = SimpleQueue()
        self._unanswered: SimpleQueue[Future[bytes] | None] = SimpleQueue()
        self._threads = [Thread(target=target, daemon=True) for target in (self._write, self._read)]
        for thread in self._threads:
            thread.start()
        self.started = self._ask(pickle.dumps(reader, pickle.HIGHEST_PROTOCOL))
        """Done when it is known whether it is ready."""
        self.batches = 0
        """How many it was given."""
        self._asked: list[Future[bytes]] = []

    @property
    def ready(self) -> bool:
        """Whether it has started, and has not failed to."""
        return self.started.done() and self.started.result() == READY

    @property
    def ended(self) -> bool:
        """Whether the process is no more."""
        return self._process.poll() is not None

    @property
    def under_way(self) -> int:
        """How many batches it has that are not answered."""
        self._asked = [future for future in self._asked if not future.done()]
        return len(self._asked)

    def give(self, batch: list[SourceRow]) -> Future[bytes]:
        """Give it a batch to read. `readings_received` makes readings of the answer."""
        future = self._ask(rows_sent(batch))
        self._asked.append(future)
        self.batches += 1
        return future

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._to_write.put(None)
        self._unanswered.put(None)
        for thread in self._threads:
            thread.join()
        self._process.wait()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):  # what was not written yet can't be
            self._process.stdin.close()
        self._process.stdout.close()

    def _ask(self, message: bytes) -> Future[bytes]:
        future: Future[bytes] = Future()
        self._unanswered.put(future)
        self._to_write.put(message)
        return future

    def _write(self) -> None:
        assert self._process.stdin is not None
        try:
            while (message := self._to_write.get()) is not None:
                write_frame(self._process.stdin, message)
        except OSError:
            self._process.kill()  # it reads no more, so nobody is to wait for its answer

    def _read(self) -> None:
        assert self._process.stdout is not None
        while (future := self._unanswered.get()) is not None:
            future.set_result(read_frame(self._process.stdout))
