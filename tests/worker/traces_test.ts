// Traces of real programs: what a request causes belongs to its trace, through statements, jobs, deliveries and mails,
// and no key, token or address of a customer leaves with it.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startMailReceiver } from "../support/mail.ts";
import { startOtlpReceiver } from "../support/otlp_receiver.ts";
import { answerWith, startReceiver } from "../support/receiver.ts";
import { eventually, test } from "../support/test.ts";
import { makeUser } from "../support/users.ts";
import type { LogLine } from "../torture/programs.ts";
import { startSystem } from "../torture/system.ts";

const system = await startSystem("short");
const [collector, mails, receiver] = await Promise.all([
  startOtlpReceiver(),
  startMailReceiver(),
  startReceiver(answerWith(503)),
]);
const lines: LogLine[] = [];
const options = {
  env: { ...collector.env, SMTP_URL: mails.url, LOG_LEVEL: "debug" },
  onLine: (line: LogLine) => void lines.push(line),
};
const [node, deno, worker] = await Promise.all([
  system.startServer(options),
  system.startServer({ ...options, env: { ...options.env, LISTENER: "deno" } }),
  system.startWorker(options),
]);
const license = await makeLicense(await system.ctx());
const webhook = await createWebhook(
  await system.ctx(),
  {
    url: `${receiver.url}?token=secret-of-the-receiver`,
    description: "",
    eventTypes: ["license.activated"],
    headers: { authorization: "Bearer secret-header" },
  },
  readNetworks(["127.0.0.0/8"]),
);
receiver.secret = webhook.secret;

const hex = (bytes: number) => randomBytes(bytes).toString("hex");

async function post(url: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { ...system.headers, ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

for (const [listener, { url }] of Object.entries({ node, deno })) {
  test(`an activation, its statement, its event and its delivery share the trace of the caller (${listener})`, async () => {
    const [traceId, callerId] = [hex(16), hex(8)];
    const machine = { license_key: license.key, hardware_hash: `machine-${listener}` };
    const headers = { traceparent: `00-${traceId}-${callerId}-01`, tracestate: "vendor=1" };
    const { status, headers: answered } = await post(url, "/api/license/activate", machine, headers);
    assert.equal(status, 201);

    const request = await collector.span(traceId, "POST /api/license/activate");
    assert.deepEqual([request.kind, request.parentSpanId], [2, callerId]);
    assert.equal(request.attributes["http.response.status_code"], 201);
    assert.equal(request.attributes["latchkey.request_id"], answered.get("x-request-id"));
    const statement = await collector.span(traceId, "insert activations");
    assert.deepEqual([statement.kind, statement.parentSpanId], [3, request.spanId]);
    assert.match(String(statement.attributes["db.query.text"]), /^with request as materialized/);
    const relay = await collector.span(traceId, "relay license.activated");
    assert.equal(relay.parentSpanId, request.spanId);
    const delivery = await collector.span(traceId, "deliver license.activated");
    assert.deepEqual([delivery.kind, delivery.parentSpanId, delivery.isFailed], [3, request.spanId, true]);
    assert.deepEqual(delivery.attributes["http.response.status_code"], 503);

    // The delivery names its span to the receiver, and the job that sent it.
    const sent = receiver.received.find(({ headers }) => headers.traceparent?.includes(traceId))!;
    assert.equal(sent.headers.traceparent, `00-${traceId}-${delivery.spanId}-01`);
    const job = await collector.span(delivery.links[0], "job deliver_webhooks");
    assert.equal(job.parentSpanId, "");

    const line = lines.find(({ message, trace_id }) => message === "request" && trace_id === traceId)!;
    assert.equal(line.request_id, answered.get("x-request-id"));
    assert.notEqual(
      line.request_id!.replaceAll("-", ""),
      traceId,
      "a trace of a caller may have many requests",
    );
    await eventually(() =>
      Promise.resolve(
        lines.some(({ job: name, trace_id }) =>
          name === "deliver_webhooks" && trace_id === delivery.links[0]
        ),
      )
    );
  });
}

test("a trace that begins here has the id of the request; what is no traceparent begins one", async () => {
  for (
    const traceparent of [
      "",
      "garbage",
      `00-${"0".repeat(32)}-${hex(8)}-01`,
      `ff-${hex(16)}-${hex(8)}-01`,
      `00-${hex(16).toUpperCase().replaceAll(/\d/g, "A")}-${hex(8)}-01`,
      `00-${hex(16)}-${hex(8)}-01-${"x".repeat(5000)}`,
    ]
  ) {
    const machine = { license_key: license.key, hardware_hash: "machine-node" };
    const { headers } = await post(
      node.url,
      "/api/license/verify",
      machine,
      traceparent ? { traceparent } : {},
    );
    const id = headers.get("x-request-id")!;
    const span = await collector.span(id.replaceAll("-", ""), "POST /api/license/verify");
    assert.equal(span.parentSpanId, "");
  }
});

test("a mail belongs to the request that caused it, through the job that writes it", async () => {
  const user = await makeUser(await system.ctx());
  const { headers } = await post(node.url, "/api/v2/auth/magic-link/request", { email: user.email });
  await mails.next(user.email);
  const span = await collector.span(headers.get("x-request-id")!.replaceAll("-", ""), "send mail");
  assert.equal(span.isFailed, false);
});

test("procedures of a batch have a span each, and a failing one says so by its code", async () => {
  const response = await fetch(`${node.url}/trpc/licenses.list,products.list?batch=1&input=%7B%7D`);
  await response.body?.cancel();
  const traceId = response.headers.get("x-request-id")!.replaceAll("-", "");
  const [first, second] = await Promise.all([
    collector.span(traceId, "procedure licenses.list"),
    collector.span(traceId, "procedure products.list"),
  ]);
  assert.deepEqual([first.isFailed, first.attributes["error.type"]], [true, "SIGN_IN_REQUIRED"]);
  assert.equal(second.parentSpanId, first.parentSpanId);
});

test("health and metrics have no spans; no key, token, address or mail leaves with the others", async () => {
  const secret = "a-token-that-must-not-be-seen";
  await (await fetch(`${deno.url}/health/ready`)).body?.cancel();
  for (const { url } of [node, deno]) {
    const response = await fetch(`${url}/api/license/info/${license.key}?session_token=${secret}`, {
      headers: system.headers,
    });
    await response.body?.cancel();
    const traceId = response.headers.get("x-request-id")!.replaceAll("-", "");
    await collector.span(traceId, "GET /api/license/info/{license_key}");
  }
  assert.equal(collector.spans.some(({ name }) => name.includes("/health")), false);
  const text = collector.received();
  for (
    const value of [
      license.key,
      secret,
      system.headers["X-API-Key"],
      "secret-of-the-receiver",
      "secret-header",
      "@example.com",
      "127.0.0.1/",
    ]
  ) {
    assert.equal(text.includes(value), false, `${value} left with the traces`);
  }
});

test("no program starts with the spans that Deno adds, which have whole addresses, or without a limit on exports", async () => {
  const automatic = { env: { ...collector.env, OTEL_DENO_TRACING: "true" } };
  const unlimited = { env: { ...collector.env, OTEL_EXPORTER_OTLP_TIMEOUT: "" } };
  await Promise.all([
    assert.rejects(system.startServer(automatic), /ended at once/),
    assert.rejects(system.startWorker(automatic), /ended at once/),
    assert.rejects(system.startServer(unlimited), /ended at once/),
  ]);
});

test("a collector that does not answer delays neither requests nor the end", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const endpoint = `http://127.0.0.1:${(silent.addr as Deno.NetAddr).port}`;
  const server = await system.startServer({
    env: { ...collector.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, DRAIN_TIME_MS: "3000" },
  });
  const machine = { license_key: license.key, hardware_hash: "machine-node" };
  assert.equal((await post(server.url, "/api/license/verify", machine)).status, 200);
  const began = performance.now();
  assert.equal(await server.stop(), 0);
  assert.ok(performance.now() - began < 4500, `${performance.now() - began} ms`);
  silent.close();
});

test("the programs stop", async () => {
  assert.deepEqual(await Promise.all([node.stop(), deno.stop(), worker.stop()]), [0, 0, 0]);
  await system.stop();
  await Promise.all([collector.stop(), mails.stop(), receiver.stop()]);
});
