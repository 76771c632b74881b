// Signing in, and an administrator's own account.
import { administratorCookie, clearCookie, setCookie } from "../request/cookies.ts";
import { getAdministrator } from "../domain/administrators/administrators.ts";
import { createAnalyticsToken } from "../domain/administrators/analytics_token.ts";
import { acceptInvitation, getInvitation } from "../domain/administrators/accept_invitation.ts";
import { addPasskey, listPasskeys, removePasskey } from "../domain/administrators/passkeys.ts";
import { startPasskeyRegistration } from "../domain/administrators/passkeys.ts";
import {
  reauthenticateWithPasskey,
  signInWithPasskey,
  startPasskeySignIn,
} from "../domain/administrators/passkey_sign_in.ts";
import { getPreferences } from "../domain/administrators/preferences.ts";
import { setPreference } from "../domain/administrators/preferences.ts";
import { confirmTotpSetup, disableTotp, startTotpSetup } from "../domain/administrators/totp_setup.ts";
import { createRecoveryCodes } from "../domain/administrators/recovery_codes.ts";
import { confirmSecondFactor } from "../domain/administrators/identity_reauthentication.ts";
import {
  endOtherSessions,
  endSession,
  findIdToken,
  listSessions,
} from "../domain/administrators/sessions.ts";
import { createAccessToken } from "../domain/administrators/access_tokens.ts";
import { type SignedIn, signIn } from "../domain/administrators/sign_in.ts";
import { createFirstOwner, getSetup, isEmptySystem } from "../domain/administrators/first_owner.ts";
import {
  getPasswordLink,
  requestPasswordLink,
  resetPassword,
} from "../domain/administrators/password_links.ts";
import { changePassword } from "../domain/administrators/change_password.ts";
import { reauthenticate } from "../domain/administrators/reauthentication.ts";
import * as input from "../domain/administrators/inputs.ts";
import { beginProviderSignIn, completeProviderSignIn, describeProblem } from "../request/provider_sign_in.ts";
import { perMailbox } from "../request/limits.ts";
import { account, anyone, incomplete, oneId, open, router } from "./trpc.ts";
import type { RequestContext } from "../request/request_context.ts";

/** Hands the session to the browser; the token itself stays in the cookie. */
function answerSignedIn(request: RequestContext, { token, expiresAt, administrator }: SignedIn) {
  setCookie(request, administratorCookie, token, expiresAt);
  return { administrator, expiresAt };
}

export const accountRouter = router({
  signIn: anyone.input(input.signIn).mutation(async ({ ctx: { ctx, request }, input }) => {
    const { userAgent: browser, address: ip } = request;
    return answerSignedIn(request, await signIn(ctx, { ...input, code: input.code ?? null, browser, ip }));
  }),
  startPasskeySignIn: anyone.mutation(({ ctx: { ctx, site } }) => startPasskeySignIn(ctx, site.publicUrl)),
  signInWithPasskey: anyone.input(input.passkeySignIn).mutation(
    async ({ ctx: { ctx, request, site }, input }) => {
      const given = { response: input.response as never, browser: request.userAgent, ip: request.address };
      return answerSignedIn(request, await signInWithPasskey(ctx, given, site.publicUrl));
    },
  ),
  /** A mutation, so that the token of a link is in no address and no log. */
  openInvitation: anyone.input(input.invitationToken).mutation(({ ctx: { ctx }, input }) =>
    getInvitation(ctx, input.token)
  ),
  acceptInvitation: anyone.input(input.invitationAcceptance).mutation(
    async ({ ctx: { ctx, request }, input }) => {
      const { userAgent: browser, address: ip } = request;
      return answerSignedIn(request, await acceptInvitation(ctx, { ...input, browser, ip }));
    },
  ),
  /** What the sign-in page offers. Of a system with administrators it reveals nothing but its configuration. */
  signInOptions: open.input(input.signInPage).query(
    async ({ ctx: { ctx, request, site }, input }) => {
      const { policy, signInPolicy } = request.services.identityProvider ?? {};
      return {
        isEmpty: await isEmptySystem(ctx),
        hasMail: site.hasMail,
        provider: policy && signInPolicy
          ? { name: policy.name, isRequired: signInPolicy.isProviderRequired }
          : null,
        problem: describeProblem(input.problem),
      };
    },
  ),
  startProviderSignIn: anyone.input(input.providerSignIn).mutation(({ ctx: { ctx, request }, input }) =>
    beginProviderSignIn(request, ctx, { returnTo: input.returnTo ?? "", isReauthentication: false })
  ),
  completeProviderSignIn: anyone.input(input.ownFactorCode).mutation(
    async ({ ctx: { ctx, request }, input }) => {
      const { returnTo, ...signedIn } = await completeProviderSignIn(request, ctx, input.code);
      return { ...answerSignedIn(request, signedIn), returnTo };
    },
  ),
  startProviderReauthentication: incomplete.input(input.providerSignIn).mutation(
    ({ ctx: { ctx, request }, input }) =>
      beginProviderSignIn(request, ctx, { returnTo: input.returnTo ?? "", isReauthentication: true }),
  ),
  /** A mutation, so that the token of a link is in no address and no log. */
  openSetup: anyone.input(input.setupToken).mutation(({ ctx: { ctx }, input }) => getSetup(ctx, input.token)),
  createFirstOwner: anyone.input(input.firstOwner).mutation(async ({ ctx: { ctx, request }, input }) => {
    const { userAgent: browser, address: ip } = request;
    return answerSignedIn(request, await createFirstOwner(ctx, { ...input, browser, ip }));
  }),
  requestPasswordLink: anyone.input(input.passwordLinkRequest).mutation(
    async ({ ctx: { ctx, request }, input }) => {
      for (const [limit, mailbox] of perMailbox(request.services.limits, input.email)) {
        await request.consume(limit, mailbox);
      }
      await requestPasswordLink(ctx, input);
    },
  ),
  openPasswordLink: anyone.input(input.passwordLinkToken).mutation(async ({ ctx: { ctx }, input }) => {
    const { email, name } = await getPasswordLink(ctx, input.token);
    return { email, name };
  }),
  resetPassword: anyone.input(input.passwordReset).mutation(({ ctx: { ctx }, input }) =>
    resetPassword(ctx, input)
  ),
  /** Ends the session; where it was opened by the identity provider, the browser signs out there as well. */
  signOut: incomplete.mutation(async ({ ctx: { ctx, request } }) => {
    const idToken = await findIdToken(ctx);
    if (ctx.actor.kind === "administrator" && ctx.actor.session) await endSession(ctx, ctx.actor.session.id);
    clearCookie(request, administratorCookie);
    const { identityProvider } = request.services;
    return { url: idToken && identityProvider ? await identityProvider.signOutUrl(idToken) : null };
  }),

  me: incomplete.query(async ({ ctx: { ctx } }) => {
    const { id, session } = ctx.actor as Extract<typeof ctx.actor, { kind: "administrator" }>;
    return {
      ...await getAdministrator(ctx, id),
      authenticatedAt: session?.authenticatedAt ?? null,
      /** What opened this session. */
      firstFactor: session?.firstFactor ?? null,
      /** The second factor used in this session. */
      secondFactor: session?.secondFactor ?? null,
      /** Whether one is required that was not used; the procedures of the rule "incomplete" are all that is left then. */
      lacksSecondFactor: ctx.settings.requireSecondFactor && !session?.secondFactor,
    };
  }),
  reauthenticate: incomplete.input(input.reauthentication).mutation(({ ctx: { ctx }, input }) =>
    reauthenticate(ctx, { ...input, code: input.code ?? null })
  ),
  reauthenticateWithPasskey: incomplete.input(input.passkeySignIn).mutation(({ ctx: { ctx, site }, input }) =>
    reauthenticateWithPasskey(ctx, input.response as never, site.publicUrl)
  ),
  confirmSecondFactor: incomplete.input(input.ownFactorCode).mutation(({ ctx: { ctx }, input }) =>
    confirmSecondFactor(ctx, input.code)
  ),
  changePassword: account.input(input.newPassword).mutation(({ ctx: { ctx }, input }) =>
    changePassword(ctx, input)
  ),

  /** Preferences by name: saved views, chosen columns, the theme. */
  preferences: account.query(({ ctx: { ctx } }) => getPreferences(ctx)),
  setPreference: account.input(input.preference).mutation(({ ctx: { ctx }, input }) =>
    setPreference(ctx, input)
  ),

  sessions: account.query(({ ctx: { ctx } }) => listSessions(ctx)),
  endSession: account.input(oneId).mutation(({ ctx: { ctx }, input }) => endSession(ctx, input.id)),
  endOtherSessions: account.mutation(({ ctx: { ctx } }) => endOtherSessions(ctx)),
  createToken: account.input(input.newToken).mutation(({ ctx: { ctx }, input }) =>
    createAccessToken(ctx, input)
  ),
  analyticsToken: account.mutation(({ ctx: { ctx, site } }) => createAnalyticsToken(ctx, site.jwtSecret)),

  startTotpSetup: incomplete.mutation(({ ctx: { ctx } }) => startTotpSetup(ctx)),
  confirmTotpSetup: incomplete.input(input.totpCode).mutation(({ ctx: { ctx }, input }) =>
    confirmTotpSetup(ctx, input.code)
  ),
  disableTotp: account.mutation(({ ctx: { ctx } }) => disableTotp(ctx)),
  createRecoveryCodes: account.mutation(({ ctx: { ctx } }) => createRecoveryCodes(ctx)),

  passkeys: account.query(({ ctx: { ctx } }) => listPasskeys(ctx)),
  startPasskeyRegistration: incomplete.mutation(({ ctx: { ctx, site } }) =>
    startPasskeyRegistration(ctx, site.publicUrl)
  ),
  addPasskey: incomplete.input(input.newPasskey).mutation(({ ctx: { ctx, site }, input }) =>
    addPasskey(ctx, { name: input.name, response: input.response as never }, site.publicUrl)
  ),
  removePasskey: account.input(oneId).mutation(({ ctx: { ctx }, input }) => removePasskey(ctx, input.id)),
});
