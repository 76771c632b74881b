"""
License checks of an app, online and offline, with a Latchkey license server.

An app makes one :class:`LicenseClient`, and decides by the ``state`` of its ``status()``.
"""

from ._client import LicenseClient
from ._device import Device
from ._errors import InvalidOptionsError, InvalidTextError, LatchkeyError
from ._file_claims import CustomerClaims, FileClaims, MachineClaims, StatusClaims
from ._file_storage import FileStorage
from ._fingerprint import device_of
from ._jws import PublicKey
from ._license_key import TypedKey, read_license_key
from ._local_state import LicenseStatus
from ._machine import machine_device
from ._offline_request import write_offline_request
from ._retry import RetryPolicy
from ._seats import Seats, Session
from ._states import LicenseState
from ._storage import MemoryStorage, Storage
from ._transport import HttpTransport, Request, Response, Transport
from ._updates import Update
from ._usage import Meter, Reservation, Usage

__version__ = "0.9.0"

__all__ = [
    "CustomerClaims",
    "Device",
    "FileClaims",
    "FileStorage",
    "HttpTransport",
    "InvalidOptionsError",
    "InvalidTextError",
    "LatchkeyError",
    "LicenseClient",
    "LicenseState",
    "LicenseStatus",
    "MachineClaims",
    "MemoryStorage",
    "Meter",
    "PublicKey",
    "Request",
    "Reservation",
    "Response",
    "RetryPolicy",
    "Seats",
    "Session",
    "StatusClaims",
    "Storage",
    "Transport",
    "TypedKey",
    "Update",
    "Usage",
    "device_of",
    "machine_device",
    "read_license_key",
    "write_offline_request",
]
