"""The conformance program of this library: reads calls, one JSON object a line, and writes what came of each.

tests/sdk/conformance has the driver, which plays the same calls to the libraries of all languages.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Dict, List, Optional

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "src"))

from latchkey import (  # noqa: E402
    Device,
    FileStorage,
    InvalidOptionsError,
    InvalidTextError,
    LatchkeyError,
    LicenseClient,
    LicenseStatus,
    MemoryStorage,
    Meter,
    Reservation,
    RetryPolicy,
)

Answer = Dict[str, Any]


class Program:
    """The client of the last `open`, and the states that its listener heard since the last `changes`."""

    def __init__(self) -> None:
        self.client: Optional[LicenseClient] = None
        self.states: List[str] = []
        self.stands_at: Optional[float] = None
        self.offset = 0.0
        self.lock = threading.Lock()

    def now(self) -> float:
        return time.time() + self.offset if self.stands_at is None else self.stands_at

    def answer(self, given: Answer) -> Answer:
        try:
            return self.call(given.pop("call"), given)
        except LatchkeyError as error:
            return {"error": error_form(error)}
        except InvalidOptionsError as error:
            return {"error": plain_error("INVALID_OPTIONS", error)}
        except InvalidTextError as error:
            return {"error": plain_error("INVALID_TEXT", error)}
        except Exception as error:
            traceback.print_exc()
            return {"error": plain_error(type(error).__name__, error)}

    def call(self, name: str, given: Answer) -> Answer:
        if name == "open":
            return self.open(given)
        if name == "parallel":
            with ThreadPoolExecutor(max_workers=len(given["calls"])) as pool:
                return {"results": list(pool.map(self.answer, given["calls"]))}
        if name == "clock":
            self.stands_at, self.offset = given.get("now"), given.get("offset", 0)
            return {"ok": True}
        if name == "changes":
            with self.lock:
                heard, self.states = self.states, []
            return {"states": heard}
        if self.client is None:
            raise RuntimeError("There is no client.")
        return calls[name](self.client, given)

    def open(self, given: Answer) -> Answer:
        if self.client is not None:
            self.client.stop()
        self.client = None
        self.states = []
        self.stands_at, self.offset = given.get("now"), 0
        self.client = LicenseClient(
            url=given["url"],
            api_key=given["api_key"],
            product=given["product"],
            version=given["version"],
            released=given["released"],
            public_keys=given["public_keys"],
            device=Device(given["fingerprint"], given.get("components")),
            device_name=given.get("device_name"),
            storage=MemoryStorage() if given["file"] is None else FileStorage(given["file"]),
            retries=RetryPolicy(**members(given, "attempts", "first_delay")),
            clock=self.now,
            random=(lambda length: b"\x01" * length) if given.get("random") == "ones" else os.urandom,
            **members(given, "refresh_interval", "fresh_for", "offline_grace", "timeout"),
        )
        self.client.on_change(self.hear)
        return {"ok": True}

    def hear(self, status: LicenseStatus) -> None:
        with self.lock:
            self.states.append(status.state.value)


def members(given: Answer, *names: str) -> Answer:
    """Only members that are given: the library's defaults are tried as well."""
    return {name: given[name] for name in names if given.get(name) is not None}


def status_form(status: LicenseStatus) -> Answer:
    form = dataclasses.asdict(dataclasses.replace(status, error=None, storage_error=None))
    if status.error is not None:
        form["error"] = error_form(status.error)
    if status.storage_error is not None:
        form["storage_error"] = str(status.storage_error)
    return {"status": form}


def error_form(error: LatchkeyError) -> Answer:
    names = ("code", "message", "status", "request_id", "details", "retry_after")
    return {name: getattr(error, name) for name in names}


def plain_error(code: str, error: Exception) -> Answer:
    message = str(error) or code
    return {"code": code, "message": message, "status": 0, "request_id": None, "details": {}, "retry_after": None}


def meter_form(meter: Meter) -> Answer:
    form = dataclasses.asdict(meter)
    if isinstance(meter, Reservation):
        form["expires_at"] = meter.expires_at * 1000
    return {"meter": form}


def session_form(client: LicenseClient, given: Answer) -> Answer:
    session = client.seats.start()
    return {"session": {**dataclasses.asdict(session), "expires_at": session.expires_at * 1000}}


def done(work: Callable[[], None]) -> Answer:
    work()
    return {"ok": True}


calls: Dict[str, Callable[[LicenseClient, Answer], Answer]] = {
    "start": lambda client, given: status_form(client.start()),
    "stop": lambda client, given: done(client.stop),
    "status": lambda client, given: status_form(client.status()),
    "refresh": lambda client, given: status_form(client.refresh()),
    "activate": lambda client, given: status_form(client.activate(given["license_key"])),
    "deactivate": lambda client, given: status_form(client.deactivate()),
    "deactivate_offline": lambda client, given: {"code": client.deactivate_offline()},
    "check_out": lambda client, given: status_form(client.check_out(**members(given, "ttl", "encrypt"))),
    "check_in": lambda client, given: status_form(client.check_in()),
    "install_file": lambda client, given: status_form(client.install_file(given["file"], given.get("license_key"))),
    "install_status_list": lambda client, given: status_form(client.install_status_list(given["list"])),
    "offline_request": lambda client, given: {
        "text": client.offline_request(given["license_key"], **members(given, "encrypt"))
    },
    "check_for_update": lambda client, given: {"update": dataclasses.asdict(client.check_for_update())},
    "seats_start": session_form,
    "seats_end": lambda client, given: done(client.seats.end),
    "usage_increment": lambda client, given: meter_form(client.usage.increment(**members(given, "meter", "amount"))),
    "usage_reserve": lambda client, given: meter_form(
        client.usage.reserve(**members(given, "meter", "amount", "ttl"))
    ),
    "usage_commit": lambda client, given: meter_form(
        client.usage.commit(**members(given, "reservation", "amount"))
    ),
    "usage_release": lambda client, given: meter_form(client.usage.release(given["reservation"])),
}


def main() -> None:
    program = Program()
    for line in sys.stdin.buffer:
        if line.strip():
            text = json.dumps(program.answer(json.loads(line)), allow_nan=False)
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
    if program.client is not None:
        program.client.stop()


main()
