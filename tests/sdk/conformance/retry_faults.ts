// Answers after which a call is repeated, and those after which it is not: 429 and 503 with and without Retry-After, refusals.
import { type Handler, lost, write, writeJson } from "./between.ts";
import type { Client, Trial } from "./trial.ts";
import type { Vendor } from "./vendor.ts";

const ACTIVATE = "/api/license/activate";

const refused = (status: number, code: string, headers = {}): Handler => (_, response) =>
  writeJson(response, { error: { code, message: `It is ${code}.`, details: { a: 1 } } }, status, {
    "x-request-id": "request-1",
    ...headers,
  });

export async function retries(trial: Trial, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  const { key } = await vendor.license({ maxActivations: 99 });
  const client = await trial.open({ attempts: 4 });
  /** One action whose first answers are these, and then the real ones. */
  const first = (...answers: Handler[]): Handler => (sent, response) =>
    (answers.shift() ?? between.honest)(sent, response);
  const activations = () => between.requests.filter(({ path }) => path === ACTIVATE);

  trial.step("lost, 503 and 429, and then an answer");
  between.begin(first(lost, refused(503, "UNAVAILABLE"), refused(429, "RATE_LIMITED")));
  await client.expect("activate", { license_key: key }, "valid");
  trial.equal("requests", activations().length, 4);
  const keys = [...new Set(activations().map(({ headers }) => headers["idempotency-key"]))];
  trial.check("the idempotency key", keys.length === 1 && !!keys[0], keys, "one of the action");
  const bodies = new Set(activations().map(({ text }) => text));
  trial.equal("different bodies of one action", bodies.size, 1);

  trial.step("another action");
  between.begin(between.honest);
  await client.expect("activate", { license_key: key }, "valid");
  const next = activations()[0]?.headers["idempotency-key"];
  trial.check("the idempotency key", !!next && !keys.includes(next), next, `another than ${keys}`);

  trial.step("no answer but 503");
  between.begin(refused(503, "UNAVAILABLE"));
  const unavailable = await client.expectError("activate", { license_key: key }, "UNAVAILABLE");
  trial.equal("requests", between.requests.length, 4);
  compareFacts(trial, unavailable, 503);
  await client.expect("refresh", {}, "valid", "UNAVAILABLE");

  trial.step("no answer at all");
  between.begin(lost);
  await client.expectError("activate", { license_key: key }, "NETWORK_ERROR");
  trial.equal("requests", between.requests.length, 4);

  await waits(trial, client, key, vendor);
  await refusals(trial, client, key, vendor);
}

// deno-lint-ignore no-explicit-any
function compareFacts(trial: Trial, error: any, status: number): void {
  trial.equal("facts of the error", {
    status: error.status,
    request_id: error.request_id,
    details: error.details,
    message: typeof error.message === "string" && error.message.length > 0,
  }, { status, request_id: "request-1", details: { a: 1 }, message: true });
}

/** Retry-After. */
async function waits(trial: Trial, client: Client, key: string, { between }: Vendor): Promise<void> {
  trial.step("Retry-After in seconds, and as a date");
  let until = 0;
  const limited: Handler[] = [
    refused(429, "RATE_LIMITED", { "retry-after": "1" }),
    (sent, response) => {
      const date = new Date(Date.now() + 2000).toUTCString();
      until = performance.now() + Date.parse(date) - Date.now();
      return refused(503, "UNAVAILABLE", { "retry-after": date })(sent, response);
    },
  ];
  between.begin((sent, response) => (limited.shift() ?? between.honest)(sent, response));
  await client.expect("activate", { license_key: key }, "valid");
  const [one, two, three] = between.requests.map(({ at }) => at);
  trial.check("seconds", two - one > 950, `${Math.round(two - one)} ms`, "a repeat after a second");
  trial.check("a date", three > until - 50, `${Math.round(until - three)} ms early`, "a repeat at the date");

  trial.step("a Retry-After of an hour");
  between.begin(refused(429, "RATE_LIMITED", { "retry-after": "3600" }));
  const error = await client.expectError("activate", { license_key: key }, "RATE_LIMITED");
  trial.equal("requests", between.requests.length, 1);
  trial.equal("retry_after", error.retry_after, 3600);
  compareFacts(trial, error, 429);
  const { error: refreshed } = await client.expect("refresh", {}, "valid", "RATE_LIMITED");
  trial.equal("retry_after of refresh", refreshed?.retry_after, 3600);

  const absurd = ["-5", "soon", "1e9", "9".repeat(30), "", "0x10", "Fri, 31 Feb 2026 99:99:99 GMT"];
  for (
    const header of [...absurd, "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "3, 4"]
  ) {
    trial.step(`Retry-After: ${header}`);
    between.begin(refused(429, "RATE_LIMITED", { "retry-after": header }));
    const began = performance.now();
    await client.expectError("activate", { license_key: key }, "RATE_LIMITED");
    const took = performance.now() - began;
    trial.check("the time", took < 5000, `${Math.round(took)} ms`, "an error without a long wait");
    const count = between.requests.length;
    trial.check("requests", count >= 1 && count <= 4, count, "one to four");
  }
}

/** Answers that are final. */
async function refusals(trial: Trial, client: Client, key: string, { between }: Vendor): Promise<void> {
  for (const status of [400, 401, 403, 404, 409, 422, 500, 501, 502, 504]) {
    trial.step(`a refusal with ${status}`);
    between.begin(refused(status, "SOMETHING_ELSE"));
    const error = await client.expectError("activate", { license_key: key }, "SOMETHING_ELSE");
    trial.equal("requests", between.requests.length, 1);
    compareFacts(trial, error, status);
  }
  const forms = {
    "a page": "<h1>Bad gateway</h1>",
    "a text as error": '{"error":"no"}',
    "a number as code": '{"error":{"code":7,"message":[]}}',
    "no error": "{}",
    "a list": "[1]",
    "null": "null",
    "nothing": "",
  };
  for (const [name, text] of Object.entries(forms)) {
    trial.step(`502 with ${name}`);
    between.begin((_, response) => write(response, { status: 502, text }));
    const error = await client.expectError("activate", { license_key: key }, "HTTP_502");
    trial.equal("status", error.status, 502);
    await client.expect("refresh", {}, "valid", "HTTP_502");
  }
  between.begin(between.honest);
  await client.expect("refresh", {}, "valid");
}
