// Terms in cells of a table: numbers, words, yes and no, and JSON for those with names of the vendor's own.
import { z } from "zod";
import { isUnlimited, readYesNo } from "../imports/cells.ts";
import { safeParse } from "../safe_parse.ts";

/** The values that a cell may stand for, the likeliest first. */
function* readingsOf(text: string): Generator<unknown> {
  if (isUnlimited(text)) yield null;
  if (/^-?\d+(?:\.\d+)?$/.test(text)) yield Number(text);
  const answer = readYesNo(text);
  if (answer !== null) yield answer;
  if (text.startsWith("{")) {
    const object = parseObject(text);
    if (object) yield object;
  }
  yield text;
  // A word is compared without its case.
  yield text.toLowerCase();
}

/** A cell that has a value of a term. */
export function termCell<Value>(term: z.ZodType<Value>) {
  return z.string().transform((text, issues): Value => {
    let refused: z.core.$ZodIssue | undefined;
    for (const reading of readingsOf(text)) {
      const parsed = safeParse(term, reading);
      if (parsed.success) return parsed.data;
      refused ??= parsed.error.issues[0];
    }
    issues.addIssue({ code: "custom", message: describe(refused!) });
    return z.NEVER;
  });
}

/** A cell with a JSON object. */
export const objectCell = z.string().transform((text, issues): Record<string, unknown> => {
  const object = parseObject(text);
  if (object) return object;
  issues.addIssue({ code: "custom", message: notAnObject });
  return z.NEVER;
});

const notAnObject = 'must be a JSON object such as {"export": true}';

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** What is wrong with a value, in a sentence that begins with its column. */
export function describe(issue: z.core.$ZodIssue): string {
  const where = issue.path.length > 0 ? `${issue.path.join(".")} ` : "";
  if (issue.code === "invalid_value") return `${where}must be one of ${issue.values.join(", ")}`;
  if (issue.code === "too_small" && issue.origin !== "string") {
    return `${where}must be at least ${issue.minimum}`;
  }
  if (issue.code === "too_big" && issue.origin !== "string") {
    return `${where}must be at most ${issue.maximum}`;
  }
  if (issue.code === "too_big" && issue.origin === "string") {
    return `${where}has more than ${issue.maximum} characters`;
  }
  if (issue.code === "invalid_key") return `${where}${issue.issues[0]?.message ?? "is no name"}`;
  if (issue.code !== "invalid_type") return `${where}${issue.message}`;
  if (issue.expected === "boolean") return `${where}must be yes or no`;
  if (issue.expected === "record" || issue.expected === "object") return `${where}${notAnObject}`;
  return ["int", "number"].includes(issue.expected)
    ? `${where}must be a whole number`
    : `${where}${issue.message}`;
}
