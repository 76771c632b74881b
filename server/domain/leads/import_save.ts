// Saving a batch of imported rows: new leads, and updates of existing ones. A row that the database refuses is reported;
// the others of its batch are saved.
import { isConstraintViolation, isInvalidValue, violatedConstraint } from "../../../db/connect.ts";
import { type Context, inTransaction } from "../context.ts";
import { DomainError } from "../errors.ts";
import { insertLeads } from "./import_batch.ts";
import type { AcceptedRecord, ImportedRecord } from "./import_duplicates.ts";
import { updateFromRows } from "./import_update.ts";
import type { CellError } from "./import_validation.ts";

/** A row that becomes a lead, or that updates one. */
export type SavedRecord = { row: ImportedRecord } & ({ accepted: AcceptedRecord } | { leadId: number });

/**
 * Saves rows in their order.
 *
 * @param refused called for a row that the database refuses
 */
export async function saveRows(
  ctx: Context,
  rows: SavedRecord[],
  refused: (row: SavedRecord, errors: CellError[]) => void,
): Promise<void> {
  if (rows.length === 0) return;
  try {
    // A savepoint of the import's transaction.
    await inTransaction(ctx, (ctx) => saveAll(ctx, rows));
  } catch (error) {
    const message = messageOf(error);
    if (message === null) throw error;
    if (rows.length === 1) return refused(rows[0], [{ field: "", message }]);
    const middle = rows.length >> 1;
    await saveRows(ctx, rows.slice(0, middle), refused);
    await saveRows(ctx, rows.slice(middle), refused);
  }
}

async function saveAll(ctx: Context, rows: SavedRecord[]): Promise<void> {
  const added = rows.flatMap((row) => "accepted" in row ? [row] : []);
  if (added.length > 0) {
    const ids = await insertLeads(ctx, added.map(({ row }) => row.lead));
    added.forEach(({ accepted }, at) => accepted.id = ids[at]);
  }
  const updates = rows.flatMap((row) => "leadId" in row ? [{ leadId: row.leadId, lead: row.row.lead }] : []);
  if (updates.length > 0) await updateFromRows(ctx, updates);
}

/** Why the database refuses a row; null for an error that is not about the row. */
function messageOf(error: unknown): string | null {
  if (isConstraintViolation(error)) {
    return `cannot be saved, because it breaks the rule ${violatedConstraint(error).constraint}`;
  }
  if (isInvalidValue(error)) return "cannot be saved, because the database rejects one of its values";
  return error instanceof DomainError
    ? "cannot be saved, because it conflicts with an existing object"
    : null;
}
