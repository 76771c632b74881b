"""What an app tells the library: defaults, and options that cannot be used are refused."""

from __future__ import annotations

import datetime
import math
import re
import urllib.parse
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Optional, Sequence, Tuple, Union

from ._device import Device
from ._encoding import has_lone_surrogate, utf16_length
from ._errors import InvalidOptionsError, InvalidTextError
from ._file_claims import is_day
from ._json import LAST_SECOND
from ._jws import PublicKey, key_bytes
from ._license_file import App
from ._retry import RetryPolicy
from ._storage import Storage
from ._transport import Transport

PublicKeys = Sequence[Union[PublicKey, Mapping[str, Any]]]


@dataclass(frozen=True)
class Options:
    """Options that were checked. Durations are seconds."""

    url: str
    api_key: str
    app: App
    public_keys: Tuple[PublicKey, ...]
    device: Device
    storage: Storage
    device_name: Optional[str]
    refresh_interval: float
    fresh_for: float
    offline_grace: float
    timeout: float
    retries: RetryPolicy
    transport: Transport
    clock: Callable[[], float]
    random: Callable[[int], bytes]

    def __post_init__(self) -> None:
        _require_url(self.url)
        _require(
            isinstance(self.api_key, str) and re.fullmatch("[!-~]+", self.api_key) is not None,
            "api_key has to be a text of visible ASCII characters.",
        )
        _require_text("product", self.app.product)
        _require_text("version", self.app.version)
        _require(
            self.app.released is None or _is_real_day(self.app.released),
            "released has to be a day, such as 2026-02-15, or None.",
        )
        _require(isinstance(self.storage, Storage), "storage has to be a Storage, such as FileStorage.")
        _require(
            self.device_name is None or isinstance(self.device_name, str), "device_name has to be a text or None."
        )
        _require(self.timeout > 0, "timeout has to be greater than 0.")
        _require(self.refresh_interval > 0, "refresh_interval has to be greater than 0.")
        for name in ("transport", "clock", "random"):
            _require(callable(getattr(self, name)), f"{name} has to be callable.")


def read_keys(keys: PublicKeys) -> Tuple[PublicKey, ...]:
    """:raises InvalidOptionsError:"""
    message = "public_keys has to be a list of keys with kid and x, as /.well-known/jwks/{product}.json has them."
    _require(isinstance(keys, (list, tuple)) and len(keys) > 0, message)
    found = []
    for given in keys:
        members = given if isinstance(given, Mapping) else vars(given) if isinstance(given, PublicKey) else {}
        kid, x = members.get("kid"), members.get("x")
        if not isinstance(kid, str) or not isinstance(x, str):
            raise InvalidOptionsError(message)
        key = PublicKey(kid, x)
        try:
            key_bytes(key)
        except InvalidTextError as error:
            raise InvalidOptionsError(str(error)) from None
        found.append(key)
    return tuple(found)


def read_device(device: Device) -> Device:
    """:raises InvalidOptionsError:"""
    if not isinstance(device, Device):
        raise InvalidOptionsError("device has to be a Device, such as machine_device finds it.")
    fingerprint, components = device.fingerprint, device.components
    _require_text("device.fingerprint", fingerprint)
    _require(utf16_length(fingerprint) <= 255, "device.fingerprint has to have at most 255 characters.")
    if components is None:
        return device
    are_texts = isinstance(components, Mapping) and all(
        isinstance(name, str) and isinstance(value, str) for name, value in components.items()
    )
    _require(are_texts, "device.components has to have names with texts.")
    return Device(fingerprint, dict(components))


def whole_seconds(now: float) -> int:
    """A time as the format has it, whatever the clock says."""
    return int(min(now, LAST_SECOND)) if now >= 0 else 0


def read_duration(name: str, value: object) -> float:
    """:raises InvalidOptionsError: for what is not a number of seconds from 0"""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise InvalidOptionsError(f"{name} has to be a number of seconds, 0 or more.")
    return min(float(value), 1e9)


def read_retries(policy: RetryPolicy) -> RetryPolicy:
    """:raises InvalidOptionsError:"""
    _require(isinstance(policy, RetryPolicy), "retries has to be a RetryPolicy.")
    attempts = policy.attempts
    is_count = isinstance(attempts, int) and not isinstance(attempts, bool) and attempts >= 1
    _require(is_count, "retries.attempts has to be a whole number, 1 or more.")
    return RetryPolicy(
        attempts,
        read_duration("retries.first_delay", policy.first_delay),
        read_duration("retries.longest_delay", policy.longest_delay),
        read_duration("retries.longest_wait", policy.longest_wait),
    )


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise InvalidOptionsError(message)


def _require_text(name: str, value: object) -> None:
    is_text = isinstance(value, str) and value != "" and not has_lone_surrogate(value)
    _require(is_text, f"{name} has to be a text that is not empty.")


def _require_url(url: object) -> None:
    message = "url has to be the address of a license server, such as https://licenses.example.com."
    if not isinstance(url, str) or not re.fullmatch("[!-~]+", url):
        raise InvalidOptionsError(message)
    try:
        parts = urllib.parse.urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidOptionsError(message) from None
    is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
    _require(is_address and "@" not in parts.netloc and not parts.query and not parts.fragment, message)


def _is_real_day(value: object) -> bool:
    if not isinstance(value, str) or not is_day(value):
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True
