// A verifier of license files, status lists and signed validations, with jose: what docs/offline.md says, in its order.
import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import {
  decode,
  encode,
  hasMembers,
  isDay,
  isInteger,
  isObject,
  isText,
  isTime,
  type Json,
  type Key,
  orNull,
  Refused,
  require,
  verified,
} from "./signed.ts";
import { contentOf, decrypt } from "./content.ts";
import { removalCode } from "./removal_code.ts";
import { isInRange } from "./versions.ts";

/** What an app has seen, and keeps. */
export interface Kept {
  /** The latest trusted time; seconds. */
  trusted: number;
  /** The highest `seq` by activation. */
  seq: Record<string, number>;
  /** The latest `iat` by status list. */
  lists: Record<string, number>;
  /** The highest `seq` that was given back by activation, and its code. */
  removed?: Record<string, { seq: number; code?: string }>;
}

/** A file, where it is read and when. */
export interface GivenFile {
  file: string;
  keys: Key[];
  /** Status lists that the app has. */
  lists?: string[];
  app: { product: string; version: string | null; released: string | null };
  device: { fingerprint: string; license_key: string | null; components?: Record<string, string> };
  /** The clock; seconds. */
  now: number;
  kept?: Kept;
  /** Whether the user removes the license from the device. */
  remove?: boolean;
}

/** A signed answer, and what the app had sent. */
export interface GivenValidation {
  validation: string;
  keys: Key[];
  sent: { nonce: string; product: string; license_key: string | null; fingerprint: string | null };
}

export type Given = GivenFile | GivenValidation;

export interface Finding {
  state: string;
  reason: string | null;
  /** Of each status list why it is refused; null: it is not. */
  lists?: (string | null)[];
  kept?: Kept;
}

const HOUR = 3600;
const LIST_BYTES = 16_384;
const oneOf = (...values: string[]) => (value: Json) => values.includes(value);

const isFile = hasMembers({
  iss: isText,
  iat: isTime,
  nbf: isTime,
  exp: isTime,
  jti: isText,
  seq: isInteger,
  product: isText,
  license: isInteger,
  activation: isInteger,
  state: isText,
  license_ends: orNull(isDay),
  grace_ends: orNull(isDay),
  after_expiry: oneOf("refuse", "entitled_versions", "allow"),
  updates_until: orNull(isDay),
  versions: orNull(isText),
  max_users: isInteger,
  entitlements: isObject,
  metadata: isObject,
  customer: hasMembers({ name: isText, company: orNull(isText) }),
  machine: hasMembers({
    match: oneOf("exact", "any", "two", "most", "all"),
    salt: isText,
    fingerprint: isText,
    components: (value) => isObject(value) && Object.values(value).every(isText),
  }),
  status: hasMembers({ uri: isText, idx: isInteger }),
  removal: (value) => isText(value) && decode(value).length === 32,
});

const isList = hasMembers({
  sub: isText,
  iat: isTime,
  exp: isTime,
  ttl: isInteger,
  status_list: hasMembers({ bits: (value) => value === 1, lst: isText }),
});

const isValidation = hasMembers({
  iss: isText,
  iat: isTime,
  nonce: isText,
  product: orNull(isText),
  license: orNull(isInteger),
  key_hash: orNull(isText),
  machine: orNull(isText),
  valid: (value) => typeof value === "boolean",
  code: isText,
  valid_until: orNull(isDay),
  grace_ends: orNull(isDay),
  entitlements: isObject,
  max_users: orNull(isInteger),
});

/** What is found of a file or a validation; it never throws on what it reads. */
export async function findingOf(given: Given): Promise<Finding> {
  if ("validation" in given) {
    return await find(async () => {
      await checkValidation(given);
      return "trusted";
    });
  }
  const kept = structuredClone(given.kept ?? { trusted: 0, seq: {}, lists: {} });
  const lists: (string | null)[] = [];
  const found = await find(() => stateOf(given, kept, lists));
  return { ...found, lists, kept };
}

async function find(stateOf: () => Promise<string>): Promise<Finding> {
  try {
    return { state: await stateOf(), reason: null };
  } catch (error) {
    if (error instanceof Refused) return { state: error.state, reason: error.reason };
    throw error;
  }
}

async function stateOf(given: GivenFile, kept: Kept, lists: (string | null)[]): Promise<string> {
  const { device, app } = given;
  const content = contentOf(given.file);
  const jws = content.split(".").length === 5 ? await decrypt(content, device) : content;
  const claims = await verified(jws, "license-file+jwt", given.keys);
  require(isFile(claims), "malformed");
  require(claims.product === app.product, "other_product");

  kept.trusted = Math.max(kept.trusted, claims.iat);
  const signed = await readLists(given, claims.status.uri, kept, lists);
  require(given.now >= kept.trusted - HOUR, "clock_set_back", "clock_tampered");
  const now = Math.max(given.now, kept.trusted);
  require(now >= claims.nbf - HOUR, "not_yet_valid", "clock_tampered");

  require(isDevice(claims.machine, device), "other_machine", "wrong_machine");
  const { activation, seq } = claims;
  const removed = kept.removed?.[activation]?.seq ?? -1;
  if (given.remove && seq > removed) {
    kept.removed = { ...kept.removed, [activation]: { seq, code: removalCode(claims) } };
  }
  require(seq > removed && !given.remove, "removed", "not_activated");
  require(claims.seq >= (kept.seq[claims.activation] ?? 0), "older_file");
  kept.seq[claims.activation] = claims.seq;

  let isRevoked = false;
  for (const [index, list] of signed.entries()) {
    if (list === null) continue;
    if (list.exp <= now) lists[index] = "list_ended";
    const { idx } = claims.status;
    isRevoked ||= ((list.bytes[Math.floor(idx / 8)] ?? 0) >> idx % 8 & 1) === 1;
  }
  require(!isRevoked, "revoked", "revoked");
  require(now < claims.exp, "file_ended", "expired");

  const { updates_until: updates, license_ends: ends, grace_ends: grace, versions } = claims;
  const { version, released } = app;
  require(
    versions === null || version === null || isInRange(version, versions),
    "version_not_covered",
    "version_not_entitled",
  );
  const isReleasedBy = (day: string | null) => released === null || day === null || released <= day;
  require(isReleasedBy(updates), "released_later", "version_not_entitled");
  const day = new Date(now * 1000).toISOString().slice(0, 10);
  if (ends === null || day <= ends) return "valid";
  if (grace !== null && day <= grace) return "grace";
  if (claims.after_expiry === "allow") return "valid";
  require(claims.after_expiry === "entitled_versions", "license_ended", "expired");
  require(isReleasedBy(updates ?? ends), "released_later", "version_not_entitled");
  return "valid";
}

/** The status lists of an address, the newest; `lists` gets why others are refused. */
async function readLists(given: GivenFile, uri: string, kept: Kept, lists: (string | null)[]) {
  const found = await Promise.all((given.lists ?? []).map((jws) => readList(jws, given.keys)));
  const own = found.filter((list) => typeof list !== "string" && list.sub === uri);
  const seen = Math.max(...own.map(({ iat }) => iat), kept.lists[uri] ?? 0);
  for (const list of found) if (typeof list !== "string") kept.trusted = Math.max(kept.trusted, list.iat);
  if (own.length > 0) kept.lists[uri] = seen;
  lists.push(
    ...found.map((list) =>
      typeof list === "string"
        ? list
        : list.sub !== uri
        ? "other_list"
        : list.iat < seen
        ? "older_list"
        : null
    ),
  );
  return found.map((list, index) => lists[index] === null ? list : null);
}

/** The claims of a status list and its bytes, or why it is refused. */
async function readList(jws: string, keys: Key[]): Promise<Json> {
  try {
    const claims = await verified(jws, "statuslist+jwt", keys);
    require(isList(claims), "malformed");
    return { ...claims, bytes: inflate(decode(claims.status_list.lst)) };
  } catch (error) {
    if (error instanceof Refused) return error.reason;
    throw error;
  }
}

/** The checksum of zlib (RFC 1950, section 8.2). */
function adler32(bytes: Uint8Array): number {
  let [one, two] = [1, 0];
  for (const byte of bytes) {
    one = (one + byte) % 65521;
    two = (two + one) % 65521;
  }
  return (two * 65536 + one) >>> 0;
}

function inflate(bytes: Uint8Array): Uint8Array {
  try {
    const inflated = inflateSync(bytes, { maxOutputLength: LIST_BYTES });
    // The checksum of the right bytes is the last of them, unless something follows.
    if (new DataView(bytes.slice(-4).buffer).getUint32(0) !== adler32(inflated)) {
      throw new Error("more follows");
    }
    return inflated;
  } catch {
    throw new Refused("invalid", "malformed");
  }
}

/** Whether a file is for a device. */
export function isDevice(
  machine: Json,
  { fingerprint, components = {} }: Partial<GivenFile["device"]>,
): boolean {
  const hash = (name: string, value: string) =>
    createHash("sha256").update(`${machine.salt}\n${name}\n${value}`).digest("base64url");
  if (hash("fingerprint", fingerprint!) === machine.fingerprint) return true;
  const names = Object.keys(machine.components);
  const same = names.filter((name) =>
    Object.hasOwn(components, name) &&
    hash(`component ${name}`, components[name]) === machine.components[name]
  ).length;
  const enough: Record<string, boolean> = {
    exact: false,
    any: same >= 1,
    two: same >= 2,
    most: same * 2 > names.length,
    all: same >= 1 && same === names.length,
  };
  return enough[machine.match];
}

async function checkValidation({ validation, keys, sent }: GivenValidation): Promise<void> {
  const claims = await verified(validation, "license-validation+jwt", keys);
  require(isValidation(claims), "malformed");
  const hash = (text: string | null) =>
    text === null ? null : encode(new Uint8Array(createHash("sha256").update(text).digest()));
  require(claims.nonce === sent.nonce, "other_nonce");
  require(claims.key_hash === hash(sent.license_key), "other_key");
  require(claims.machine === hash(sent.fingerprint), "other_machine");
  require(
    claims.product === sent.product || claims.product === null && claims.license === null,
    "other_product",
  );
}
