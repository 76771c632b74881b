"""Whether there is a newer release of the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from ._api import Api


@dataclass(frozen=True)
class Update:
    """The newest release."""

    available: bool
    """Whether it is newer than this one."""
    latest_version: Optional[str]
    """None: no release is published."""
    download_url: Optional[str]
    release_notes: Optional[str]
    is_mandatory: bool


def check_for_update(api: Api, license_key: str, version: Optional[str]) -> Update:
    """:raises LatchkeyError:"""
    body = {"current_version": version, "license_key": license_key}
    answer = api.post("/api/version/check", body, changes=False)

    def text_of(name: str) -> Optional[str]:
        value = answer.get(name)
        return value if isinstance(value, str) else None

    return Update(
        available=answer.get("update_available") is True,
        latest_version=text_of("latest_version"),
        download_url=text_of("download_url"),
        release_notes=text_of("release_notes"),
        is_mandatory=answer.get("is_mandatory") is True,
    )
