// Errors of the connection to PostgreSQL, as opposed to errors of a statement.

/**
 * - `CONNECT_FAILED`: no connection can be made
 * - `CONNECT_TIMEOUT`: a new connection took too long
 * - `POOL_TIMEOUT`: no connection became free in time
 * - `POOL_FULL`: too many wait for a connection already
 * - `ANSWER_TIMEOUT`: a statement was sent and not answered in time: whether it took effect is unknown
 * - `CONTENDED`: others wait for the same statement, which has not succeeded since it last took too long
 * - `CONNECTION_CLOSED`: the connection ended; whether the statement took effect is unknown
 * - `POOL_ENDED`: this process closes its connections
 */
export type ConnectionErrorCode =
  | "CONNECT_FAILED"
  | "CONNECT_TIMEOUT"
  | "POOL_TIMEOUT"
  | "POOL_FULL"
  | "ANSWER_TIMEOUT"
  | "CONTENDED"
  | "CONNECTION_CLOSED"
  | "POOL_ENDED";

const messages: Record<ConnectionErrorCode, string> = {
  CONNECT_FAILED: "PostgreSQL cannot be reached",
  CONNECT_TIMEOUT: "PostgreSQL accepts no connection in time",
  POOL_TIMEOUT: "No database connection became free in time",
  POOL_FULL: "Too many statements wait for a database connection",
  ANSWER_TIMEOUT: "PostgreSQL did not answer a statement in time",
  CONTENDED: "The same statement of others takes too long",
  CONNECTION_CLOSED: "The database connection ended",
  POOL_ENDED: "The database connections are closed",
};

export class ConnectionError extends Error {
  constructor(readonly code: ConnectionErrorCode, cause?: unknown) {
    super(
      cause instanceof Error ? `${messages[code]}: ${cause.message}` : messages[code],
      cause === undefined ? undefined : { cause },
    );
  }
}

/**
 * Whether a server accepts no writes (SQLSTATE 25006, read_only_sql_transaction): it became a standby, or was set so because
 * its disk is full. A new connection may find the server that does.
 */
export function isReadOnly(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "25006";
}
