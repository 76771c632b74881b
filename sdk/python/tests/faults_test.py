"""What the library does when its surroundings fail: network, disk, cache file, other processes and threads."""

from __future__ import annotations

import functools
import json
import os
import pickle
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler
from typing import Any, Callable, Dict, List, Optional, Union

from latchkey import (
    FileStorage,
    HttpTransport,
    InvalidTextError,
    LatchkeyError,
    LicenseClient,
    LicenseState,
    MemoryStorage,
    Request,
    Response,
    Storage,
)
from latchkey._machine import machine_parts
from vendor import KEY, PUBLIC_KEY, Server, always, certificate_of, client, honest, license_file

TESTS = pathlib.Path(__file__).resolve().parent


def sends(work: Callable[[Callable[[bytes], Any]], Any]) -> Callable[..., None]:
    """A handler that writes to the socket itself."""

    def handler(server: Server, request: BaseHTTPRequestHandler, path: str, sent: Dict[str, Any]) -> None:
        request.close_connection = True
        work(request.connection.sendall)

    return handler


def write(text: bytes, send: Callable[[bytes], Any]) -> None:
    send(text)


class NetworkTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Server()
        self.addCleanup(self.server.close)

    def test_the_time_limit_is_that_of_the_whole_request(self) -> None:
        def trickle(start: bytes) -> Callable[..., None]:
            def work(send: Callable[[bytes], Any]) -> None:
                send(start)
                while not self.server.ended.wait(0.05):
                    send(b" ")

            return sends(work)

        handlers = {
            "nothing": sends(lambda send: self.server.ended.wait(20)),
            "headers byte by byte": trickle(b"HTTP/1.1 200 OK\r\nx: "),
            "a body byte by byte": trickle(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n"),
        }
        for name, handler in handlers.items():
            with self.subTest(name):
                self.server.handler = handler
                began = time.monotonic()
                with self.assertRaises(OSError):
                    HttpTransport()(Request("POST", self.server.url, {}, b"{}", 0.5))
                self.assertLess(time.monotonic() - began, 3)

    def test_broken_and_large_answers_are_network_errors(self) -> None:
        large = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000_000
        broken = {
            "no HTTP": b"SSH-2.0-OpenSSH\r\n",
            "a long header": b"HTTP/1.1 200 OK\r\nx: " + b"y" * 300_000,
            "many headers": b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 1000 + b"\r\n{}",
            "a cut body": b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{",
            "a wrong chunk": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n{}\r\n0\r\n\r\n",
            "nothing": b"",
            "10 MB": large,
        }
        for name, text in broken.items():
            with self.subTest(name):
                self.server.handler = sends(functools.partial(write, text))
                with self.assertRaises(LatchkeyError) as raised:
                    client(self.server.url).activate(KEY)
                self.assertEqual((raised.exception.code, raised.exception.status), ("NETWORK_ERROR", 0))

    def test_redirects_to_other_servers_are_not_followed(self) -> None:
        other = Server()
        self.addCleanup(other.close)
        for status in (301, 302, 303, 307, 308):
            for target in (other.url, "https://licenses.example.com", "ftp://licenses.example.com", "//127.0.0.1:1"):
                headers = {"Location": f"{target}/api/license/activate"}
                self.server.handler = always((status, headers, b""))
                with self.assertRaises(LatchkeyError) as raised:
                    client(self.server.url).activate(KEY)
                self.assertEqual(raised.exception.code, f"HTTP_{status}")
        self.assertEqual(other.requests, [])
        moved = {"Location": "/moved/activate"}
        self.server.handler = lambda *given: (308, moved, b"") if given[2].startswith("/api/license/activate") else honest(*given)
        self.assertEqual(client(self.server.url).activate(KEY).state, "valid")
        self.server.handler = lambda *given: (307, {"Location": given[2]}, b"")
        with self.assertRaises(LatchkeyError):
            client(self.server.url).activate(KEY)

    def test_proxies_of_the_environment_are_used(self) -> None:
        code = f"""
import sys; sys.path[:0] = {sys.path!r}
from latchkey import HttpTransport, Request
print(HttpTransport()(Request("GET", "http://licenses.invalid/a", {{}}, None, 5)).status)
"""
        environment = {**os.environ, "http_proxy": self.server.url, "no_proxy": ""}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
        self.assertEqual((done.stdout, self.server.paths()), ("200\n", ["http://licenses.invalid/a"]), done.stderr)

    def test_certificates_are_verified(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            certificate = pathlib.Path(folder, "certificate.pem")
            certificate.write_bytes(certificate_of("127.0.0.1"))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server = Server(context)
            self.addCleanup(server.close)
            with self.assertRaises(LatchkeyError) as raised:
                client(server.url).activate(KEY)
            self.assertEqual((raised.exception.code, server.requests), ("NETWORK_ERROR", []))
            trusting = ssl.create_default_context(cafile=str(certificate))
            self.assertEqual(client(server.url, transport=HttpTransport(trusting)).activate(KEY).state, "valid")
            named = server.url.replace("127.0.0.1", "localhost")
            with self.assertRaises(LatchkeyError):
                client(named, transport=HttpTransport(trusting)).activate(KEY)

    def test_a_transport_that_fails_or_hangs_is_a_network_error(self) -> None:
        def hang(request: Request) -> Response:
            time.sleep(3)
            raise OSError

        for transport in (lambda request: 1 / 0, lambda request: Response(200, {}, b"x" * 5_000_000), hang):
            with self.assertRaises(LatchkeyError) as raised:
                client("https://licenses.example.com", transport=transport, timeout=0.2).activate(KEY)
            self.assertEqual(raised.exception.code, "NETWORK_ERROR")


class DiskTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "app" / "license.json"
        self.server = Server()
        self.addCleanup(self.server.close)

    def open(self, **options: Any) -> LicenseClient:
        options.setdefault("storage", FileStorage(self.path))
        return client(self.server.url, **options)

    def test_a_cache_file_that_was_damaged_is_replaced_by_the_one_before(self) -> None:
        license = self.open()
        license.activate(KEY)
        license.refresh()
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)
        size = self.path.stat().st_size
        whole = self.path.read_bytes()
        damages: List[Optional[bytes]] = [whole[:size], b"", b"{", whole[:90], bytes(size), b"\xff" * size]
        for damage in [*damages, b"[" * 200_000, b"7", b"null", b" " * 9_000_000, None]:
            previous = self.path.with_name("license.json.previous").read_bytes()
            if damage is None:
                self.path.unlink()
            else:
                self.path.write_bytes(damage)
            status = self.open().refresh()
            self.assertEqual((status.state, status.storage_error), ("valid", None), (damage or b"")[:20])
            self.assertTrue(previous)
        self.assertEqual(sorted(os.listdir(self.path.parent)), ["license.json", "license.json.previous"])

    def test_where_nothing_can_be_kept_it_is_held_in_memory(self) -> None:
        class Full(Storage):
            def read(self) -> Optional[str]:
                return None

            def write(self, text: str) -> None:
                raise OSError(28, "No space left on device")

        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        paths: List[Union[str, pathlib.Path]] = ["/proc/latchkey/license.json", "/dev/full/license.json", "/dev/null/license.json", self.folder, pipe]
        for storage in [Full(), *(FileStorage(path) for path in paths)]:
            self.server.handler = honest
            license = self.open(storage=storage)
            status = license.activate(KEY)
            self.assertEqual(status.state, "valid")
            if getattr(storage, "path", None) != str(pipe):
                self.assertIsInstance(status.storage_error, OSError)
            self.server.handler = sends(lambda send: None)
            self.assertEqual(license.refresh().state, "valid")

    def test_members_of_wrong_types_count_as_absent(self) -> None:
        values: List[Any] = [None, True, 7, -1, 1e300, float("nan"), "text", [], {}, [["a"]], {"a": {"b": "c"}}, {"7": True}, 10**400]
        names = ["format", "license_key", "file", "validation", "refusal", "trusted", "seq", "lists", "removed", "list"]
        for value in values:
            storage = MemoryStorage()
            storage.write(json.dumps({name: value for name in names}))
            license = self.open(storage=storage)
            self.assertIn(license.status().state, ("not_activated", "invalid"))
            self.assertEqual(license.activate(KEY).state, "valid")

    def test_what_was_seen_is_not_forgotten_while_the_app_runs(self) -> None:
        license = self.open()
        license.activate(KEY)
        old = self.path.read_text()
        license.check_out()
        self.path.write_text(json.dumps({**json.loads(old), "trusted": 0, "seq": {}, "validation": None}))
        self.assertEqual(license.status().state, "invalid")

    def test_processes_and_threads_lose_nothing_of_each_other(self) -> None:
        code = f"""
import sys; sys.path[:0] = {[str(TESTS), *sys.path]!r}
import threading
from latchkey import FileStorage
from latchkey._kept_record import KeptRecord
def count(kept, name):
    for _ in range(10):
        kept.change(lambda record: record.with_seen(seq={{name: record.seq.get(name, 0) + 1}}))
        kept.change(lambda record: record.with_seen(lists={{"all": record.lists.get("all", 0) + 1}}))
kept = KeptRecord(FileStorage(sys.argv[1]))
threads = [threading.Thread(target=count, args=(kept, f"{{sys.argv[2]}}{{number}}")) for number in range(3)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert kept.error is None, kept.error
"""
        programs = [subprocess.Popen([sys.executable, "-c", code, str(self.path), name]) for name in "ab"]
        self.assertEqual([program.wait() for program in programs], [0, 0])
        record = json.loads(self.path.read_text())
        self.assertEqual((record["lists"], set(record["seq"].values()), len(record["seq"])), ({"all": 60}, {10}, 6))

    def test_the_lock_of_a_process_that_ended_is_removed(self) -> None:
        self.path.parent.mkdir()
        lock = self.path.with_name("license.json.lock")
        lock.touch()
        os.utime(lock, (0, 0))
        self.assertIsNone(self.open().activate(KEY).storage_error)
        self.assertFalse(lock.exists())

    @unittest.skipUnless(hasattr(os, "fork"), "The system has no fork.")
    def test_a_process_that_forks_uses_it_in_both(self) -> None:
        license = self.open()
        license.activate(KEY)
        license.start()
        busy = threading.Event()

        def slow(*given: Any) -> Any:
            busy.set()
            time.sleep(0.5)
            return honest(*given)

        self.server.handler = slow
        thread = threading.Thread(target=license.refresh)
        thread.start()
        busy.wait()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                # The other thread holds the turn in the parent; here it is free.
                done = license.install_file(license_file()).state == "valid"
                running = license._refreshing._background.is_running
                code = 0 if done and running and license.refresh().error is None else 2
            finally:
                os._exit(code)
        deadline = time.monotonic() + 20
        ended = (0, 0)
        while ended[0] == 0 and time.monotonic() < deadline:
            ended = os.waitpid(child, os.WNOHANG)
            time.sleep(0.02)
        if ended[0] == 0:
            os.kill(child, 9)
            os.waitpid(child, 0)
        thread.join()
        license.stop()
        self.assertEqual(ended, (child, 0))

    def test_an_app_that_does_not_stop_ends(self) -> None:
        code = f"""
import sys; sys.path[:0] = {[str(TESTS), *sys.path]!r}
from latchkey import Device, LicenseClient, MemoryStorage
license = LicenseClient(url={self.server.url!r}, api_key="key", product="painter", version="1", released=None,
    public_keys=[{PUBLIC_KEY!r}], device=Device("device"), storage=MemoryStorage(), random=lambda n: bytes(n))
license._kept.change(lambda record: record.forgetting(license_key="x"))
license.start()
import time; time.sleep(0.5)
"""
        self.server.handler = sends(lambda send: self.server.ended.wait(30))
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=10, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))


class ErrorTest(unittest.TestCase):
    def test_errors_pass_between_processes(self) -> None:
        error = LatchkeyError("RATE_LIMITED", "Later.", details={"a": 1}, status=429, retry_after=7)
        again = pickle.loads(pickle.dumps(error))
        self.assertEqual((str(again), vars(again)), (str(error), vars(error)))
        self.assertEqual(str(pickle.loads(pickle.dumps(InvalidTextError("malformed", "No.")))), "No.")

    def test_states_are_their_texts(self) -> None:
        self.assertEqual({"valid": 1}[LicenseState.VALID], 1)
        self.assertEqual((f"{LicenseState.VALID}", str(LicenseState.VALID)), ("valid", "valid"))
        self.assertIn(LicenseState.GRACE, {"grace"})


class DeviceTest(unittest.TestCase):
    def test_the_parts_of_the_machine_are_texts(self) -> None:
        parts = machine_parts()
        self.assertEqual(parts, machine_parts())
        self.assertTrue(all(value is None or value == value.strip() for value in parts.values()))


if __name__ == "__main__":
    unittest.main()
