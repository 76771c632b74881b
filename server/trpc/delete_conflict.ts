// Why an object cannot be deleted at present, so that its button can say so.
import type { Context } from "../domain/context.ts";
import type { Conflict } from "../domain/errors.ts";
import { describeConflict } from "../request/conflict_messages.ts";
import { oneId, viewer } from "./trpc.ts";

/** A procedure that answers the message with which a deletion would be refused; null when it would not. */
export function deleteConflict(find: (ctx: Context, id: number) => Promise<Conflict | null>) {
  return viewer.input(oneId).query(async ({ ctx: { ctx }, input }) => {
    const conflict = await find(ctx, input.id);
    return conflict && describeConflict(conflict);
  });
}
