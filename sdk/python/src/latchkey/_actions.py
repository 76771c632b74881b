"""What a client does about its license, on the server and in the record. Its caller sees to it that one thing is done at a
time."""

from __future__ import annotations

import dataclasses
from typing import Any, List, Mapping, Optional

from ._api import Api
from ._errors import LatchkeyError
from ._kept_record import KeptRecord
from ._license_file import FileResult
from ._license_key import read_license_key
from ._local_state import local_state
from ._offline_request import write_offline_request
from ._options import Options, whole_seconds
from ._record import Record, Removed
from ._refresh import CheckedFile, Refreshed, check_new_file, refresh, refresh_list, with_file
from ._removal_code import removal_code
from ._states import LicenseState, state_of_code


def key_to_send(typed: str) -> str:
    """A license key without what pasting added. One that can be none is sent as it is: the server says what is wrong."""
    if not isinstance(typed, str):
        raise TypeError("The license key has to be a text.")
    key = read_license_key(typed)
    return typed if key is None else key.text


class Actions:
    def __init__(self, api: Api, kept: KeptRecord, options: Options) -> None:
        self._api = api
        self._kept = kept
        self._options = options

    def license_key(self) -> str:
        """The key of the license on this device. :raises LatchkeyError: ``NOT_ACTIVATED``"""
        license_key = self._kept.read().license_key
        if license_key is None:
            raise LatchkeyError("NOT_ACTIVATED", "There is no license on this device yet.")
        return license_key

    def refresh(self) -> Refreshed:
        """Asks the server, and for the status list where the one that is kept contradicts it."""
        refreshed = refresh(self._api, self._kept, self._options)
        if refreshed.error is None and self._is_revoked():
            refresh_list(self._api, self._kept, self._options)
        return refreshed

    def activate(self, typed: str, metadata: Optional[Mapping[str, Any]]) -> Optional[LatchkeyError]:
        """Returns a refusal that is about the license. :raises LatchkeyError: for others"""
        options = self._options
        license_key = key_to_send(typed)
        body = {
            "license_key": license_key,
            "hardware_hash": options.device.fingerprint,
            "machine_name": options.device_name or "",
            "app_version": options.app.version,
            "components": options.device.components,
            "metadata": metadata,
        }
        try:
            self._api.post("/api/license/activate", body)
        except LatchkeyError as error:
            if self.state_of_refusal(error) is None:
                raise
            return error

        def change(record: Record) -> Record:
            if record.license_key == license_key:
                return dataclasses.replace(record, refusal=None)
            return record.forgetting(license_key=license_key)

        self._kept.change(change)
        return None

    def state_of_refusal(self, error: LatchkeyError) -> Optional[LicenseState]:
        """None for an error that says nothing about the license."""
        return None if error.status == 0 else state_of_code(error.code)

    def deactivate(self) -> None:
        """:raises LatchkeyError:"""
        self._api.post("/api/license/deactivate", self._machine())
        self._kept.change(lambda record: record.forgetting())

    def deactivate_offline(self) -> str:
        """The removal code. :raises LatchkeyError: ``NOT_ACTIVATED``"""
        record = self._kept.read()
        code = self._code_of_file(record)
        if code is not None:
            return code
        # It was called before.
        if record.license_key is None and record.file is None and record.removed:
            return max(record.removed.values()).code
        raise LatchkeyError("NOT_ACTIVATED", "There is no license file on this device that can be given back.")

    def check_out(self, ttl: Optional[int], encrypt: Optional[bool]) -> None:
        """:raises LatchkeyError:"""
        license_key = self.license_key()
        body = {
            **self._machine(),
            "components": self._options.device.components,
            "app_version": self._options.app.version,
            "ttl": ttl,
            "encrypt": encrypt,
            "license_file": self._kept.read().file,
        }
        text = self._api.post("/api/license/checkout", body).get("license_file")
        if not isinstance(text, str) or self.install_file(text, license_key) is not None:
            raise LatchkeyError("UNTRUSTED_ANSWER", "The license file is not the vendor's.", status=200)

    def check_in(self) -> None:
        """:raises LatchkeyError:"""
        self._api.post("/api/license/checkin", self._machine())
        self._kept.change(lambda record: dataclasses.replace(record, file=None, list=None))

    def install_file(self, text: str, license_key: Optional[str]) -> Optional[FileResult]:
        """Returns why the file is refused; None: it is kept."""
        if not isinstance(text, str) or not (license_key is None or isinstance(license_key, str)):
            raise TypeError("License file and license key have to be texts.")
        refusals: List[FileResult] = []

        def change(record: Record) -> Record:
            refusals.clear()
            key = record.license_key if license_key is None else license_key
            refused, claims = check_new_file(text, key, self._options, record)
            if refused is not None:
                refusals.append(refused)
            if refused is not None or claims is None:
                return record
            kept = record if record.license_key == key else record.forgetting(license_key=key)
            return with_file(dataclasses.replace(kept, refusal=None), text, claims)

        self._kept.change(change)
        return refusals[0] if refusals else None

    def offline_request(self, typed: str, encrypt: Optional[bool]) -> str:
        """The text of a request for a license file."""
        options = self._options
        return write_offline_request(
            key_to_send(typed),
            options.device,
            device_name=options.device_name,
            version=options.app.version,
            encrypt=encrypt,
            created_at=whole_seconds(options.clock()),
        )

    def _code_of_file(self, record: Record) -> Optional[str]:
        """Gives the license file back; None when there is none of this device."""
        checked = self._checked(record)
        if checked is None or checked.claims is None:
            return None
        claims, refused = checked.claims, checked.refused
        activation = str(claims.activation)
        if refused is not None and refused.reason != "removed":
            return None
        known = record.removed.get(activation)
        is_known = refused is not None and known is not None
        code = known.code if known is not None and is_known else removal_code(claims)
        removed = {} if is_known else {activation: Removed(claims.seq, code)}
        self._kept.change(lambda kept: kept.with_seen(removed=removed).forgetting())
        return code

    def _is_revoked(self) -> bool:
        now = whole_seconds(self._options.clock())
        return local_state(self._kept.read(), self._options, now).state is LicenseState.REVOKED

    def _checked(self, record: Record) -> Optional[CheckedFile]:
        return None if record.file is None else check_new_file(
            record.file, record.license_key, self._options, record
        )

    def _machine(self) -> Mapping[str, str]:
        return {"license_key": self.license_key(), "hardware_hash": self._options.device.fingerprint}
