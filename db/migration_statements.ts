// The statements of a migration that runs outside a transaction. Such a migration can be interrupted between two
// statements and is then run again from the start, so each statement has to be repeatable.

/** Comments, quoted text and names, dollar-quoted text, the end of a statement, or any other character. */
const token = /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"[^"]*"|\$(\w*)\$[^]*?\$\1\$|;|[^]/g;

/** Splits SQL at its semicolons, except those in comments and quotes. Comments are removed. */
export function splitStatements(sql: string): string[] {
  const statements = [""];
  for (const [text] of sql.matchAll(token)) {
    if (text === ";") statements.push("");
    else if (!text.startsWith("--") && !text.startsWith("/*")) statements[statements.length - 1] += text;
  }
  return statements.map((statement) => statement.trim()).filter(Boolean);
}

const concurrent =
  /^(?:create (?:unique )?index|drop index|reindex|refresh|alter table) [^]*\bconcurrently\b/i;
const created = /^create (?:unique )?index concurrently if not exists "?(\w+)/i;

/**
 * Whether a statement takes no lock that blocks reads or writes but waits for older transactions. `lock_timeout` would
 * end that wait, so it must not be set.
 */
export function isConcurrent(statement: string): boolean {
  return concurrent.test(statement);
}

/** The name of the index that a statement builds concurrently, or null. */
export function concurrentIndexOf(statement: string): string | null {
  return statement.match(created)?.[1] ?? null;
}

/** Why a statement cannot be repeated, or null when it can be. */
export function repeatProblemOf(statement: string): string | null {
  if (/^create /i.test(statement) && !/ if not exists /i.test(statement)) return 'add "if not exists"';
  if (/^drop /i.test(statement) && !/ if exists /i.test(statement)) return 'add "if exists"';
  if (/^(?:begin|start transaction|commit|rollback)\b/i.test(statement)) return "leave transactions out";
  return null;
}
