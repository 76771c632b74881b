// Compares the shape of a response with a documented example.
import assert from "node:assert/strict";

/**
 * Asserts that `actual` has every field of `example` with a value of the same kind. Times and days must have the same
 * format, and every entry of a list must have the shape of the example's first entry.
 *
 * @param options.extra fields that the contract adds to those of the document
 * @param options.nullable fields that may be null
 */
export function assertShape(
  actual: unknown,
  example: unknown,
  options: { extra?: string[]; nullable?: string[] } = {},
  path = "body",
): void {
  const name = path.split(".").at(-1)!;
  if (actual === null && (options.nullable?.includes(name) || example === null)) return;
  assert.equal(kindOf(actual), kindOf(example), `${path} is ${JSON.stringify(actual)}`);
  if (Array.isArray(example)) {
    for (const [index, entry] of (actual as unknown[]).entries()) {
      assertShape(entry, example[0], options, `${path}.${index}`);
    }
  } else if (typeof example === "object" && example !== null) {
    const fields = Object.keys(actual as object).filter((field) => !options.extra?.includes(field)).sort();
    assert.deepEqual(fields, Object.keys(example).sort(), path);
    for (const [field, value] of Object.entries(example)) {
      assertShape((actual as Record<string, unknown>)[field], value, options, `${path}.${field}`);
    }
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") {
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return "time";
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return "day";
  }
  if (typeof value === "number") return Number.isInteger(value) ? "whole number" : "number";
  return typeof value;
}
