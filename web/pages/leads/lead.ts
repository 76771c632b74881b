// A lead with its contacts and activities, as its page loads it.
import type { Outputs } from "../../lib/trpc.ts";

export type Lead = Outputs["leads"]["get"];
