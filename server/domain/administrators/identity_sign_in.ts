// Signing in with the identity provider: the role follows its claims at each sign-in, and the second factor is the
// provider's where the configuration trusts it, else the account's own.
import { randomBytes } from "node:crypto";
import type { Role } from "../actor.ts";
import { limitAttempts } from "../attempts/attempts.ts";
import { type Context, inTransaction } from "../context.ts";
import { type IdentityRefusal, refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { tokenHash } from "../random_token.ts";
import { type AdministratorRow, getAdministrator } from "./administrators.ts";
import { asProvider, linkIdentity, resolveAdministrator } from "./identities.ts";
import { hasSecondFactor, type Identity, type IdentityPolicy, roleOf } from "./identity.ts";
import { lockAdministrator, type LockedAdministrator } from "./lock_administrator.ts";
import { PROVIDER_REQUEST_LIFETIME } from "./provider_requests.ts";
import { consumeSecondFactorCode } from "./second_factor.ts";
import { endSessions } from "./sessions.ts";
import { completeSignIn, type SignedIn } from "./sign_in.ts";
import { lockOwnersAnd, recordUpdate } from "./update.ts";

interface Visit {
  browser: string;
  ip: string | null;
}

/** A row of `administrator_pending_sign_ins`: the provider has let the person in, and a code of their own is missing. */
export interface AdministratorPendingSignInRow {
  tokenHash: Uint8Array;
  administratorId: number;
  /** What the provider said, encrypted. */
  identity: Uint8Array;
  returnTo: string;
  expiresAt: Date;
}

export type IdentitySignIn =
  | { signedIn: SignedIn }
  /** A code is missing; the token belongs to the browser. */
  | { pendingToken: string; expiresAt: Date };

export const PENDING_PURPOSE = "pending sign-in";

/**
 * Signs in with an identity.
 *
 * @throws DomainError `IDENTITY_REFUSED`, with the reason. Whoever has no role any more has no session any more either.
 */
export async function signInWithIdentity(
  ctx: Context,
  input: { identity: Identity; policy: IdentityPolicy; returnTo: string } & Visit,
): Promise<IdentitySignIn> {
  const { identity, policy } = input;
  const outcome = await inTransaction(ctx, async (ctx) => {
    const { id, isLinked } = await resolveAdministrator(ctx, identity, policy);
    // The owners are locked with the administrator, because the role may change.
    const owners = await lockOwnersAnd(ctx, id);
    let row = await lockAdministrator(ctx, id);
    if (row.disabledAt) return await recordRefusal(ctx, row, "disabled", input);
    if (policy.roles !== null) {
      const role = roleOf(policy, identity);
      if (role === null) {
        if (isLinked) await endSessions(ctx, row, { exceptId: null });
        return await recordRefusal(ctx, row, "no_role", input);
      }
      if (role !== "owner" && owners.length === 1 && owners[0] === id) {
        return await recordRefusal(ctx, row, "last_owner", input);
      }
      if (role !== row.role) row = await changeRole(ctx, row, role);
    }
    const isComplete = hasSecondFactor(policy, identity);
    if (row.totpSince && !isComplete) return await createPendingSignIn(ctx, row, input);
    return {
      signedIn: await complete(ctx, row, { ...input, secondFactor: isComplete ? "identity_provider" : null }),
    };
  });
  if ("refused" in outcome) {
    ctx.cache.invalidate(tagOf("administrator", outcome.id));
    refuse("IDENTITY_REFUSED", { reason: outcome.refused });
  }
  return outcome;
}

async function recordRefusal(
  ctx: Context,
  { id }: LockedAdministrator,
  refused: IdentityRefusal,
  { ip }: Visit,
) {
  await recordEvent(asProvider(ctx), {
    type: "administrator.sign_in_refused",
    subjectId: id,
    after: { reason: refused, ip },
  });
  return { refused, id };
}

async function changeRole(
  ctx: Context,
  before: LockedAdministrator,
  role: Role,
): Promise<LockedAdministrator> {
  const [after] = await ctx.db<AdministratorRow[]>`
    update administrators
    set role = ${role}, updated_at = ${ctx.now}
    where id = ${before.id}
    returning *`;
  await recordUpdate(asProvider(ctx), before, after);
  return await lockAdministrator(ctx, before.id);
}

async function complete(
  ctx: Context,
  row: LockedAdministrator,
  { identity, policy, browser, ip, secondFactor }: Visit & {
    identity: Identity;
    policy: Pick<IdentityPolicy, "name">;
    secondFactor: "identity_provider" | "totp" | "recovery_code" | "passkey" | null;
  },
): Promise<SignedIn> {
  await linkIdentity(ctx, row, identity, policy);
  return await completeSignIn(ctx, row, {
    browser,
    ip,
    by: policy.name,
    factors: { firstFactor: "identity_provider", secondFactor },
    // A session at the provider may be older than this sign-in, and is no recent authentication then.
    authenticatedAt: identity.authenticatedAt ?? new Date(0),
    idToken: identity.idToken,
  });
}

async function createPendingSignIn(
  ctx: Context,
  { id }: LockedAdministrator,
  { identity, returnTo }: { identity: Identity; returnTo: string },
) {
  const pendingToken = randomBytes(32).toString("base64url");
  const expiresAt = new Date(ctx.now.getTime() + PROVIDER_REQUEST_LIFETIME);
  await ctx.db`
    delete from administrator_pending_sign_ins
    where expires_at <= ${ctx.now}`;
  await ctx.db`
    insert into administrator_pending_sign_ins (token_hash, administrator_id, identity, return_to, expires_at)
    values (
      ${tokenHash(pendingToken)}, ${id}, ${
    ctx.cipher.encrypt(PENDING_PURPOSE, JSON.stringify(identity))
  }, ${returnTo},
      ${expiresAt}
    )`;
  return { pendingToken, expiresAt };
}

/**
 * Completes a sign-in that the provider has begun with a code of the account's own second factor.
 *
 * @throws DomainError `IDENTITY_REFUSED` when nothing is pending in this browser, `SECOND_FACTOR_REQUIRED`, `RATE_LIMITED`
 */
export async function completeIdentitySignIn(
  ctx: Context,
  input: { token: string | null; code: string; policy: IdentityPolicy } & Visit,
): Promise<SignedIn & { returnTo: string }> {
  const hash = tokenHash(input.token ?? "");
  const [pending] = await ctx.db<AdministratorPendingSignInRow[]>`
    select *
    from administrator_pending_sign_ins
    where token_hash = ${hash} and expires_at > ${ctx.now}`;
  if (!pending) refuse("IDENTITY_REFUSED", { reason: "not_started_here" });
  const identity = readIdentity(ctx, pending.identity);
  const { email } = await getAdministrator(ctx, pending.administratorId);
  return await limitAttempts(
    ctx,
    { kind: "administrator", email, isKnownHere: false },
    (attempt) =>
      inTransaction(ctx, async (ctx) => {
        const row = await lockAdministrator(ctx, pending.administratorId);
        const used = await ctx.db`
          delete from administrator_pending_sign_ins
          where token_hash = ${hash}`;
        if (used.count === 0) refuse("IDENTITY_REFUSED", { reason: "not_started_here" });
        if (row.disabledAt) refuse("IDENTITY_REFUSED", { reason: "disabled" });
        const secondFactor = await consumeSecondFactorCode(ctx, attempt, row, input.code);
        const signedIn = await complete(ctx, row, { ...input, identity, secondFactor });
        return { ...signedIn, returnTo: pending.returnTo };
      }),
  );
}

function readIdentity(ctx: Context, encrypted: Uint8Array): Identity {
  const stored = JSON.parse(new TextDecoder().decode(ctx.cipher.decrypt(PENDING_PURPOSE, encrypted)));
  return { ...stored, authenticatedAt: stored.authenticatedAt && new Date(stored.authenticatedAt) };
}
