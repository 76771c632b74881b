// Which statements of a migration are unsafe while servers of this and the previous version run: those that block a
// table longer than a moment, and those that take away what the previous version uses. PostgreSQL's own parser reads them.
import { parse } from "libpg-query";
import { isOlder, type Migration } from "../../db/migration_files.ts";
import { repeatProblemOf, splitStatements } from "../../db/migration_statements.ts";

type Node = NonNullable<NonNullable<NonNullable<Awaited<ReturnType<typeof parse>>["stmts"]>[number]["stmt"]>>;
type Of<Name extends string> = Extract<Node, Record<Name, unknown>> extends Record<Name, infer Value> ? Value
  : never;
type Column = Of<"ColumnDef">;
type Constraint = Of<"Constraint">;

/** What earlier migrations did that a later one may build on. */
export interface MigrationHistory {
  /** Columns, "licenses.region", that a validated check keeps from being null. */
  present: Set<string>;
  /** Checks that are not validated: "licenses.licenses_region_present" and the columns they keep from being null. */
  unvalidated: Map<string, string[]>;
}

export const noHistory = (): MigrationHistory => ({ present: new Set(), unvalidated: new Map() });

/** Functions whose value is the same for all rows of a statement, so that a default needs no rewriting. */
const stable = new Set(["now", "statement_timestamp", "transaction_timestamp", "current_setting"]);
const serial = /^(?:small|big)?serial[248]?$/;

/**
 * Lists what is unsafe in a migration, a sentence each with what to write instead.
 *
 * @param history of the migrations before; brought up to date
 * @param version of this program
 */
export async function findUnsafe(
  migration: Migration,
  history: MigrationHistory,
  version: string,
): Promise<string[]> {
  const { sql, requires, isTransactional } = migration;
  const found: string[] = [];
  const created = new Set<string>();
  const locked = new Set<string>();
  if (isOlder(version, requires)) found.push(`requires program ${requires}, but this is ${version}`);
  if (!isTransactional) {
    for (const statement of splitStatements(sql)) {
      const problem = repeatProblemOf(statement);
      if (problem) found.push(`${problem}: a file outside a transaction may run again`);
    }
  }
  const addedHere = new Set<string>();
  for (const { stmt } of (await parse(sql)).stmts ?? []) {
    if (!stmt) continue;
    if ("CreateStmt" in stmt) created.add(stmt.CreateStmt.relation?.relname ?? "");
    const table = tableOf(stmt);
    if (table !== null && created.has(table)) continue;
    if (table !== null && isTransactional) locked.add(table);
    found.push(...problemsOf(stmt, { migration, history, version, table: table ?? "", addedHere }));
  }
  if (locked.size > 1) {
    found.push(
      `locks ${[...locked].join(" and ")}, one while it waits for the other: write a file for each table`,
    );
  }
  return found;
}

interface Place {
  migration: Migration;
  history: MigrationHistory;
  version: string;
  table: string;
  /** Constraints that this file adds. */
  addedHere: Set<string>;
}

/** The existing table that a statement locks; null when it locks none for longer than it runs. */
function tableOf(stmt: Node): string | null {
  const relation = "AlterTableStmt" in stmt
    ? stmt.AlterTableStmt.relation
    : "IndexStmt" in stmt
    ? stmt.IndexStmt.relation
    : "CreateTrigStmt" in stmt
    ? stmt.CreateTrigStmt.relation
    : "RenameStmt" in stmt
    ? stmt.RenameStmt.relation
    : "UpdateStmt" in stmt
    ? stmt.UpdateStmt.relation
    : "DeleteStmt" in stmt
    ? stmt.DeleteStmt.relation
    : undefined;
  return relation?.relname ?? null;
}

function problemsOf(stmt: Node, place: Place): string[] {
  const { migration: { isTransactional } } = place;
  if ("IndexStmt" in stmt) {
    if (!stmt.IndexStmt.concurrent) return ["builds an index under a lock: create index concurrently"];
    return isTransactional ? ["an index is built concurrently outside a transaction: -- no transaction"] : [];
  }
  if ("RenameStmt" in stmt) {
    return [
      "renames what the previous version uses: add the new one, fill it, and drop the old one in a later version",
    ];
  }
  if ("DropStmt" in stmt) {
    const { removeType, concurrent } = stmt.DropStmt;
    if (removeType !== "OBJECT_INDEX") return dropProblem(place);
    return concurrent ? [] : ["drops an index under a lock: drop index concurrently"];
  }
  if ("UpdateStmt" in stmt || "DeleteStmt" in stmt) {
    return ["changes all rows in one transaction: fill them in batches, with a commit after each"];
  }
  if ("DoStmt" in stmt) {
    const isBatched = !isTransactional && /\bcommit\b/.test(JSON.stringify(stmt));
    return isBatched ? [] : ["a block of code runs outside a transaction and commits after each batch"];
  }
  if ("LockStmt" in stmt || "TruncateStmt" in stmt || "ClusterStmt" in stmt || "VacuumStmt" in stmt) {
    return ["locks a table for as long as it runs: leave it out"];
  }
  if ("AlterTableStmt" in stmt) {
    return (stmt.AlterTableStmt.cmds ?? []).flatMap((node) =>
      "AlterTableCmd" in node ? alterProblems(node.AlterTableCmd, place) : []
    );
  }
  return [];
}

/** Dropping needs a version before this one that did not use it any more, which all that run have reached. */
function dropProblem({ migration: { sql, requires }, version }: Place): string[] {
  const since = sql.match(/^-- unused since program (\d+\.\d+\.\d+)\s*$/m)?.[1];
  if (!since) return ['drops what the previous version may use: say "-- unused since program X"'];
  if (!isOlder(since, version)) return [`drops what ${since} stopped using: drop it in a later version`];
  return isOlder(requires, since)
    ? [`drops what programs before ${since} use: -- requires program ${since}`]
    : [];
}

function alterProblems(command: Of<"AlterTableCmd">, place: Place): string[] {
  const { history, table, addedHere, migration } = place;
  const { subtype, def, name } = command;
  if (subtype === "AT_AddColumn" && def && "ColumnDef" in def) return columnProblems(def.ColumnDef);
  if (subtype === "AT_AddConstraint" && def && "Constraint" in def) {
    const constraint = def.Constraint;
    const key = `${table}.${constraint.conname}`;
    addedHere.add(key);
    if (constraint.skip_validation) history.unvalidated.set(key, presentColumns(constraint, table));
    return constraintProblems(constraint);
  }
  if (subtype === "AT_ValidateConstraint") {
    const key = `${table}.${name}`;
    for (const column of history.unvalidated.get(key) ?? []) history.present.add(column);
    return addedHere.has(key) && migration.isTransactional
      ? ["reads the table while the lock of the new constraint is held: validate it in a file of its own"]
      : [];
  }
  if (subtype === "AT_SetNotNull") {
    return history.present.has(`${table}.${name}`) ? [] : [
      `reads the table under a lock: first add a check that ${name} is not null, not valid, and validate it`,
    ];
  }
  if (subtype === "AT_AlterColumnType") {
    return ["rewrites the table under a lock: add a column of the new type and fill it"];
  }
  return subtype === "AT_DropColumn" ? dropProblem(place) : [];
}

function columnProblems(column: Column): string[] {
  const constraints = (column.constraints ?? []).flatMap((node) =>
    "Constraint" in node ? [node.Constraint] : []
  );
  const has = (type: Constraint["contype"]) => constraints.find(({ contype }) => contype === type);
  const types = (column.typeName?.names ?? []).flatMap((node) =>
    "String" in node ? [node.String.sval ?? ""] : []
  );
  const found: string[] = [];
  const value = has("CONSTR_DEFAULT")?.raw_expr;
  if (value && isVolatile(value)) {
    found.push(
      "rewrites the table for a default that differs by row: add the column, then its default, and fill it",
    );
  }
  if (
    has("CONSTR_IDENTITY") || has("CONSTR_GENERATED")?.generated_kind === "s" ||
    types.some((type) => serial.test(type))
  ) {
    found.push("rewrites the table for numbers or computed values: add a plain column and fill it");
  }
  if (has("CONSTR_NOTNULL") && !value) {
    found.push("the previous version does not write the column: give it a default, or let it be null");
  }
  if (has("CONSTR_CHECK") || has("CONSTR_FOREIGN")) {
    found.push("reads the table under a lock: add the constraint in a statement of its own, not valid");
  }
  if (has("CONSTR_UNIQUE") || has("CONSTR_PRIMARY")) {
    found.push(
      "builds an index under a lock: create unique index concurrently, then add the constraint using it",
    );
  }
  return found;
}

function constraintProblems({ contype, skip_validation, indexname }: Constraint): string[] {
  if (contype === "CONSTR_UNIQUE" || contype === "CONSTR_PRIMARY") {
    return indexname
      ? []
      : ["builds an index under a lock: create unique index concurrently, then add the constraint using it"];
  }
  if (contype === "CONSTR_EXCLUSION") {
    return ["builds an index under a lock: use a unique index, or a new table"];
  }
  return skip_validation
    ? []
    : ["reads the table under a lock: add it not valid, and validate it in a later file"];
}

/** The columns that a constraint keeps from being null: `check (column is not null)`, or `not null column`. */
function presentColumns({ contype, raw_expr, keys }: Constraint, table: string): string[] {
  if (contype === "CONSTR_NOTNULL") {
    return (keys ?? []).flatMap((node) => "String" in node ? [`${table}.${node.String.sval}`] : []);
  }
  if (!raw_expr || !("NullTest" in raw_expr) || raw_expr.NullTest.nulltesttype !== "IS_NOT_NULL") return [];
  const { arg } = raw_expr.NullTest;
  if (!arg || !("ColumnRef" in arg)) return [];
  const [field] = arg.ColumnRef.fields ?? [];
  return field && "String" in field ? [`${table}.${field.String.sval}`] : [];
}

/** Whether an expression calls a function that is not known to give all rows the same value. */
function isVolatile(expression: Node): boolean {
  let found = false;
  JSON.stringify(expression, (key, value) => {
    if (key === "funcname" && Array.isArray(value)) {
      found ||= !stable.has(String(value.at(-1)?.String?.sval));
    }
    return value;
  });
  return found;
}
