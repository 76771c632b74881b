"""Bytes and texts: base64url without padding (RFC 4648, section 5), UTF-8 and SHA-256."""

from __future__ import annotations

import base64
import hashlib
import re

from ._errors import InvalidTextError

_BASE64URL = re.compile("[A-Za-z0-9_-]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


def well_formed(text: str) -> str:
    """The text with lone surrogates, which are no characters, replaced: it can be encoded and printed."""
    return _SURROGATE.sub("\ufffd", text)


def has_lone_surrogate(text: str) -> bool:
    return _SURROGATE.search(text) is not None


def utf8(text: str) -> bytes:
    return well_formed(text).encode("utf-8")


def utf16_length(text: str) -> int:
    """How many units of UTF-16 a text has, by which the server counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def text_of(data: bytes) -> str:
    """:raises InvalidTextError: for bytes that are not UTF-8"""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidTextError("malformed", "The text is not UTF-8.") from None


def encode_bytes(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def decode_bytes(text: str) -> bytes:
    """:raises InvalidTextError: for what is not base64url, and for another text of the same bytes"""
    if _BASE64URL.fullmatch(text) is None or len(text) % 4 == 1:
        raise InvalidTextError("malformed", "The text is not base64url.")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # Other texts with the same bytes would be the same signature under another name.
    if encode_bytes(data) != text:
        raise InvalidTextError("malformed", "The text is not what its bytes are encoded as.")
    return data


def sha256(text: str) -> bytes:
    return hashlib.sha256(utf8(text)).digest()


def digest(text: str) -> str:
    """The SHA-256 of a text, in base64url."""
    return encode_bytes(sha256(text))
