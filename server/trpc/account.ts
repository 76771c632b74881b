// Signing in, and what administrators manage of their own account.
import { administratorCookie, clearCookie, setCookie } from "../request/cookies.ts";
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
import type { Context } from "../domain/context.ts";
import type { RequestContext } from "../request/request_context.ts";

/** Hands the session to the browser; the token itself stays in the cookie. */
function answerSignedIn(request: RequestContext, { token, expiresAt, administrator }: SignedIn) {
  setCookie(request, administratorCookie, token, expiresAt);
  return { administrator, expiresAt };
}

/** Counts a try to enter a password or code of one account, from all addresses together. */
async function consumeAccountLimit(request: RequestContext, subject: string): Promise<void> {
  const { administratorAccount } = request.services.limits;
  if (administratorAccount) await request.consume(administratorAccount, subject);
}

/** Counts a try to authenticate again; all sessions of an administrator count together. */
async function consumeReauthenticationLimit(request: RequestContext, { actor }: Context): Promise<void> {
  if (actor.kind === "administrator") await consumeAccountLimit(request, `administrator ${actor.id}`);
}

export const accountRouter = router({
  signIn: anyone.input(input.signIn).mutation(async ({ ctx: { ctx, request }, input }) => {
    await consumeAccountLimit(request, input.email.trim().toLowerCase());
    const { userAgent: browser, address: ip } = request;
    return answerSignedIn(request, await signIn(ctx, { ...input, code: input.code ?? null, browser, ip }));
  }),
  beginPasskeySignIn: anyone.mutation(({ ctx: { ctx, site } }) => beginPasskeySignIn(ctx, site.publicUrl)),
  signInByPasskey: anyone.input(input.passkeySignIn).mutation(
    async ({ ctx: { ctx, request, site }, input }) => {
      const given = { response: input.response as never, browser: request.userAgent, ip: request.address };
      return answerSignedIn(request, await signInByPasskey(ctx, given, site.publicUrl));
    },
  ),
  /** A mutation, so that the token of a link is in no address and no log. */
  openInvitation: anyone.input(input.opened).mutation(({ ctx: { ctx }, input }) =>
    getInvitation(ctx, input.token)
  ),
  acceptInvitation: anyone.input(input.accepted).mutation(async ({ ctx: { ctx, request }, input }) => {
    const { userAgent: browser, address: ip } = request;
    return answerSignedIn(request, await acceptInvitation(ctx, { ...input, browser, ip }));
  }),
  signOut: account.mutation(async ({ ctx: { ctx, request } }) => {
    if (ctx.actor.kind === "administrator" && ctx.actor.session) await endSession(ctx, ctx.actor.session.id);
    clearCookie(request, administratorCookie);
  }),

  me: account.query(async ({ ctx: { ctx } }) => {
    const { id, session } = ctx.actor as Extract<typeof ctx.actor, { kind: "administrator" }>;
    return {
      ...await getAdministrator(ctx, id),
      authenticatedAt: session?.authenticatedAt ?? null,
      mustAddSecondFactor: ctx.settings.requireSecondFactor && session?.hasSecondFactor === false,
    };
  }),
  proveAgain: account.input(input.proof).mutation(async ({ ctx: { ctx, request }, input }) => {
    await consumeReauthenticationLimit(request, ctx);
    await proveAgain(ctx, { ...input, code: input.code ?? null });
  }),
  proveByPasskey: account.input(input.passkeySignIn).mutation(
    async ({ ctx: { ctx, request, site }, input }) => {
      await consumeReauthenticationLimit(request, ctx);
      await proveByPasskey(ctx, input.response as never, site.publicUrl);
    },
  ),
  changePassword: account.input(input.newPassword).mutation(
    async ({ ctx: { ctx, request }, input }) => {
      await consumeReauthenticationLimit(request, ctx);
      await changePassword(ctx, input);
    },
  ),

  /** Preferences by name: saved views, chosen columns, the theme. */
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
