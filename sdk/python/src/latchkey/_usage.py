"""Metered use: units are counted at once, or reserved for work that may fail."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional

from ._errors import LatchkeyError
from ._seats import LicenseCall
from ._times import read_time


@dataclass(frozen=True)
class Meter:
    """A meter after a call."""

    id: str
    """Two answers with the same id are one count."""
    used: float
    reserved: float
    limit: Optional[float]
    """None: no limit."""
    remaining: Optional[float]


@dataclass(frozen=True)
class Reservation(Meter):
    """A meter with units that are held."""

    reservation: str
    expires_at: float
    """Seconds since 1970."""


class Usage:
    """The meters of the license."""

    def __init__(self, call: LicenseCall, version: Optional[str]) -> None:
        self._call = call
        self._version = version

    def increment(self, meter: str, amount: int = 1) -> Meter:
        """Counts units: all of them or none. :raises LatchkeyError: ``USAGE_LIMIT_REACHED`` and others"""
        return Meter(**_meter_of(self._post("increment", self._use(meter, amount))))

    def reserve(self, meter: str, amount: int = 1, ttl: int = 60) -> Reservation:
        """Holds units for so many seconds. :raises LatchkeyError: ``USAGE_LIMIT_REACHED`` and others"""
        answer = self._post("reserve", {**self._use(meter, amount), "ttl": ttl})
        reservation, expires_at = answer.get("reservation"), read_time(answer.get("expires_at"))
        if not isinstance(reservation, str) or expires_at is None:
            raise _untrusted()
        return Reservation(**_meter_of(answer), reservation=reservation, expires_at=expires_at)

    def commit(self, reservation: str, amount: Optional[int] = None) -> Meter:
        """Counts what was reserved, or less. :raises LatchkeyError: ``RESERVATION_ENDED`` and others"""
        return Meter(**_meter_of(self._post("commit", {"reservation": reservation, "amount": amount})))

    def release(self, reservation: str) -> Meter:
        """Gives back what was reserved. :raises LatchkeyError:"""
        return Meter(**_meter_of(self._post("release", {"reservation": reservation})))

    def _post(self, name: str, body: Mapping[str, Any]) -> Dict[str, Any]:
        return self._call.api.post(f"/api/license/usage/{name}", body)

    def _use(self, meter: str, amount: int) -> Dict[str, Any]:
        return {
            "license_key": self._call.license_key(),
            "hardware_hash": self._call.device.fingerprint,
            "app_version": self._version,
            "meter": meter,
            "amount": amount,
        }


def _meter_of(answer: Mapping[str, Any]) -> Dict[str, Any]:
    members = {name: answer.get(name) for name in ("id", "used", "reserved", "limit", "remaining")}
    numbers = [members["used"], members["reserved"]]
    numbers += [members[name] for name in ("limit", "remaining") if members[name] is not None]
    if not isinstance(members["id"], str) or not all(map(_is_number, numbers)):
        raise _untrusted()
    return members


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _untrusted() -> LatchkeyError:
    return LatchkeyError("UNTRUSTED_ANSWER", "The answer has no meter.", status=200)
