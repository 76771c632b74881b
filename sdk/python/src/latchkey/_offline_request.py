"""The request of an app that never has a network: text that is carried to a computer with one, and comes back as a
license file."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ._device import Device
from ._encoding import encode_bytes, sha256, utf8
from ._json import write_json

_LINE = 64


def write_offline_request(
    license_key: str,
    device: Device,
    *,
    device_name: Optional[str] = None,
    version: Optional[str] = None,
    encrypt: Optional[bool] = None,
    created_at: Optional[int] = None,
) -> str:
    """
    The text of a request, which survives e-mail and a QR code.

    :param encrypt: whether the file is to be one that only this device can read
    :param created_at: seconds since 1970
    """
    members: Dict[str, Any] = {
        "license_key": license_key,
        "hardware_hash": device.fingerprint,
        "components": None if device.components is None else dict(device.components),
        "machine_name": device_name,
        "app_version": version,
        "encrypt": encrypt,
        "created_at": created_at,
    }
    json = write_json({name: value for name, value in members.items() if value is not None})
    # With the check, text that was cut or mistyped is found.
    text = f"{encode_bytes(utf8(json))}.{encode_bytes(sha256(json)[:6])}"
    lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    return "\n".join(["-----BEGIN LATCHKEY REQUEST-----", *lines, "-----END LATCHKEY REQUEST-----", ""])
