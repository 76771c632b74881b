// Who performs a request: its kinds, and the roles of administrators.

/** viewer reads; manager changes licensing data; owner also manages administrators, API keys, webhooks and settings. */
export type Role = "viewer" | "manager" | "owner";

/** A client app or script with an API key. */
export interface ApiKeyActor {
  kind: "api_key";
  id: number;
  name: string;
  productId: number | null;
  /** Until when the bodies of its requests are logged; absent or null: they are not. */
  bodiesUntil?: Date | null;
}

/** The authenticated caller of a request. */
export type Actor =
  | { kind: "anonymous" }
  | ApiKeyActor
  | { kind: "user"; id: number; email: string; session?: { id: number; deviceId: string | null } }
  | { kind: "administrator"; id: number; name: string; role: Role; session?: AdministratorSession }
  | { kind: "system"; job: string };

/** What opens a session of an administrator. */
export type FirstFactor = "password" | "passkey" | "identity_provider";

/**
 * What is accepted beside a password. A passkey with user verification counts as both factors; `identity_provider` means
 * that the provider says that it has checked one.
 */
export type SecondFactor = "totp" | "recovery_code" | "passkey" | "identity_provider";

/** The session or API token an administrator calls with. */
export interface AdministratorSession {
  id: number;
  kind: "session" | "token";
  /** When the administrator last entered a password, code or passkey. */
  authenticatedAt: Date;
  firstFactor: FirstFactor;
  /** The second factor used in this session; null for a password alone, whatever the account owns. */
  secondFactor: SecondFactor | null;
  /** Whether the account has an authenticator app or a passkey. */
  ownsSecondFactor: boolean;
}
