// Invitations of administrators: sent by mail, valid once and for a week, and no longer than their owner may invite.
import assert from "node:assert/strict";
import { acceptInvitation, getInvitation } from "../../server/domain/administrators/accept_invitation.ts";
import { inviteAdministrator, revokeInvitation } from "../../server/domain/administrators/invitations.ts";
import { updateAdministrator } from "../../server/domain/administrators/update.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { listMails } from "../../server/domain/mail/list.ts";
import { claimMails } from "../../server/domain/mail/mail.ts";
import { PASSWORD } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { createSignedIn, from, refused } from "../support/signed_in.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const { later, anonymous, signedIn } = createSignedIn(server);
const PUBLIC_URL = "https://licenses.example.com";

test("A link of an invalid invitation answers with the reason", async () => {
  const { ctx } = await signedIn("owner");
  const invite = async (email: string) => {
    const invitation = await inviteAdministrator(ctx, { email, name: "New", role: "viewer" }, PUBLIC_URL);
    const mail = (await claimMails(await later(0), 10)).at(-1)!;
    return { ...invitation, token: mail.text.match(/\/invitation\?token=([\w-]+)/)![1] };
  };
  const reasonOf = async (token: string, minutes = 0) => {
    const found = await getInvitation(await anonymous(minutes), token).catch((error) => error);
    return found instanceof DomainError ? found.facts?.reason : found.email;
  };
  const first = await invite("why1@example.com");
  assert.equal(await reasonOf(first.token), "why1@example.com");
  assert.equal(await reasonOf(first.token, 8 * 24 * 60), "expired");
  await acceptInvitation(await anonymous(), { token: first.token, password: PASSWORD, ...from });
  assert.equal(await reasonOf(first.token), "accepted");
  const second = await invite("why2@example.com");
  const sent = async () => (await listMails(ctx, { invitationId: second.id })).map(({ state }) => state);
  assert.deepEqual(await sent(), ["queued"]);
  await revokeInvitation(ctx, second.id);
  assert.deepEqual(await sent(), ["cancelled"], "no one gets a link that no longer works");
  assert.equal(await reasonOf(second.token), "withdrawn");
  assert.equal(await reasonOf("cut off"), "unknown");
});

test("Invitations of an owner who is disabled or demoted are revoked", async () => {
  const boss = await signedIn("owner");
  for (const changes of [{ isDisabled: true }, { role: "manager" }] as const) {
    const inviter = await signedIn("owner");
    const invited = { email: `by-${inviter.id}@example.com`, name: "New", role: "owner" } as const;
    await inviteAdministrator(inviter.ctx, invited, PUBLIC_URL);
    const mail = (await claimMails(await later(0), 10)).find(({ to }) => to === invited.email)!;
    const token = mail.text.match(/\/invitation\?token=([\w-]+)/)![1];
    await getInvitation(await anonymous(), token);
    await updateAdministrator(boss.ctx, { id: inviter.id, changes });
    await refused(getInvitation(await anonymous(), token), "INVITATION_INVALID");
    await refused(
      acceptInvitation(await anonymous(), { token, password: PASSWORD, ...from }),
      "INVITATION_INVALID",
    );
    // A request of theirs that began before ends without an invitation.
    await assert.rejects(
      inviteAdministrator(inviter.ctx, { ...invited, email: "late@example.com" }, PUBLIC_URL),
    );
  }
});

test("An invitation is sent by email and valid once, for a week", async () => {
  const { ctx } = await signedIn("owner");
  const tokenIn = async () => {
    const mail = (await claimMails(await later(0), 10)).at(-1)!;
    return { to: mail.to, text: mail.text, token: mail.text.match(/\/invitation\?token=([\w-]+)/)![1] };
  };
  await inviteAdministrator(ctx, { email: "new@example.com", name: "New", role: "viewer" }, PUBLIC_URL);
  const first = await tokenIn();
  const branded = { ...ctx, settings: { ...ctx.settings, mailBrand: "Pixel Press" } };
  await inviteAdministrator(branded, { email: "NEW@example.com", name: "New", role: "manager" }, PUBLIC_URL);
  const second = await tokenIn();
  assert.match(first.text, /invited you to join Latchkey as Viewer\./);
  assert.match(second.text, /invited you to join Pixel Press on Latchkey as Manager\./);
  const accept = (token: string, minutes = 0) => async () =>
    acceptInvitation(await anonymous(minutes), { token, password: PASSWORD, ...from });
  await refused(accept(first.token), "INVITATION_INVALID");
  await refused(accept(second.token, 8 * 24 * 60), "INVITATION_INVALID");
  const results = await Promise.allSettled(Array.from({ length: 10 }, accept(second.token)));
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  const [created] = await server.db`select role from administrators where email = 'NEW@example.com'`;
  assert.equal(created.role, "manager");
  await refused(
    inviteAdministrator(ctx, { email: "new@example.com", name: "New", role: "owner" }, PUBLIC_URL),
    "CONFLICT",
  );
});
