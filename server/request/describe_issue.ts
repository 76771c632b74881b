// What is wrong with a field of a request, from what its schema found, in the words of the wire.
import type { z } from "zod";
import type { Problem } from "./request_error.ts";

/** What a schema expects of a value of each type. */
const nouns: Record<string, string> = {
  string: "a string",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What a schema expects of a text of each format, where it has no words of its own. */
const formats: Record<string, string> = {
  guid: "an ID such as 6fa1c0d2-9e6b-4f0e-8f57-2b1f7a3c9d10",
  email: "an email address such as name@example.com",
  url: "a URL such as https://example.com",
};

/**
 * Describes what a schema has found, each field once: the first of its problems says most.
 *
 * @param body what the whole is called where it has no field
 */
export function describeIssues(issues: z.core.$ZodIssue[], value: unknown, body = "body"): Problem[] {
  const problems = new Map<string, Problem>();
  for (const issue of issues) {
    const problem = describeIssue(issue, value, body);
    if (!problems.has(problem.field)) problems.set(problem.field, problem);
  }
  return [...problems.values()];
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown, body: string): Problem {
  const field = issue.path.join(".") || body;
  const given = issue.path.reduce<unknown>(
    (at, name) => (at as Record<PropertyKey, unknown> | undefined)?.[name],
    value,
  );
  const must = (reason: Problem["reason"], expectation: string): Problem => ({
    field,
    reason,
    message: `${field} must be ${expectation}.`,
  });
  const required: Problem = { field, reason: "required", message: `${field} is required.` };
  switch (issue.code) {
    case "invalid_type":
      return given === undefined ? required : must("wrong_type", nouns[issue.expected] ?? issue.expected);
    case "invalid_union":
      if (given === undefined) return required;
      return { field, reason: "wrong_type", message: `${field} ${expectationOf(issue)}.` };
    case "invalid_value":
      return given === undefined ? required : must("not_allowed", oneOf(issue.values.map(String)));
    case "invalid_key":
      // The schema of the key says what a name must be.
      return {
        field,
        reason: "not_allowed",
        message: `${field}: the name ${issue.issues[0]?.message ?? "is not allowed"}.`,
      };
    case "too_small":
      return issue.minimum === 1 && typeof given === "string"
        ? required
        : must("too_small", `at least ${issue.minimum}${unit(issue.origin)}`);
    case "too_big":
      return must("too_large", `at most ${issue.maximum}${unit(issue.origin)}`);
    case "unrecognized_keys":
      return { field: issue.keys[0], reason: "unknown", message: `Unknown field ${issue.keys[0]}.` };
    case "invalid_format":
      if (formats[issue.format] && /^Invalid /.test(issue.message)) {
        return must("not_allowed", formats[issue.format]);
      }
      return { field, reason: "not_allowed", message: `${field}: ${issue.message}.` };
    default: {
      const summary = issue.code === "custom" ? issue.params?.summary : undefined;
      return { field, reason: "not_allowed", message: `${field}: ${issue.message}.`, summary };
    }
  }
}

/** What the members of a union accept: "must be true, a number or a string". */
function expectationOf({ errors }: z.core.$ZodIssueInvalidUnion): string {
  const accepted = errors.map(([first]) =>
    first?.code === "invalid_type"
      ? nouns[first.expected]
      : first?.code === "invalid_value"
      ? oneOf(first.values.map(String))
      : undefined
  );
  // A member that accepts the type, but not this value, says more than the list of the others.
  const close = errors.flat().find((issue) => issue.path.length === 0 && issue.code === "custom");
  if (close) return close.message;
  if (accepted.length === 0 || accepted.includes(undefined)) return "has the wrong type";
  return `must be ${listed([...new Set(accepted as string[])])}`;
}

function oneOf(values: string[]): string {
  return values.length === 1 ? values[0] : `one of ${values.join(", ")}`;
}

function listed(words: string[]): string {
  return words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function unit(origin: string): string {
  return origin === "string" ? " characters long" : origin === "array" ? " entries long" : "";
}
