"""Removal codes: what an app shows when its device is given back without a network."""

from __future__ import annotations

import hmac

from ._encoding import decode_bytes
from ._file_claims import FileClaims

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def removal_code(claims: FileClaims) -> str:
    """The removal code of a license file, in groups of five characters."""
    return write_removal_code(claims.activation, claims.seq, claims.removal)


def write_removal_code(activation: int, seq: int, removal: str) -> str:
    """
    :param removal: the claim of the license file: a key of 32 bytes in base64url
    :raises InvalidTextError: for a key that is not base64url
    """
    message = f"removal\n{activation}\n{seq}".encode("ascii")
    proof = hmac.new(decode_bytes(removal), message, "sha256").digest()[:16]
    # Two bits of 0 make 26 digits of 128 bits.
    code = _base32(activation, 1) + _base32(seq, 8) + _base32(int.from_bytes(proof, "big") << 2, 26)
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def _base32(number: int, length: int) -> str:
    """Crockford's base 32, the highest digit first."""
    text = ""
    while number > 0 or len(text) < length:
        text, number = _DIGITS[number % 32] + text, number // 32
    return text
