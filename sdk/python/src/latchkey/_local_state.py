"""The state of the license by what is kept on the device, without a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Optional, Tuple

from ._encoding import well_formed
from ._errors import InvalidTextError, LatchkeyError
from ._file_claims import FileClaims
from ._license_file import TOLERANCE, FileResult, check_license_file, day_of
from ._options import Options
from ._record import Record
from ._states import LicenseState, state_of_code
from ._validation import ValidationClaims, read_validation


@dataclass(frozen=True)
class LicenseStatus:
    """What is known of the license, and what went wrong while asking. Days are those of UTC, ``YYYY-MM-DD``."""

    state: LicenseState
    """What the app decides by."""
    usable: bool
    """Whether the app may run."""
    reason: str
    """Why, for logs."""
    code: Optional[str] = None
    """The server's code of the last validation or refusal; None: none."""
    entitlements: Mapping[str, Any] = field(default_factory=dict)
    """Names with True, a number or a text. Empty while the license may not be used."""
    max_users: Optional[int] = None
    """Concurrent users; None: not known."""
    license_ends: Optional[str] = None
    """Last day, inclusive; None: never expires, or not known."""
    grace_ends: Optional[str] = None
    """Last day of grace, inclusive; None: none."""
    file_ends: Optional[int] = None
    """When the license file ends; seconds since 1970; None: there is none."""
    checked_at: Optional[int] = None
    """When the server said so; seconds since 1970; None: never."""
    file: Optional[FileClaims] = None
    """Claims of the license file: customer, public metadata and more; None: there is none."""
    error: Optional[LatchkeyError] = None
    """Why the server's answer is not known, or what it refused last; None: nothing."""
    storage_error: Optional[Exception] = None
    """Why the license is kept in memory alone, such as a full disk; None: it is kept."""


def local_state(record: Record, options: Options, now: float) -> LicenseStatus:
    """:param now: seconds since 1970"""
    validation = _saved_validation(record, options)
    validated = 0 if validation is None else validation.iat
    trusted = max(record.trusted, validated)
    file: Optional[FileResult] = None
    if record.file is not None:
        file = check_license_file(
            record.file,
            keys=options.public_keys,
            app=options.app,
            device=options.device,
            license_key=record.license_key,
            now=now,
            seen=record.with_seen(trusted).seen,
            lists=() if record.list is None else (record.list,),
        )
    claims = None if file is None else file.claims
    issued = 0 if claims is None else claims.iat
    trusted = max(trusted, issued)

    def stated(state: LicenseState, reason: str) -> LicenseStatus:
        return _summary(state, reason, record, validation, claims)

    if now < trusted - TOLERANCE:
        return stated(LicenseState.CLOCK_TAMPERED, "The clock is behind the latest trusted time.")
    if validation is not None and not validation.valid and validated >= issued:
        state = state_of_code(validation.code) or LicenseState.INVALID
        return stated(state, f"The server answered {well_formed(validation.code)}.")
    if file is not None and _is_final(file):
        return stated(file.state, file.message)
    if validation is not None and validation.valid:
        return stated(*_without_file(validation, options, max(now, trusted)))
    if file is not None:
        return stated(file.state, file.message)
    refused = None if record.refusal is None else state_of_code(record.refusal)
    if refused is not None:
        return stated(refused, f"The server answered {well_formed(record.refusal or '')}.")
    return stated(LicenseState.NOT_ACTIVATED, "There is no license on this device.")


def _is_final(file: FileResult) -> bool:
    """A file that has ended or was signed with a key that is not known leaves what the server said last."""
    return file.state is not LicenseState.INVALID and file.reason != "file_ended"


def _saved_validation(record: Record, options: Options) -> Optional[ValidationClaims]:
    """The validation that was kept; None when it is not the server's, or is about another key or device."""
    if record.validation is None or record.license_key is None:
        return None
    try:
        return read_validation(
            record.validation,
            options.public_keys,
            nonce=None,
            license_key=record.license_key,
            fingerprint=options.device.fingerprint,
            product=options.app.product,
        )
    except InvalidTextError:
        return None


def _without_file(validation: ValidationClaims, options: Options, now: float) -> Tuple[LicenseState, str]:
    """The state of a license without a file, by the last validation."""
    ends, grace = validation.valid_until, validation.grace_ends
    day, validated = day_of(now), day_of(validation.iat)
    age = now - validation.iat
    # One that was valid after its last day, and not by grace, is so by its terms.
    is_over = ends is not None and day > ends and (validated <= ends or validation.code == "GRACE_PERIOD")
    if is_over and (grace is None or day > grace):
        return LicenseState.EXPIRED, f"The license expired on {ends}."
    if age > options.offline_grace:
        return LicenseState.EXPIRED, "The server was not reached for too long."
    if age > options.fresh_for:
        return LicenseState.OFFLINE_GRACE, "The server was not reached for a while."
    if is_over:
        return LicenseState.GRACE, f"The license expired on {ends}."
    return LicenseState.VALID, "The license is valid."


def _summary(
    state: LicenseState,
    reason: str,
    record: Record,
    validation: Optional[ValidationClaims],
    claims: Optional[FileClaims],
) -> LicenseStatus:
    is_newer = validation is not None and (claims is None or validation.iat >= claims.iat)
    entitlements: Mapping[str, Any] = {}
    max_users = license_ends = grace_ends = None
    if validation is not None and is_newer:
        entitlements, max_users = validation.entitlements, validation.max_users
        license_ends, grace_ends = validation.valid_until, validation.grace_ends
    elif claims is not None:
        entitlements, max_users = claims.entitlements, claims.max_users
        license_ends, grace_ends = claims.license_ends, claims.grace_ends
    issued = None if claims is None else claims.iat
    return LicenseStatus(
        state=state,
        usable=state.usable,
        reason=reason,
        code=record.refusal if validation is None else validation.code,
        entitlements=entitlements if state.usable else {},
        max_users=max_users,
        license_ends=license_ends,
        grace_ends=grace_ends,
        file_ends=None if claims is None else claims.exp,
        checked_at=issued if validation is None else validation.iat,
        file=claims,
    )
