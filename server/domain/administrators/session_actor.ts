// Authentication by the token of an administrator's session or API token.
import type { LookupContext } from "../context.ts";
import { refuse } from "../errors.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { tokenHash } from "../random_token.ts";
import type { AdministratorActor } from "./administrators.ts";
import type { AdministratorSessionRow } from "./sessions.ts";

/** `last_seen_at` of a session is updated at most this often; milliseconds. */
const LAST_SEEN_INTERVAL = 5 * 60_000;

/**
 * The administrator of a session or API token.
 *
 * @throws DomainError `SIGN_IN_REQUIRED` when the token is unknown, ended or expired
 */
export async function getAdministratorActor(
  ctx: LookupContext,
  token: string,
): Promise<AdministratorActor> {
  const hash = tokenHash(token);
  const session = await ctx.cache.getOrLoad(`administrator session ${hash.toString()}`, async () => {
    const [row] = await ctx.db<
      (AdministratorSessionRow & Pick<AdministratorActor, "role"> & {
        administratorName: string;
        hasSecondFactor: boolean;
      })[]
    >`
      select s.*, a.name as administrator_name, a.role,
        a.totp_since is not null
          or exists (select from administrator_passkeys p where p.administrator_id = a.id) as has_second_factor
      from administrator_sessions s
      join administrators a on a.id = s.administrator_id
      where s.token_hash = ${hash} and s.ended_at is null and a.disabled_at is null`;
    return row ? { value: row, invalidationTag: tagOf("administrator", row.administratorId) } : null;
  });
  if (!session || session.expiresAt <= ctx.now) refuse("SIGN_IN_REQUIRED");
  if (ctx.now.getTime() - session.lastSeenAt.getTime() > LAST_SEEN_INTERVAL) {
    session.lastSeenAt = ctx.now;
    await ctx.db`
      with seen as (
        update administrator_sessions
        set last_seen_at = ${ctx.now}
        where id = ${session.id}
        returning administrator_id
      )
      update administrators
      set last_seen_at = ${ctx.now}
      from seen
      where id = seen.administrator_id`;
  }
  return {
    kind: "administrator",
    id: session.administratorId,
    name: session.administratorName,
    role: session.role,
    session: {
      id: session.id,
      kind: session.kind,
      authenticatedAt: session.authenticatedAt,
      hasSecondFactor: session.hasSecondFactor,
    },
  };
}
