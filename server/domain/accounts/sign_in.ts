// Signing in: with a password or a link from the mail, on a device or without one. Everything that comes of it is one
// transaction, so that a device that is refused leaves the link unused and no session behind.
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { activateEntitlement, type Device } from "../entitlements/devices.ts";
import { type Entitlement, findEntitlement } from "../entitlements/entitlement.ts";
import { useLink } from "./mail_links.ts";
import { verifyPassword } from "../passwords/password_hash.ts";
import { startSession } from "./sessions.ts";
import { startTrial } from "./trials.ts";
import { findUserByEmail, type UserRow } from "./users.ts";

export type Credentials = { email: string; password: string } | { linkToken: string };

export interface SignedIn {
  user: UserRow;
  /** The only time it is seen. */
  sessionToken: string;
  /** Null when the user has no license that can be used today. */
  entitlement: Entitlement | null;
}

/**
 * Signs a user in. The first sign-in with a device by a user who never had a license starts their trial.
 *
 * @param device null registers nothing
 * @throws DomainError `CREDENTIALS_INVALID`, alike in words and time whether the address is known or not,
 *   `MAGIC_LINK_INVALID`, or `ACTIVATION_LIMIT_REACHED` for a new device beyond the limit
 */
export async function signIn(
  ctx: Context,
  credentials: Credentials,
  device: Device | null,
): Promise<SignedIn> {
  // The slow part comes before the transaction, so that it holds no connection.
  const known = "password" in credentials ? await getUserByPassword(ctx, credentials) : null;
  return inTransaction(ctx, async (ctx) => {
    const user = known ?? await useLink(ctx, (credentials as { linkToken: string }).linkToken);
    return await enter(ctx, user, device);
  });
}

/** Lets in a user who has shown who they are. */
export async function enter(ctx: Context, user: UserRow, device: Device | null): Promise<SignedIn> {
  const asUser: Context = { ...ctx, actor: { kind: "user", id: user.id, email: user.email } };
  const entitlement = device
    ? await provideDevice(asUser, user, device)
    : await findEntitlement(asUser, user.id, null);
  const sessionToken = await startSession(asUser, user, device?.id ?? null);
  await recordEvent(asUser, {
    type: "user.signed_in",
    subjectId: user.id,
    licenseId: entitlement?.licenseId,
    activationId: entitlement?.activationId ?? undefined,
  });
  return { user, sessionToken, entitlement };
}

/** Sees to it that the device has its place, if the user has a license or can have a trial. */
async function provideDevice(ctx: Context, user: UserRow, device: Device): Promise<Entitlement | null> {
  let entitlement = await findEntitlement(ctx, user.id, device.id);
  if (!entitlement) {
    await startTrial(ctx, user, device.id);
    entitlement = await findEntitlement(ctx, user.id, device.id);
  }
  if (!entitlement) return null;
  await activateEntitlement(ctx, entitlement, device);
  return await findEntitlement(ctx, user.id, device.id);
}

/**
 * The user of an address and a password.
 *
 * @throws DomainError `CREDENTIALS_INVALID`
 */
async function getUserByPassword(
  ctx: Context,
  { email, password }: { email: string; password: string },
): Promise<UserRow> {
  const user = await findUserByEmail(ctx, email);
  const right = await verifyPassword(user?.passwordHash ?? null, password);
  if (!user || !right || user.disabledAt) refuse("CREDENTIALS_INVALID");
  return user;
}
