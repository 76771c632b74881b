// Forgets saved answers of idempotent requests after a day.
import type { Context } from "../../server/domain/context.ts";
import { deleteExpiredAnswers } from "../../server/domain/idempotency.ts";

export async function forgetAnswersJob(ctx: Context) {
  return { forgotten: await deleteExpiredAnswers(ctx) };
}
