// What PostgreSQL says of a statement before it is run. Plans follow from the data, so that the same data gives the same plan.
import { type Fragment, plannedForValues } from "../../db/connect.ts";
import type { Context } from "./context.ts";

/** What is read of a plan's nodes. Costs are in the planner's units. */
export interface PlanNode {
  "Startup Cost": number;
  "Total Cost": number;
  "Plan Rows": number;
  "Workers Planned"?: number;
  Plans?: PlanNode[];
}

/** The plan of a statement for the values in it. */
export async function planOf(ctx: Pick<Context, "db">, statement: Fragment): Promise<PlanNode> {
  const [{ "QUERY PLAN": [{ Plan: plan }] }] = await plannedForValues(
    ctx.db<{ "QUERY PLAN": [{ Plan: PlanNode }] }[]>`
      explain (format json) ${statement}`,
  );
  return plan;
}

/**
 * The cheapest by its plan of statements that give the same rows.
 *
 * @returns the statement in an object, because it would be sent if it were awaited
 */
export async function cheapestOf(
  ctx: Pick<Context, "db">,
  statements: Fragment[],
): Promise<{ statement: Fragment }> {
  if (statements.length === 1) return { statement: statements[0] };
  const planned = [];
  for (const statement of statements) {
    planned.push({ statement, cost: (await planOf(ctx, statement))["Total Cost"] });
  }
  return planned.reduce((best, each) => each.cost < best.cost ? each : best);
}
