// Signing in, and what administrators manage of their own account.
import { sessionCookie } from "../request/credentials.ts";
import { getAdministrator } from "../domain/administrators/administrator.ts";
import { makeAnalyticsToken } from "../domain/administrators/analytics_token.ts";
import { acceptInvitation, getInvitation } from "../domain/administrators/invitations.ts";
import {
  addPasskey,
  beginPasskey,
  beginPasskeySignIn,
  listPasskeys,
  proveByPasskey,
  removePasskey,
  signInByPasskey,
} from "../domain/administrators/passkeys.ts";
import { keepPreference, listPreferences } from "../domain/administrators/preferences.ts";
import {
  beginTotp,
  confirmTotp,
  dropTotp,
  makeRecoveryCodes,
} from "../domain/administrators/second_factor.ts";
import {
  createToken,
  endOtherSessions,
  endSession,
  listSessions,
} from "../domain/administrators/sessions.ts";
import { changePassword, proveAgain, type SignedIn, signIn } from "../domain/administrators/sign_in.ts";
import * as input from "../domain/administrators/inputs.ts";
import { account, anyone, oneId, router } from "./trpc.ts";
import type { ProcedureRequest } from "./visit.ts";

/** Hands the session to the browser; the token itself stays in the cookie. */
function welcome(visit: ProcedureRequest, { token, expiresAt, administrator }: SignedIn) {
  visit.headers.append("set-cookie", sessionCookie(visit.site.publicUrl, token, expiresAt));
  return { administrator, expiresAt };
}

export const accountRouter = router({
  signIn: anyone.input(input.signIn).mutation(async ({ ctx: visit, input }) => {
    await visit.takeSignIn(input.email.trim().toLowerCase());
    return welcome(
      visit,
      await signIn(visit.ctx, { ...input, code: input.code ?? null, browser: visit.browser, ip: visit.ip }),
    );
  }),
  beginPasskeySignIn: anyone.mutation(({ ctx: { ctx, site } }) => beginPasskeySignIn(ctx, site.publicUrl)),
  signInByPasskey: anyone.input(input.passkeySignIn).mutation(async ({ ctx: visit, input }) =>
    welcome(
      visit,
      await signInByPasskey(
        visit.ctx,
        { response: input.response as never, browser: visit.browser, ip: visit.ip },
        visit.site.publicUrl,
      ),
    )
  ),
  /** A mutation, because the token of a link belongs into no address. */
  openInvitation: anyone.input(input.opened).mutation(({ ctx: { ctx }, input }) =>
    getInvitation(ctx, input.token)
  ),
  acceptInvitation: anyone.input(input.accepted).mutation(async ({ ctx: visit, input }) =>
    welcome(visit, await acceptInvitation(visit.ctx, { ...input, browser: visit.browser, ip: visit.ip }))
  ),
  signOut: account.mutation(async ({ ctx: { ctx, headers, site } }) => {
    if (ctx.actor.kind === "administrator" && ctx.actor.session) await endSession(ctx, ctx.actor.session.id);
    headers.append("set-cookie", sessionCookie(site.publicUrl, null));
  }),

  me: account.query(async ({ ctx: { ctx } }) => {
    const { id, session } = ctx.actor as Extract<typeof ctx.actor, { kind: "administrator" }>;
    return {
      ...await getAdministrator(ctx, id),
      authenticatedAt: session?.authenticatedAt ?? null,
      mustAddSecondFactor: ctx.settings.requireSecondFactor && session?.hasSecondFactor === false,
    };
  }),
  proveAgain: account.input(input.proof).mutation(async ({ ctx: visit, input }) => {
    const { actor } = visit.ctx;
    await visit.takeSignIn("id" in actor ? `administrator ${actor.id}` : undefined);
    await proveAgain(visit.ctx, { ...input, code: input.code ?? null });
  }),
  proveByPasskey: account.input(input.passkeySignIn).mutation(async ({ ctx: visit, input }) => {
    const { actor } = visit.ctx;
    await visit.takeSignIn("id" in actor ? `administrator ${actor.id}` : undefined);
    await proveByPasskey(visit.ctx, input.response as never, visit.site.publicUrl);
  }),
  changePassword: account.input(input.newPassword).mutation(async ({ ctx: visit, input }) => {
    const { actor } = visit.ctx;
    await visit.takeSignIn("id" in actor ? `administrator ${actor.id}` : undefined);
    await changePassword(visit.ctx, input);
  }),

  /** What they like, value by name: saved views, chosen columns, the theme. */
  preferences: account.query(({ ctx: { ctx } }) => listPreferences(ctx)),
  keepPreference: account.input(input.preference).mutation(({ ctx: { ctx }, input }) =>
    keepPreference(ctx, input)
  ),

  sessions: account.query(({ ctx: { ctx } }) => listSessions(ctx)),
  endSession: account.input(oneId).mutation(({ ctx: { ctx }, input }) => endSession(ctx, input.id)),
  endOtherSessions: account.mutation(({ ctx: { ctx } }) => endOtherSessions(ctx)),
  createToken: account.input(input.newToken).mutation(({ ctx: { ctx }, input }) => createToken(ctx, input)),
  analyticsToken: account.mutation(({ ctx: { ctx, site } }) => makeAnalyticsToken(ctx, site.jwtSecret)),

  beginTotp: account.mutation(({ ctx: { ctx } }) => beginTotp(ctx)),
  confirmTotp: account.input(input.totpCode).mutation(({ ctx: { ctx }, input }) =>
    confirmTotp(ctx, input.code)
  ),
  dropTotp: account.mutation(({ ctx: { ctx } }) => dropTotp(ctx)),
  makeRecoveryCodes: account.mutation(({ ctx: { ctx } }) => makeRecoveryCodes(ctx)),

  passkeys: account.query(({ ctx: { ctx } }) => listPasskeys(ctx)),
  beginPasskey: account.mutation(({ ctx: { ctx, site } }) => beginPasskey(ctx, site.publicUrl)),
  addPasskey: account.input(input.newPasskey).mutation(({ ctx: { ctx, site }, input }) =>
    addPasskey(ctx, { name: input.name, response: input.response as never }, site.publicUrl)
  ),
  removePasskey: account.input(oneId).mutation(({ ctx: { ctx }, input }) => removePasskey(ctx, input.id)),
});
