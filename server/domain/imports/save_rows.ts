// Saving a batch of imported rows: new objects, and updates of existing ones. A row that the database refuses is reported;
// the others of its batch are saved.
import { isConstraintViolation, isInvalidValue, violatedConstraint } from "../../../db/connect.ts";
import { type Context, inTransaction } from "../context.ts";
import { DomainError } from "../errors.ts";
import type {
  AcceptedRecord,
  CellError,
  ImportedKind,
  ImportedRecord,
  ImportedValues,
} from "./imported_kind.ts";

/** A row that becomes an object, or that updates one. */
export type SavedRecord<Row> =
  & { row: ImportedRecord<Row> }
  & ({ accepted: AcceptedRecord<Row> } | { existingId: number });

/** What saves rows of a kind. */
type Saver<Row extends ImportedValues> = Pick<ImportedKind<Row>, "insert" | "update">;

/**
 * Saves rows in their order.
 *
 * @param refused called for a row that the database refuses
 */
export async function saveRows<Row extends ImportedValues>(
  ctx: Context,
  kind: Saver<Row>,
  rows: SavedRecord<Row>[],
  refused: (row: SavedRecord<Row>, errors: CellError[]) => void,
): Promise<void> {
  if (rows.length === 0) return;
  try {
    // A savepoint of the import's transaction.
    await inTransaction(ctx, (ctx) => saveAll(ctx, kind, rows));
  } catch (error) {
    const message = messageOf(error);
    if (message === null) throw error;
    if (rows.length === 1) return refused(rows[0], [{ field: "", message }]);
    const middle = rows.length >> 1;
    await saveRows(ctx, kind, rows.slice(0, middle), refused);
    await saveRows(ctx, kind, rows.slice(middle), refused);
  }
}

async function saveAll<Row extends ImportedValues>(
  ctx: Context,
  kind: Saver<Row>,
  rows: SavedRecord<Row>[],
): Promise<void> {
  const added = rows.flatMap((row) => "accepted" in row ? [row] : []);
  if (added.length > 0) {
    const ids = await kind.insert(ctx, added.map(({ row }) => row.values));
    added.forEach(({ accepted }, at) => accepted.id = ids[at]);
  }
  const updates = rows.flatMap((row) =>
    "existingId" in row ? [{ id: row.existingId, values: row.row.values }] : []
  );
  if (updates.length > 0) await kind.update(ctx, updates);
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
