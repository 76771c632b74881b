// What a request is told about its fields: each once, what is wrong, and what would be accepted.
import assert from "node:assert/strict";
import { z } from "zod";
import { DomainError } from "../../server/domain/errors.ts";
import { meter, terms } from "../../server/domain/policy/inputs.ts";
import { check } from "../../server/request/body.ts";
import { describeApiError, documentedForm } from "../../server/request/error_form.ts";
import { RequestError } from "../../server/request/request_error.ts";
import { test } from "../support/test.ts";

/** The message about a value that a schema refuses. */
function messageAbout(schema: z.ZodType, value: unknown): string {
  try {
    check(schema, value);
  } catch (error) {
    assert.ok(error instanceof RequestError);
    return describeApiError(error).message;
  }
  return assert.fail("was accepted");
}

const cases: [what: string, schema: z.ZodType, value: unknown, message: string][] = [
  [
    "a choice",
    meter,
    { limit: 1, period: "year" },
    "period must be one of day, month, license, forever.",
  ],
  ["a choice that is missing", meter, { limit: 1 }, "period is required."],
  [
    "a name that is not allowed",
    terms,
    { entitlements: { "a b": true } },
    "entitlements.a b: the name must be lower case letters, digits, - and _.",
  ],
  [
    "a value of one of several types",
    terms,
    { entitlements: { export: { limit: 1 } } },
    "entitlements.export must be true, a number or a string.",
  ],
  ["an id", z.object({ ticket: z.guid() }), { ticket: "x" }, "ticket must be an ID such as"],
  [
    "a number with two problems",
    z.object({ amount: z.int().max(1000) }),
    { amount: 2 ** 60 },
    "amount must be at most 9007199254740991.",
  ],
];

for (const [what, schema, value, message] of cases) {
  test(`${what} is described once, with what would be accepted`, () => {
    const described = messageAbout(schema, value);
    assert.ok(described.startsWith(message), described);
    assert.equal(described.split(" must ").length, message.includes(" required") ? 1 : 2, described);
  });
}

test("of two terms that contradict each other both are named as the request names them", () => {
  const error = new DomainError("INVALID_REQUEST", {
    field: "graceDays",
    reason: "contradicts",
    other: "afterExpiry",
  });
  const { body } = documentedForm.errorResponse(error) as { body: { error: { details: unknown } } };
  assert.deepEqual(body.error.details, {
    field: "grace_days",
    reason: "contradicts",
    other: "after_expiry",
  });
});
