// Metadata in one cell of a table: JSON, as exports write it.
import { z } from "zod";
import { type Metadata, metadata } from "../metadata.ts";
import { safeParse } from "../safe_parse.ts";

export const metadataCell = z.string().transform((text, issues): Metadata => {
  const parsed = safeParse(metadata, parseJson(text));
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  issues.addIssue({
    code: "custom",
    message: path.length === 0 && !text.startsWith("{")
      ? 'must be a JSON object such as {"crm_id": "4711"}'
      : [...path, message].join(" "),
  });
  return z.NEVER;
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
