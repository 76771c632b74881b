"""What identifies a device under Linux, macOS and Windows, as far as programs may read it without rights of an
administrator."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import struct
import subprocess
import sys
from typing import Dict, List, Optional

from ._device import Device
from ._fingerprint import device_of
from ._text import trim

_UP = 0x1
_LOOPBACK = 0x8
_GET_ADDRESS = 0x8915  # SIOCGIFADDR


def machine_device(product: str) -> Device:
    """
    The device that the app runs on.

    :param product: the product's code
    :raises ValueError: when nothing identifies the device, as in many containers. Give a fingerprint of your own then
    """
    return device_of(product, machine_parts())


def machine_parts() -> Dict[str, Optional[str]]:
    """The parts of the device by name; None: not known."""
    if sys.platform.startswith("linux"):
        return {
            "system": _read("/etc/machine-id") or _read("/var/lib/dbus/machine-id"),
            "board": _read("/sys/class/dmi/id/board_serial") or _read("/sys/class/dmi/id/board_asset_tag"),
            "mac": _first(_addresses_of_linux()),
        }
    if sys.platform == "darwin":
        expert = _output("ioreg", "-rd1", "-c", "IOPlatformExpertDevice")
        return {
            "system": _match(r'"IOPlatformUUID" = "([^"]+)"', expert),
            "board": _match(r'"IOPlatformSerialNumber" = "([^"]+)"', expert),
            "mac": _first(_addresses_of_macos()),
        }
    if sys.platform == "win32":
        key = r"HKLM\SOFTWARE\Microsoft\Cryptography"
        return {
            "system": _match(r"REG_SZ\s+(\S+)", _output("reg", "query", key, "/v", "MachineGuid")),
            "board": _match(r"SerialNumber\s+(\S[^\r\n]*)", _output("wmic", "baseboard", "get", "serialnumber")),
            "mac": _first(_addresses_of_windows()),
        }
    return {}


def _first(addresses: List[str]) -> Optional[str]:
    """The first address of a network card that is built in: not one that was made up, whose second bit is set."""
    own = sorted(address for address in addresses if int(address[:2], 16) & 2 == 0)
    return own[0] if own else None


def _addresses_of_linux() -> List[str]:
    """Of network cards that are up and have an internet address."""
    found = []
    with contextlib.suppress(OSError):
        for name in os.listdir("/sys/class/net"):
            folder = f"/sys/class/net/{name}"
            flags = int(_read(f"{folder}/flags") or "0", 16)
            is_up = flags & _UP and not flags & _LOOPBACK and _read(f"{folder}/operstate") in ("up", "unknown")
            if is_up and _has_address(name):
                # A tunnel has none.
                address = re.sub("[^0-9a-f]", "", (_read(f"{folder}/address") or "").lower())[:12].ljust(12, "0")
                found.append(":".join(address[start : start + 2] for start in range(0, 12, 2)))
    return found


def _has_address(name: str) -> bool:
    lines = (_read("/proc/net/if_inet6") or "").splitlines()
    if any(line.split()[-1:] == [name] for line in lines):
        return True
    try:
        import fcntl

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            fcntl.ioctl(sock.fileno(), _GET_ADDRESS, struct.pack("256s", name.encode()[:15]))
        return True
    except (ImportError, OSError):
        return False


def _addresses_of_macos() -> List[str]:
    cards = re.split(r"^(?=\S)", _output("ifconfig", "-a"), flags=re.MULTILINE)
    up = [card for card in cards if re.search(r"<[^>]*\bUP\b[^>]*\bRUNNING\b", card) and "\tinet" in card]
    return [found[1] for found in (re.search(r"\tether ([0-9a-f:]{17})", card) for card in up) if found]


def _addresses_of_windows() -> List[str]:
    lines = _output("getmac", "/fo", "csv", "/nh").splitlines()
    connected = [re.match(r'"((?:[0-9A-F]{2}-){5}[0-9A-F]{2})","\\Device\\', line) for line in lines]
    return [found[1].replace("-", ":").lower() for found in connected if found]


def _read(path: str) -> Optional[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return trim(file.read(65_536)) or None
    except OSError:
        return None


def _match(pattern: str, text: str) -> Optional[str]:
    found = re.search(pattern, text)
    return None if found is None else trim(found[1])


def _output(*command: str) -> str:
    try:
        hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        done = subprocess.run(command, capture_output=True, timeout=5, check=False, creationflags=hidden)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")
