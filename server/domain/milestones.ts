// When something happened for the first time. Callers remember that they have recorded a milestone, so that it costs one
// statement per process.
import type { Db } from "../../db/connect.ts";

export type Milestone = "verification";

/** A row of `milestones`. */
export interface MilestoneRow {
  name: Milestone;
  reachedAt: Date;
}

/** Records that something happened; only the first call has an effect. */
export async function recordMilestone(db: Db, name: Milestone, at: Date): Promise<void> {
  await db`
    insert into milestones (name, reached_at)
    values (${name}, ${at})
    on conflict on constraint milestones_pkey do nothing`;
}
