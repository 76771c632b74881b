// The state that an app reports about itself within a session.
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";

/** Stores the hash of an app's state. A change within the session is recorded as an event. */
export async function recordAppState(
  ctx: Context,
  { sessionId, stateHash }: { sessionId: number; stateHash: string },
): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const [changed] = await ctx.db<{ userId: number; before: string | null }[]>`
      with previous as (
        select id, user_id, state_hash
        from sessions
        where id = ${sessionId} and state_hash is distinct from ${stateHash}
        for no key update
      )
      update sessions
      set state_hash = ${stateHash}
      from previous
      where sessions.id = previous.id
      returning previous.user_id, previous.state_hash as before`;
    if (changed?.before == null) return;
    await recordEvent(ctx, {
      type: "session.state_changed",
      subjectId: changed.userId,
      before: { stateHash: changed.before },
      after: { stateHash },
    });
  });
}
