// The fields administration answers with everywhere.
import { z } from "zod";

export const day = z.string().describe("A calendar day in UTC, YYYY-MM-DD");
export const time = z.string().describe("An instant in UTC, ISO 8601");
