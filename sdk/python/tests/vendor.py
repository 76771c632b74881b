"""The vendor's side for tests: a key, what it signs, and a server that answers as a test says."""

from __future__ import annotations

import base64
import datetime
import hashlib
import ipaddress
import json
import ssl
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, List, Optional, Tuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from latchkey import Device, LicenseClient, MemoryStorage, RetryPolicy

PRODUCT = "painter"
KEY = "TEST-TEST-TEST-TEST"
LIST = "https://licenses.example.com/.well-known/license-status/1-0"
NOW = int(time.time())

_private = Ed25519PrivateKey.generate()
_public = _private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


PUBLIC_KEY = {"kid": "vendor", "x": encode(_public), "kty": "OKP"}


def digest(text: str) -> str:
    return encode(hashlib.sha256(text.encode()).digest())


def signed(typ: str, claims: object) -> str:
    """A statement; claims that are bytes are signed as they are."""
    header = encode(json.dumps({"alg": "Ed25519", "kid": PUBLIC_KEY["kid"], "typ": typ}).encode())
    text = f"{header}.{encode(claims if isinstance(claims, bytes) else json.dumps(claims).encode())}"
    return f"{text}.{encode(_private.sign(text.encode()))}"


def validation(sent: Dict[str, Any], **replaced: Any) -> Dict[str, Any]:
    """The answer to a validation."""
    claims = {
        "iss": "https://licenses.example.com", "iat": NOW, "nonce": sent.get("nonce"), "product": PRODUCT,
        "license": 1, "key_hash": digest(sent["license_key"]), "machine": digest(sent["hardware_hash"]),
        "valid": True, "code": "VALID", "valid_until": None, "grace_ends": None,
        "entitlements": {"export": True}, "max_users": 1, **replaced,
    }
    body = {"valid": claims["valid"], "code": claims["code"]}
    return {**body, "signature": signed("license-validation+jwt", claims)}


def file_claims(**replaced: Any) -> Dict[str, Any]:
    salt = encode(bytes(16))
    machine = {"match": "exact", "salt": salt, "fingerprint": digest(f"{salt}\nfingerprint\ndevice"), "components": {}}
    return {
        "iss": "https://licenses.example.com", "iat": NOW, "nbf": NOW, "exp": NOW + 30 * 86_400, "jti": "1",
        "seq": NOW, "product": PRODUCT, "license": 1, "activation": 7, "state": "active", "license_ends": None,
        "grace_ends": None, "after_expiry": "refuse", "updates_until": None, "versions": None, "max_users": 1,
        "entitlements": {"export": True}, "metadata": {}, "customer": {"name": "Lumen Ltd", "company": None},
        "machine": machine, "status": {"uri": LIST, "idx": 9}, "removal": encode(bytes(32)), **replaced,
    }


def license_file(**replaced: Any) -> str:
    content = signed("license-file+jwt", file_claims(**replaced))
    return f"-----BEGIN LATCHKEY LICENSE-----\n{content}\n-----END LATCHKEY LICENSE-----\n"


def status_list(data: bytes, **replaced: Any) -> str:
    content = {"bits": 1, "lst": encode(zlib.compress(data, 9))}
    claims = {"sub": LIST, "iat": NOW, "exp": NOW + 14 * 86_400, "ttl": 60, "status_list": content, **replaced}
    return signed("statuslist+jwt", claims)


Answer = Tuple[int, Dict[str, str], bytes]
Handler = Callable[["Server", BaseHTTPRequestHandler, str, Dict[str, Any]], Optional[Answer]]


def answer_json(body: object, status: int = 200, **headers: str) -> Answer:
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode()


def honest(server: Server, request: BaseHTTPRequestHandler, path: str, sent: Dict[str, Any]) -> Answer:
    """Activates everything, and answers VALID with a license file."""
    if path == "/api/license/verify":
        return answer_json({**validation(sent), "license_file": license_file()})
    if path == "/api/license/checkout":
        return answer_json({"license_file": license_file(seq=NOW + 1)})
    return answer_json({"message": "Done"})


def always(answer: Answer) -> Handler:
    return lambda *_: answer


class Server:
    """A server on a port of its own. A handler that returns None has answered itself, or lets the client wait."""

    def __init__(self, context: Optional[ssl.SSLContext] = None) -> None:
        self.handler: Handler = honest
        self.requests: List[Tuple[str, Dict[str, str], Dict[str, Any]]] = []
        self.ended = threading.Event()
        server = self

        class Requests(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers.get("content-length", "0")))
                sent = json.loads(text) if text else {}
                server.requests.append((self.path, dict(self.headers.items()), sent))
                answer = server.handler(server, self, self.path, sent)
                if answer is not None:
                    status, headers, body = answer
                    self.send_response(status)
                    for name, value in {"Content-Length": str(len(body)), **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)

            do_GET = do_POST

            def log_message(self, *args: Any) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # A client that has had enough closes the connection.

        self._http = Quiet(("127.0.0.1", 0), Requests)
        if context is not None:
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        scheme = "http" if context is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def paths(self) -> List[str]:
        return [path for path, _, _ in self.requests]

    def close(self) -> None:
        self.ended.set()
        self._http.shutdown()
        self._http.server_close()


def certificate_of(address: str) -> bytes:
    """A certificate that is signed with its own key, and the key; PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "vendor")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))
    signed_by_itself = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    no_encryption = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_encryption)
    return private + signed_by_itself.public_bytes(serialization.Encoding.PEM)


class Clock:
    """The system's time, and so many seconds more."""

    offset = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset


def client(url: str, **options: Any) -> LicenseClient:
    given: Dict[str, Any] = {
        "url": url, "api_key": "key", "product": PRODUCT, "version": "2.1.0", "released": "2026-02-15",
        "public_keys": [PUBLIC_KEY], "device": Device("device"), "storage": MemoryStorage(), "timeout": 5,
        "retries": RetryPolicy(attempts=1, first_delay=0.01), **options,
    }
    return LicenseClient(**given)
