// A server that is not the vendor's, or a network that answers in its place: nothing that is not signed for this call is believed.
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { encode, foreignKey, productKey, signed, signedWithHeader } from "../../../sdk/vectors/signer.ts";
import { type Handler, writeJson } from "./between.ts";
import { brokenAnswers } from "./broken_answers.ts";
import type { Client, Trial } from "./trial.ts";
import { PRODUCT, type Vendor } from "./vendor.ts";

const TYPE = "license-validation+jwt";

// deno-lint-ignore no-explicit-any
type Body = any;

/** The real answer, changed. */
function changed(
  vendor: Vendor,
  change: (body: Body) => unknown,
  sent: Record<string, unknown> = {},
): Handler {
  return async (request, response) => {
    const { status, body } = await vendor.between.forward(request, sent);
    writeJson(response, await change(body), status);
  };
}

const claimsOf = (jws: string) => JSON.parse(Buffer.from(jws.split(".")[1], "base64url").toString());

/** Signs the real claims again, otherwise. */
const resigned = (vendor: Vendor, sign: (claims: Body, jws: string) => unknown): Handler =>
  changed(
    vendor,
    async (body) => ({ ...body, signature: await sign(claimsOf(body.signature), body.signature) }),
  );

export async function lies(trial: Trial, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  between.begin(between.honest);
  const license = await vendor.license({ maxActivations: 9 });
  const other = await vendor.license();
  const otherDevice = `${trial.language.name}'s other device`;
  // With a second key, so that the trial can sign as the vendor does.
  const publicKeys = [...vendor.publicKeys, productKey.publicKey];
  const client = await trial.open({ public_keys: publicKeys, timeout: 2 });
  await client.expect("activate", { license_key: license.key }, "valid");
  for (const [key, device] of [[license.key, otherDevice], [other.key, client.options.fingerprint]]) {
    const machine = { license_key: key, hardware_hash: device };
    await vendor.server.post("/api/license/activate", machine);
  }
  let recorded: Body = null;
  between.begin(changed(vendor, (body) => recorded = body));
  await client.expect("refresh", {}, "valid");
  const [key] = vendor.publicKeys as { kid: string; x: string }[];
  const head = { alg: "Ed25519", kid: key.kid, typ: TYPE };

  const untrusted: Record<string, Handler> = {
    "an unsigned refusal": changed(vendor, () => ({ valid: false, code: "LICENSE_INACTIVE" })),
    "an unsigned answer": changed(vendor, ({ signature: _, ...body }) => body),
    "an answer that was recorded": changed(vendor, () => recorded),
    "a recorded signature": changed(vendor, (body) => ({ ...body, signature: recorded.signature })),
    "a key of another vendor": resigned(vendor, (claims) => signed(TYPE, claims, { key: foreignKey })),
    "another key under the vendor's kid": resigned(
      vendor,
      (_, jws) => signedWithHeader(head, jws.split(".")[1], foreignKey),
    ),
    "the public key as a secret": resigned(vendor, (_, jws) => {
      const text = `${encode({ ...head, alg: "HS256" })}.${jws.split(".")[1]}`;
      const secret = Buffer.from(key.x, "base64url");
      return `${text}.${createHmac("sha256", secret as never).update(text).digest("base64url")}`;
    }),
    "no algorithm": resigned(vendor, (_, jws) => `${encode({ ...head, alg: "none" })}.${jws.split(".")[1]}.`),
    "edited claims": resigned(vendor, (claims, jws) => {
      const [header, , signature] = jws.split(".");
      return `${header}.${encode({ ...claims, max_users: 999 })}.${signature}`;
    }),
    "the signature of another device": changed(vendor, (body) => body, { hardware_hash: otherDevice }),
    "the signature of another license key": changed(vendor, (body) => body, { license_key: other.key }),
    "another product": resigned(vendor, (claims) => signed(TYPE, { ...claims, product: "other-app" })),
    "another call": resigned(
      vendor,
      (claims) => signed(TYPE, { ...claims, nonce: "AgICAgICAgICAgICAgICAg" }),
    ),
    "no time": resigned(vendor, ({ iat: _, ...claims }) => signed(TYPE, claims)),
    "a license file as an answer": resigned(vendor, (claims) => signed("license-file+jwt", claims)),
    "a number as signature": resigned(vendor, () => 7),
    "a list as signature": resigned(vendor, () => [[]]),
    "an empty signature": resigned(vendor, () => ""),
    "a signature of dots": resigned(vendor, () => ".".repeat(1000)),
    "a long signature": resigned(vendor, (_, jws) => jws + "A".repeat(1_000_000)),
    "deep claims": resigned(vendor, (_, jws) => {
      const deep = Buffer.from(`{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`).toString("base64url");
      return signedWithHeader(head, deep, productKey).replace(/^[^.]*/, jws.split(".")[0]);
    }),
  };
  await refuseEach(trial, client, vendor, untrusted, "UNTRUSTED_ANSWER");
  await refuseEach(
    trial,
    client,
    vendor,
    brokenAnswers(vendor),
    /^(UNTRUSTED_ANSWER|NETWORK_ERROR|HTTP_\d+)$/,
  );
  await endless(trial, client, vendor);
  await redirects(trial, client, vendor);
  await believable(trial, client, vendor);
  await foreignFiles(trial, client, vendor);
  await newDevice(trial, vendor, license.key);
}

/** Each lie leaves the license as it is. */
async function refuseEach(
  trial: Trial,
  client: Client,
  vendor: Vendor,
  lies: Record<string, Handler>,
  error: string | RegExp,
): Promise<void> {
  for (const [name, handler] of Object.entries(lies)) {
    trial.step(name);
    vendor.between.begin(handler);
    const { storage_error } = await client.expect("refresh", {}, "valid", error);
    trial.equal("storage_error", storage_error, null);
  }
  trial.step("the vendor's server afterwards");
  vendor.between.begin(vendor.between.honest);
  await client.expect("refresh", {}, "valid");
}

/** A body that goes on as long as it is read: the time limit, or a limit of bytes, ends the call. */
async function endless(trial: Trial, client: Client, { between }: Vendor): Promise<void> {
  trial.step("a body that never ends");
  const chunk = new TextEncoder().encode(`{"a":"${"x".repeat(65_536)}`);
  let megabytes = 0;
  between.begin(async (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    let isClosed = false;
    const closed = once(response, "close").then(() => isClosed = true);
    while (!isClosed && megabytes < 512) {
      megabytes += chunk.length / 1e6;
      if (response.write(chunk)) await new Promise((resolve) => setTimeout(resolve));
      else await Promise.race([once(response, "drain"), closed]);
    }
    response.destroy();
  });
  await client.expect("refresh", {}, "valid", /^(UNTRUSTED_ANSWER|NETWORK_ERROR)$/);
  trial.check("what was read", megabytes < 40, `${Math.round(megabytes)} MB`, "an end after a few MB");
}

/** The API key is for the vendor's server alone. */
async function redirects(trial: Trial, client: Client, { between, elsewhere }: Vendor): Promise<void> {
  for (const status of [301, 302, 303, 307, 308]) {
    trial.step(`a redirect (${status}) to another server`);
    elsewhere.begin(elsewhere.honest);
    between.begin((sent, response) =>
      response.writeHead(status, { location: `${elsewhere.url}${sent.path}` }).end()
    );
    const { status: refreshed } = await client.call("refresh");
    trial.equal("state", refreshed?.state, "valid");
    const { error } = await client.call("check_out");
    trial.check("check_out", !!error, error, "an error");
    const told = elsewhere.requests.filter(({ headers }) => "x-api-key" in headers);
    trial.equal("calls with the API key at the other server", told.map(({ path }) => path), []);
  }
}

/** What looks odd, and is signed. */
async function believable(trial: Trial, client: Client, { between }: Vendor): Promise<void> {
  const answer = (text: (body: Body) => string | Uint8Array): Handler => async (sent, response) => {
    const { body } = await between.forward(sent);
    response.writeHead(200, { "content-type": "text/plain" }).end(text(body));
  };
  const rest = (body: Body) => JSON.stringify(body).slice(1);
  trial.step("a member that is there twice: the last one counts");
  between.begin(answer((body) => `{"signature":"a.b.c","valid":false,${rest(body)}`));
  await client.expect("refresh", {}, "valid");
  between.begin(answer((body) => `${JSON.stringify(body).slice(0, -1)},"signature":"a.b.c"}`));
  await client.expect("refresh", {}, "valid", "UNTRUSTED_ANSWER");
  trial.step("members that contradict the signature");
  const claims = { valid: false, code: "LICENSE_INACTIVE", max_users: "many", lease_ends: [], grace_ends: 7 };
  between.begin(answer((body) => JSON.stringify({ ...body, ...claims })));
  const { code } = await client.expect("refresh", {}, "valid");
  trial.equal("code", code, "VALID");
  trial.step("members that no one knows");
  between.begin(
    answer((body) => JSON.stringify({ ...body, "": null, "\u0000": "\ud800", later: { a: [1e400] } })),
  );
  await client.expect("refresh", {}, "valid");
  trial.step("bytes that are no UTF-8 in a member that no one knows");
  between.begin(answer((body) => {
    const before = new TextEncoder().encode(`{"x":"`);
    return new Uint8Array([...before, 0xff, 0xc0, 0xaf, ...new TextEncoder().encode(`",${rest(body)}`)]);
  }));
  // Believed or not: what is signed is whole.
  const answered = await client.call("refresh");
  trial.equal("state", answered.status?.state, "valid");
}

/** License files in answers. */
async function foreignFiles(trial: Trial, client: Client, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  const before = (await client.call("status")).status;
  const files: Record<string, unknown> = {
    "a number": 7,
    "a cut license file": "-----BEGIN LATCHKEY LICENSE-----\neyJ",
    "an empty license file": "-----BEGIN LATCHKEY LICENSE-----\n-----END LATCHKEY LICENSE-----\n",
    "a long license file": `-----BEGIN LATCHKEY LICENSE-----\n${
      "A".repeat(70_000)
    }\n-----END LATCHKEY LICENSE-----`,
    "a page": "<h1>Sign in</h1>",
  };
  for (const [name, file] of Object.entries(files)) {
    trial.step(`${name} as license file`);
    between.begin(changed(vendor, (body) => ({ ...body, license_file: file })));
    const status = await client.expect("refresh", {}, "valid");
    trial.equal("the file that was kept", status.file?.jti, before.file?.jti);
    await client.expectError("check_out", {}, "UNTRUSTED_ANSWER");
    const kept = await client.expect("status", {}, "valid");
    trial.equal("the file that was kept", kept.file?.jti, before.file?.jti);
  }
}

/** A device without a license, and a server of its user's. */
async function newDevice(trial: Trial, vendor: Vendor, key: string): Promise<void> {
  const { between } = vendor;
  const client = await trial.open({ file: null });
  trial.step("a server that says VALID to everything");
  between.begin((_, response) => writeJson(response, { valid: true, code: "VALID", product: PRODUCT }, 201));
  await client.expect("activate", { license_key: "any-key-at-all" }, "not_activated", "UNTRUSTED_ANSWER");
  trial.step("a sign-in page of the network");
  between.begin((_, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome</h1>")
  );
  await client.expectError("activate", { license_key: key }, "UNTRUSTED_ANSWER");
  await client.expectError("check_for_update", {}, /^(UNTRUSTED_ANSWER|NOT_ACTIVATED)$/);
  trial.step("answers of other types");
  between.begin((_, response) =>
    writeJson(response, { session_id: 7, expires_at: {}, reservation: [], used: "x" })
  );
  for (
    const [call, members] of Object.entries({
      check_out: {},
      seats_start: {},
      usage_increment: { meter: "exports", amount: 1 },
      usage_reserve: { meter: "exports", amount: 1, ttl: 60 },
      check_for_update: {},
    })
  ) {
    const answer = await client.call(call, members);
    const isAnswer = "error" in answer || "session" in answer || "meter" in answer || "update" in answer;
    trial.check(call, isAnswer, answer, "an error, or what it is made of");
  }
  between.begin(between.honest);
  await client.expect("activate", { license_key: key }, "valid");
}
