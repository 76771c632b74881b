"""Status lists (IETF draft-ietf-oauth-status-list): a bit for each license file, set while the file is revoked."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Sequence

from ._encoding import decode_bytes, utf8
from ._errors import InvalidTextError
from ._file_claims import check_members, has_members, is_text
from ._json import is_integer, is_time
from ._jws import MAX_LENGTH, PublicKey, verify_jws

# A list is not larger when it is decompressed; bytes.
_MAX_SIZE = 16_384

_CHECKS = {
    "sub": is_text,
    "iat": is_time,
    "exp": is_time,
    "ttl": is_integer,
    "status_list": has_members({"bits": lambda value: is_integer(value) and value == 1, "lst": is_text}),
}


@dataclass(frozen=True)
class StatusList:
    """A verified list. Times are seconds since 1970."""

    uri: str
    """Its address, by which license files name it."""
    issued_at: int
    expires_at: int
    bits: bytes

    def is_set(self, index: int) -> bool:
        """Whether the index of a file is set. One beyond the list is not."""
        byte, bit = divmod(index, 8)
        return byte < len(self.bits) and self.bits[byte] >> bit & 1 == 1


def read_status_list(jws: str, keys: Sequence[PublicKey]) -> StatusList:
    """:raises InvalidTextError: for a list that is damaged or not the vendor's"""
    if len(jws) > MAX_LENGTH or len(utf8(jws)) > MAX_LENGTH:
        raise InvalidTextError("malformed", "The status list is too long.")
    claims = verify_jws(jws.strip(), "statuslist+jwt", keys)
    check_members(claims, _CHECKS)
    bits = _inflate(decode_bytes(claims["status_list"]["lst"]))
    return StatusList(claims["sub"], int(claims["iat"]), int(claims["exp"]), bits)


def _inflate(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        found = stream.decompress(data, _MAX_SIZE + 1)
    except zlib.error:
        raise InvalidTextError("malformed", "The status list is not compressed right.") from None
    if len(found) > _MAX_SIZE or not stream.eof or stream.unused_data:
        raise InvalidTextError("malformed", "The status list is too large, cut, or followed by something.")
    return found
