// The panel's tRPC client for tests: over HTTP with a session cookie, as a browser sends it.
import assert from "node:assert/strict";
import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import type { Role } from "../../server/domain/actor.ts";
import type { AppRouter } from "../../server/trpc/router.ts";
import { makeAdministrator, PASSWORD } from "./administrators.ts";
import type { TestServer } from "./server.ts";

/**
 * Creates a client that keeps the session cookie and sends an Origin header.
 *
 * @param token of a session that is open already
 */
export function openPanel(server: TestServer, token?: string) {
  let cookie = token ? `latchkey_session=${token}` : "";
  const browser: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("sec-fetch-site", "same-origin");
    if (cookie) headers.set("cookie", cookie);
    const response = await fetch(input, { ...init, headers });
    const given = response.headers.get("set-cookie");
    if (given) cookie = given.split(";")[0];
    return response;
  };
  const url = `${server.url}/trpc`;
  const client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url, fetch: browser as never })] });
  return { client, cookie: () => cookie };
}

/** Creates a client that is signed in as a new administrator with this role. */
export async function signInToPanel(server: TestServer, role: Role) {
  const { id, email } = await makeAdministrator(server, role);
  const panel = openPanel(server);
  await panel.client.account.signIn.mutate({ email, password: PASSWORD });
  return { ...panel, id };
}

/** Returns the error of a procedure call. Fails when the call succeeds. */
export async function refusalOf(work: Promise<unknown>) {
  const error = await work.then(() => null, (error) => error);
  assert.ok(error instanceof TRPCClientError, "was not refused");
  return error.data as { code: string; httpStatus: number; details: Record<string, unknown> };
}
