"""Errors that the library raises: what the server refused, that it was not reached, and bad input."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class LatchkeyError(Exception):
    """A refusal of the server, or a failure to reach it."""

    code: str
    """The server's code, such as ``ACTIVATION_LIMIT_REACHED``. ``NETWORK_ERROR`` (the server was not reached),
    ``UNTRUSTED_ANSWER`` (the answer is not signed, or not the server's) and ``NOT_ACTIVATED`` (there is no license
    on this device) are the library's; ``HTTP_502`` is an answer of something between, such as a proxy."""
    message: str
    """A sentence for logs. Decide by the code: messages may change."""
    details: Mapping[str, Any]
    """Facts of the code: limits, counts, the field that it is about."""
    request_id: Optional[str]
    """By which the vendor finds the request in the server's log; None when the server was not reached."""
    status: int
    """The HTTP status; 0 when the server was not reached."""
    retry_after: Optional[float]
    """Seconds after which to try again, as the server says; None when it does not."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        details: Optional[Mapping[str, Any]] = None,
        request_id: Optional[str] = None,
        status: int = 0,
        retry_after: Optional[float] = None,
        signature: Optional[str] = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.details = {} if details is None else details
        self.request_id = request_id
        self.status = status
        self.retry_after = retry_after
        # The signed refusal of a license key that no license has.
        self._signature = signature

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class InvalidOptionsError(ValueError):
    """An option of :class:`latchkey.LicenseClient` that cannot be used; the message says which, and why."""


class InvalidTextError(ValueError):
    """A text that is not what the vendor's server has signed: damaged, edited, forged, or about something else."""

    reason: str
    """The reason of the format's description, such as ``wrong_signature``."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self._message = message

    def __str__(self) -> str:
        return self._message


class OtherDeviceError(Exception):
    """An encrypted license file that this device cannot read."""
