"""Work that is wanted by several threads at the same time, and done once for all of them."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, Future
from typing import Callable, Generic, Optional, TypeVar

from ._forks import follow_forks

T = TypeVar("T")


class Shared(Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._current: Optional[Future[T]] = None
        self._lock = threading.Lock()
        follow_forks(self)

    def after_fork(self) -> None:
        """What another thread began is not done in this process."""
        self._lock = threading.Lock()
        self._current = None

    def run(self) -> T:
        """Does the work, or waits for the thread that is doing it. Fails as the work does."""
        while True:
            with self._lock:
                current = self._current
                if current is None:
                    own: Future[T] = Future()
                    self._current = own
            if current is None:
                return self._run_for_all(own)
            try:
                return current.result()
            except CancelledError:
                continue  # Its thread was interrupted.

    def _run_for_all(self, own: Future[T]) -> T:
        result: Optional[T] = None
        error: Optional[Exception] = None
        try:
            result = self._work()
            return result
        except Exception as cause:
            error = cause
            raise
        finally:
            with self._lock:
                self._current = None
            if error is not None:
                own.set_exception(error)
            elif result is not None:
                own.set_result(result)
            else:
                own.cancel()
