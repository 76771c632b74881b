// A lead as its page has it: with its people and its story.
import type { Outputs } from "../../lib/trpc.ts";

export type Lead = Outputs["leads"]["get"];
