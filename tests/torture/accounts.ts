// Accounts of rows, and calls as the panel and the apps make them.
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import type { Role } from "../../server/domain/actor.ts";
import { requestLink, sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import { listReadableMails } from "../../server/domain/mail/mail.ts";
import { callAs, type Outcome } from "../support/call_as.ts";
import type { RealSystem } from "./system.ts";

export const PASSWORD = "four green bottles";

/** Settings of servers of rows that sign in more often than anyone may. */
export const withoutLimits = {
  RATE_LIMIT_AUTH: "off",
  RATE_LIMIT_FAILURES: "off",
  RATE_LIMIT_ADMIN: "off",
  RATE_LIMIT_LICENSE: "off",
  RATE_LIMIT_DEVICE: "off",
};

let number = 0;

export async function makeAdministrator(
  system: RealSystem,
  role: Role = "manager",
): Promise<{ id: number; email: string }> {
  const email = `administrator${++number}@torture.example`;
  const { id } = await createAdministrator(await system.ctx(), {
    email,
    name: "Name",
    role,
    password: PASSWORD,
  });
  return { id, email };
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Calls a mutation of the panel. */
export function callProcedure(
  url: string,
  name: string,
  input: unknown,
  headers: Record<string, string> = {},
): Promise<Outcome> {
  return callAs("post", `${url}/trpc/${name}`, headers, input);
}

/** Signs an administrator in and returns the token. */
export async function signIn(url: string, email: string, password = PASSWORD): Promise<string | null> {
  const response = await fetch(`${url}/api/admin/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  const body = await response.json();
  return response.ok ? body.token : null;
}

/** Requests a link of a user and reads its token from the mail. */
export async function linkToken(system: RealSystem, email: string): Promise<string> {
  const ctx = await system.ctx();
  await requestLink(ctx, { purpose: "sign_in", email });
  await sendRequestedLinks(ctx, "https://torture.example");
  return tokenIn(await newestMail(system, email));
}

/** The text of the newest mail to an address. */
export async function newestMail(system: RealSystem, to: string): Promise<string> {
  const mail = (await listReadableMails(await system.ctx())).find(({ recipient }) => recipient === to);
  if (!mail) throw new Error(`There is no mail to ${to}.`);
  return mail.text;
}

export function tokenIn(text: string): string {
  return text.match(/(?:token=|\/)([\w-]{43}|[0-9a-f]{64})\s/)![1];
}
