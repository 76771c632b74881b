// Input of the list of jobs: its filters.
import { z } from "zod";
import { listInput, timeRange } from "../list_inputs.ts";

export const jobList = listInput(["id"], {
  state: z.enum(["waiting", "running", "done", "failed", "cancelled"]).optional().describe(
    "In this state only",
  ),
  kind: z.enum([
    "apply_plan_terms",
    "import_customers",
    "import_devices",
    "import_leads",
    "import_licenses",
    "issue_licenses",
  ]).optional().describe("Jobs of this kind only"),
  ...timeRange("requested", "Created"),
});
