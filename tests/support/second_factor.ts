// A second factor for tests: an authenticator app's codes, of now and of the next half minute.
import { Secret, TOTP } from "otpauth";
import { type Caller, PASSWORD } from "./administrators.ts";
import { openPanel } from "./panel.ts";
import type { TestServer } from "./server.ts";

const PERIOD = 30_000;

/** The code an authenticator app shows for a secret; each is good once, so the next one may be wanted. */
export function codeOf(secret: string, which: "now" | "next" = "now"): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret.replace(/\s/g, "")) });
  return totp.generate({ timestamp: Date.now() + (which === "next" ? PERIOD : 0) });
}

/** Switches the second factor on for an administrator; says the secret and the recovery codes. */
export async function guard(server: TestServer, { email }: Caller) {
  const { client } = openPanel(server);
  await client.account.signIn.mutate({ email, password: PASSWORD });
  const { secret } = await client.account.startTotpSetup.mutate();
  return { secret, recovery: await client.account.confirmTotpSetup.mutate({ code: codeOf(secret) }) };
}

/** Lets an administrator's last proof of who they are be old. */
export async function makeStale(server: TestServer, { id }: Caller): Promise<void> {
  await server.db`
    update administrator_sessions
    set authenticated_at = now() - interval '1 hour'
    where administrator_id = ${id}`;
}
