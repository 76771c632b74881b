// Statements that recently took too long, because a table is locked or for another reason. All of them together may use
// half of a pool until they succeed again, so that they do not take the connections of everything else.
import { ConnectionError } from "./connection_error.ts";
import type { DriverQuery } from "./driver.ts";
import type { Statement } from "./statement.ts";

/** SQLSTATEs: lock_not_available, and query_canceled, which is a statement that took too long. */
const tooLong = ["55P03", "57014"];

export class Contention {
  /** Statements by their text, which the program has as constants. */
  readonly #slow = new Set<string>();
  #running = 0;

  /** @param concurrency how many of them may run at a time */
  constructor(private readonly concurrency: number) {}

  /** Whether a statement would be refused. */
  refuses({ query }: Statement): boolean {
    return this.#slow.size > 0 && this.#running >= this.concurrency && this.#slow.has(textOf(query));
  }

  /** Admits a statement that is about to be sent. Ends it when as many as may run do so already. */
  admit(statement: Statement): void {
    const text = textOf(statement.query);
    const isSlow = this.#slow.size > 0 && this.#slow.has(text);
    if (isSlow && this.#running >= this.concurrency) return statement.end(new ConnectionError("CONTENDED"));
    if (isSlow) this.#running++;
    statement.onEnded(() => {
      if (isSlow) this.#running--;
      if (isTooLong(statement.error)) this.#slow.add(text);
      else if (this.#slow.size > 0 && statement.error === null) this.#slow.delete(text);
    });
  }
}

/** The parts of a statement's text, which the program has as constants, without its values. */
function textOf({ strings }: DriverQuery): string {
  return strings.length === 1 ? strings[0] : strings.join("?");
}

function isTooLong(error: unknown): boolean {
  if (error === null) return false;
  if (error instanceof ConnectionError) return error.code === "ANSWER_TIMEOUT";
  return error instanceof Error && "code" in error && tooLong.includes(String(error.code));
}
