// A second factor for tests: codes of an authenticator app, for the current and the next period.
import { Secret, TOTP } from "otpauth";
import type { Caller } from "./administrators.ts";
import { openPanel } from "./panel.ts";
import type { TestServer } from "./server.ts";

const PERIOD = 30_000;

/** The code of an authenticator app for a secret. Codes are valid once; a second one comes from the next period. */
export function codeOf(secret: string, which: "now" | "next" = "now", at = Date.now()): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret.replace(/\s/g, "")) });
  return totp.generate({ timestamp: at + (which === "next" ? PERIOD : 0) });
}

/**
 * Enables the second factor of an administrator, in the session of the caller, and returns the secret and the recovery
 * codes.
 */
export async function enableSecondFactor(server: TestServer, { token }: Caller) {
  const { client } = openPanel(server, token);
  const { secret } = await client.account.startTotpSetup.mutate();
  return { secret, recovery: await client.account.confirmTotpSetup.mutate({ code: codeOf(secret) }) };
}

/** Sets an administrator's last authentication an hour back, so that sensitive actions require re-authentication. */
export async function expireAuthentication(server: TestServer, { id }: Caller): Promise<void> {
  await server.db`
    update administrator_sessions
    set authenticated_at = now() - interval '1 hour'
    where administrator_id = ${id}`;
}
