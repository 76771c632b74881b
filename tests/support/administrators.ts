// Administrators for tests, signed in with a password whose hash is cheap.
import { lockAdministrator } from "../../server/domain/administrators/lock_administrator.ts";
import { type AdministratorSessionRow, createSession } from "../../server/domain/administrators/sessions.ts";
import { type Context, inTransaction } from "../../server/domain/context.ts";
import type { Role } from "../../server/domain/actor.ts";
import { recordEvent } from "../../server/domain/events/record.ts";
import { cheapHash } from "./cheap_hash.ts";
import type { Reply, TestServer } from "./server.ts";

let number = 0;

export const PASSWORD = "correct horse battery";

export interface Caller {
  id: number;
  email: string;
  token: string;
  get(path: string): Promise<Reply>;
  post(path: string, body?: unknown): Promise<Reply>;
  send(method: string, path: string, body?: unknown): Promise<Reply>;
}

/** Creates an administrator with this role and signs them in. */
export async function makeAdministrator(server: TestServer, role: Role): Promise<Caller> {
  const email = `${role}${++number}@example.com`;
  const ctx = await server.ctx();
  const name = `${role} ${number}`;
  const [{ id }] = await ctx.db<{ id: number }[]>`
    insert into administrators (email, name, role, password_hash, created_at, updated_at)
    values (${email}, ${name}, ${role}, ${await cheapHash(PASSWORD)}, ${ctx.now}, ${ctx.now})
    returning id`;
  await recordEvent(ctx, { type: "administrator.created", subjectId: id, after: { email, name, role } });
  const reply = await server.post("/api/admin/login", { email, password: PASSWORD }, { "x-api-key": null });
  if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
  const { token } = reply.body;
  const send = async (method: string, path: string, body?: unknown): Promise<Reply> => {
    const response = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: "manual",
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  return {
    id,
    email,
    token,
    send,
    get: (path) => send("GET", path),
    post: (path, body) => send("POST", path, body),
  };
}

/** Creates a session of an administrator, as a sign-in with a password does unless told otherwise. */
export function createTestSession(
  ctx: Context,
  id: number,
  options: Partial<Parameters<typeof createSession>[2]> = {},
): Promise<{ token: string; session: AdministratorSessionRow }> {
  return inTransaction(
    ctx,
    async (ctx) =>
      createSession(ctx, await lockAdministrator(ctx, id), { name: "tests", ip: null, ...options }),
  );
}
