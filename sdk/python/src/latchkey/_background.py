"""Work that is repeated in the background until the app stops: refreshing, and renewing a session."""

from __future__ import annotations

import logging
import threading
from typing import Callable, Optional

from ._forks import follow_forks

logger = logging.getLogger("latchkey")

_LONGEST_WAIT = 1e6


class Background:
    """A thread that ends with the app, and does its work after a delay, again and again."""

    def __init__(self, name: str, work: Callable[[], Optional[float]]) -> None:
        """
        :param name: of the thread
        :param work: returns the seconds until it is done again; None: never
        """
        self._name = name
        self._work = work
        self._stopped: Optional[threading.Event] = None
        self._was_running = False
        self.after_fork()
        follow_forks(self)

    def after_fork(self) -> None:
        """The thread is not in this process; :meth:`resume` starts another one."""
        self._was_running = self._was_running or self._stopped is not None
        self._lock = threading.Lock()
        self._stopped = None

    def resume(self, delay: Callable[[], float]) -> None:
        """Goes on in a new process that uses it, after so many seconds."""
        if self._was_running:
            self._was_running = False
            self.start(delay())

    @property
    def is_running(self) -> bool:
        return self._stopped is not None

    def start(self, delay: float) -> None:
        """Begins again, the first time after so many seconds."""
        stopped = threading.Event()
        with self._lock:
            if self._stopped is not None:
                self._stopped.set()
            self._stopped = stopped
        thread = threading.Thread(target=self._run, args=(stopped, delay), name=self._name, daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            # The system allows no more threads, or the app is ending.
            logger.warning("The license is not refreshed in the background: %s", error)

    def stop(self) -> None:
        """Ends it; work that is being done is not waited for."""
        with self._lock:
            if self._stopped is not None:
                self._stopped.set()
            self._stopped = None
            self._was_running = False

    def _run(self, stopped: threading.Event, delay: Optional[float]) -> None:
        while delay is not None and not stopped.wait(min(delay, _LONGEST_WAIT)):
            try:
                delay = self._work()
            except Exception:
                logger.exception("The license could not be refreshed in the background.")
                delay = 60.0
