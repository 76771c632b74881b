"""Signed validations: what the server says of a license, in a form that no other server can give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence

from ._encoding import digest
from ._errors import InvalidTextError
from ._file_claims import check_members, is_day, is_object, is_text, or_none
from ._json import is_integer, is_time
from ._jws import PublicKey, verify_jws


@dataclass(frozen=True)
class ValidationClaims:
    """The claims of a signed validation. Days are those of UTC, ``YYYY-MM-DD``."""

    iat: int
    """The server's time; seconds since 1970."""
    product: Optional[str]
    license: Optional[int]
    valid: bool
    code: str
    valid_until: Optional[str]
    grace_ends: Optional[str]
    entitlements: Mapping[str, Any]
    max_users: Optional[int]


_CHECKS = {
    "iss": is_text,
    "iat": is_time,
    "nonce": is_text,
    "product": or_none(is_text),
    "license": or_none(is_integer),
    "key_hash": or_none(is_text),
    "machine": or_none(is_text),
    "valid": lambda value: isinstance(value, bool),
    "code": is_text,
    "valid_until": or_none(is_day),
    "grace_ends": or_none(is_day),
    "entitlements": is_object,
    "max_users": or_none(is_integer),
}


def read_validation(
    signature: str,
    keys: Sequence[PublicKey],
    *,
    nonce: Optional[str],
    license_key: str,
    fingerprint: str,
    product: str,
) -> ValidationClaims:
    """
    The claims of the answer to a call.

    :param nonce: None: the validation was kept, and its nonce was compared before
    :raises InvalidTextError: for one that is forged, edited, or of another call
    """
    claims = verify_jws(signature, "license-validation+jwt", keys)
    check_members(claims, _CHECKS)
    if nonce is not None and claims["nonce"] != nonce:
        raise InvalidTextError("other_nonce", "The answer is to another call.")
    if claims["key_hash"] != digest(license_key):
        raise InvalidTextError("other_key", "The answer is about another license key.")
    if claims["machine"] != digest(fingerprint):
        raise InvalidTextError("other_machine", "The answer is about another device.")
    # An API key for all products does not tell the product of a license that was not found.
    is_unknown = claims["product"] is None and claims["license"] is None and not claims["valid"]
    if claims["product"] != product and not is_unknown:
        raise InvalidTextError("other_product", "The answer is about another product.")
    return ValidationClaims(
        iat=int(claims["iat"]),
        product=claims["product"],
        license=_int(claims["license"]),
        valid=claims["valid"],
        code=claims["code"],
        valid_until=claims["valid_until"],
        grace_ends=claims["grace_ends"],
        entitlements=claims["entitlements"],
        max_users=_int(claims["max_users"]),
    )


def _int(value: Any) -> Optional[int]:
    return None if value is None else int(value)
