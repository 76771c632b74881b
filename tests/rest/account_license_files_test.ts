// License files on the account pages: a user downloads those of their own devices, where the license allows it, gets one for
// the request of an app without a network, and enters removal codes.
import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import type { UserRow } from "../../server/domain/accounts/users.ts";
import { offlineRequest, unarmour } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { claimsOf } from "../support/verifier/customer.ts";
import { removalCode } from "../support/verifier/removal_code.ts";
import { makeCatalogue, makeUser, makeUserLicense, startTestSession } from "../support/users.ts";

const server = await startTestServer();
const catalogue = await makeCatalogue(await server.ctx());

/** A browser in which a user is signed in. */
async function signedIn(user: UserRow) {
  const cookie = `latchkey_account=${await startTestSession(await server.ctx(), user, null)}`;
  return {
    account: async () => await (await fetch(`${server.url}/account`, { headers: { cookie } })).text(),
    download: (id: number | string, site = "same-origin") =>
      fetch(`${server.url}/account/devices/${id}/license-file`, {
        method: "POST",
        headers: { cookie, "sec-fetch-site": site },
        redirect: "manual",
      }),
    open: async (path: string) => await (await fetch(`${server.url}${path}`, { headers: { cookie } })).text(),
    post: async (path: string, body: BodyInit, site = "same-origin") => {
      const reply = await fetch(`${server.url}${path}`, {
        method: "POST",
        headers: { cookie, "sec-fetch-site": site },
        body,
        redirect: "manual",
      });
      return { status: reply.status, text: await reply.text() };
    },
  };
}

async function makeDevice(name: string, offlineDays: number) {
  const user = await makeUser(await server.ctx(), { name });
  const license = await makeUserLicense(await server.ctx(), catalogue, user, "monthly", { offlineDays });
  const machine = { hardwareId: `machine of ${name}`, machineName: `${name}'s Büro`, appVersion: null };
  const { activation } = await activateLicense(await server.ctx(), { ...machine, licenseKey: license.key });
  return { license, activation, ...await signedIn(user) };
}

const ann = await makeDevice("Ann", 30);

test("a user downloads the license file of a device, and sees until when it lasts", async () => {
  assert.doesNotMatch(await ann.account(), /License file until/);
  assert.match(await ann.account(), /aria-label="Download license file of Ann&#39;s Büro"/);
  const reply = await ann.download(ann.activation.id);
  assert.equal(reply.status, 200);
  assert.equal(
    reply.headers.get("content-disposition"),
    `attachment; filename="upload-bridge-${ann.license.id}-ann-s-buro.lic"`,
  );
  const claims = decodeJwt(unarmour(await reply.text()));
  assert.equal(claims.activation, ann.activation.id);
  assert.match(await ann.account(), /License file until \w+ \d+, \d{4}/);
});

test("no one downloads the file of another user's device, or from another site", async () => {
  const ben = await makeDevice("Ben", 30);
  for (const id of [ann.activation.id, 999_999, "x", "0"]) {
    const reply = await ben.download(id);
    assert.equal(reply.status, 404, String(id));
    assert.match(await reply.text(), /Page not found/);
  }
  assert.equal((await ben.download(ben.activation.id, "cross-site")).status, 403);
  assert.equal((await ben.download(ben.activation.id)).status, 200);
});

test("a license without license files offers none, and an expired one says why there is none", async () => {
  const eve = await makeDevice("Eve", 0);
  assert.doesNotMatch(await eve.account(), /license file/i);
  const refused = await eve.download(eve.activation.id);
  assert.equal(refused.status, 403);
  assert.match(await refused.text(), /does not allow use without a connection/);
  await server.db`
    update licenses
    set valid_from = '2025-01-01', valid_until = '2025-02-01', offline_days = 30
    where id = ${eve.license.id}`;
  const expired = await eve.download(eve.activation.id);
  assert.equal(expired.status, 403);
  assert.match(await expired.text(), /has expired\. Renew/);
  const [{ files }] = await server.db`
    select count(*)::integer as files
    from license_files
    where activation_id = ${eve.activation.id}`;
  assert.equal(files, 0);
});

const requestOf = (key: string, more: object = {}) =>
  offlineRequest({ license_key: key, hardware_hash: "island", machine_name: "Is<land", ...more });

function formOf(fields: { request?: string; file?: Uint8Array<ArrayBuffer> | string }): FormData {
  const form = new FormData();
  form.set("request", fields.request ?? "");
  form.set("file", new File([fields.file ?? ""], "island.req"));
  return form;
}

const fileIn = (page: string) => atob(page.match(/href="data:application\/octet-stream;base64,([^"]+)"/)![1]);

const activeDevices = async (licenseId: number) =>
  (await server.db`
    select id
    from activations
    where license_id = ${licenseId} and is_active`).length;

test("a user turns a request into a license file, and enters the removal code of its device", async () => {
  const kim = await makeDevice("Kim", 30);
  for (const path of ["/account/offline", "/account/removal-code"]) {
    assert.ok((await kim.account()).includes(`href="${path}"`));
    assert.match(await kim.open(path), /<form method="post"/);
  }
  const request = requestOf(kim.license.key);
  const pasted = await kim.post("/account/offline", formOf({ request: `Hello,\n${request}Bye` }));
  assert.equal(pasted.status, 200, pasted.text);
  assert.match(pasted.text, /Bring the license file to Is&lt;land/);
  assert.match(pasted.text, /<svg class="qr" role="img" aria-label="QR code of the license file"/);
  assert.match(pasted.text, /download="upload-bridge-\d+-is-land\.lic"/);
  const claims = claimsOf(fileIn(pasted.text));
  assert.equal(claims.license, kim.license.id);
  const again = await kim.post("/account/offline", formOf({ request: "ignored", file: request }));
  assert.equal(claimsOf(fileIn(again.text)).activation, claims.activation);
  assert.equal(await activeDevices(kim.license.id), 2);

  const code = removalCode(claimsOf(fileIn(again.text)));
  const enter = (code: string) => kim.post("/account/removal-code", new URLSearchParams({ code }));
  const removed = await enter(code.toLowerCase().replaceAll("-", " "));
  assert.equal(removed.status, 200);
  assert.match(removed.text, /Is&lt;land is removed/);
  assert.equal(await activeDevices(kim.license.id), 1);
  assert.match((await enter(code)).text, /Is&lt;land was removed already/);
  await kim.post("/account/offline", formOf({ request }));
  const outdated = await enter(code);
  assert.equal(outdated.status, 409);
  assert.match(outdated.text, /was used, or is older/);
});

test("what is no request or code of the user's is refused with a sentence, and changes nothing", async () => {
  const lea = await makeDevice("Lea", 30);
  const max = await makeDevice("Max", 30);
  const request = requestOf(lea.license.key);
  const latin1 = Uint8Array.from("Büro", (char) => char.charCodeAt(0));
  const large = "x".repeat(10 * 1024 * 1024);
  const offline: [sent: BodyInit, status: number, sentence: RegExp, by?: typeof lea][] = [
    [formOf({}), 400, /Paste the request that the app shows.*"problem"><\/textarea>/s],
    [new URLSearchParams(), 400, /Paste the request that the app shows/],
    [formOf({ request: "<b>hello</b>" }), 400, /role="alert">[^<]+\.<.*&lt;b&gt;hello/s],
    [formOf({ request: request.slice(0, -60) }), 400, /Copy all of it/],
    [formOf({ file: "\0\u{1f512}" }), 400, /characters that are not allowed/],
    [formOf({ file: latin1 }), 400, /not valid UTF-8/],
    [formOf({ request: "x".repeat(70_000) }), 400, /too long to be a request/],
    [formOf({ file: large }), 413, /\./],
    [formOf({ request }), 404, /none of your account’s/, max],
    [formOf({ request: requestOf("AAAA-AAAA-AAAA-AAAA") }), 400, /none of your account’s/],
  ];
  for (const [body, status, sentence, by = lea] of offline) {
    const reply = await by.post("/account/offline", body);
    assert.equal(reply.status, status, `${sentence}: ${reply.text}`);
    assert.match(reply.text, sentence);
  }
  assert.equal((await lea.post("/account/offline", formOf({ request }), "cross-site")).status, 403);
  assert.equal(await activeDevices(lea.license.id), 1);

  const code = removalCode(claimsOf(await (await lea.download(lea.activation.id)).text()));
  const codes: [code: string, status: number, sentence: RegExp, by?: typeof lea][] = [
    ["", 400, /Enter the code that the app shows/],
    ["<hello>", 400, /not a removal code of a device.*&lt;hello&gt;/s],
    [`${code.slice(0, -1)}Q`, 400, /not a removal code of a device/],
    ["x".repeat(2000), 400, /\./],
    [large, 413, /\./],
    [code, 404, /no device of this code/, max],
  ];
  for (const [code, status, sentence, by = lea] of codes) {
    const reply = await by.post("/account/removal-code", new URLSearchParams({ code }));
    assert.equal(reply.status, status, `${sentence}: ${reply.text.slice(0, 2000)}`);
    assert.match(reply.text, sentence);
  }
  const foreign = await lea.post("/account/removal-code", new URLSearchParams({ code }), "cross-site");
  assert.equal(foreign.status, 403);
  assert.equal(await activeDevices(lea.license.id), 1);
});

test("a license that is full says so, and one without license files why there is none", async () => {
  const noa = await makeDevice("Noa", 30);
  await server.db`update licenses set max_activations = 1 where id = ${noa.license.id}`;
  const full = await noa.post("/account/offline", formOf({ request: requestOf(noa.license.key) }));
  assert.equal(full.status, 403);
  assert.match(full.text, /on as many devices as it allows\. Remove one/);
  await server.db`update licenses set max_activations = 2, offline_days = 0 where id = ${noa.license.id}`;
  const refused = await noa.post("/account/offline", formOf({ request: requestOf(noa.license.key) }));
  assert.equal(refused.status, 403);
  assert.match(refused.text, /does not allow use without a connection/);
  assert.equal(await activeDevices(noa.license.id), 1);
  assert.doesNotMatch(await noa.account(), /\/account\/offline/);
});

test("the server stops", () => server.stop());
