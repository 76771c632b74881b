// Challenges of Web Authentication (Level 3, section 13.4.3): random values that a response must contain. Each is valid for
// five minutes and accepted once.
import { lazy } from "../lazy.ts";
import type { Context } from "../context.ts";

/** The library that makes and checks what passkeys sign: 11 MB of memory, of which a process without passkeys has no use. */
export const loadWebAuthn = lazy(() => import("@simplewebauthn/server"));

/** A row of `administrator_challenges`. */
export interface AdministratorChallengeRow {
  challenge: string;
  administratorId: number | null;
  expiresAt: Date;
}

/** Milliseconds. */
const CHALLENGE_LIFETIME = 5 * 60_000;

/** Stores a challenge, and deletes expired ones. */
export async function createChallenge(
  ctx: Context,
  challenge: string,
  administratorId: number | null,
): Promise<void> {
  await ctx.db`
    delete from administrator_challenges
    where expires_at <= ${ctx.now}`;
  await ctx.db`
    insert into administrator_challenges (challenge, administrator_id, expires_at)
    values (${challenge}, ${administratorId}, ${new Date(ctx.now.getTime() + CHALLENGE_LIFETIME)})`;
}

/**
 * Deletes a challenge when it is valid.
 *
 * @param administratorId the administrator it was created for; null for a sign-in
 * @returns whether it was valid
 */
export async function consumeChallenge(
  ctx: Context,
  challenge: string,
  administratorId: number | null,
): Promise<boolean> {
  const consumed = await ctx.db`
    delete from administrator_challenges
    where challenge = ${challenge} and administrator_id is not distinct from ${administratorId}
      and expires_at > ${ctx.now}`;
  return consumed.count > 0;
}

/** The relying party of Web Authentication: origin and host of the panel. */
export function relyingPartyOf(url: string): { origin: string; rpId: string } {
  const { origin, hostname } = new URL(url);
  return { origin, rpId: hostname };
}
