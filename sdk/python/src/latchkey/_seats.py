"""Sessions of concurrent users: one is started, renewed while the app runs, and ended with it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Optional

from ._api import Api
from ._background import Background
from ._device import Device
from ._errors import LatchkeyError
from ._forks import follow_forks
from ._json import is_integer
from ._times import read_time

# Seconds until a renewal that failed is tried again.
_AGAIN = 5.0


@dataclass(frozen=True)
class LicenseCall:
    """What calls about the license need."""

    api: Api
    device: Device
    license_key: Callable[[], str]
    """:raises LatchkeyError: ``NOT_ACTIVATED``"""


@dataclass(frozen=True)
class Session:
    """A session of a concurrent user."""

    id: str
    expires_at: float
    """Without another renewal; seconds since 1970."""
    active_sessions: int
    max_users: int


class Seats:
    """The session of this app."""

    def __init__(self, call: LicenseCall, clock: Callable[[], float]) -> None:
        self._call = call
        self._clock = clock
        self._session: Optional[Session] = None
        self._background = Background("latchkey-session", self._renew)
        self.after_fork()
        follow_forks(self)

    def after_fork(self) -> None:
        self._lock = threading.Lock()

    @property
    def session(self) -> Optional[Session]:
        """The session that was started; None: none, or it was lost."""
        return self._session

    def start(self) -> Session:
        """
        Starts a session and renews it until it is ended.

        :raises LatchkeyError: ``SESSION_LIMIT_REACHED`` and others
        """
        before = self._session
        answer = self._call.api.post(
            "/api/license/session/start",
            {
                "license_key": self._call.license_key(),
                "hardware_hash": self._call.device.fingerprint,
                "session_id": None if before is None else before.id,
            },
        )
        session = _session_of(answer)
        with self._lock:
            self._session = session
        self._background.start(self._until_renewal(session))
        return session

    def end(self) -> None:
        """Ends the session, if there is one. :raises LatchkeyError:"""
        self._background.stop()
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            self._call.api.post("/api/license/session/end", {"session_id": session.id})

    def stop(self) -> None:
        """Ends renewing. The session ends after its time then."""
        self._background.stop()

    def _until_renewal(self, session: Session) -> float:
        # A third of its time, so that two renewals may fail.
        return max(1.0, (session.expires_at - self._clock()) / 3)

    def _renew(self) -> Optional[float]:
        session = self._session
        if session is None:
            return None
        try:
            answer = self._call.api.post("/api/license/session/heartbeat", {"session_id": session.id})
            renewed = _session_of(answer)
        except LatchkeyError as error:
            if 400 <= error.status < 500 and error.status != 429:
                self._replace(session, None)
                return None
            return _AGAIN
        return self._until_renewal(renewed) if self._replace(session, renewed) else None

    def _replace(self, session: Session, other: Optional[Session]) -> bool:
        """Whether the session was still that one: it may have been ended or started again meanwhile."""
        with self._lock:
            if self._session is not session:
                return False
            self._session = other
            return True


def _session_of(answer: Mapping[str, Any]) -> Session:
    session_id, expires_at = answer.get("session_id"), read_time(answer.get("expires_at"))
    active, most = answer.get("active_sessions"), answer.get("max_users")
    if not isinstance(session_id, str) or expires_at is None or not is_integer(active) or not is_integer(most):
        raise LatchkeyError("UNTRUSTED_ANSWER", "The answer has no session.", status=200)
    return Session(session_id, expires_at, int(active or 0), int(most or 0))
