# A verifier of license files, status lists and signed validations, written from docs/offline.md alone, as another program
# would have one. It reads a list of JSON objects from standard input, each with what an app has: "file", "keys", "lists",
# "app", "device", "now" and "kept", or "validation", "keys" and "sent"; and prints what it found for each.
import base64, datetime, hashlib, hmac, json, re, sys, zlib
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BEGIN, END = "-----BEGIN LATCHKEY LICENSE-----", "-----END LATCHKEY LICENSE-----"
HOUR = 3600
MAX_LENGTH = 65536
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
LAST_SECOND = 253402300799
LIST_BYTES = 16384
# The y coordinates of points of small order, without the sign bit.
SMALL_ORDER = {
    bytes(32),
    b"\x01" + bytes(31),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    b"\xec" + b"\xff" * 30 + b"\x7f",
    b"\xed" + b"\xff" * 30 + b"\x7f",
    b"\xee" + b"\xff" * 30 + b"\x7f",
}


class Refused(Exception):
    def __init__(self, state, reason):
        self.state, self.reason = state, reason


def require(condition, reason, state="invalid"):
    if not condition:
        raise Refused(state, reason)


# Types of claims


def is_text(value):
    return isinstance(value, str)


def is_object(value):
    return isinstance(value, dict)


def is_integer(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return 0 <= value <= MAX_INTEGER and value == int(value)


def is_time(value):
    return is_integer(value) and value <= LAST_SECOND


def is_day(value):
    return is_text(value) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is not None


def is_boolean(value):
    return isinstance(value, bool)


def is_texts(value):
    return is_object(value) and all(map(is_text, value.values()))


def or_null(of):
    return lambda value: value is None or of(value)


def one_of(*values):
    return lambda value: is_text(value) and value in values


def has_members(**members):
    return lambda value: is_object(value) and all(name in value and of(value[name]) for name, of in members.items())


is_file = has_members(
    iss=is_text, iat=is_time, nbf=is_time, exp=is_time, jti=is_text, seq=is_integer, product=is_text,
    license=is_integer, activation=is_integer, state=is_text, license_ends=or_null(is_day), grace_ends=or_null(is_day),
    after_expiry=one_of("refuse", "entitled_versions", "allow"), updates_until=or_null(is_day),
    versions=or_null(is_text), max_users=is_integer, entitlements=is_object, metadata=is_object,
    customer=has_members(name=is_text, company=or_null(is_text)),
    machine=has_members(
        match=one_of("exact", "any", "two", "most", "all"), salt=is_text, fingerprint=is_text, components=is_texts
    ),
    status=has_members(uri=is_text, idx=is_integer),
    removal=lambda value: is_text(value) and len(decode(value)) == 32,
)
is_list = has_members(
    sub=is_text, iat=is_time, exp=is_time, ttl=is_integer,
    status_list=has_members(bits=lambda value: is_integer(value) and value == 1, lst=is_text),
)
is_validation = has_members(
    iss=is_text, iat=is_time, nonce=is_text, product=or_null(is_text), license=or_null(is_integer),
    key_hash=or_null(is_text), machine=or_null(is_text), valid=is_boolean, code=is_text, valid_until=or_null(is_day),
    grace_ends=or_null(is_day), entitlements=is_object, max_users=or_null(is_integer),
)


# Text


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text):
    require(is_text(text) and re.fullmatch("[A-Za-z0-9_-]*", text) and len(text) % 4 != 1, "malformed")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    require(encode(data) == text, "malformed")
    return data


def read_text(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("invalid", "malformed")


def depth_of(value):
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if members is None else 1 + max(map(depth_of, members), default=0)


def read_constant(_):
    raise ValueError("NaN and Infinity are no JSON")


def read_integer(text):
    return int(text) if len(text) < 100 else float(text)


def read_object(part):
    text = read_text(decode(part))
    try:
        value = json.loads(text, parse_constant=read_constant, parse_int=read_integer)
        require(is_object(value) and depth_of(value) <= MAX_DEPTH, "malformed")
    except (ValueError, RecursionError):
        raise Refused("invalid", "malformed")
    return value


def content_of(text):
    require(len(text) <= MAX_LENGTH and len(text.encode()) <= MAX_LENGTH, "malformed")
    begin = text.find(BEGIN)
    end = text.find(END, begin + len(BEGIN)) if begin >= 0 else -1
    require(end >= 0, "malformed")
    return re.sub("[ \t\r\n]", "", text[begin + len(BEGIN) : end])


# Encryption and signatures


def decrypt(jwe, device):
    head, none, nonce, ciphertext, tag = jwe.split(".")
    header = read_object(head)
    require(none == "" and len(decode(nonce)) == 12 and len(decode(tag)) == 16, "malformed")
    ciphertext_and_tag = decode(ciphertext) + decode(tag)
    require("crit" not in header and "zip" not in header, "malformed")
    require(header.get("typ") == "license-file+jwe" and header.get("cty") == "license-file+jwt", "wrong_type")
    require(header.get("alg") == "dir" and header.get("enc") == "A256GCM", "wrong_algorithm")
    secret = f"{device['license_key'] or ''}\n{device['fingerprint']}".encode()
    key = HKDF(hashes.SHA256(), 32, decode(header.get("salt")), b"latchkey license file").derive(secret)
    try:
        return read_text(AESGCM(key).decrypt(decode(nonce), ciphertext_and_tag, head.encode()))
    except InvalidTag:
        raise Refused("wrong_machine", "not_decrypted")


def verified(jws, typ, keys):
    parts = jws.split(".") if len(jws) <= MAX_LENGTH else []
    require(len(parts) == 3, "malformed")
    header, claims, signature = read_object(parts[0]), read_object(parts[1]), decode(parts[2])
    require("crit" not in header, "malformed")
    require(header.get("typ") == typ, "wrong_type")
    require(header.get("alg") in ("Ed25519", "EdDSA"), "wrong_algorithm")
    known = [decode(key["x"]) for key in keys if key["kid"] == header.get("kid")]
    require(known and len(known[0]) == 32, "unknown_key")
    require(known[0][:31] + bytes([known[0][31] & 0x7F]) not in SMALL_ORDER, "unknown_key")
    try:
        Ed25519PublicKey.from_public_bytes(known[0]).verify(signature, f"{parts[0]}.{parts[1]}".encode())
    except InvalidSignature:
        raise Refused("invalid", "wrong_signature")
    return claims


# Devices, status lists and versions


def is_device(machine, device):
    def hashed(name, value):
        text = f"{machine['salt']}\n{name}\n{value}"
        return encode(hashlib.sha256(text.encode("utf-8", "replace")).digest())

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


def inflate(data):
    try:
        stream = zlib.decompressobj()
        found = stream.decompress(data, LIST_BYTES + 1)
        require(len(found) <= LIST_BYTES and stream.eof and not stream.unused_data, "malformed")
        return found
    except zlib.error:
        raise Refused("invalid", "malformed")


def read_list(jws, keys):
    claims = verified(jws, "statuslist+jwt", keys)
    require(is_list(claims), "malformed")
    return claims, inflate(decode(claims["status_list"]["lst"]))


def read_lists(given, uri, kept, reasons):
    """The newest list of the address, as (place, claims, bytes); the others have a reason."""
    found = []
    for place, jws in enumerate(given.get("lists", [])):
        reasons.append(None)
        try:
            claims, bits = read_list(jws, given["keys"])
        except Refused as refused:
            reasons[place] = refused.reason
            continue
        kept["trusted"] = max(kept["trusted"], claims["iat"])
        if claims["sub"] != uri:
            reasons[place] = "other_list"
            continue
        kept["lists"][uri] = max(kept["lists"].get(uri, 0), claims["iat"])
        found.append((place, claims, bits))
    for place, claims, _ in found:
        if claims["iat"] < kept["lists"][uri]:
            reasons[place] = "older_list"
    return [entry for entry in found if reasons[entry[0]] is None]


def parse_version(text):
    form = r"v?([0-9]{1,15}(?:\.[0-9]{1,15})*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]*)?"
    match = re.fullmatch(form, text)
    if not match:
        return None
    numbers = [int(part) for part in match[1].split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    identifiers = []
    for identifier in (match[2] or "").lower().split(".") if match[2] else []:
        counted = re.fullmatch("([a-z]+)([0-9]{1,15})", identifier)
        for part in counted.groups() if counted else [identifier]:
            # Numbers come before words.
            identifiers.append((0, int(part), "") if re.fullmatch("[0-9]{1,15}", part) else (1, 0, part))
    return numbers, identifiers


def order_of(version, bound):
    """Below 0, 0 or above 0. A pre-release counts as what it leads to, unless the bound names one."""
    (numbers, pre), (bound_numbers, bound_pre) = version, bound
    # Of two versions with the same numbers, the one without a pre-release is later.
    one = (numbers, (not pre, pre) if bound_pre else (True, []))
    other = (bound_numbers, (not bound_pre, bound_pre))
    return (one > other) - (one < other)


def is_in_range(text, range):
    version = parse_version(text)
    if version is None:
        return True

    def holds(part):
        sign, bound = re.fullmatch("([<>]?=?)(.*)", part).groups()
        bound = parse_version(bound)
        if sign not in ("<", ">", "<=", ">=") or bound is None:
            return False
        order = order_of(version, bound)
        return order == 0 and sign[-1] == "=" or order < 0 and sign[0] == "<" or order > 0 and sign[0] == ">"

    return any(all(holds(part) for part in one.split(" ") if part != "") for one in range.split("||"))


# Results


def base32(number, length):
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    text = ""
    while number > 0 or len(text) < length:
        text, number = digits[number % 32] + text, number // 32
    return text


def removal_code(claims):
    activation, seq = int(claims["activation"]), int(claims["seq"])
    proof = hmac.digest(decode(claims["removal"]), f"removal\n{activation}\n{seq}".encode(), "sha256")[:16]
    code = base32(activation, 1) + base32(seq, 8) + base32(int.from_bytes(proof, "big") * 4, 26)
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def state_of(given, kept, reasons):
    device, app = given["device"], given["app"]
    jws = content_of(given["file"])
    if jws.count(".") == 4:
        jws = decrypt(jws, device)
    claims = verified(jws, "license-file+jwt", given["keys"])
    require(is_file(claims), "malformed")
    require(claims["product"] == app["product"], "other_product")

    status, activation = claims["status"], str(int(claims["activation"]))
    kept["trusted"] = max(kept["trusted"], claims["iat"])
    lists = read_lists(given, status["uri"], kept, reasons)
    require(given["now"] >= kept["trusted"] - HOUR, "clock_set_back", "clock_tampered")
    now = max(given["now"], kept["trusted"])
    require(now >= claims["nbf"] - HOUR, "not_yet_valid", "clock_tampered")

    require(is_device(claims["machine"], device), "other_machine", "wrong_machine")
    removed = kept.get("removed", {}).get(activation, {"seq": -1})["seq"]
    if given.get("remove") and claims["seq"] > removed:
        kept.setdefault("removed", {})[activation] = {"seq": claims["seq"], "code": removal_code(claims)}
    require(claims["seq"] > removed and not given.get("remove"), "removed", "not_activated")
    require(claims["seq"] >= kept["seq"].get(activation, 0), "older_file")
    kept["seq"][activation] = claims["seq"]

    is_revoked = False
    for place, of, bits in lists:
        if of["exp"] <= now:
            reasons[place] = "list_ended"
        byte, bit = divmod(int(status["idx"]), 8)
        is_revoked = is_revoked or byte < len(bits) and bits[byte] >> bit & 1 == 1
    require(not is_revoked, "revoked", "revoked")
    require(now < claims["exp"], "file_ended", "expired")

    version, released, updates = app["version"], app["released"], claims["updates_until"]
    ends, grace, versions = claims["license_ends"], claims["grace_ends"], claims["versions"]
    covered = versions is None or version is None or is_in_range(version, versions)
    require(covered, "version_not_covered", "version_not_entitled")

    def is_released_by(day):
        return released is None or day is None or released <= day

    require(is_released_by(updates), "released_later", "version_not_entitled")
    day = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).date().isoformat()
    if ends is None or day <= ends:
        return "valid"
    if grace is not None and day <= grace:
        return "grace"
    if claims["after_expiry"] == "allow":
        return "valid"
    require(claims["after_expiry"] == "entitled_versions", "license_ended", "expired")
    require(is_released_by(updates or ends), "released_later", "version_not_entitled")
    return "valid"


def check_validation(given):
    def hashed(text):
        return None if text is None else encode(hashlib.sha256(text.encode()).digest())

    claims, sent = verified(given["validation"], "license-validation+jwt", given["keys"]), given["sent"]
    require(is_validation(claims), "malformed")
    require(claims["nonce"] == sent["nonce"], "other_nonce")
    require(claims["key_hash"] == hashed(sent["license_key"]), "other_key")
    require(claims["machine"] == hashed(sent["fingerprint"]), "other_machine")
    is_known = claims["product"] == sent["product"]
    require(is_known or claims["product"] is None and claims["license"] is None, "other_product")


def finding_of(given):
    is_validation = "validation" in given
    kept, reasons = given.get("kept") or {"trusted": 0, "seq": {}, "lists": {}}, []
    more = {} if is_validation else {"lists": reasons, "kept": kept}
    try:
        state = (check_validation(given) or "trusted") if is_validation else state_of(given, kept, reasons)
        return {"state": state, "reason": None, **more}
    except Refused as refused:
        return {"state": refused.state, "reason": refused.reason, **more}


def main():
    print(json.dumps([finding_of(given) for given in json.load(sys.stdin)]))


main()
