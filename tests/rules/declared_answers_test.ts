// The check that every answer of a test server goes through: it refuses whatever an endpoint does not declare.
import assert from "node:assert/strict";
import { z } from "zod";
import { endpoint, ok } from "../../server/request/endpoint.ts";
import { documentedForm } from "../../server/request/error_form.ts";
import { anonymous } from "../../server/request/guards.ts";
import { checkAnswersOf } from "../support/declared_answers.ts";
import { test } from "../support/test.ts";

const check = checkAnswersOf([
  endpoint({
    method: "get",
    path: "/example/{id}",
    operationId: "getExample",
    summary: "Get an example",
    tag: "Example",
    dialect: documentedForm,
    guard: { scheme: null, errors: [], limits: [], identify: () => anonymous },
    answers: {
      200: {
        description: "The example",
        schema: z.object({ id: z.int(), owner: z.object({ name: z.string() }) }),
      },
    },
    errors: ["NOT_FOUND"],
    handle: () => ok({ id: 1, owner: { name: "one" } }),
  }),
]);

const checkAnswer = (status: number, body: unknown) =>
  check("GET", "http://localhost/example/1", { status, body });

const answer = { id: 1, owner: { name: "one" } };
const errorOf = (code: string) => ({ error: { code, message: "It failed" } });

test("a declared answer passes, good or refused", () => {
  checkAnswer(200, answer);
  checkAnswer(404, errorOf("NOT_FOUND"));
});

for (
  const [problem, status, body, message] of [
    ["an undeclared field", 200, { ...answer, extra: 1 }, /fields that its schema does not have/],
    [
      "an undeclared field inside another",
      200,
      { ...answer, owner: { name: "one", extra: 1 } },
      /fields that its schema does not have/,
    ],
    ["a missing field", 200, { id: 1 }, /owner/],
    ["a wrong type", 200, { ...answer, id: "1" }, /expected (int|number)/],
    ["an undeclared success", 201, answer, /which it does not declare/],
    ["an undeclared redirection", 302, "", /which it does not declare/],
    ["an error in another form", 404, { message: "It failed" }, /answered 404/],
    ["an undeclared error code", 409, errorOf("SESSION_LIMIT_REACHED"), /which it does not declare/],
    ["an error code with the status of another", 409, errorOf("NOT_FOUND"), /answered 409/],
  ] as const
) {
  test(`${problem} is caught`, () => {
    assert.throws(() => checkAnswer(status, body), message);
  });
}

test("other paths and methods are not checked", () => {
  check("GET", "http://localhost/example/1/more", { status: 418, body: null });
  check("POST", "http://localhost/example/1", { status: 418, body: null });
});
