// Signing in, signing out, and who is signed in.
import type { Command } from "commander";
import { connect } from "../api.ts";
import { ask, canAsk, readPassword } from "../ask.ts";
import { define } from "../define.ts";
import { environment } from "../environment.ts";
import { CommandError } from "../exit_codes.ts";
import { readSessions } from "../session_file.ts";
import { forget, isReadable, normalizeUrl, signIn } from "../sign_in.ts";
import { say } from "../terminal.ts";

export function defineSessionCommands(program: Command): void {
  define(program, {
    name: "sign-in",
    summary: "Sign in to a server as an administrator, and keep the token for later commands",
    example: "sign-in --url https://licenses.example.com --email you@example.com",
    options: [
      { flags: "--email <address>", description: "your account; else it is asked for" },
      { flags: "--code <code>", description: "of the second factor; else it is asked for" },
    ],
    rights: "remote",
    async run(_, options) {
      const named = options.url ?? environment.LATCHKEY_URL ?? (await readSessions()).current ??
        (canAsk() ? await ask("Address of the server") : undefined);
      if (!named) throw new CommandError("wrongUse", "No server is named.", "Add --url https://…");
      const url = normalizeUrl(named);
      if (isReadable(url)) await say(`${url} is not https: others can read the password on its way.`);
      const email = options.email ?? (canAsk() ? await ask("Email address") : undefined);
      if (!email) throw new CommandError("wrongUse", "No account is named.", "Add --email you@example.com");
      const password = await readPassword();
      const { expires_at, role, ...session } = await signIn({ url, email, password, code: options.code });
      return {
        json: { url, email: session.email, role, expires_at },
        text: `${session.email} (${role}) is signed in to ${url} until ${expires_at}.`,
      };
    },
  });

  define(program, {
    name: "sign-out",
    summary: "End the session at the server, and forget its token",
    example: "sign-out",
    rights: "remote",
    async run(_, options) {
      const { current } = await readSessions();
      const url = normalizeUrl(options.url ?? environment.LATCHKEY_URL ?? current ?? "");
      try {
        await (await connect({ url })).call("POST", "/api/admin/logout");
      } catch (error) {
        // A session that has ended is as good as one that ends now.
        if (!(error instanceof CommandError && error.facts.status === 401)) throw error;
      }
      await forget(url);
      return { json: { url, signed_out: true }, text: `You are signed out of ${url}.` };
    },
  });

  define(program, {
    name: "who-am-i",
    summary: "The server that commands use, and whose token",
    example: "who-am-i --json",
    rights: "remote",
    async run(_, options) {
      const api = await connect(options);
      const { rows } = await api.call("GET", "/api/admin/account/sessions");
      const session = rows.find(({ is_this }: { is_this: boolean }) => is_this);
      const email = environment.LATCHKEY_TOKEN
        ? null
        : (await readSessions()).servers[api.url]?.email ?? null;
      return {
        json: { url: api.url, email, session },
        text: `${api.url}: ${email ?? "LATCHKEY_TOKEN"}, ${session.name}, until ${session.expires_at}`,
      };
    },
  });
}
