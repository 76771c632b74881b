"""Listeners of changes: each new state is told to them once, in order, while no lock is held."""

from __future__ import annotations

import collections
import threading
from typing import Callable, Deque, List, Optional

from ._background import logger
from ._forks import follow_forks
from ._local_state import LicenseStatus
from ._states import LicenseState

Listener = Callable[[LicenseStatus], object]


class Changes:
    def __init__(self) -> None:
        self._listeners: List[Listener] = []
        self._last: Optional[LicenseState] = None
        self.after_fork()
        follow_forks(self)

    def after_fork(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Deque[LicenseStatus] = collections.deque()
        self._is_telling = False

    def add(self, listener: Listener) -> Callable[[], None]:
        """Returns a function that removes it."""

        def remove() -> None:
            with self._lock:
                self._listeners = [one for one in self._listeners if one is not listener]

        with self._lock:
            self._listeners = [*self._listeners, listener]
        return remove

    def note(self, status: LicenseStatus) -> None:
        """Remembers a status whose state is another one than that before, for :meth:`tell`."""
        with self._lock:
            if status.state != self._last:
                self._last = status.state
                self._waiting.append(status)

    def tell(self) -> None:
        """Calls the listeners, which may call the client. Errors of theirs are logged."""
        while True:
            with self._lock:
                if self._is_telling or not self._waiting:
                    return
                self._is_telling = True
                status, listeners = self._waiting.popleft(), self._listeners
            try:
                for listener in listeners:
                    try:
                        listener(status)
                    except Exception:
                        logger.exception("A listener of license changes has failed.")
            finally:
                with self._lock:
                    self._is_telling = False
