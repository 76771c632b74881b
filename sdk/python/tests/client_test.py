"""A client against a server: what an app does, in order, and what is not believed."""

from __future__ import annotations

import functools
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler
from typing import Any, Dict, List, Optional

import vendor
from latchkey import Device, InvalidOptionsError, InvalidTextError, LatchkeyError, LicenseStatus, RetryPolicy
from vendor import KEY, NOW, Answer, Clock, Server, always, answer_json, client, honest, license_file, status_list, validation

DAY = 86_400


def lost(server: Server, request: BaseHTTPRequestHandler, path: str, sent: Dict[str, Any]) -> Optional[Answer]:
    request.connection.close()
    return None


def answer_with(claims: Dict[str, Any], *given: Any) -> Answer:
    """A validation with other claims."""
    return answer_json(validation(given[3], **claims))


def slow(*given: Any) -> Answer:
    time.sleep(0.3)
    return honest(*given)


def silent(server: Server, *_: Any) -> None:
    server.ended.wait(30)


class ClientTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Server()
        self.addCleanup(self.server.close)

    def test_activates_runs_offline_and_is_deactivated(self) -> None:
        clock = Clock()
        license = client(self.server.url, clock=clock, device_name="Workstation")
        heard: List[str] = []
        license.on_change(lambda status: heard.append(status.state.value))
        self.assertEqual(license.status().state, "not_activated")
        status = license.activate(f" “{KEY.lower()}”. ")
        self.assertEqual((status.state, status.usable, status.error), ("valid", True, None))
        self.assertEqual(status.file and status.file.customer.name, "Lumen Ltd")
        self.assertEqual(self.server.requests[0][2]["license_key"], KEY.lower())
        self.assertEqual(self.server.requests[0][2]["machine_name"], "Workstation")
        self.server.handler = lost
        for day, state in ((29, "valid"), (31, "expired"), (-1, "clock_tampered"), (366, "expired"), (0, "valid")):
            clock.offset = day * DAY
            status = license.refresh()
            self.assertEqual(status.state, state, day)
            self.assertEqual(status.error and status.error.code, "NETWORK_ERROR")
        self.server.handler = honest
        self.assertEqual(license.deactivate().state, "not_activated")
        with self.assertRaises(LatchkeyError) as raised:
            license.deactivate()
        self.assertEqual(raised.exception.code, "NOT_ACTIVATED")
        self.assertEqual(heard, ["valid", "expired", "clock_tampered", "expired", "valid", "not_activated"])

    def test_refusals_are_states_and_have_their_facts(self) -> None:
        license = client(self.server.url)
        refused = {"error": {"code": "ACTIVATION_LIMIT_REACHED", "message": "Full", "details": {"max": 1}}}
        self.server.handler = always(answer_json(refused, 403, x_request_id="request-1"))
        status = license.activate(KEY)
        self.assertEqual((status.state, status.usable), ("limit_reached", False))
        assert status.error is not None
        self.assertEqual((status.error.details, status.error.request_id), ({"max": 1}, "request-1"))
        self.server.handler = always((502, {}, b"<h1>Bad gateway</h1>"))
        with self.assertRaises(LatchkeyError) as raised:
            license.activate(KEY)
        self.assertEqual((raised.exception.code, raised.exception.status), ("HTTP_502", 502))

    def test_a_server_that_lies_is_not_believed(self) -> None:
        license = client(self.server.url)
        license.activate(KEY)
        lies = {
            "unsigned": {"valid": False, "code": "LICENSE_INACTIVE"},
            "another call": validation({"nonce": "other", "license_key": KEY, "hardware_hash": "device"}),
            "no text": {"signature": 7},
        }
        for name, body in lies.items():
            self.server.handler = always(answer_json(body))
            status = license.refresh()
            self.assertEqual((status.state, status.error and status.error.code), ("valid", "UNTRUSTED_ANSWER"), name)
        pages = [b"", b"null", b"[]", b"<h1>", b"[" * 200_000, b'{"a":' * 100_000, b"\xff\xfe", b'{"a":NaN}']
        for page in pages:
            self.server.handler = always((200, {}, page))
            status = license.refresh()
            self.assertEqual((status.state, status.error and status.error.code), ("valid", "UNTRUSTED_ANSWER"), page[:9])
        with self.assertRaises(LatchkeyError):
            license.seats.start()
        with self.assertRaises(LatchkeyError):
            license.usage.reserve("exports")

    def test_signed_answers_with_odd_members_are_believed(self) -> None:
        license = client(self.server.url)
        license.activate(KEY)
        odd = {"later": "\ud800", "number": 10**400, "lease_ends": [], "license_file": 7}
        self.server.handler = lambda *given: answer_json({**validation(given[3]), **odd})
        status = license.refresh()
        self.assertEqual((status.state, status.error), ("valid", None))

    def test_true_is_no_number_and_1_0_is_one(self) -> None:
        for claims, state in (({"iat": True}, "UNTRUSTED_ANSWER"), ({"iat": float(NOW), "license": 1.0}, None)):
            license = client(self.server.url)
            self.server.handler = always(answer_json({}))
            license.activate(KEY)
            self.server.handler = functools.partial(answer_with, claims)
            error = license.refresh().error
            self.assertEqual(error and error.code, state)

    def test_calls_are_repeated_with_the_same_key(self) -> None:
        license = client(self.server.url, retries=RetryPolicy(attempts=4, first_delay=0.01))
        answers = [lost, always(answer_json({}, 503)), always(answer_json({}, 429, retry_after="1"))]
        self.server.handler = lambda *given: (answers.pop(0) if answers else honest)(*given)
        self.assertEqual(license.activate(KEY).state, "valid")
        keys = [headers["Idempotency-Key"] for path, headers, _ in self.server.requests if path.endswith("activate")]
        self.assertEqual((len(keys), len(set(keys))), (4, 1))

    def test_a_device_is_given_back_without_a_network(self) -> None:
        license = client("http://127.0.0.1:9")
        with self.assertRaises(LatchkeyError):
            license.deactivate_offline()
        file = license_file(seq=1790000000, activation=1234)
        clock = Clock()
        license = client("http://127.0.0.1:9", clock=clock)
        self.assertEqual(license.install_file(file).state, "valid")
        code = license.deactivate_offline()
        self.assertEqual(code, "16J01-NB2EW-00ZQ6-2CE3C-EE7JT-0BS2X-FRA6E-0W")
        self.assertEqual(license.deactivate_offline(), code)
        self.assertEqual(license.install_file(file).state, "not_activated")
        self.assertEqual(license.status().state, "not_activated")
        self.assertEqual(license.install_file(license_file(seq=1790000001, activation=1234)).state, "valid")

    def test_files_and_lists_are_installed_and_older_ones_are_not(self) -> None:
        license = client("http://127.0.0.1:9")
        self.assertEqual(license.install_file(license_file(seq=NOW + 1)).state, "valid")
        self.assertEqual(license.install_file(license_file()).state, "invalid")
        other = license_file(machine={**vendor.file_claims()["machine"], "fingerprint": "x"})
        self.assertEqual(license.install_file(other).state, "wrong_machine")
        self.assertEqual(license.status().state, "valid")
        for bad in ("", "a.b.c", status_list(bytes(10_000_000)), status_list(b"\0")[:-9], "\ud800" * 9):
            with self.assertRaises(InvalidTextError):
                license.install_status_list(bad)
        self.assertEqual(license.install_status_list(f"\n{status_list(bytes(4))}\n").state, "valid")
        self.assertEqual(license.install_status_list(status_list(b"\0\x02", iat=NOW + 1)).state, "revoked")
        self.assertEqual(license.install_status_list(status_list(bytes(4))).state, "revoked")

    def test_a_list_that_has_revoked_is_asked_for_again(self) -> None:
        license = client(self.server.url)
        license.activate(KEY)
        uri = f"{self.server.url}/license-status"
        license.install_file(license_file(seq=NOW + 1, status={"uri": uri, "idx": 9}))
        self.assertEqual(license.install_status_list(status_list(b"\0\x02", sub=uri)).state, "revoked")
        newer = status_list(b"\0\0", sub=uri, iat=NOW + 1).encode()
        self.server.handler = lambda *given: answer_json(validation(given[3])) if given[3] else (200, {}, newer)
        self.assertEqual(license.refresh().state, "valid")
        self.assertNotIn("X-Api-Key", {name.title() for name in self.server.requests[-1][1]})

    def test_a_file_whose_number_is_0_is_like_others(self) -> None:
        self.assertEqual(client("http://127.0.0.1:9").install_file(license_file(seq=0)).state, "valid")

    def test_text_that_is_made_to_take_long_does_not(self) -> None:
        pages = [b'"' + b'\\"' * 1_500_000, b"[" * 3_000_000, b"[]" * 1_500_000, b"[" + b"9" * 3_000_000 + b"]"]
        license = client(self.server.url)
        license.activate(KEY)
        for page in pages:
            self.server.handler = always((200, {}, page))
            began = time.monotonic()
            status = license.refresh()
            self.assertEqual((status.state, status.error and status.error.code), ("valid", "UNTRUSTED_ANSWER"))
            self.assertLess(time.monotonic() - began, 5)

    def test_refreshes_at_once_are_one_request_and_stop_ends_waiting(self) -> None:
        license = client(self.server.url, timeout=30)
        license.activate(KEY)
        self.server.requests.clear()
        self.server.handler = slow
        found: List[LicenseStatus] = []
        threads = [threading.Thread(target=lambda: found.append(license.refresh())) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(found), self.server.paths()), (5, ["/api/license/verify"]))
        self.server.handler = silent
        began = time.monotonic()
        threading.Timer(0.2, license.stop).start()
        status = license.refresh()
        self.assertEqual((status.state, status.error and status.error.code), ("valid", "NETWORK_ERROR"))
        self.assertLess(time.monotonic() - began, 5)

    def test_a_listener_may_call_the_client_and_may_fail(self) -> None:
        license = client(self.server.url)
        heard: List[str] = []

        def listen(status: LicenseStatus) -> None:
            heard.append(f"{status.state} {license.refresh().state}")
            raise ValueError("An error of the app.")

        remove = license.on_change(listen)
        with self.assertLogs("latchkey"):
            license.activate(KEY)
        remove()
        license.deactivate()
        self.assertEqual(heard, ["valid valid"])

    def test_it_is_a_context_manager_and_refreshes_in_the_background(self) -> None:
        license = client(self.server.url, random=lambda length: bytes(length))
        license.activate(KEY)
        self.server.requests.clear()
        with license as started:
            self.assertIs(started, license)
            deadline = time.monotonic() + 5
            while not self.server.requests and time.monotonic() < deadline:
                time.sleep(0.01)
        self.assertEqual(self.server.paths(), ["/api/license/verify"])

    def test_bad_options_are_refused(self) -> None:
        bad: List[Dict[str, Any]] = [
            {"url": ""}, {"url": "licenses.example.com"}, {"url": "ftp://licenses.example.com"}, {"url": "http://a:b@c"},
            {"url": "http://[::1"}, {"url": "http://a:99999"}, {"url": None}, {"api_key": "a\r\nb: c"}, {"api_key": ""},
            {"product": ""}, {"product": "\ud800"}, {"version": None}, {"released": "2026-02-31"}, {"released": 1},
            {"public_keys": []}, {"public_keys": "x"}, {"public_keys": [{"kid": "a", "x": "AAAA"}]},
            {"public_keys": [{"kid": "a", "x": "A" * 43}]}, {"public_keys": [7]}, {"device": "device"},
            {"device": Device("")}, {"device": Device("x" * 256)}, {"device": Device("x", {"a": 1})},  # type: ignore[dict-item]
            {"storage": None}, {"timeout": 0}, {"timeout": float("nan")}, {"timeout": True}, {"fresh_for": -1},
            {"refresh_interval": float("inf")}, {"retries": RetryPolicy(attempts=0)}, {"clock": 7}, {"device_name": 7},
        ]
        for options in bad:
            with self.subTest(str(options)), self.assertRaises(InvalidOptionsError):
                client(**{"url": "https://licenses.example.com", **options})

    def test_a_clock_that_is_wrong_is_a_state(self) -> None:
        license = client("http://127.0.0.1:9")
        license.install_file(license_file())
        for now, state in ((float("nan"), "clock_tampered"), (-1.0, "clock_tampered"), (1e300, "expired")):
            license._options.__dict__["clock"] = lambda now=now: now
            self.assertEqual(license.status().state, state, now)


if __name__ == "__main__":
    unittest.main()
