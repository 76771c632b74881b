// How a command ends, and the error that says so. docs/command_line.md lists the codes for scripts.

/** Exit codes of every command. */
export const exitCodes = {
  ok: 0,
  /** The server refused, a check failed, a file cannot be read. */
  refused: 1,
  /** Unknown command or option, missing argument. */
  wrongUse: 2,
  /** No token, or one that does not allow this. */
  notSignedIn: 3,
  /** The server or the database cannot be reached, or is overloaded. */
  notReached: 4,
  /** Ctrl+C. */
  interrupted: 130,
} as const;

export type ExitCode = typeof exitCodes[keyof typeof exitCodes];

/** An error for the person or script that called the command: what is wrong, and what to do next. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;
  /** What to do next; null when the message says it. */
  readonly next: string | null;
  /** The server's code, details and request id, where a server answered. */
  readonly facts: Record<string, unknown>;

  constructor(
    exit: keyof typeof exitCodes,
    message: string,
    next: string | null = null,
    facts: Record<string, unknown> = {},
  ) {
    super(message);
    this.exitCode = exitCodes[exit];
    this.next = next;
    this.facts = facts;
  }
}
