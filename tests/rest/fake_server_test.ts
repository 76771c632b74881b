// Servers that are not the vendor's: an app that sends a nonce believes none of their answers, by either verifier.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { generateKeyPairSync, sign } from "node:crypto";
import { startFakeServer } from "../support/fake_server.ts";
import { offlineProduct, unarmour } from "../support/license_files.ts";
import { eventually, test } from "../support/test.ts";
import { App, type Expected } from "../support/verifier/app.ts";
import { startCustomer } from "../support/verifier/customer.ts";

const { server, at, cases, administrator, install } = await startCustomer();
const fake = startFakeServer(server.url);

test("an edited, recorded, missing or foreign answer of a fake server is noticed", async () => {
  const { app: honest, id } = await install({ offlineDays: 10 });
  await honest.checkOut();
  const app = honest.copy({ url: fake.url });
  assert.equal((await app.askServer("forwarded"))!.valid, true);
  await (await administrator()).post(`/api/admin/licenses/${id}/disable`, { reason: "Unpaid" });
  await eventually(async () => (await app.call("/api/license/verify")).body.valid === false);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  // deno-lint-ignore no-explicit-any
  const parsed = (jws: string): any[] =>
    jws.split(".").slice(0, 2).map((text) => JSON.parse(Buffer.from(text, "base64url").toString()));
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x } = publicKey.export({ format: "jwk" });
  // deno-lint-ignore no-explicit-any
  const changes: Record<string, [Expected, (body: any, sent: any) => any]> = {
    "the fields alone are edited": [["trusted"], (body) => ({ ...body, valid: true, code: "VALID" })],
    "the claims are edited": [["invalid", "wrong_signature"], (body) => {
      const [head, , signature] = body.signature.split(".");
      const [, claims] = parsed(body.signature);
      const edited = part({ ...claims, valid: true, code: "VALID" });
      return { ...body, valid: true, signature: [head, edited, signature].join(".") };
    }],
    "it is signed with another key": [["invalid", "wrong_signature"], (body) => {
      const [header, claims] = parsed(body.signature);
      const signed = `${part(header)}.${part({ ...claims, valid: true })}`;
      return {
        ...body,
        signature: `${signed}.${sign(null, Buffer.from(signed), privateKey).toString("base64url")}`,
      };
    }],
    "it brings its key": [["invalid", "unknown_key"], (body) => {
      const [header, claims] = parsed(body.signature);
      const named = { ...header, kid: "mine", jwk: { kty: "OKP", crv: "Ed25519", x } };
      const signed = `${part(named)}.${part({ ...claims, valid: true })}`;
      return {
        ...body,
        signature: `${signed}.${sign(null, Buffer.from(signed), privateKey).toString("base64url")}`,
      };
    }],
    "it is not signed": [["invalid", "malformed"], ({ signature: _, ...body }) => ({ ...body, valid: true })],
    "its signature is empty": [["invalid", "wrong_signature"], (body) => ({
      ...body,
      valid: true,
      signature: body.signature.replace(/[^.]*$/, ""),
    })],
    "it is a recorded one": [["invalid", "other_nonce"], () => fake.recorded.get("/api/license/verify")],
    "it is a license file": [["invalid", "wrong_type"], (body) => ({
      ...body,
      signature: unarmour(honest.file!),
    })],
  };
  for (const [name, [expected, change]] of Object.entries(changes)) {
    fake.change = change;
    const claims = await app.askServer(name, expected);
    assert.ok(claims === null || claims.valid === false, name);
  }
  // A fake server that answers with the file of another machine, or an old one, gets no further either.
  fake.change = (body) => body;
  const stranger = (await install({})).app;
  await stranger.checkOut();
  const next = app.copy({}, { withKept: true });
  await next.start("its own file", at(0) + 60, ["valid"]);
  next.file = stranger.copy({ fingerprint: "machine-2" }).file;
  await next.copy({ fingerprint: "machine-3" }).start("a file of another machine", at(0) + 60, [
    "wrong_machine",
    "other_machine",
  ]);
});

test("a signed answer for another license, machine or product is not taken for this one", async () => {
  const { app } = await install({});
  const { app: other } = await install({});
  const elsewhere = await offlineProduct(server, "second-app");
  const foreign = new App({
    ...app.options,
    licenseKey: (await elsewhere.makeOffline()).license.key,
  });
  // The fake server asks the real one with another key or machine, and the same nonce.
  const asking = async (body: object, expected: Expected) => {
    const asker = app.copy({ url: fake.url });
    let answer: unknown;
    fake.change = () => answer;
    const call = asker.call.bind(asker);
    asker.call = async (path, sent = {}) => {
      answer = (await app.call(path, { ...sent, ...body })).body;
      return await call(path, sent);
    };
    await asker.askServer(JSON.stringify(body), expected);
  };
  await asking({}, ["trusted"]);
  await asking({ license_key: other.options.licenseKey }, ["invalid", "other_key"]);
  await asking({ hardware_hash: "machine-9" }, ["invalid", "other_machine"]);
  await asking({ license_key: foreign.options.licenseKey }, ["invalid", "unknown_key"]);
  fake.change = (body) => body;
});

test("the verifier in Python finds the same", () => cases.compareWithPython());

test("the servers stop", async () => {
  await fake.stop();
  await server.stop();
});
