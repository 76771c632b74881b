// Administrators for tests of the domain: signed in with a password, and seen at instants after that.
import assert from "node:assert/strict";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { getAdministratorActor } from "../../server/domain/administrators/session_actor.ts";
import { signIn } from "../../server/domain/administrators/sign_in.ts";
import type { Role } from "../../server/domain/actor.ts";
import type { Context } from "../../server/domain/context.ts";
import { PASSWORD } from "./administrators.ts";
import type { TestServer } from "./server.ts";

const MINUTE = 60_000;

/** Where the sign-ins of these tests come from. */
export const from = { browser: "tests", ip: null };

/** The administrators of a server; minutes count from this call. */
export function createSignedIn(server: TestServer) {
  const start = new Date();
  let number = 0;
  const later = (minutes: number) => server.ctx(new Date(start.getTime() + minutes * MINUTE));
  const anonymous = async (minutes = 0): Promise<Context> => ({
    ...await later(minutes),
    actor: { kind: "anonymous" },
  });

  /** The context of a new administrator, `minutes` after their sign-in. */
  async function signedIn(role: Role, minutes = 0) {
    const email = `${role}${++number}@example.com`;
    const { id } = await createAdministrator(await later(0), { email, name: role, role, password: PASSWORD });
    const { token } = await signIn(await anonymous(), { email, password: PASSWORD, code: null, ...from });
    const at = async (minutes: number): Promise<Context> => {
      const ctx = await later(minutes);
      return { ...ctx, actor: await getAdministratorActor(ctx, token) };
    };
    return { id, email, token, at, ctx: await at(minutes) };
  }
  return { start, later, anonymous, signedIn };
}

/** Fails unless the work is refused with this code. */
export function refused(work: Promise<unknown> | (() => Promise<unknown>), code: string): Promise<void> {
  return assert.rejects(async () => await (typeof work === "function" ? work() : work), { code });
}
