"""The fingerprint: named parts of the device, each hashed with a salt of the product, so that no two vendors can compare
them."""

from __future__ import annotations

import re
from typing import Dict, Mapping, Optional

from ._device import Device
from ._encoding import sha256

# What firmware, images and virtual machines say where a serial number was left out; folded.
_PLACEHOLDERS = frozenset(
    """
    notspecified notpresent notsettable notavailable notapplicable none null na unknown undefined invalid oem default
    defaultstring tobefilledbyoem tobefilled systemserialnumber serialnumber baseboardserialnumber boardserialnumber
    chassisserialnumber noassettag assettag generic virtualmachine 03000200040005000006000700080009
    00020003000400050006000700080009 uninitialized
    """.split()
)
_MEANINGLESS = re.compile(r"0*|f{4,}|x{3,}|([0-9a-z])\1{7,}|0*1?2?3456789[0-9]*")
_CAPITALS = re.compile("[A-Z]+")
_OTHER_ASCII = re.compile("[\0-/:-@\\[-`{-\x7f]+")
_BLANKS = " \t\n\v\f\r"


def is_placeholder(value: str) -> bool:
    """
    Whether a value identifies no device. It is compared without case, and without what is in ASCII no letter or digit;
    other characters stay as they are, the same in all languages.
    """
    folded = _OTHER_ASCII.sub("", _CAPITALS.sub(lambda found: found[0].lower(), value))
    return folded in _PLACEHOLDERS or _MEANINGLESS.fullmatch(folded) is not None


def device_of(product: str, parts: Mapping[str, Optional[str]]) -> Device:
    """
    A device from parts of the machine; placeholders and empty parts are dropped.

    :param product: the product's code, the salt of the hashes
    :param parts: by name: the first that identifies the device is the fingerprint, all are components. Put first what
        stays the same for every user of the device
    :raises ValueError: when no part identifies the device
    """
    components: Dict[str, str] = {}
    for name, value in parts.items():
        if value is not None and not is_placeholder(value):
            components[name] = sha256(f"{product}\n{name}\n{value.strip(_BLANKS)}").hex()[:32]
    if not components:
        raise ValueError("No part identifies this device. Give a fingerprint of your own.")
    first = next(iter(components.values()))
    return Device(sha256(f"{product}\nfingerprint\n{first}").hex(), components)
