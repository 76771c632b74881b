// What happened for the first time. Written once and never again, so whoever notes it remembers having done so.
import type { Db } from "../../db/connect.ts";

export type Milestone = "verification";

/** A row of `milestones`. */
export interface MilestoneRow {
  name: Milestone;
  reachedAt: Date;
}

/** Notes that something happened; only the first time counts. */
export async function noteMilestone(db: Db, name: Milestone, at: Date): Promise<void> {
  await db`
    insert into milestones (name, reached_at)
    values (${name}, ${at})
    on conflict on constraint milestones_pkey do nothing`;
}
