"""Refreshing in the background: soon after the start, then in intervals with jitter, until the app stops."""

from __future__ import annotations

from typing import Callable, Optional

from ._api import fraction_of
from ._background import Background
from ._errors import LatchkeyError
from ._options import Options
from ._refresh import Refreshed

# The first refresh comes within so many seconds after the start.
_FIRST = 5.0
# Seconds: no refresh is nearer to the one before.
_SHORTEST_INTERVAL = 60.0


class Refreshing:
    """The refreshes of a client, and what came of the last one."""

    error: Optional[LatchkeyError] = None
    """Why the server's answer is not known, or what it refused last; None: nothing."""

    def __init__(self, options: Options, refresh: Callable[[], object]) -> None:
        """:param refresh: asks the server, and notes what came of it"""
        self._options = options
        self._refresh = refresh
        self._lease_ends: Optional[float] = None
        self._background = Background("latchkey-refresh", self._work)

    def start(self) -> None:
        if not self._background.is_running:
            self._background.start(_FIRST * fraction_of(self._options.random))

    def stop(self) -> None:
        self._background.stop()

    def resume(self) -> None:
        """Goes on in a new process that uses the client; one that does not need not refresh."""
        self._background.resume(self._until_next)

    def note(self, refreshed: Refreshed) -> None:
        self.error = refreshed.error
        if refreshed.error is None:
            self._lease_ends = refreshed.lease_ends

    def forget(self) -> None:
        """The license that it was about is not on this device any longer."""
        self.error = None
        self._lease_ends = None

    def _work(self) -> float:
        self._refresh()
        return self._until_next()

    def _until_next(self) -> float:
        """Seconds until the next refresh: a third of the activation's time at the latest, later when the server asks."""
        interval = self._options.refresh_interval
        if self._lease_ends is not None:
            interval = min(interval, (self._lease_ends - self._options.clock()) / 3)
        # Between nine tenths and the whole: many apps that were started at once do not stay together.
        interval *= 0.9 + fraction_of(self._options.random) / 10
        error = self.error
        asked = 0.0 if error is None or error.retry_after is None else error.retry_after
        return max(_SHORTEST_INTERVAL, interval, asked)
