// Signed validations of licenses in every state: the claims say what the answer says, in all calls that validate.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { compactVerify, createLocalJWKSet } from "jose";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { addDays, dayOf } from "../../server/domain/calendar.ts";
import type { LicenseTerms } from "../../server/domain/policy/terms.ts";
import { createSigningKey } from "../../server/domain/signing/rotate.ts";
import { makeRelease } from "../support/fixtures.ts";
import { type Reply, startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { callV2, makeCatalogue, makeUser, makeUserLicense, startTestSession } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const catalogue = await makeCatalogue(ctx);
const { product } = catalogue;
await createSigningKey(ctx, { productId: product.id });
const today = dayOf(ctx.now);
const day = (offset: number) => addDays(today, offset);
await makeRelease(ctx, product.id, "1.5.0", { releaseDate: day(-100) });
await makeRelease(ctx, product.id, "2.0.0", { releaseDate: day(-10) });
const keysAt = async (path: string) =>
  createLocalJWKSet({
    keys: (await server.get(path)).body.keys.map((key: object) => ({ ...key, alg: "Ed25519" })),
  });
const ofProduct = await keysAt(`/.well-known/jwks/${product.code}.json`);

type Machine = "activated" | "deactivated" | "unknown";

interface State {
  terms?: Partial<LicenseTerms>;
  entitlements?: Record<string, true | number | string>;
  machine?: Machine;
  /** What the calls with a key answer. */
  code: string;
  /** By default 1.5.0. */
  version?: string;
}

const expired = { validFrom: day(-400), validUntil: day(-20) };

const states: Record<string, State> = {
  "active": { code: "VALID" },
  "active on its last day": { terms: { validUntil: today }, code: "VALID" },
  "active on its first day": { terms: { validFrom: today, validUntil: today }, code: "VALID" },
  "never ending": { terms: { validUntil: null }, code: "VALID" },
  "never ending, with grace": { terms: { validUntil: null, graceDays: 14 }, code: "VALID" },
  "ending with the calendar": { terms: { validUntil: "9999-12-31", graceDays: 14 }, code: "VALID" },
  "with entitlements": {
    entitlements: { exports: 50, api_access: true, edition: "stüdio “2”" },
    code: "VALID",
  },
  "with many users": { terms: { maxUsers: 1_000_000 }, code: "VALID" },
  "not yet valid": { terms: { validFrom: day(1) }, code: "LICENSE_NOT_YET_VALID" },
  "not yet valid, with entitlements": {
    terms: { validFrom: day(30) },
    entitlements: { exports: 50 },
    code: "LICENSE_NOT_YET_VALID",
  },
  "in grace": {
    terms: { ...expired, graceDays: 20 },
    entitlements: { exports: 50 },
    code: "GRACE_PERIOD",
  },
  "after its grace": { terms: { ...expired, graceDays: 19 }, code: "LICENSE_EXPIRED" },
  "expired": { terms: expired, entitlements: { exports: 50 }, code: "LICENSE_EXPIRED" },
  "expired, which allows everything": {
    terms: { ...expired, afterExpiry: "allow" },
    entitlements: { exports: 50 },
    code: "VALID",
  },
  "expired, with a version of its time": {
    terms: { ...expired, afterExpiry: "entitled_versions" },
    code: "VALID",
  },
  "expired, with a later version": {
    terms: { ...expired, afterExpiry: "entitled_versions" },
    version: "2.0.0",
    code: "VERSION_NOT_ENTITLED",
  },
  "expired, with no known version": {
    terms: { ...expired, afterExpiry: "entitled_versions" },
    version: "nightly",
    code: "LICENSE_EXPIRED",
  },
  "for other versions": { terms: { versions: ">=2.0.0" }, code: "VERSION_NOT_ENTITLED" },
  "for this version": { terms: { versions: "1.x" }, code: "VALID" },
  "without updates since": {
    terms: { updatesUntil: day(-50) },
    version: "2.0.0",
    code: "VERSION_NOT_ENTITLED",
  },
  "disabled": { terms: { isActive: false }, entitlements: { exports: 50 }, code: "LICENSE_INACTIVE" },
  "disabled and expired": { terms: { ...expired, isActive: false }, code: "LICENSE_INACTIVE" },
  "not activated": { machine: "unknown", code: "NOT_ACTIVATED" },
  "not activated, in grace": {
    machine: "unknown",
    terms: { ...expired, graceDays: 20 },
    code: "NOT_ACTIVATED",
  },
  "deactivated": { machine: "deactivated", entitlements: { exports: 50 }, code: "ACTIVATION_INACTIVE" },
};

const hashOf = (text: string) => createHash("sha256").update(text).digest("base64url");
let number = 0;

/** The claims of a signed answer, without the time and the nonce, which are checked here. */
async function claimsOf(reply: Reply, nonce: string, keys = ofProduct) {
  const { payload } = await compactVerify(reply.body.signature, keys, { algorithms: ["Ed25519"] });
  const { iat, nonce: signed, iss, ...claims } = JSON.parse(new TextDecoder().decode(payload));
  assert.equal(signed, nonce);
  assert.equal(iss, server.config.PUBLIC_URL);
  assert.ok(Math.abs(iat * 1000 - Date.now()) < 60_000);
  return claims;
}

/** A user's license in a state. */
async function make({ terms = {}, entitlements = {}, machine = "activated" }: State) {
  const user = await makeUser(ctx);
  const { id, key } = await makeUserLicense(ctx, catalogue, user, "yearly", { entitlements });
  if (machine !== "unknown") {
    const app = { licenseKey: key, hardwareId: "laptop", machineName: null, appVersion: null };
    await activateLicense(ctx, app);
  }
  if (machine === "deactivated") {
    await server.db`
      update activations
      set is_active = false, deactivated_at = now()
      where license_id = ${id}`;
  }
  const [license] = await server.db<(LicenseTerms & { id: number; key: string })[]>`
    select *
    from licenses
    where id = ${id}`;
  Object.assign(license, terms);
  // Before the server has read the license.
  await server.db`
    update licenses
    set
      is_active = ${license.isActive}, valid_from = ${license.validFrom}, valid_until = ${license.validUntil},
      grace_days = ${license.graceDays}, after_expiry = ${license.afterExpiry},
      updates_until = ${license.updatesUntil}, versions = ${license.versions}, max_users = ${license.maxUsers}
    where id = ${id}`;
  return { license, entitlements, user };
}

for (const [name, state] of Object.entries(states)) {
  test(`the claims of a license that is ${name} are its answer's`, async () => {
    const { license, entitlements, user } = await make(state);
    const app = { license_key: license.key, app_version: state.version ?? "1.5.0" };
    const calls = {
      verify: ["/api/license/verify", { ...app, hardware_hash: "laptop" }],
      heartbeat: ["/api/license/heartbeat", { ...app, hardware_hash: "laptop" }],
      "v1 validate": ["/api/v1/validate", { ...app, hardware_id: "laptop" }],
    } as const;
    for (const [call, [path, body]] of Object.entries(calls)) {
      const nonce = `nonce of ${call} ${++number}`.replaceAll(" ", "-").padEnd(16, "0");
      const reply = await server.post(path, { ...body, nonce });
      assert.deepEqual([reply.status, reply.body.code], [200, state.code], call);
      const shown = call === "heartbeat"
        ? { ...reply.body, entitlements: reply.body.valid ? entitlements : {} }
        : { ...reply.body, ...reply.body.license };
      assert.equal(shown.valid, ["VALID", "GRACE_PERIOD"].includes(state.code));
      const claims = await claimsOf(reply, nonce);
      assert.deepEqual(claims, {
        product: product.code,
        license: license.id,
        key_hash: hashOf(license.key),
        machine: hashOf("laptop"),
        valid: shown.valid,
        code: shown.code,
        valid_until: call === "heartbeat" ? license.validUntil : shown.valid_until,
        grace_ends: shown.grace_ends,
        entitlements: shown.entitlements,
        max_users: call === "heartbeat" ? license.maxUsers : shown.max_users,
      }, call);
      assert.deepEqual(
        [claims.valid_until, claims.max_users, claims.entitlements],
        [license.validUntil, license.maxUsers, claims.valid ? entitlements : {}],
        call,
      );
    }
    const token = await startTestSession(ctx, user, "laptop");
    const nonce = `nonce-of-v2-validate-${++number}`;
    const entitlement_token = { sub: String(user.id), plan: "yearly", exp: 4_000_000_000 };
    const reply = await callV2(server, "POST", "/license/validate", { entitlement_token, nonce }, token);
    const { valid, grace_ends } = reply.body;
    const common = { key_hash: null, machine: hashOf("laptop"), valid, grace_ends };
    const claims = await claimsOf(
      reply,
      nonce,
      valid ? ofProduct : await keysAt("/.well-known/jwks.json"),
    );
    // Without a machine and a version a license is usable unless it is disabled or out of its time.
    const usable = ["VALID", "GRACE_PERIOD", "NOT_ACTIVATED", "ACTIVATION_INACTIVE", "VERSION_NOT_ENTITLED"];
    assert.equal(valid, usable.includes(state.code) && license.afterExpiry !== "entitled_versions");
    assert.deepEqual(
      claims,
      valid
        ? {
          ...common,
          product: product.code,
          license: license.id,
          code: state.terms?.graceDays === 20 ? "GRACE_PERIOD" : "VALID",
          valid_until: license.validUntil,
          entitlements,
          max_users: license.maxUsers,
        }
        : {
          ...common,
          product: null,
          license: null,
          code: "NO_ENTITLEMENT",
          valid_until: null,
          entitlements: {},
          max_users: null,
        },
    );
  });
}

test("the server stops", () => server.stop());
