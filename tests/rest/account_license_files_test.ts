// License files on the account pages: a user downloads those of their own devices, where the license allows it.
import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import type { UserRow } from "../../server/domain/accounts/users.ts";
import { unarmour } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
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

test("the server stops", () => server.stop());
