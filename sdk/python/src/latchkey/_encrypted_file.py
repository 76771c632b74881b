"""Encrypted license files: JWE (RFC 7516) whose key follows from the license key and the fingerprint of the device."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ._encoding import decode_bytes, text_of, utf8
from ._errors import InvalidTextError, OtherDeviceError
from ._json import decode_object

_INFO = b"latchkey license file"


def is_encrypted(content: str) -> bool:
    """Whether the content of a license file is a JWE."""
    return content.count(".") == 4


def decrypt_file(jwe: str, license_key: str, fingerprint: str) -> str:
    """
    The JWS in an encrypted file.

    :param license_key: as it was sent to the server, as the fingerprint
    :raises InvalidTextError:
    :raises OtherDeviceError:
    """
    head, encrypted_key, nonce_text, ciphertext, tag_text = jwe.split(".")
    header = decode_object(head)
    nonce, tag = decode_bytes(nonce_text), decode_bytes(tag_text)
    if encrypted_key != "" or len(nonce) != 12 or len(tag) != 16:
        raise InvalidTextError("malformed", "The encrypted file is damaged.")
    data = decode_bytes(ciphertext) + tag
    if "crit" in header or "zip" in header:
        raise InvalidTextError("malformed", "The file is encrypted in a way that is not known.")
    if header.get("typ") != "license-file+jwe" or header.get("cty") != "license-file+jwt":
        raise InvalidTextError("wrong_type", "The text is not an encrypted license file.")
    if header.get("alg") != "dir" or header.get("enc") != "A256GCM":
        raise InvalidTextError("wrong_algorithm", "The file is encrypted in a way that is not known.")
    salt = header.get("salt")
    if not isinstance(salt, str):
        raise InvalidTextError("malformed", "The encrypted file has no salt.")
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=decode_bytes(salt), info=_INFO)
    key = derivation.derive(utf8(f"{license_key}\n{fingerprint}"))
    try:
        return text_of(AESGCM(key).decrypt(nonce, data, head.encode("ascii")))
    except InvalidTag:
        raise OtherDeviceError("The license file was encrypted for another device.") from None
