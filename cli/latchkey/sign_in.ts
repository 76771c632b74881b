// Signing in to a server and out of it.
import { ask, canAsk } from "./ask.ts";
import { CommandError } from "./exit_codes.ts";
import { refusalOf, send } from "./http.ts";
import { readSessions, type StoredSession, writeSessions } from "./session_file.ts";

/** The address as sessions are stored by: without a path, a query and a slash at its end. */
export function normalizeUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(
      "wrongUse",
      `${text} is no address of a server.`,
      "Write it as https://licenses.example.com",
    );
  }
  return url.origin;
}

/** Whether a password on its way there can be read by others. */
export function isReadable(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/**
 * Signs in, asks for a code where the account needs one, and stores the token.
 *
 * @throws CommandError when the server refuses
 */
export async function signIn(
  account: { url: string; email: string; password: string; code?: string },
): Promise<StoredSession & { role: string; name: string }> {
  const { url, email, password } = account;
  let code = account.code;
  while (true) {
    const response = await send(`${url}/api/admin/login`, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "latchkey command line" },
      body: JSON.stringify({ email, password, ...(code === undefined ? {} : { code }) }),
    });
    if (response.ok) {
      const { token, expires_at, administrator } = await response.json();
      const session = { token, email: administrator.email, expires_at };
      const sessions = await readSessions();
      await writeSessions({ ...sessions, current: url, servers: { ...sessions.servers, [url]: session } });
      return { ...session, role: administrator.role, name: administrator.name };
    }
    const refusal = await refusalOf(response, url);
    if (refusal.facts.code === "SECOND_FACTOR_REQUIRED" && canAsk()) {
      code = (await ask("Code of your authenticator app, or a recovery code")).trim();
      continue;
    }
    throw refusal.facts.code === "SECOND_FACTOR_REQUIRED"
      ? new CommandError("notSignedIn", refusal.message, "Add --code 123456.", refusal.facts)
      : new CommandError("notSignedIn", refusal.message, null, refusal.facts);
  }
}

/** Forgets the token of a server. */
export async function forget(url: string): Promise<void> {
  const sessions = await readSessions();
  const { [url]: _, ...servers } = sessions.servers;
  const current = sessions.current === url ? Object.keys(servers)[0] ?? null : sessions.current;
  await writeSessions({ ...sessions, current, servers });
}
