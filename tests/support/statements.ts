// Records the statements that a call sends, so that a test can count them and look at their plans.
import type { Db } from "../../db/connect.ts";

/** A statement as it was sent. */
export interface SentStatement {
  text: string;
  /** The values of its parameters, as text. */
  parameters: unknown[];
}

/** What of the driver's query is read after it was sent. */
interface Query {
  handler(query: Query): void;
  statement: { string: string };
  parameters: unknown[];
}

/** A handle of the same database, and what is sent through it. */
export function recordStatements<Handle extends Db>(db: Handle): { db: Handle; sent(): SentStatement[] } {
  const queries: Query[] = [];
  return {
    db: record(db, queries),
    sent: () => queries.map(({ statement, parameters }) => ({ text: statement.string, parameters })),
  };
}

function record<Handle extends Db>(db: Handle, queries: Query[]): Handle {
  // Parts of other statements are never sent, so their handler is not called.
  const watch = (built: unknown) => {
    if (typeof built !== "object" || built === null || !("handler" in built)) return built;
    const query = built as Query;
    const send = query.handler;
    query.handler = (sent) => {
      queries.push(sent);
      send.call(query, sent);
    };
    return query;
  };
  return new Proxy(db, {
    apply: (target, self, args) => watch(Reflect.apply(target as unknown as () => unknown, self, args)),
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (name !== "begin") return member;
      return (...args: unknown[]) => {
        const work = args.pop() as (db: Db) => Promise<unknown>;
        const begin = member as (...args: unknown[]) => unknown;
        return begin(...args, (db: Db) => work(record(db, queries)));
      };
    },
  });
}

/** A node of a plan, as `explain (format json)` gives it. */
export interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Join Type"?: string;
  "Total Cost": number;
  "Plan Rows": number;
  /** Only after it was run. */
  "Rows Removed by Filter"?: number;
  Plans?: PlanNode[];
}

/** Plans a statement again, for the values it was sent with. */
export async function explain(db: Db, { text, parameters }: SentStatement): Promise<PlanNode> {
  const [{ "QUERY PLAN": plan }] = await db.unsafe<{ "QUERY PLAN": { Plan: PlanNode }[] }[]>(
    `explain (format json) ${text}`,
    parameters as never[],
  );
  return plan[0].Plan;
}

/** Runs a statement again and counts the rows that it read and did not return. */
export async function countSkippedRows(db: Db, { text, parameters }: SentStatement): Promise<number> {
  const [{ "QUERY PLAN": [{ Plan: plan }] }] = await db.unsafe<{ "QUERY PLAN": { Plan: PlanNode }[] }[]>(
    `explain (analyze, format json) ${text}`,
    parameters as never[],
  );
  const skippedBy = ({ "Rows Removed by Filter": own = 0, Plans: below = [] }: PlanNode): number =>
    below.reduce((sum, node) => sum + skippedBy(node), own);
  return skippedBy(plan);
}
