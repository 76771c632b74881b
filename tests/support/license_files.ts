// License files in tests: licenses that allow them, and what an app does with a file.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { createRemoteJWKSet, jwtVerify } from "jose";
import type { NewLicense } from "../../server/domain/licenses/issue.ts";
import type { ProductRow } from "../../server/domain/products/products.ts";
import { createSigningKey } from "../../server/domain/signing/rotate.ts";
import { makeLicense, makeProduct } from "./fixtures.ts";
import type { Reply, TestServer } from "./server.ts";

export const DAY = 86_400;

/** A product with a key of its own, and its calls. */
export async function offlineProduct(server: TestServer, code = "offline-app") {
  const ctx = await server.ctx();
  const product = await makeProduct(ctx, code);
  await createSigningKey(ctx, { productId: product.id });
  return {
    product,
    checkout: (body: object) => server.post("/api/license/checkout", body),
    checkin: (body: object) => server.post("/api/license/checkin", body),
    makeOffline: (terms?: Partial<NewLicense>, components?: Record<string, string>) =>
      makeOffline(server, product, terms, components),
    keySet: () => createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks/${product.code}.json`)),
  };
}

async function makeOffline(
  server: TestServer,
  product: ProductRow,
  terms: Partial<NewLicense> = {},
  components?: Record<string, string>,
) {
  const license = await makeLicense(await server.ctx(), {
    productId: product.id,
    offlineDays: 30,
    customer: { name: "Lumen Ltd", email: `files${++number}@example.com` },
    ...terms,
  });
  const machine = { license_key: license.key, hardware_hash: "machine-1" };
  assert.equal((await server.post("/api/license/activate", { ...machine, components })).status, 201);
  return { license, machine };
}

let number = 0;

export const fileOf = (reply: Reply): string => {
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body.license_file;
};

export function unarmour(file: string): string {
  const lines = file.trim().split("\n");
  assert.equal(lines[0], "-----BEGIN LATCHKEY LICENSE-----");
  assert.equal(lines.at(-1), "-----END LATCHKEY LICENSE-----");
  assert.ok(lines.slice(1, -1).every((line) => line.length <= 64));
  return lines.slice(1, -1).join("");
}

/** What an app does with a file, at a time. */
export async function readFile(file: string, keys: unknown, at = new Date()) {
  const { payload, protectedHeader } = await jwtVerify(
    unarmour(file),
    keys as ReturnType<typeof createRemoteJWKSet>,
    {
      algorithms: ["Ed25519"],
      typ: "license-file+jwt",
      currentDate: at,
    },
  );
  assert.equal(protectedHeader.alg, "Ed25519");
  // deno-lint-ignore no-explicit-any
  return payload as any;
}

/** Whether a file is for a machine. */
export function isFor(
  // deno-lint-ignore no-explicit-any
  { machine }: any,
  fingerprint: string,
  components: Record<string, string> = {},
): boolean {
  const hash = (name: string, value: string) =>
    createHash("sha256").update(`${machine.salt}\n${name}\n${value}`).digest("base64url");
  if (hash("fingerprint", fingerprint) === machine.fingerprint) return true;
  const names = Object.keys(machine.components);
  const same = names.filter((name) =>
    components[name] !== undefined &&
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

/** The request for a file that an app without a network makes. */
export function offlineRequest(members: object): string {
  const json = JSON.stringify(members);
  const check = createHash("sha256").update(json).digest().subarray(0, 6).toString("base64url");
  const content = `${Buffer.from(json).toString("base64url")}.${check}`;
  return [
    "-----BEGIN LATCHKEY REQUEST-----",
    ...content.match(/.{1,64}/g)!,
    "-----END LATCHKEY REQUEST-----",
    "",
  ].join("\n");
}
