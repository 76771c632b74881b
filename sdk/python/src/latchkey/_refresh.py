"""One refresh: asks the server whether the license may be used, believes what is signed, and keeps it."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, NamedTuple, Optional

from ._api import Api
from ._encoding import encode_bytes
from ._errors import InvalidTextError, LatchkeyError, OtherDeviceError
from ._file_claims import FileClaims
from ._kept_record import KeptRecord
from ._license_file import FileResult, read_license_file, refused_here
from ._options import Options
from ._record import Record
from ._states import LicenseState
from ._status_list import read_status_list
from ._times import read_time
from ._validation import ValidationClaims, read_validation


class Refreshed(NamedTuple):
    """What came of a refresh."""

    error: Optional[LatchkeyError] = None
    """Why the server's answer is not known; None: it is."""
    lease_ends: Optional[float] = None
    """When the activation ends without another refresh; seconds since 1970; None: never."""


def refresh(api: Api, kept: KeptRecord, options: Options) -> Refreshed:
    """Validates the license; the record has it afterwards. Without a license key nothing is done."""
    record = kept.read()
    license_key = record.license_key
    if license_key is None:
        return Refreshed()
    nonce = encode_bytes(options.random(16))
    body: Dict[str, Any] = {
        "license_key": license_key,
        "hardware_hash": options.device.fingerprint,
        "app_version": options.app.version,
        "components": options.device.components,
        "nonce": nonce,
        "file": True if record.file is None else record.file,
    }
    answer: Dict[str, Any] = {}
    try:
        answer = api.post("/api/license/verify", body, changes=False)
        signature = answer.get("signature")
    except LatchkeyError as error:
        signature = error._signature
        if signature is None:
            # The API key may have been replaced: the list needs none.
            if error.status != 0:
                refresh_list(api, kept, options)
            return Refreshed(error)
    try:
        claims = _believed(signature, nonce, license_key, options)
    except InvalidTextError as error:
        return Refreshed(LatchkeyError("UNTRUSTED_ANSWER", str(error), status=200))
    _keep(kept, options, license_key, claims, str(signature), answer.get("license_file"))
    return Refreshed(None, read_time(answer.get("lease_ends")))


def _believed(signature: object, nonce: str, license_key: str, options: Options) -> ValidationClaims:
    if not isinstance(signature, str):
        raise InvalidTextError("malformed", "The answer is not signed.")
    return read_validation(
        signature,
        options.public_keys,
        nonce=nonce,
        license_key=license_key,
        fingerprint=options.device.fingerprint,
        product=options.app.product,
    )


def _keep(
    kept: KeptRecord,
    options: Options,
    license_key: str,
    claims: ValidationClaims,
    signature: str,
    file: object,
) -> None:
    def change(record: Record) -> Record:
        # Another license was activated meanwhile.
        if record.license_key != license_key:
            return record
        seen = record.with_seen(claims.iat)
        renewed = dataclasses.replace(seen, validation=signature, refusal=None)
        if not isinstance(file, str):
            return renewed
        refused, found = check_new_file(file, license_key, options, record)
        return renewed if refused is not None or found is None else with_file(renewed, file, found)

    kept.change(change)


class CheckedFile(NamedTuple):
    """A license file that arrives: why it is refused, or its claims."""

    refused: Optional[FileResult]
    claims: Optional[FileClaims]


def check_new_file(text: str, license_key: Optional[str], options: Options, record: Record) -> CheckedFile:
    """Whether a file is the vendor's, for this device, and no older than what was seen. The clock does not matter."""
    try:
        claims = read_license_file(text, options.public_keys, options.app.product, options.device, license_key)
    except OtherDeviceError as error:
        return CheckedFile(FileResult(LicenseState.WRONG_MACHINE, "not_decrypted", str(error), None), None)
    except InvalidTextError as error:
        return CheckedFile(FileResult(LicenseState.INVALID, error.reason, str(error), None), None)
    refused = refused_here(claims, options.device, record.seen)
    return CheckedFile(None if refused is None else FileResult(*refused, claims), claims)


def with_file(record: Record, text: str, claims: FileClaims) -> Record:
    """A record with a new file."""
    seen = record.with_seen(claims.iat, seq={str(claims.activation): claims.seq})
    return dataclasses.replace(seen, file=text)


def refresh_list(api: Api, kept: KeptRecord, options: Options) -> None:
    """Gets the status list of the file and keeps it. Without one nothing changes."""
    uri = list_address(kept.read(), options)
    if uri is None:
        return
    try:
        keep_list(api.get_text(uri), kept, options)
    except (LatchkeyError, InvalidTextError):
        pass  # The state stays as it is known.


def list_address(record: Record, options: Options) -> Optional[str]:
    """The address of the status list of the file; None without one."""
    if record.file is None:
        return None
    refused, claims = check_new_file(record.file, record.license_key, options, record)
    return None if refused is not None or claims is None else claims.status.uri


def keep_list(jws: str, kept: KeptRecord, options: Options) -> None:
    """Keeps a status list, unless a later one was seen. :raises InvalidTextError:"""
    if not isinstance(jws, str):
        raise TypeError("The status list has to be a text.")
    found = read_status_list(jws, options.public_keys)

    def change(record: Record) -> Record:
        if found.issued_at < record.lists.get(found.uri, 0):
            return record
        seen = record.with_seen(found.issued_at, lists={found.uri: found.issued_at})
        own = list_address(record, options)
        # A list of other files does not replace that of the file.
        return dataclasses.replace(seen, list=jws.strip()) if own in (None, found.uri) else seen

    kept.change(change)
