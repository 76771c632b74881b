"""What a license file says: its claims, checked for their types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Callable, Dict, Mapping, Optional

from ._encoding import decode_bytes
from ._errors import InvalidTextError
from ._json import is_integer, is_time

MATCHES = ("exact", "any", "two", "most", "all")


@dataclass(frozen=True)
class MachineClaims:
    """How a license file recognises its device: salted hashes."""

    match: str
    salt: str
    fingerprint: str
    components: Mapping[str, str]


@dataclass(frozen=True)
class CustomerClaims:
    """Who has the license."""

    name: str
    company: Optional[str]


@dataclass(frozen=True)
class StatusClaims:
    """The status list of the file, and its index in it."""

    uri: str
    idx: int


@dataclass(frozen=True)
class FileClaims:
    """The claims of a license file. Times are seconds since 1970, days are those of UTC, ``YYYY-MM-DD``."""

    iss: str
    iat: int
    nbf: int
    exp: int
    jti: str
    seq: int
    """Greater than that of each earlier file of the activation."""
    product: str
    license: int
    activation: int
    state: str
    """``active``, ``in_grace`` or ``expired`` on the day of issue."""
    license_ends: Optional[str]
    """Last day, inclusive; None: never expires."""
    grace_ends: Optional[str]
    after_expiry: str
    """What applies after both: ``refuse``, ``entitled_versions`` or ``allow``."""
    updates_until: Optional[str]
    """Last day whose releases are included; None: as long as the license is valid."""
    versions: Optional[str]
    max_users: int
    entitlements: Mapping[str, Any]
    """Names with True, a number or a text."""
    metadata: Mapping[str, Any]
    """Public metadata of the license: names with a text, a number, True or False."""
    customer: CustomerClaims
    machine: MachineClaims
    status: StatusClaims
    removal: str
    """Key of the file's removal code: 32 bytes in base64url."""


_Check = Callable[[Any], bool]


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_object(value: object) -> bool:
    return isinstance(value, dict)


def is_day(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is not None


def or_none(check: _Check) -> _Check:
    return lambda value: value is None or check(value)


def has_members(members: Dict[str, _Check]) -> _Check:
    """An object that has these members, and may have others."""
    return lambda value: isinstance(value, dict) and all(
        name in value and check(value[name]) for name, check in members.items()
    )


def one_of(*values: str) -> _Check:
    return lambda value: isinstance(value, str) and value in values


_CHECKS: Dict[str, _Check] = {
    "iss": is_text,
    "iat": is_time,
    "nbf": is_time,
    "exp": is_time,
    "jti": is_text,
    "seq": is_integer,
    "product": is_text,
    "license": is_integer,
    "activation": is_integer,
    "state": is_text,
    "license_ends": or_none(is_day),
    "grace_ends": or_none(is_day),
    "after_expiry": one_of("refuse", "entitled_versions", "allow"),
    "updates_until": or_none(is_day),
    "versions": or_none(is_text),
    "max_users": is_integer,
    "entitlements": is_object,
    "metadata": is_object,
    "customer": has_members({"name": is_text, "company": or_none(is_text)}),
    "machine": has_members(
        {
            "match": one_of(*MATCHES),
            "salt": is_text,
            "fingerprint": is_text,
            "components": lambda value: is_object(value) and all(map(is_text, value.values())),
        }
    ),
    "status": has_members({"uri": is_text, "idx": is_integer}),
    "removal": lambda value: is_text(value) and len(decode_bytes(value)) == 32,
}


def check_members(claims: Mapping[str, Any], checks: Mapping[str, _Check]) -> None:
    """:raises InvalidTextError: with the name of the first claim that is missing or wrong"""
    for name, check in checks.items():
        if name not in claims or not check(claims[name]):
            raise InvalidTextError("malformed", f"The claim {name} is missing or wrong.")


def check_file_claims(claims: Mapping[str, Any]) -> FileClaims:
    """The claims of a file; those that are not known are ignored. :raises InvalidTextError:"""
    check_members(claims, _CHECKS)
    members: Dict[str, Any] = {name: claims[name] for name in _CHECKS}
    for name in ("iat", "nbf", "exp", "seq", "license", "activation", "max_users"):
        members[name] = int(claims[name])
    customer, machine, status = claims["customer"], claims["machine"], claims["status"]
    members["customer"] = CustomerClaims(customer["name"], customer["company"])
    members["machine"] = MachineClaims(
        machine["match"], machine["salt"], machine["fingerprint"], machine["components"]
    )
    members["status"] = StatusClaims(status["uri"], int(status["idx"]))
    return FileClaims(**members)
