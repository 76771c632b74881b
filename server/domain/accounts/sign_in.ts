// Signing in with a password or an emailed link, on a device or without one. It is one transaction, so that a refused
// device leaves the link unused and no session behind.
import { type Attempt, limitAttempts } from "../attempts/attempts.ts";
import type { ActivationResult } from "../activations/activate.ts";
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { activateEntitlement, type Device } from "../entitlements/devices.ts";
import { type Entitlement, findEntitlement } from "../entitlements/entitlement.ts";
import { startLicense } from "../licenses/start.ts";
import { useUserLink } from "./email_links.ts";
import { verifyPassword } from "../passwords/password_hash.ts";
import { type LockedUser, lockVerifiedUser, type VerifiedPassword } from "./lock_user.ts";
import { startSession } from "./start_session.ts";
import { startTrial } from "./trials.ts";
import { findUserByEmail, type UserRow } from "./users.ts";

export type Credentials = { email: string; password: string } | { linkToken: string };

export interface SignInResult {
  user: UserRow;
  /** Not stored; only its hash is. */
  sessionToken: string;
  /** Null when the user has no license that is usable today. */
  entitlement: Entitlement | null;
  /** The device that was registered or updated; null without one, and without such a license. */
  registered: ActivationResult | null;
}

/**
 * Signs a user in. The first sign-in with a device by a user who never had a license starts a trial.
 *
 * @param device null registers no device
 * @throws DomainError `CREDENTIALS_INVALID`, in the same time whether the address is known or not,
 *   `MAGIC_LINK_INVALID`, or as `activateMachine` for a new device,
 *   `RATE_LIMITED` after repeated failures; a link is never delayed by them
 */
export async function signIn(
  ctx: Context,
  credentials: Credentials,
  device: Device | null,
): Promise<SignInResult> {
  if ("linkToken" in credentials) {
    const { linkToken } = credentials;
    return await inTransaction(
      ctx,
      async (ctx) => await startUserSession(ctx, await useUserLink(ctx, "sign_in", linkToken), device),
    );
  }
  // The slow hash is computed before the transaction, so that it occupies no connection.
  const account = { kind: "user", email: credentials.email, isKnownHere: false } as const;
  return await limitAttempts(ctx, account, async (attempt) => {
    const verified = await verifyUserPassword(ctx, attempt, credentials);
    return await inTransaction(
      ctx,
      async (ctx) => await startUserSession(ctx, await lockVerifiedUser(ctx, verified), device),
    );
  });
}

/** Signs in an authenticated user. */
export async function startUserSession(
  ctx: Context,
  user: LockedUser,
  device: Device | null,
): Promise<SignInResult> {
  const asUser: Context = { ...ctx, actor: { kind: "user", id: user.id, email: user.email } };
  const registered = device && await registerSignInDevice(asUser, user, device);
  let entitlement = await findEntitlement(asUser, user.id, device?.id ?? null);
  // The token that the user gets is a validation, too.
  if (
    entitlement?.validUntil === null &&
    await startLicense(asUser, entitlement.licenseId, ["first_sign_in", "first_validation"])
  ) entitlement = await findEntitlement(asUser, user.id, device?.id ?? null);
  const sessionToken = await startSession(asUser, user, device?.id ?? null);
  await recordEvent(asUser, {
    type: "user.signed_in",
    subjectId: user.id,
    licenseId: entitlement?.licenseId,
    activationId: entitlement?.activationId ?? undefined,
  });
  return { user, sessionToken, entitlement, registered };
}

/** Registers the device, starting a trial if the user may have one. Null when there is no license. */
async function registerSignInDevice(
  ctx: Context,
  user: UserRow,
  device: Device,
): Promise<ActivationResult | null> {
  let entitlement = await findEntitlement(ctx, user.id, device.id);
  if (!entitlement) {
    await startTrial(ctx, user, device.id);
    entitlement = await findEntitlement(ctx, user.id, device.id);
  }
  return entitlement && await activateEntitlement(ctx, entitlement, device);
}

/**
 * Verifies an email address and a password.
 *
 * @throws DomainError `CREDENTIALS_INVALID`
 */
async function verifyUserPassword(
  ctx: Context,
  attempt: Attempt,
  { email, password }: { email: string; password: string },
): Promise<VerifiedPassword> {
  const user = await findUserByEmail(ctx, email);
  const matches = await verifyPassword(attempt, user?.passwordHash ?? null, password);
  if (!user || !matches || user.disabledAt) refuse("CREDENTIALS_INVALID");
  return { id: user.id, passwordHash: user.passwordHash };
}
