// What `deno task bench` measures: calls of apps, each with its yardstick, its goal and how an answer is compared with the
// database.
import type { Database } from "../../db/connect.ts";
import type { LoadRequest } from "./load_generator.ts";
import { addMachines, goneMachine } from "./sample_machines.ts";
import { addSessions, emailOf, PASSWORD, type SampleUser, tokenOf } from "./sample_sessions.ts";

export type YardstickName = "constant" | "select" | "selectById" | "insert" | "hash";
/** What a call of the same server is compared with: another call of it. */
export type OtherCall = "verify" | "signing keys";

export interface SubjectDefinition {
  name: string;
  method?: "GET";
  path: string;
  /** With an API key. */
  hasKey?: true;
  /** The requests of a load of some seconds. */
  requests(seconds: number): LoadRequest[] | Promise<LoadRequest[]>;
  /**
   * What it is compared with, and the ratio to reach: by CPU time of the program against the constant, by requests per
   * second against the others, where the time goes in the database.
   */
  against: { yardstick: YardstickName | OtherCall; goal: Record<"node" | "deno", number> | null }[];
  /** What it may cost more than the first one; CPU µs. */
  maxAddedCpu?: number;
  /** What a p99 has to be; milliseconds. */
  maxP99?: number;
}

export interface SampleData {
  db: Database;
  /** Keys of valid licenses, whose first machine is active. */
  keys: string[];
  /** Keys of other valid licenses, which have meters. */
  meteredKeys: string[];
  /** A status list with license files of the product. */
  statusList: string;
  hardwareOf(key: string, machine: number): string;
  users: SampleUser[];
}

/** Requests prepared for each second; a server that answers more starts again with the first. */
const ONCE_A_SECOND = 8000;

/** The subjects, for one server. Numbers of machines and sessions go on from one load to the next. */
export function subjectsOf(
  { db, keys, meteredKeys, statusList, hardwareOf, users }: SampleData,
): SubjectDefinition[] {
  const used = counters;
  const shuffled = shuffle(keys);
  const known = shuffled.map((key) => ({
    body: JSON.stringify({ license_key: key, hardware_hash: hardwareOf(key, 1), app_version: "1.0.0" }),
  }));
  const metered = shuffle(meteredKeys).map((key) => ({
    body: JSON.stringify({ license_key: key, hardware_hash: hardwareOf(key, 1), app_version: "1.0.0" }),
  }));
  const both = (node: number, deno = node) => ({ node, deno });
  return [
    {
      name: "verify",
      path: "/api/license/verify",
      hasKey: true,
      requests: () => known,
      against: [
        { yardstick: "constant", goal: both(0.8, 0.5) },
        { yardstick: "select", goal: both(2, 1.8) },
      ],
      maxP99: 10,
    },
    {
      // What a signature costs is the difference.
      name: "verify with a nonce",
      path: "/api/license/verify",
      hasKey: true,
      requests: () =>
        shuffled.map((key) => ({
          body: JSON.stringify({
            license_key: key,
            hardware_hash: hardwareOf(key, 1),
            app_version: "1.0.0",
            nonce: `nonce-${String(used.nonces++).padStart(16, "0")}`,
          }),
        })),
      against: [{ yardstick: "verify", goal: null }],
      maxAddedCpu: 60,
    },
    {
      name: "verify with meters",
      path: "/api/license/verify",
      hasKey: true,
      requests: () => metered,
      against: [{ yardstick: "constant", goal: null }, { yardstick: "select", goal: null }],
    },
    {
      name: "v1 validate",
      path: "/api/v1/validate",
      requests: () =>
        shuffled.map((key) => ({
          body: JSON.stringify({ license_key: key, hardware_id: hardwareOf(key, 1), app_version: "1.0.0" }),
        })),
      against: [{ yardstick: "constant", goal: null }],
    },
    {
      name: "heartbeat",
      path: "/api/license/heartbeat",
      hasKey: true,
      requests: () => known,
      // 0.9 of verification as it was on 2026-11-25: 59 µs on node against 30 of the constant, 50 on deno against 11.
      against: [{ yardstick: "constant", goal: both(0.46, 0.2) }],
    },
    {
      name: "activate",
      path: "/api/license/activate",
      hasKey: true,
      requests: (seconds) =>
        Array.from({ length: seconds * ONCE_A_SECOND }, (_, n) => ({
          body: JSON.stringify({
            license_key: keys[(n * 31) % keys.length],
            hardware_hash: `new-${used.machines++}`,
            machine_name: "NEW-PC",
            app_version: "1.0.0",
          }),
        })),
      against: [{ yardstick: "insert", goal: both(0.8) }],
    },
    {
      name: "deactivate",
      path: "/api/license/deactivate",
      hasKey: true,
      async requests(seconds) {
        const first = used.gone;
        const count = seconds * ONCE_A_SECOND;
        used.gone += count;
        await addMachines(db, keys, first, count);
        return Array.from({ length: count }, (_, n) => {
          const { key, hardwareId } = goneMachine(keys, first + n);
          return { body: JSON.stringify({ license_key: key, hardware_hash: hardwareId }) };
        });
      },
      against: [{ yardstick: "insert", goal: null }],
    },
    {
      name: "info",
      method: "GET",
      path: "/api/license/info/",
      hasKey: true,
      requests: () => shuffled.map((key) => ({ path: `/api/license/info/${key}` })),
      against: [{ yardstick: "selectById", goal: both(0.5) }],
    },
    {
      name: "license-status",
      method: "GET",
      path: `/.well-known/license-status/${statusList}`,
      requests: () => [{}],
      against: [{ yardstick: "signing keys", goal: null }],
    },
    {
      name: "v2 login",
      path: "/api/v2/auth/login",
      requests: () =>
        users.map((_, n) => ({ body: JSON.stringify({ email: emailOf(n + 1), password: PASSWORD }) })),
      against: [{ yardstick: "hash", goal: null }],
    },
    {
      name: "v2 refresh",
      path: "/api/v2/auth/refresh",
      async requests(seconds) {
        const first = used.sessions;
        const count = seconds * ONCE_A_SECOND;
        used.sessions += count;
        await addSessions(db, first, count);
        return Array.from(
          { length: count },
          (_, n) => ({ body: JSON.stringify({ session_token: tokenOf(first + n) }) }),
        );
      },
      against: [{ yardstick: "insert", goal: both(0.5) }],
    },
    {
      name: "v2 license/info",
      method: "GET",
      path: "/api/v2/license/info",
      requests: () => users.map(({ sessionToken }) => ({ token: sessionToken })),
      against: [{ yardstick: "selectById", goal: both(0.5) }],
    },
    {
      name: "v2 license/validate",
      path: "/api/v2/license/validate",
      requests: () =>
        users.map(({ sessionToken, entitlementToken }) => ({
          token: sessionToken,
          body: JSON.stringify({ entitlement_token: entitlementToken }),
        })),
      against: [{ yardstick: "constant", goal: null }],
    },
  ];
}

/** What another call of the server is measured with, as a yardstick. */
export const signingKeys: SubjectDefinition = {
  name: "signing keys",
  method: "GET",
  path: "/.well-known/jwks/bench.json",
  requests: () => [{}],
  against: [],
};

/** What of the sample data was used, by all servers of a run. */
const counters = { nonces: 0, machines: 0, gone: 0, sessions: 1_000_000 };

/** The items in another order, which is the same in every run. */
function shuffle<T>(items: T[]): T[] {
  const shuffled = [...items];
  let state = 1;
  for (let i = shuffled.length - 1; i > 0; i--) {
    // The constants of Numerical Recipes.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled;
}
