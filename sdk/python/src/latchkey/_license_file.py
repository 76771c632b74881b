"""License files: reading one, and the state of its license on this device, in the order of the format's description."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import List, Mapping, Optional, Sequence, Tuple

from ._armour import content_of_file
from ._device import Device, is_device
from ._encoding import well_formed
from ._encrypted_file import decrypt_file, is_encrypted
from ._errors import InvalidTextError, OtherDeviceError
from ._file_claims import FileClaims, check_file_claims
from ._jws import PublicKey, verify_jws
from ._states import LicenseState
from ._status_list import StatusList, read_status_list
from ._version import is_version_in_range

TOLERANCE = 3600
"""A clock may be behind by so much; seconds."""


@dataclass(frozen=True)
class App:
    """The app: which product it is, and which release of it."""

    product: str
    version: Optional[str]
    released: Optional[str]
    """The day of the release, ``YYYY-MM-DD``; None: not known."""


@dataclass(frozen=True)
class Seen:
    """What an app keeps of what was signed, so that nothing older is believed."""

    trusted: int = 0
    """The latest trusted time; seconds since 1970."""
    seq: Mapping[str, int] = field(default_factory=dict)
    """The greatest ``seq`` by activation."""
    lists: Mapping[str, int] = field(default_factory=dict)
    """The latest ``iat`` by address of a status list."""
    removed: Mapping[str, int] = field(default_factory=dict)
    """The ``seq`` of the last removal code by activation."""


@dataclass(frozen=True)
class FileResult:
    """The state of a file, with its claims as soon as they are verified and for this product."""

    state: LicenseState
    reason: Optional[str]
    """The reason of the format's description; None while the license may be used."""
    message: str
    """Why, for logs."""
    claims: Optional[FileClaims]


def check_license_file(
    file: str,
    *,
    keys: Sequence[PublicKey],
    app: App,
    device: Device,
    license_key: Optional[str],
    now: float,
    seen: Optional[Seen] = None,
    lists: Sequence[str] = (),
) -> FileResult:
    """
    The state of a license file.

    :param license_key: for encrypted files; as it was sent to the server
    :param now: seconds since 1970
    :param lists: status lists, of which those of the file count
    """
    try:
        claims = read_license_file(file, keys, app.product, device, license_key)
    except OtherDeviceError as error:
        return FileResult(LicenseState.WRONG_MACHINE, "not_decrypted", str(error), None)
    except InvalidTextError as error:
        return FileResult(LicenseState.INVALID, error.reason, str(error), None)
    state, reason, message = _state_of(claims, keys, app, device, now, seen or Seen(), lists)
    return FileResult(state, reason, message, claims)


def read_license_file(
    file: str, keys: Sequence[PublicKey], product: str, device: Device, license_key: Optional[str]
) -> FileClaims:
    """The claims of a file that is signed and of the product. :raises InvalidTextError: :raises OtherDeviceError:"""
    content = content_of_file(file)
    jws = decrypt_file(content, license_key or "", device.fingerprint) if is_encrypted(content) else content
    claims = check_file_claims(verify_jws(jws, "license-file+jwt", keys))
    if claims.product != product:
        raise InvalidTextError("other_product", f"The license file is for {well_formed(claims.product)}.")
    return claims


_State = Tuple[LicenseState, Optional[str], str]


def _state_of(
    claims: FileClaims,
    keys: Sequence[PublicKey],
    app: App,
    device: Device,
    clock: float,
    seen: Seen,
    lists: Sequence[str],
) -> _State:
    signed = _signed_lists(lists, keys)
    trusted = max([seen.trusted, claims.iat, *(one.issued_at for one in signed)])
    if clock < trusted - TOLERANCE:
        return LicenseState.CLOCK_TAMPERED, "clock_set_back", "The clock is behind the latest trusted time."
    now = max(clock, trusted)
    if now < claims.nbf - TOLERANCE:
        return LicenseState.CLOCK_TAMPERED, "not_yet_valid", "The license file was issued later."
    refused = refused_here(claims, device, seen)
    if refused is not None:
        return refused
    own = [one for one in signed if one.uri == claims.status.uri]
    latest = max([seen.lists.get(claims.status.uri, 0), *(one.issued_at for one in own)])
    # A list that has ended still revokes what it has revoked.
    if any(one.is_set(claims.status.idx) for one in own if one.issued_at >= latest):
        return LicenseState.REVOKED, "revoked", "The license file was revoked."
    if now >= claims.exp:
        return LicenseState.EXPIRED, "file_ended", "The license file has ended."
    return _state_of_terms(claims, app, day_of(now))


def refused_here(claims: FileClaims, device: Device, seen: Seen) -> Optional[_State]:
    """Why a file is refused on this device at any time; None: it is not."""
    if not is_device(claims.machine, device):
        return LicenseState.WRONG_MACHINE, "other_machine", "The license file is for another device."
    activation = str(claims.activation)
    removed = seen.removed.get(activation)
    if removed is not None and claims.seq <= removed:
        return LicenseState.NOT_ACTIVATED, "removed", "The license file was given back."
    if claims.seq < seen.seq.get(activation, 0):
        return LicenseState.INVALID, "older_file", "A later license file of this device was seen."
    return None


def day_of(time: float) -> str:
    """The day of a time in UTC."""
    # Not fromtimestamp, which ends with the year 3000 under Windows.
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=time // 86_400)).isoformat()


def _signed_lists(lists: Sequence[str], keys: Sequence[PublicKey]) -> List[StatusList]:
    found = []
    for jws in lists:
        try:
            found.append(read_status_list(jws, keys))
        except InvalidTextError:
            pass  # It says nothing.
    return found


def _state_of_terms(claims: FileClaims, app: App, day: str) -> _State:
    """The state by the terms of the license, on a day."""
    ends, grace, updates = claims.license_ends, claims.grace_ends, claims.updates_until
    versions = claims.versions
    if versions is not None and app.version is not None and not is_version_in_range(app.version, versions):
        message = f"The license includes the versions {well_formed(versions)}."
        return LicenseState.VERSION_NOT_ENTITLED, "version_not_covered", message
    if not _is_released_by(app, updates):
        message = f"The license includes releases until {updates}."
        return LicenseState.VERSION_NOT_ENTITLED, "released_later", message
    if ends is None or day <= ends:
        return LicenseState.VALID, None, "The license is valid."
    if grace is not None and day <= grace:
        return LicenseState.GRACE, None, f"The license expired on {ends}."
    if claims.after_expiry == "allow":
        return LicenseState.VALID, None, "The license may be used after its last day."
    if claims.after_expiry == "refuse":
        return LicenseState.EXPIRED, "license_ended", f"The license expired on {ends}."
    if not _is_released_by(app, updates or ends):
        message = f"The license includes releases until {updates or ends}."
        return LicenseState.VERSION_NOT_ENTITLED, "released_later", message
    return LicenseState.VALID, None, "The license may be used after its last day with this version."


def _is_released_by(app: App, day: Optional[str]) -> bool:
    return app.released is None or day is None or app.released <= day
