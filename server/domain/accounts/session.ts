// A user's session. Its token is valid until it expires, is revoked, or has been replaced by a refresh for longer than
// the overlap. A token used after the overlap was copied, and revokes all sessions of its sign-in.

/** A row of `sessions`. */
export interface SessionRow {
  id: number;
  userId: number;
  /** The same for a session and those that replace it. */
  signInId: string;
  tokenHash: Uint8Array;
  deviceId: string | null;
  stateHash: string | null;
  createdAt: Date;
  expiresAt: Date;
  replacedAt: Date | null;
  successor: Uint8Array | null;
  revokedAt: Date | null;
}

/** Lifetime of a session; milliseconds. */
export const SESSION_LIFETIME = 7 * 86_400_000;
/** How long a token stays valid after it was replaced; milliseconds. */
export const REPLACEMENT_OVERLAP = 60_000;

/** The session of an authenticated request. */
export interface Session
  extends Pick<SessionRow, "id" | "userId" | "signInId" | "deviceId" | "expiresAt" | "replacedAt"> {
  email: string;
}

/** Whether a token is used after it was replaced and the overlap has ended. */
export function isReused(now: Date, { replacedAt }: Pick<SessionRow, "replacedAt">): boolean {
  return replacedAt !== null && now.getTime() - replacedAt.getTime() > REPLACEMENT_OVERLAP;
}
