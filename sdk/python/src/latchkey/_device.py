"""The device: how a license file recognises it, by its fingerprint or by enough of its components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional

from ._encoding import digest
from ._file_claims import MachineClaims


@dataclass(frozen=True)
class Device:
    """What an app sends of its device."""

    fingerprint: str
    """Identifies the device and stays the same; at most 255 characters."""
    components: Optional[Mapping[str, str]] = None
    """Hashed parts by name, such as board, disk and mac; at most 16."""


def is_device(claims: MachineClaims, device: Device) -> bool:
    """Whether a license file is for a device."""

    def hashed(name: str, value: str) -> str:
        return digest(f"{claims.salt}\n{name}\n{value}")

    if hashed("fingerprint", device.fingerprint) == claims.fingerprint:
        return True
    own = device.components or {}
    stored = claims.components
    same = sum(
        name in own and hashed(f"component {name}", own[name]) == expected for name, expected in stored.items()
    )
    return {
        "exact": False,
        "any": same >= 1,
        "two": same >= 2,
        "most": same * 2 > len(stored),
        "all": same >= 1 and same == len(stored),
    }[claims.match]
