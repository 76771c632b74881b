"""Signed statements: compact JWS (RFC 7515) of Ed25519 (RFC 8032), verified with keys that are compiled into the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ._encoding import decode_bytes, well_formed
from ._errors import InvalidTextError
from ._json import decode_object

MAX_LENGTH = 65_536
"""A longer text is none of the server's; bytes."""


@dataclass(frozen=True)
class PublicKey:
    """A public key of the product, as ``/.well-known/jwks/{product}.json`` has it."""

    kid: str
    x: str
    """The key's 32 bytes in base64url."""


# The points of small order, without their sign: anyone can sign with them.
_SMALL_ORDER = {
    bytes(32),
    b"\x01" + bytes(31),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    b"\xec" + b"\xff" * 30 + b"\x7f",
    b"\xed" + b"\xff" * 30 + b"\x7f",
    b"\xee" + b"\xff" * 30 + b"\x7f",
}


def key_bytes(key: PublicKey) -> bytes:
    """The 32 bytes of a key. :raises InvalidTextError: when anyone could sign with it, or it is none"""
    try:
        data = decode_bytes(key.x)
    except InvalidTextError:
        data = b""
    if len(data) != 32:
        raise InvalidTextError("unknown_key", f"The public key {well_formed(key.kid)} has not 32 bytes in base64url.")
    if data[:31] + bytes([data[31] & 0x7F]) in _SMALL_ORDER:
        raise InvalidTextError("unknown_key", f"Anyone can sign with the public key {well_formed(key.kid)}.")
    return data


def verify_jws(jws: str, typ: str, keys: Sequence[PublicKey]) -> Dict[str, Any]:
    """
    The claims of a signed statement.

    :param typ: the kind of statement; one of another kind is refused
    :raises InvalidTextError:
    """
    parts = jws.split(".") if len(jws) <= MAX_LENGTH else []
    if len(parts) != 3:
        raise InvalidTextError("malformed", "The text is no JWS.")
    header, claims, signature = decode_object(parts[0]), decode_object(parts[1]), decode_bytes(parts[2])
    if "crit" in header:
        raise InvalidTextError("malformed", "The header has crit, which is not known.")
    if header.get("typ") != typ:
        raise InvalidTextError("wrong_type", f"The text is not of the type {typ}.")
    if header.get("alg") not in ("Ed25519", "EdDSA"):
        raise InvalidTextError("wrong_algorithm", "The text is not signed with Ed25519.")
    kid = header.get("kid")
    key = next((key for key in keys if key.kid == kid), None)
    if key is None:
        name = well_formed(kid[:80]) if isinstance(kid, str) else "none"
        raise InvalidTextError("unknown_key", f"The text is signed with a key that the app does not know: {name}")
    public = Ed25519PublicKey.from_public_bytes(key_bytes(key))
    try:
        public.verify(signature, f"{parts[0]}.{parts[1]}".encode("ascii"))
    except InvalidSignature:
        raise InvalidTextError("wrong_signature", "The signature is wrong.") from None
    return claims
