// Administration of users: changing their data, mailing them a link, signing them out, and ending seats.
import assert from "node:assert/strict";
import { requestLink, sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { assignLicense } from "../../server/domain/licenses/assign.ts";
import { listReadableMails } from "../../server/domain/mail/mail.ts";
import { makeLicense } from "../support/fixtures.ts";
import { refusalOf, signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { callV2, login, makeUser } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { client, id: managerId } = await signInToPanel(server, "manager");
const eventsOf = async (subjectId: number) =>
  (await client.events.list.query({ subjectKind: "user", subjectId })).rows.map((
    { type, actorId, before, after },
  ) => ({ type, actorId, before, after }));

test("A user's name and address are changed, and only the changed fields are recorded", async () => {
  const { id } = await makeUser(ctx, { email: "old@example.com", name: "Ada" });
  const changed = await client.users.edit.mutate({
    id,
    changes: { email: "New@Example.com", name: "Ada" },
  });
  assert.deepEqual([changed.email, changed.name, "passwordHash" in changed], [
    "new@example.com",
    "Ada",
    false,
  ]);
  assert.deepEqual((await eventsOf(id))[0], {
    type: "user.updated",
    actorId: managerId,
    before: { email: "old@example.com" },
    after: { email: "new@example.com" },
  });
  assert.equal((await login(server, "new@example.com")).status, 200);
  assert.equal((await login(server, "old@example.com")).status, 401);
});

test("A link that was mailed to a user's former address is invalid", async () => {
  const { id, email } = await makeUser(ctx);
  await requestLink(ctx, { purpose: "sign_in", email });
  await sendRequestedLinks(ctx, "https://l.example");
  const [mail] = await listReadableMails(ctx);
  const token = mail.text.match(/\/account\/link\/([0-9a-f]{64})/)![1];
  await client.users.edit.mutate({ id, changes: { email: "moved@example.com" } });
  assert.equal((await callV2(server, "POST", "/auth/login", { magic_link_token: token })).status, 401);
});

test("An address of another account is refused by field, and nothing is changed", async () => {
  const [one, two] = [await makeUser(ctx), await makeUser(ctx)];
  const { code, details } = await refusalOf(
    client.users.edit.mutate({ id: one.id, changes: { name: "Other", email: two.email } }),
  );
  assert.deepEqual([code, details.field], ["CONFLICT", "email"]);
  const { name, email } = await client.users.get.query({ id: one.id });
  assert.deepEqual({ name, email }, { name: one.name, email: one.email });
  assert.equal((await refusalOf(client.users.edit.mutate({ id: 999_999, changes: {} }))).code, "NOT_FOUND");
});

test("A link that a manager mails to a user is recorded, and refused for a disabled user", async () => {
  const { id, email } = await makeUser(ctx);
  await client.users.sendLink.mutate({ id, purpose: "password" });
  const [{ type, after }] = await eventsOf(id);
  assert.deepEqual({ type, after }, { type: "user.link_requested", after: { email, purpose: "password" } });
  assert.equal((await sendRequestedLinks(ctx, "https://l.example")).mailed, 1);
  const [mail] = await listReadableMails(ctx);
  assert.equal(mail.recipient, email);
  assert.match(mail.text, /https:\/\/l\.example\/account\/password\/[0-9a-f]{64}/);

  await client.users.disable.mutate({ id });
  assert.equal(
    (await refusalOf(client.users.sendLink.mutate({ id, purpose: "sign_in" }))).code,
    "CONFLICT",
  );
  assert.equal((await sendRequestedLinks(ctx, "https://l.example")).mailed, 0);
});

test("A user is signed out of one session, then of all; each sign-in is listed once", async () => {
  const { id, email } = await makeUser(ctx);
  const license = await makeLicense(ctx);
  await assignLicense(ctx, { id: license.id, userId: id });
  const signIn = async (device: string) =>
    (await login(server, email, device, { device_name: `Name of ${device}` })).body.session_token as string;
  const [first, second] = [await signIn("machine-1"), await signIn("machine-2")];
  const refreshed = await callV2(server, "POST", "/auth/refresh", { session_token: second });
  const newest = refreshed.body.session_token as string;
  const mayEnter = async (token: string) =>
    (await callV2(server, "GET", "/devices", undefined, token)).status === 200;

  const sessions = await client.users.sessions.query({ id });
  assert.deepEqual(sessions.map(({ deviceId, machineName }) => [deviceId, machineName]), [
    ["machine-2", "Name of machine-2"],
    ["machine-1", "Name of machine-1"],
  ]);
  await client.users.endSession.mutate({ id, sessionId: sessions[0].id });
  assert.deepEqual([await mayEnter(newest), await mayEnter(first)], [false, true]);
  const other = await makeUser(ctx);
  assert.equal(
    (await refusalOf(client.users.endSession.mutate({ id: other.id, sessionId: sessions[1].id }))).code,
    "NOT_FOUND",
  );
  await client.users.signOut.mutate({ id });
  assert.equal(await mayEnter(first), false);
  assert.deepEqual(await client.users.sessions.query({ id }), []);
  const ends = (await eventsOf(id)).filter(({ type }) => type === "user.signed_out");
  assert.deepEqual(ends.map(({ actorId }) => actorId), [managerId, managerId]);
  await client.users.signOut.mutate({ id });
  assert.equal((await eventsOf(id)).filter(({ type }) => type === "user.signed_out").length, 2);
  assert.equal((await login(server, email)).status, 200);
});

test("Users are filtered by disabled, enabled and customer", async () => {
  const [on, off] = [await makeUser(ctx, { name: "Lists on" }), await makeUser(ctx, { name: "Lists off" })];
  await client.users.disable.mutate({ id: off.id });
  const list = async (filter: { disabled?: boolean; customerId?: number }) =>
    (await client.users.list.query({ q: "Lists", sort: "id", ...filter })).rows.map(({ id }) => id);
  assert.deepEqual(await list({}), [on.id, off.id]);
  assert.deepEqual(await list({ disabled: true }), [off.id]);
  assert.deepEqual(await list({ disabled: false }), [on.id]);
  const license = await makeLicense(ctx);
  await assignLicense(ctx, { id: license.id, userId: off.id });
  assert.deepEqual(await list({ customerId: license.customerId }), [off.id]);
});

test("A seat is ended by its row id, not by the app's session id, and an ended one is refused", async () => {
  const license = await makeLicense(ctx);
  const machine = { licenseKey: license.key, hardwareId: "seat", machineName: "Studio", appVersion: null };
  const other = { ...machine, hardwareId: "other seat" };
  for (const each of [machine, other]) await activateLicense(ctx, each);
  const [one, two] = [await startSeat(ctx, machine), await startSeat(ctx, other)];
  const { rows } = await client.sessions.list.query({ licenseId: license.id });
  assert.equal(new Set(rows.map(({ id }) => id)).size, 2);
  assert.ok(!JSON.stringify(rows).includes(one.id) && !JSON.stringify(rows).includes(two.id));
  const end = { licenseId: license.id, id: rows[0].id };
  assert.equal(
    (await refusalOf(client.sessions.end.mutate({ ...end, licenseId: license.id + 1 }))).code,
    "SESSION_NOT_FOUND",
  );
  await client.sessions.end.mutate(end);
  const left = await client.sessions.list.query({ licenseId: license.id });
  assert.deepEqual(left.rows.map(({ id }) => id), [rows[1].id]);
  assert.equal((await refusalOf(client.sessions.end.mutate(end))).code, "SESSION_NOT_FOUND");
  const [{ type, actorId }] = (await client.events.list.query({ licenseId: license.id })).rows;
  assert.deepEqual({ type, actorId }, { type: "seat.ended", actorId: managerId });
});

test("Devices are filtered by user and show their product", async () => {
  const license = await makeLicense(ctx);
  const user = await makeUser(ctx);
  await assignLicense(ctx, { id: license.id, userId: user.id });
  const report = { hardwareId: "user-device", machineName: null, appVersion: null };
  const { activation } = await activateLicense(ctx, { ...report, licenseKey: license.key });
  const { rows } = await client.devices.list.query({ userId: user.id });
  assert.deepEqual(rows.map(({ id, productId }) => ({ id, productId })), [
    { id: activation.id, productId: license.productId },
  ]);
});

test("The server stops without an error", () => server.stop());
