# A verifier of license files, written from docs/offline.md alone, as another program would have one. It reads JSON from
# standard input, {"file", "keys", "lists", "app", "device", "now", "trusted", "seen"}, and prints the state.
import base64, datetime, hashlib, json, re, sys, zlib
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BEGIN, END = "-----BEGIN LATCHKEY LICENSE-----", "-----END LATCHKEY LICENSE-----"
HOUR = 3600
CLAIMS = """iss iat nbf exp jti seq product license activation state license_ends grace_ends after_expiry updates_until
versions max_users entitlements metadata customer machine status""".split()


class Refused(Exception):
    pass


def require(condition, state):
    if not condition:
        raise Refused(state)


def decode(text):
    require(re.fullmatch(r"[A-Za-z0-9_-]*", text), "invalid")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def content_of(text):
    require(len(text) <= 65536 and BEGIN in text and END in text, "invalid")
    begin = text.index(BEGIN) + len(BEGIN)
    end = text.find(END, begin)
    require(end >= 0, "invalid")
    return re.sub(r"\s", "", text[begin:end])


def decrypt(jwe, device):
    head, _, nonce, ciphertext, tag = jwe.split(".")
    header = json.loads(decode(head))
    expected = {"alg": "dir", "enc": "A256GCM", "typ": "license-file+jwe", "cty": "license-file+jwt"}
    require(all(header.get(name) == value for name, value in expected.items()), "invalid")
    secret = f"{device['license_key']}\n{device['fingerprint']}".encode()
    key = HKDF(hashes.SHA256(), 32, decode(header["salt"]), b"latchkey license file").derive(secret)
    try:
        return AESGCM(key).decrypt(decode(nonce), decode(ciphertext) + decode(tag), head.encode()).decode()
    except InvalidTag:
        raise Refused("wrong_machine")


def verified(jws, typ, keys):
    parts = jws.split(".")
    require(len(parts) == 3, "invalid")
    header = json.loads(decode(parts[0]))
    require(header.get("typ") == typ and header.get("alg") in ("Ed25519", "EdDSA"), "invalid")
    known = [key for key in keys if key["kid"] == header.get("kid")]
    require(known, "invalid")
    try:
        public = Ed25519PublicKey.from_public_bytes(decode(known[0]["x"]))
        public.verify(decode(parts[2]), f"{parts[0]}.{parts[1]}".encode())
    except InvalidSignature:
        raise Refused("invalid")
    return json.loads(decode(parts[1]))


def is_device(machine, device):
    def hashed(name, value):
        digest = hashlib.sha256(f"{machine['salt']}\n{name}\n{value}".encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    if hashed("fingerprint", device["fingerprint"]) == machine["fingerprint"]:
        return True
    stored, own = machine["components"], device.get("components", {})
    same = sum(name in own and hashed(f"component {name}", own[name]) == stored[name] for name in stored)
    return {
        "exact": False,
        "any": same >= 1,
        "two": same >= 2,
        "most": same * 2 > len(stored),
        "all": same >= 1 and same == len(stored),
    }[machine["match"]]


def is_revoked(status, lists, keys, now, seen):
    for jws in lists:
        try:
            claims = verified(jws, "statuslist+jwt", keys)
        except Refused:
            continue
        if claims["sub"] != status["uri"] or claims["exp"] <= now or claims["iat"] < seen.get(claims["sub"], 0):
            continue
        if claims["status_list"]["bits"] != 1:
            continue
        bits = zlib.decompress(decode(claims["status_list"]["lst"]))
        byte = status["idx"] // 8
        return byte < len(bits) and bits[byte] >> status["idx"] % 8 & 1 == 1
    return False


def in_range(version, text):
    """Comparators alone, which are enough here."""
    numbers = lambda of: tuple(int(part) for part in of.split("."))
    compare = {">=": "__ge__", "<": "__lt__", ">": "__gt__", "<=": "__le__"}
    return all(
        getattr(numbers(version), compare[sign])(numbers(bound))
        for sign, bound in re.findall(r"([<>]=?)\s*([\d.]+)", text)
    )


def state_of(given):
    device, app, seen = given["device"], given["app"], given.get("seen", {})
    jws = content_of(given["file"])
    if jws.count(".") == 4:
        jws = decrypt(jws, device)
    claims = verified(jws, "license-file+jwt", given["keys"])
    require(all(name in claims for name in CLAIMS), "invalid")
    require(claims["product"] == app["product"], "invalid")
    trusted = max(given.get("trusted", 0), claims["iat"])
    require(given["now"] >= trusted - HOUR, "clock_tampered")
    now = max(given["now"], trusted)
    require(now >= claims["nbf"] - HOUR, "clock_tampered")
    require(is_device(claims["machine"], device), "wrong_machine")
    require(claims["seq"] >= seen.get(str(claims["activation"]), 0), "invalid")
    require(not is_revoked(claims["status"], given.get("lists", []), given["keys"], now, seen), "revoked")
    require(now < claims["exp"], "expired")
    day = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).date().isoformat()
    released, updates = app["released"], claims["updates_until"]
    require(claims["versions"] is None or in_range(app["version"], claims["versions"]), "version_not_entitled")
    require(updates is None or released <= updates, "version_not_entitled")
    ends, grace = claims["license_ends"], claims["grace_ends"]
    if ends is None or day <= ends:
        return "valid"
    if grace is not None and day <= grace:
        return "grace"
    if claims["after_expiry"] == "allow":
        return "valid"
    require(claims["after_expiry"] == "entitled_versions", "expired")
    require(released <= (updates or ends), "version_not_entitled")
    return "valid"


def main():
    states = []
    for given in json.load(sys.stdin):
        try:
            states.append(state_of(given))
        except Refused as refused:
            states.append(str(refused))
        except (ValueError, KeyError, TypeError, zlib.error):
            states.append("invalid")
    print(json.dumps(states))


main()
