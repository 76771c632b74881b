// Sample data for the bench of the v2 API: users with a license each, and sessions whose tokens the bench knows.
import { createHash } from "node:crypto";
import type { Database } from "../../db/connect.ts";
import { hashPassword } from "../../server/domain/passwords/password_hash.ts";

export const PASSWORD = "a password of the bench";

export function emailOf(user: number): string {
  return `bench.user${user}@example.com`;
}

/** The token of the session with this number. */
export function tokenOf(session: number): string {
  return createHash("sha256").update(`session ${session}`).digest("hex");
}

let hash: Promise<string> | undefined;

/** The hash of the users' password. */
export function passwordHash(): Promise<string> {
  return hash ??= hashPassword(PASSWORD, { email: "", name: "", isDemo: true });
}

/** Inserts users, numbered from 1, and assigns the first licenses to them, one to each. */
export async function loadUsers(db: Database, count: number): Promise<void> {
  await db`
    with inserted as (
      insert into users (email, name, password_hash, created_at, updated_at)
      select 'bench.user' || n || '@example.com', 'Bench ' || n, ${await passwordHash()}, now(), now()
      from generate_series(1, ${count}::integer) as n
      returning id
    ),
    numbered as (
      select id, row_number() over (order by id) as n
      from inserted
    ),
    licensed as (
      select id, row_number() over (order by id) as n
      from licenses
      where product_id = (select id from products where code = 'bench')
      order by id
      limit ${count}
    )
    update licenses
    set user_id = numbered.id
    from numbered
    join licensed using (n)
    where licenses.id = licensed.id`;
}

/**
 * Inserts sessions of the users in turn, each on the machine of the user's license.
 *
 * @param first the number of the first session
 */
export async function addSessions(db: Database, first: number, count: number): Promise<void> {
  await db`
    insert into sessions (user_id, sign_in_id, token_hash, device_id, created_at, expires_at)
    select
      holder.id, gen_random_uuid(), sha256(encode(sha256(('session ' || n)::bytea), 'hex')::bytea), holder.hardware_id, now(),
      now() + interval '7 days'
    from generate_series(${first}::bigint, ${first + count - 1}::bigint) as n
    join (
      select u.id, a.hardware_id, row_number() over (order by u.id) - 1 as position, count(*) over () as users
      from users u
      join licenses l on l.user_id = u.id
      join activations a on a.license_id = l.id
      where u.email like 'bench.user%' and a.hardware_id = 'hw-' || l.key || '-1'
    ) as holder on holder.position = n % holder.users`;
}

/** A session of a user, and the entitlement token that came with it. */
export interface SampleUser {
  sessionToken: string;
  entitlementToken: unknown;
}

let signedIn = 0;

/** A session of each user, which a server has refreshed once. */
export async function signIn(db: Database, url: string, users: number): Promise<SampleUser[]> {
  const first = signedIn;
  signedIn += users;
  await addSessions(db, first, users);
  const sessions: SampleUser[] = [];
  const waiting = Array.from({ length: users }, (_, n) => first + n);
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let session = waiting.pop(); session !== undefined; session = waiting.pop()) {
      const response = await fetch(`${url}/api/v2/auth/refresh`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ session_token: tokenOf(session) }),
      });
      const { session_token, entitlement_token } = await response.json();
      if (!entitlement_token) throw new Error(`No entitlement token, status ${response.status}`);
      sessions.push({ sessionToken: session_token, entitlementToken: entitlement_token });
    }
  }));
  return sessions;
}
