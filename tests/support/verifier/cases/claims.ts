// Cases of claims: edited, missing, of other types; products, times, devices, numbers, versions and days.
import type { Json } from "../signed.ts";
import type { Kept } from "../verifier.ts";
import { armoured, type Case, DAY, file, fileClaims, fileJws, hashOf, NOW, of, part } from "./make.ts";
import { each } from "./signatures.ts";

const malformed = (claims: Json) => of(file(claims), ["invalid", "malformed"]);
const kept = (more: Partial<Kept>): Kept => ({ trusted: 0, seq: {}, lists: {}, ...more });

export function claimCases(): Record<string, Case> {
  const [head, , signature] = fileJws().split(".");
  const names = Object.keys(fileClaims);
  const wrong: Record<string, Json[]> = {
    iss: [null, 1],
    iat: [null, "1", -1, 1.5, true, NOW * 1000, 253402300800, 2 ** 53],
    nbf: [null, "1", -1],
    exp: [null, "1", 253402300800],
    jti: [null, 1],
    seq: [null, "1", -1, 0.5, 2 ** 53, 2 ** 53 + 2, 1e300],
    product: [null, 1, ["my-app"]],
    license: [null, "12", -1],
    activation: [null, "34", -1, 2 ** 53],
    state: [null, 1],
    license_ends: [1, "", "2027", "2027-1-1", "2027-01-01T00:00:00Z", "2027-01-01 ", "２０２７-01-01"],
    grace_ends: [1, ""],
    after_expiry: [null, "", "Allow", "toString"],
    updates_until: [1, "x"],
    versions: [1, []],
    max_users: [null, "3", -1],
    entitlements: [null, [], "x"],
    metadata: [null, []],
    customer: [null, {}, { name: 1, company: null }, { name: "x" }, { name: "x", company: 1 }],
    machine: [
      null,
      {},
      { ...fileClaims.machine, match: "none" },
      { ...fileClaims.machine, match: "__proto__" },
      { ...fileClaims.machine, salt: null },
      { ...fileClaims.machine, fingerprint: undefined },
      { ...fileClaims.machine, components: [] },
      { ...fileClaims.machine, components: { board: 1 } },
    ],
    removal: [null, "", "AAAA", 1],
    status: [null, {}, { uri: 1, idx: 1 }, { uri: "x", idx: -1 }, { uri: "x", idx: "1" }, {
      uri: "x",
      idx: 2 ** 53,
    }],
  };
  return {
    ...each(names, (name) => [
      `${name} edited`,
      of(armoured(`${head}.${part({ ...fileClaims, [name]: "edited" })}.${signature}`), [
        "invalid",
        "wrong_signature",
      ]),
    ]),
    ...each(names, (name) => [`${name} removed, signed`, malformed({ [name]: undefined })]),
    ...Object.assign(
      {},
      ...Object.entries(wrong).map(([name, values]) =>
        each(values, (value) => [`${name} ${JSON.stringify(value)}, signed`, malformed({ [name]: value })])
      ),
    ),
    "the product of another app": of(file({ product: "other-app" }), ["invalid", "other_product"]),
    "the product in capitals": of(file({ product: "My-App" }), ["invalid", "other_product"]),
    "the highest seq": of(file({ seq: 2 ** 53 - 1 }), ["valid"]),
    "the highest time": of(file({ exp: 253402300799 }), ["valid"], { now: 253402300798 }),
    "a clock after the year 9999": of(file({ exp: 253402300799 }), ["expired", "file_ended"], {
      now: Number.MAX_SAFE_INTEGER,
    }),
  };
}

export function timeCases(): Record<string, Case> {
  const at = (now: number, expected: Case["expected"], claims: Json = {}, seen = 0) =>
    of(file(claims), expected, { now, kept: kept({ trusted: seen }) });
  const setBack = ["clock_tampered", "clock_set_back"] as const;
  return {
    "an hour before it was issued": at(NOW - 3600, ["valid"]),
    "more than an hour before": at(NOW - 3601, setBack),
    "a file from the future": at(NOW - 5 * DAY, setBack),
    "a clock at 0": at(0, setBack),
    "a clock before 1970": at(-1, setBack),
    "the last second of the file": at(NOW + 30 * DAY - 1, ["valid"]),
    "the end of the file": at(NOW + 30 * DAY, ["expired", "file_ended"]),
    "a file that has ended when it was issued": at(NOW, ["expired", "file_ended"], { exp: NOW }),
    "nbf in an hour": at(NOW, ["valid"], { nbf: NOW + 3600 }),
    "nbf in more than an hour": at(NOW, ["clock_tampered", "not_yet_valid"], { nbf: NOW + 3601 }),
    "an hour behind what was seen": at(NOW + DAY, ["valid"], {}, NOW + DAY + 3600),
    "more than an hour behind what was seen": at(NOW + DAY, setBack, {}, NOW + DAY + 3601),
    "the time is what was seen": at(NOW + 30 * DAY - 1, ["expired", "file_ended"], {}, NOW + 30 * DAY),
    "an older file than one that was seen": of(file(), ["invalid", "older_file"], {
      kept: kept({ seq: { 34: NOW + 1 } }),
    }),
    "the file that was seen": of(file(), ["valid"], { kept: kept({ seq: { 34: NOW } }) }),
    "an older file of another activation": of(file(), ["valid"], { kept: kept({ seq: { 35: NOW + 1 } }) }),
  };
}

const STATES: Record<string, (components: number) => boolean> = {
  exact: () => false,
  any: (same) => same >= 1,
  two: (same) => same >= 2,
  most: (same) => same >= 3,
  all: (same) => same >= 4,
};

export function deviceCases(): Record<string, Case> {
  const other = ["wrong_machine", "other_machine"] as const;
  const names = ["board", "disk", "mac", "__proto__"];
  const components = Object.fromEntries(
    names.map((name) => [name, hashOf(`component ${name}`, `${name}-1`)]),
  );
  const machineOf = (match: string, own: Json = components) => ({
    ...fileClaims.machine,
    match,
    components: own,
  });
  const having = (machine: Json, own: Record<string, string> | undefined, expected: Case["expected"]) =>
    of(file({ machine }), expected, {
      device: { fingerprint: "machine-2", license_key: "", ...own ? { components: own } : {} },
    });
  const counts = Object.keys(STATES).flatMap((match) => [0, 1, 2, 3, 4].map((same) => ({ match, same })));
  return {
    "another machine": of(file(), other, { device: { fingerprint: "machine-2", license_key: "" } }),
    "another machine without a fingerprint": of(file(), other, {
      device: { fingerprint: "", license_key: "" },
    }),
    "the fingerprint in capitals": of(file(), other, {
      device: { fingerprint: "MACHINE-1", license_key: "" },
    }),
    "a fingerprint that is no ASCII": of(
      file({ machine: { ...fileClaims.machine, fingerprint: hashOf("fingerprint", "Gerät-😀") } }),
      ["valid"],
      { device: { fingerprint: "Gerät-😀", license_key: "" } },
    ),
    "the fingerprint is right, whatever its components": of(file({ machine: machineOf("all") }), ["valid"]),
    ...each(counts, ({ match, same }) => [
      `${match}, with ${same} of 4 components`,
      having(
        machineOf(match),
        Object.fromEntries(names.map((name, index) => [name, index < same ? `${name}-1` : "new"])),
        STATES[match](same) ? ["valid"] : other,
      ),
    ]),
    ...each(Object.keys(STATES), (match) => [
      `${match}, without components`,
      having(machineOf(match, {}), { board: "board-1" }, other),
    ]),
    ...each(Object.keys(STATES), (match) => [
      `${match}, on a device without components`,
      having(machineOf(match), undefined, other),
    ]),
    "a component under another name": having(machineOf("any"), { disk: "board-1" }, other),
    "names that objects have": having(
      machineOf("any", { toString: components.board, constructor: components.disk }),
      {},
      other,
    ),
  };
}

export function termCases(): Record<string, Case> {
  const today = "2027-01-15";
  const MIDNIGHT = Math.floor(NOW / DAY) * DAY;
  const on = (
    claims: Json,
    expected: Case["expected"],
    more: { now?: number; released?: string | null } = {},
  ) =>
    of(file({ exp: NOW + 90 * DAY, ...claims }), expected, {
      now: more.now ?? NOW + 60,
      app: {
        product: "my-app",
        version: "2.1.0",
        released: more.released === undefined ? "2027-01-01" : more.released,
      },
    });
  const version = (range: string, of_: string | null, isCovered: boolean): [string, Case] => [
    `version ${of_} of ${range}`,
    of(file({ versions: range }), isCovered ? ["valid"] : ["version_not_entitled", "version_not_covered"], {
      app: { product: "my-app", version: of_, released: null },
    }),
  ];
  const ended = ["expired", "license_ended"] as const,
    later = ["version_not_entitled", "released_later"] as const;
  const over = { license_ends: "2027-01-14" };
  const kept = { ...over, after_expiry: "entitled_versions" };
  const two = ">=2.0.0 <3.0.0 || >=4.1.0 <4.2.0";
  return {
    "the last day": on({ license_ends: today }, ["valid"]),
    "the last second of the last day": on({ license_ends: today }, ["valid"], { now: MIDNIGHT + DAY - 1 }),
    "the first second after it": on({ license_ends: today }, ended, { now: MIDNIGHT + DAY }),
    "the first second of grace": on({ license_ends: today, grace_ends: "2027-01-16" }, ["grace"], {
      now: MIDNIGHT + DAY,
    }),
    "the last second of grace": on({ license_ends: today, grace_ends: "2027-01-16" }, ["grace"], {
      now: MIDNIGHT + 2 * DAY - 1,
    }),
    "after grace": on({ license_ends: today, grace_ends: "2027-01-16" }, ended, { now: MIDNIGHT + 2 * DAY }),
    "grace of a license that never expires": on({ grace_ends: "2027-01-01" }, ["valid"]),
    "in grace, where everything stays allowed": on({ ...over, grace_ends: today, after_expiry: "allow" }, [
      "grace",
    ]),
    "after the end, where everything stays allowed": on({ ...over, after_expiry: "allow" }, ["valid"]),
    "after the end, a version of its time": on(kept, ["valid"]),
    "after the end, a version of its last day": on(kept, ["valid"], { released: "2027-01-14" }),
    "after the end, a later version": on(kept, later, { released: today }),
    "after the end, a version of an unknown day": on(kept, ["valid"], { released: null }),
    "after the end, a version within its updates": on({ ...kept, updates_until: "2026-12-31" }, ["valid"], {
      released: "2026-12-31",
    }),
    "a version after its updates": on({ updates_until: "2026-12-31" }, later),
    "a version of the last day of updates": on({ updates_until: "2027-01-01" }, ["valid"]),
    ...Object.fromEntries([
      version(">=2.0.0 <3.0.0", "2.0.0", true),
      version(">=2.0.0 <3.0.0", "2.9.9.9", true),
      version(">=2.0.0 <3.0.0", "2", true),
      version(">=2.0.0 <3.0.0", "v2.5", true),
      version(">=2.0.0 <3.0.0", "2.5+build.7", true),
      version(">=2.0.0 <3.0.0", "2.0.0-beta", true),
      version(">=2.0.0 <3.0.0", "3.0.0-beta", false),
      version(">=2.0.0 <3.0.0", "3", false),
      version(">=2.0.0 <3.0.0", "1.99", false),
      version(">=2.0.0 <3.0.0", "10.0.0", false),
      version(">=2.0.0 <3.0.0", "unknown", true),
      version(">=2.0.0 <3.0.0", "", true),
      version(">=2.0.0 <3.0.0", null, true),
      version(two, "4.1.7", true),
      version(two, "3.5", false),
      version(">1.2.3 <=1.2.4", "1.2.3", false),
      version(">1.2.3 <=1.2.4", "1.2.4", true),
      version(">=2.0.0-rc.2", "2.0.0-rc2", true),
      version(">=2.0.0-rc.2", "2.0.0-RC.10", true),
      version(">=2.0.0-rc.2", "2.0.0-rc.1", false),
      version(">=2.0.0-rc.2", "2.0.0-rc", false),
      version(">=2.0.0-rc.2", "2.0.0-beta.9", false),
      version(">=2.0.0-rc.2", "2.0.0", true),
      version(">=2.0.0-rc", "2.0.0-1", false),
      version("<2.0.0-rc.1", "2.0.0-beta", true),
      version("", "1", true),
      version("2.0.0", "2.0.0", false),
      version("^2.0.0", "2.0.0", false),
      version(">=x", "2.0.0", false),
    ]),
  };
}
