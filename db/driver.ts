// The driver (postgres 3.4): an instance of it with a connection at most, which this program makes.
import type { Socket } from "node:net";
import postgres from "postgres";
import { applicationName } from "./application_name.ts";
import type { TimeLimits } from "./time_limits.ts";

export type Types = { bigint: number; date: string };
export type Driver = postgres.Sql<Types>;

/** The part of the driver's query that is intercepted. */
export interface DriverQuery {
  handler(query: DriverQuery): void;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  readonly strings: readonly string[];
}

export interface ConnectionOptions {
  /** Of the program, for `application_name` in `pg_stat_activity`, which has the version as well. */
  name: string;
  limits: TimeLimits;
  /**
   * Whether statements are planned once for any values. For few and large ones that find all their rows by indexes: they
   * take longer to plan than to run.
   */
  planOnce?: boolean;
  /** Called with the payload of each notification. */
  onNotify?(payload: string): void;
}

/** Milliseconds. A transaction that is never finished ends, and its connection returns to the pool. */
const IDLE_IN_TRANSACTION = 30_000;

/** An instance of the driver. Its connections are made by `socket`; without, it only builds statements. */
export function createDriver(
  url: string,
  { name, limits, planOnce, onNotify }: ConnectionOptions,
  own: { socket?(hosts: Hosts): Promise<Socket>; onclose?(): void } = {},
): Driver {
  const driver: Driver = postgres(url, {
    max: 1,
    // The pool closes what is idle or old. Its own deadlines apply to connecting.
    idle_timeout: undefined,
    max_lifetime: null,
    connect_timeout: Math.ceil(limits.connect / 1000) + 1,
    onnotice: () => {},
    connection: {
      application_name: applicationName(name),
      TimeZone: "UTC",
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
      lock_timeout: Math.round(limits.lock),
      statement_timeout: Math.round(limits.statement),
      // A plan that is made while a table is empty would read the whole table, also when it has grown.
      ...(planOnce && { plan_cache_mode: "force_generic_plan", enable_seqscan: "off" }),
    },
    transform: { column: { from: postgres.toCamel } },
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
      date: { to: 1082, from: [1082], serialize: String, parse: String },
    },
    // Options of the driver that its types lack. No statement is sent while another one on the connection is under way.
    ...{
      max_pipeline: 0,
      no_subscribe: true,
      ...own,
      onnotify: (_channel: string, payload: string) => onNotify?.(payload),
    },
  });
  silenceOwnQueries(driver`select 1`);
  return driver;
}

/**
 * The driver makes queries of its own while it connects. When the connection is lost at that moment they reject without
 * anyone who waits for them, which would end the process. They then stay unsettled; whoever connects is told otherwise.
 */
function silenceOwnQueries(query: object): void {
  const prototype = Object.getPrototypeOf(query) as { handle(): unknown; isSilenced?: true };
  if (prototype.isSilenced) return;
  prototype.isSilenced = true;
  const { handle } = prototype;
  prototype.handle = function (this: { canceller?: unknown; reject(): void }) {
    // Those that callers ask for can be cancelled.
    if (this.canceller === undefined) this.reject = () => {};
    return handle.call(this);
  };
}

/** Where the driver was told to connect to. */
export interface Hosts {
  host: string[];
  port: number[];
  path: string | false;
}
