// Sign-ins, refreshes, sign-outs, password changes and disabling at the same moment: no session outlives what ends it.
import { disableUser } from "../../../server/domain/accounts/disable_user.ts";
import { createUser } from "../../../server/domain/accounts/users.ts";
import { createSession } from "../../../server/domain/administrators/sessions.ts";
import { lockAdministrator } from "../../../server/domain/administrators/lock_administrator.ts";
import { inTransaction } from "../../../server/domain/context.ts";
import {
  bearer,
  callProcedure,
  linkToken,
  makeAdministrator,
  PASSWORD,
  signIn,
  withoutLimits,
} from "../accounts.ts";
import type { TortureRow } from "../row.ts";
import { type RealSystem, startSystem } from "../system.ts";

/** Passwords are hashed one after the other, so that the short form has fewer of each. */
const EACH = { full: 50, short: 8 };
/** An ended session is refused by every process after so long; milliseconds. */
const NOTICE = 1000;

export const row: TortureRow = {
  fault: "sign-in, refresh, logout, disable, password change at once, 50 of each",
  reach: "no session outlives what ends it",
  coveredBy: [
    "tests/domain/administrator_session_races_test.ts",
    "tests/domain/user_session_races_test.ts",
  ],
  async run(size) {
    const count = EACH[size];
    const system = await startSystem(size);
    try {
      const servers = await Promise.all([0, 1].map(() => system.startServer({ env: withoutLimits })));
      const urls = servers.map(({ url }) => url);
      const administrators = await raceAdministrator(system, urls, count);
      const users = await raceUser(system, urls, count);
      return {
        held: [...Object.values(administrators), ...Object.values(users)].every((left) => left === 0),
        figures: {
          "operations of each kind": count,
          "open sessions of a disabled administrator": administrators.open,
          "tokens of a disabled administrator accepted": administrators.accepted,
          "open sessions of a disabled user": users.open,
          "tokens of a disabled user accepted": users.accepted,
        },
      };
    } finally {
      await system.stop();
    }
  },
};

async function raceAdministrator(system: RealSystem, urls: string[], count: number) {
  const { id, email } = await makeAdministrator(system);
  const owner = await makeAdministrator(system, "owner");
  const boss = bearer((await signIn(urls[0], owner.email))!);
  const ctx = await system.ctx();
  const open = async () => {
    const { token } = await inTransaction(
      ctx,
      async (ctx) => createSession(ctx, await lockAdministrator(ctx, id), { name: "torture", ip: null }),
    );
    return token;
  };
  const tokens: string[] = [];
  for (let n = 0; n < 3 * count; n++) tokens.push(await open());
  await Promise.all(Array.from({ length: count }, async (_, n) => {
    const url = urls[n % 2];
    await Promise.all([
      signIn(url, email).then((token) => token && tokens.push(token)),
      callProcedure(url, "account.signOut", undefined, bearer(tokens[n])),
      callProcedure(
        url,
        "account.changePassword",
        { password: PASSWORD, newPassword: `seven small kettles ${n}` },
        bearer(tokens[count + n]),
      ),
      callProcedure(url, "account.createToken", { name: "script", days: 1 }, bearer(tokens[2 * count + n])),
      n === Math.floor(count / 2)
        ? callProcedure(url, "administrators.edit", { id, changes: { isDisabled: true } }, boss)
        : null,
    ]);
  }));
  await new Promise((resolve) => setTimeout(resolve, NOTICE));
  const [{ left }] = await system.db<{ left: number }[]>`
    select count(*) as left
    from administrator_sessions
    where administrator_id = ${id} and ended_at is null`;
  return { open: left, accepted: await countAccepted(urls, tokens, "/api/customers") };
}

async function raceUser(system: RealSystem, urls: string[], count: number) {
  const user = await createUser(await system.ctx(), { email: "race@torture.example", name: "Race" });
  const tokens: string[] = [];
  const call = async (url: string, path: string, body: unknown) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const { session_token: token } = await response.json();
    if (token) tokens.push(token);
  };
  for (let n = 0; n < 2 * count; n++) {
    await call(urls[n % 2], "/api/v2/auth/login", { magic_link_token: await linkToken(system, user.email) });
  }
  const before = [...tokens];
  const link = await linkToken(system, user.email);
  await Promise.all(Array.from({ length: count }, async (_, n) => {
    const url = urls[n % 2];
    await Promise.all([
      call(url, "/api/v2/auth/login", { magic_link_token: link }),
      call(url, "/api/v2/auth/refresh", { session_token: before[n] }),
      call(url, "/api/v2/auth/logout", { session_token: before[count + n] }),
      n === Math.floor(count / 2) ? disableUser(await system.ctx(), user.id) : null,
    ]);
  }));
  await new Promise((resolve) => setTimeout(resolve, NOTICE));
  const [{ left }] = await system.db<{ left: number }[]>`
    select count(*) as left
    from sessions
    where user_id = ${user.id} and revoked_at is null and expires_at > now()
      and (replaced_at is null or replaced_at > now() - interval '1 minute')`;
  return { open: left, accepted: await countAccepted(urls, tokens, "/api/v2/devices") };
}

/** How many of the tokens a server still accepts. */
async function countAccepted(urls: string[], tokens: string[], path: string): Promise<number> {
  let accepted = 0;
  for (const [n, token] of tokens.entries()) {
    const response = await fetch(urls[n % 2] + path, { headers: bearer(token) });
    await response.body?.cancel();
    if (response.ok) accepted++;
  }
  return accepted;
}
