"""The library comes to the result of each vector in sdk/vectors. Each case is a subtest; each kind is a test."""

from __future__ import annotations

import json
import pathlib
import unittest
from typing import Any, Callable, Dict, List, Optional

from latchkey import Device, InvalidTextError, PublicKey, device_of, read_license_key
from latchkey._license_file import App, Seen, check_license_file
from latchkey._offline_request import write_offline_request
from latchkey._removal_code import write_removal_code
from latchkey._retry import RetryPolicy, delay_before_retry
from latchkey._status_list import read_status_list
from latchkey._validation import read_validation
from latchkey._version import is_version_in_range

VECTORS = pathlib.Path(__file__).resolve().parents[2] / "vectors"


def public_keys(keys: List[Dict[str, str]]) -> List[PublicKey]:
    return [PublicKey(key["kid"], key["x"]) for key in keys]


def file_result(given: Any) -> Any:
    device, kept = given["device"], given["kept"]
    removed = {activation: one["seq"] for activation, one in kept.get("removed", {}).items()}
    found = check_license_file(
        given["file"],
        keys=public_keys(given["keys"]),
        app=App(**given["app"]),
        device=Device(device["fingerprint"], device.get("components")),
        license_key=device["license_key"],
        now=given["now"],
        seen=Seen(kept.get("trusted", 0), kept.get("seq", {}), kept.get("lists", {}), removed),
        lists=given["lists"],
    )
    return {"state": found.state.value, "reason": found.reason}


def validation_result(given: Any) -> Any:
    sent = {name: given[name] for name in ("nonce", "license_key", "fingerprint", "product")}
    try:
        return {"code": read_validation(given["signature"], public_keys(given["keys"]), **sent).code}
    except InvalidTextError as error:
        return {"reason": error.reason}


def license_key_result(given: Any) -> Any:
    key = read_license_key(given)
    return key and {"text": key.text, "canonical": key.canonical, "checksum_mismatch": key.checksum_mismatch}


def device_result(given: Any) -> Any:
    try:
        device = device_of(given["product"], dict(given["parts"]))
    except ValueError:
        return None
    return {"fingerprint": device.fingerprint, "components": device.components}


def request_result(given: Any) -> Any:
    return write_offline_request(
        given["license_key"],
        Device(given["hardware_hash"], given.get("components")),
        device_name=given.get("machine_name"),
        version=given.get("app_version"),
        encrypt=given.get("encrypt"),
        created_at=given.get("created_at"),
    )


def retry_result(given: Any) -> Any:
    now = given["now"]
    delays: List[float] = []
    while True:
        outcome = given["outcomes"][len(delays)]
        delay: Optional[float] = delay_before_retry(
            outcome["status"],
            outcome["retry_after"],
            len(delays) + 1,
            given["random"][len(delays)],
            now,
            RetryPolicy(),
        )
        if delay is None:
            return {"delays": delays, "status": outcome["status"]}
        delays.append(delay)
        now += delay


def removal_result(given: Any) -> Any:
    return write_removal_code(given["activation"], given["seq"], given["removal"])


SEEN_REASONS = ("other_list", "older_list", "list_ended")
"""Of lists that are signed right: whether they count depends on the file, and on what was seen."""


def list_result(jws: str, given: Any) -> Optional[str]:
    try:
        read_status_list(jws, public_keys(given["keys"]))
    except InvalidTextError as error:
        return error.reason
    return None


RUNNERS: Dict[str, Callable[[Any], Any]] = {
    "devices": device_result,
    "file": file_result,
    "license_keys": license_key_result,
    "offline_requests": request_result,
    "removal_codes": removal_result,
    "retries": retry_result,
    "validations": validation_result,
    "versions": lambda given: is_version_in_range(given["version"], given["range"]),
}


class VectorsTest(unittest.TestCase):
    """Has a test for each file of vectors; transcripts are played by the conformance program."""

    def compare(self, path: pathlib.Path) -> None:
        runner = RUNNERS["file" if path.stem.startswith("file_") else path.stem]
        cases = json.loads(path.read_text("utf-8"))["cases"]
        self.assertGreater(len(cases), 0)
        for case in cases:
            with self.subTest(case["name"], reason=case["reason"]):
                self.assertEqual(runner(case["given"]), case["expected"])
                if "lists" in case:
                    read = [list_result(jws, case["given"]) for jws in case["given"]["lists"]]
                    self.assertEqual(read, [None if one in SEEN_REASONS else one for one in case["lists"]])


def method_of(path: pathlib.Path) -> Callable[[VectorsTest], None]:
    return lambda self: self.compare(path)


for vectors in sorted(VECTORS.glob("*.json")):
    if vectors.stem != "transcripts":
        setattr(VectorsTest, f"test_{vectors.stem}", method_of(vectors))


if __name__ == "__main__":
    unittest.main()
