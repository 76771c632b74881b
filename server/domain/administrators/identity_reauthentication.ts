// Re-authentication with the identity provider, which has to ask for the credential again: `prompt=login` is a request, so
// `auth_time` is checked (OpenID Connect Core 1.0, sections 3.1.2.1 and 3.1.3.7).
import { limitAttempts } from "../attempts/attempts.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { type AdministratorActor, getAdministrator, requireAdministrator } from "./administrators.ts";
import { hasSecondFactor, type Identity, type IdentityPolicy } from "./identity.ts";
import type { AdministratorIdentityRow } from "./identities.ts";
import { lockActor, lockAdministrator } from "./lock_administrator.ts";
import { recordSecondFactor } from "./factors.ts";
import { consumeSecondFactorCode } from "./second_factor.ts";
import type { AdministratorSessionRow } from "./sessions.ts";

/** How far the provider's clock may be behind; milliseconds. */
const CLOCK_DIFFERENCE = 60_000;

/**
 * Records that the administrator of a session was authenticated again by the provider.
 *
 * @param input.since when the re-authentication was asked for
 * @throws DomainError `IDENTITY_REFUSED`: `not_asked_again` when the provider has not asked for the credential since then,
 *   `another_person`, `not_started_here` when the session has ended
 */
export async function reauthenticateWithIdentity(
  ctx: Context,
  input: { identity: Identity; policy: IdentityPolicy; sessionId: number; since: Date },
): Promise<void> {
  const { identity } = input;
  const { authenticatedAt } = identity;
  if (authenticatedAt === null || authenticatedAt.getTime() < input.since.getTime() - CLOCK_DIFFERENCE) {
    refuse("IDENTITY_REFUSED", { reason: "not_asked_again" });
  }
  const [linked] = await ctx.db<AdministratorIdentityRow[]>`
    select *
    from administrator_identities
    where issuer = ${identity.issuer} and subject = ${identity.subject}`;
  if (!linked) refuse("IDENTITY_REFUSED", { reason: "another_person" });
  const id = linked.administratorId;
  await inTransaction(ctx, async (ctx) => {
    const row = await lockAdministrator(ctx, id);
    const [session] = await ctx.db<AdministratorSessionRow[]>`
      select *
      from administrator_sessions
      where id = ${input.sessionId} and kind = 'session'`;
    if (session?.administratorId !== id) refuse("IDENTITY_REFUSED", { reason: "another_person" });
    if (session.endedAt || row.disabledAt) refuse("IDENTITY_REFUSED", { reason: "not_started_here" });
    await ctx.db`
      update administrator_sessions
      set authenticated_at = ${ctx.now}
      where id = ${session.id}`;
    if (hasSecondFactor(input.policy, identity)) {
      await recordSecondFactor(ctx, actorOfSession(row, session), "identity_provider");
    }
  });
  ctx.cache.invalidate(tagOf("administrator", id));
}

function actorOfSession(
  { id, name, role }: Pick<AdministratorActor, "id" | "name" | "role">,
  { id: sessionId, kind, authenticatedAt, firstFactor, secondFactor }: AdministratorSessionRow,
): AdministratorActor {
  const session = {
    id: sessionId,
    kind,
    authenticatedAt,
    firstFactor,
    secondFactor,
    ownsSecondFactor: false,
  };
  return { kind: "administrator", id, name, role, session };
}

/**
 * Records a second factor of the actor's session. It is no re-authentication: the first factor is not asked for again, as an
 * administrator of the identity provider has no password.
 *
 * @throws DomainError `SECOND_FACTOR_REQUIRED`, `RATE_LIMITED` after repeated failures
 */
export async function confirmSecondFactor(ctx: Context, code: string): Promise<void> {
  const me = requireAdministrator(ctx);
  const { email } = await getAdministrator(ctx, me.id);
  await limitAttempts(
    ctx,
    { kind: "administrator", email, isKnownHere: true },
    (attempt) =>
      inTransaction(ctx, async (ctx) => {
        const row = await lockActor(ctx);
        await recordSecondFactor(ctx, me, await consumeSecondFactorCode(ctx, attempt, row, code));
      }),
  );
  ctx.cache.invalidate(tagOf("administrator", me.id));
}
