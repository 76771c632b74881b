"""The states of a license on a device, which an app decides by."""

from __future__ import annotations

from enum import Enum
from typing import Optional


class LicenseState(str, Enum):
    """The state of the license on this device; equal to its text, as in ``status.state == "valid"``."""

    VALID = "valid"
    """The license may be used."""
    GRACE = "grace"
    """The license has expired and may be used until its grace period ends. Ask the user to renew it."""
    OFFLINE_GRACE = "offline_grace"
    """The license may be used, but the server was not reached for a while. Ask for a connection."""
    EXPIRED = "expired"
    """The license, its license file or the time without a connection has ended."""
    DISABLED = "disabled"
    """The vendor has disabled the license, or its first day has not come."""
    NOT_ACTIVATED = "not_activated"
    """There is no license on this device yet. Ask for a license key."""
    LIMIT_REACHED = "limit_reached"
    """The license is used on as many devices as it allows. Deactivate another device."""
    REVOKED = "revoked"
    """The vendor has revoked the license file of this device."""
    WRONG_MACHINE = "wrong_machine"
    """The license file is for another device."""
    VERSION_NOT_ENTITLED = "version_not_entitled"
    """The license does not include this version of the app."""
    CLOCK_TAMPERED = "clock_tampered"
    """The clock was set back. Correct the time of the device."""
    INVALID = "invalid"
    """There is no such license key, or the license file is damaged or not the vendor's."""

    def __str__(self) -> str:
        return str(self.value)

    @property
    def usable(self) -> bool:
        """Whether the app may run."""
        return self in (LicenseState.VALID, LicenseState.GRACE, LicenseState.OFFLINE_GRACE)


_STATES_OF_CODES = {
    "VALID": LicenseState.VALID,
    "GRACE_PERIOD": LicenseState.GRACE,
    "LICENSE_INACTIVE": LicenseState.DISABLED,
    "LICENSE_NOT_YET_VALID": LicenseState.DISABLED,
    "LICENSE_EXPIRED": LicenseState.EXPIRED,
    "VERSION_NOT_ENTITLED": LicenseState.VERSION_NOT_ENTITLED,
    "NOT_ACTIVATED": LicenseState.NOT_ACTIVATED,
    "ACTIVATION_INACTIVE": LicenseState.NOT_ACTIVATED,
    "INVALID_LICENSE": LicenseState.INVALID,
    "ACTIVATION_LIMIT_REACHED": LicenseState.LIMIT_REACHED,
    "NEW_MACHINES_LIMIT_REACHED": LicenseState.LIMIT_REACHED,
}


def state_of_code(code: str) -> Optional[LicenseState]:
    """The state of a code of the server; None when the code says nothing about the license."""
    return _STATES_OF_CODES.get(code)
