// License keys are masked for viewers and never written down: every endpoint and procedure is called with a known key and
// as a viewer, and answers, log and metrics are searched for it. A new one is covered by being declared.
import assert from "node:assert/strict";
import type { z } from "zod";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { allocateResources } from "../../server/domain/resources/allocate.ts";
import { createResource } from "../../server/domain/resources/resources.ts";
import { maskKey } from "../../server/domain/licenses/pasted_key.ts";
import { deleteLicenses, setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { listEndpoints } from "../../server/app.ts";
import { appRouter } from "../../server/trpc/router.ts";
import { createTestSession, makeAdministrator } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
import { sampleInput, UNUSED_ID } from "../support/sample_input.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { assertNone, code, find, under, withoutComments } from "./source.ts";

const server = await startTestServer();
const ctx = await server.ctx();
// The first row of each table has the id 1, which the calls below ask for.
const license = await makeLicense(ctx);
const machine = { licenseKey: license.key, hardwareId: "PC-1", machineName: "PC", appVersion: "1.0" };
await activateLicense(ctx, machine);
await startSeat(ctx, machine);
await createResource(ctx, { type: "server", identifier: "SRV-1" });
await allocateResources(ctx, { licenseId: license.id, resourceIds: [1] });
await server.db`
  insert into anomalies (kind, subject, license_id, customer_id, facts, found_at, last_seen_at)
  values ('license_hopping', 'license 1', ${license.id}, ${license.customerId}, '{}', now(), now())`;
const deleted = await makeLicense(ctx, { key: "DELETED-KEY-0001-XYZ" });
await deleteLicenses(ctx, [deleted.id]);
const keys = [license.key, deleted.key];
/** A key in any of the spellings that programs make of it. */
const holds = (text: string) =>
  keys.find((key) =>
    [key, key.replaceAll("-", ""), encodeURIComponent(btoa(key))].some((form) => text.includes(form))
  );

const viewer = await makeAdministrator(server, "viewer");
const manager = await makeAdministrator(server, "manager");
const endpoints = listEndpoints(server.server.services, server.config);
const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<
    string,
    { _def: { type: "query" | "mutation" | "subscription"; inputs: z.ZodType[] } }
  >,
);

/** The sample with the id 1 for unused ids. */
const withFirstIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? {}).replaceAll(String(UNUSED_ID), "1"));

/** The sample with the key in every text. */
const withKeys = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value ?? {}, (_, field) => typeof field === "string" ? license.key : field) ?? "{}",
  );

const query = (fields: unknown) =>
  new URLSearchParams(
    Object.entries(fields as Record<string, unknown>).map(([name, value]) => [name, String(value)]),
  ).toString();

/** A call's answer as text; of a stream the beginning. */
async function textOf(path: string, init: RequestInit): Promise<{ status: number; text: string }> {
  const stop = new AbortController();
  const response = await fetch(server.url + path, { ...init, redirect: "manual", signal: stop.signal });
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    return { status: response.status, text: await response.text() };
  }
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  stop.abort();
  return { status: response.status, text: value };
}

const optional = { "q": "PC", "sort": "key", "limit": "1", "format": "csv", "deleted": "true" };

test("a viewer reads no key in full, in no list, page, export, search or log", async () => {
  const headers = { authorization: `Bearer ${viewer.token}` };
  let masked = 0;
  const check = (name: string, { status, text }: { status: number; text: string }) => {
    assert.equal(holds(text), undefined, `${name} (${status}): ${text.slice(0, 300)}`);
    if (text.includes(maskKey(license.key))) masked++;
  };
  for (const { method, path, query: schema } of endpoints.filter(({ method }) => method === "get")) {
    const at = path.replace(/\{\w*id\}/g, "1").replace(/\{\w+\}/g, "x");
    const given = schema ? query(withFirstIds(sampleInput(schema))) : "";
    check(`${method} ${path}`, await textOf(`${at}?${given}`, { headers }));
    for (const [name, value] of Object.entries(optional)) {
      check(`${method} ${path} ${name}`, await textOf(`${at}?${given}&${name}=${value}`, { headers }));
    }
  }
  for (
    const [name, { _def: { type, inputs } }] of procedures.filter(([, { _def }]) => _def.type !== "mutation")
  ) {
    const input = withFirstIds(Object.assign({}, ...inputs.map((schema) => sampleInput(schema)))) as object;
    for (const more of [{}, ...Object.entries({ ...optional, limit: 1, deleted: true })]) {
      const value = Array.isArray(more) ? { ...input, [more[0]]: more[1] } : input;
      const given = encodeURIComponent(JSON.stringify(value));
      check(`${type} ${name}`, await textOf(`/trpc/${name}?input=${given}`, { headers }));
    }
  }
  assert.ok(masked > 20, `the calls above do read the license: ${masked}`);
});

test("a viewer finds a license by its whole key and by no part of it; a manager by any part", async () => {
  const search = async (q: string, who: typeof viewer) => {
    const [list, found, hits] = await Promise.all([
      who.get(`/trpc/licenses.list?input=${encodeURIComponent(JSON.stringify({ q }))}`),
      who.get(`/trpc/anomalies.list?input=${encodeURIComponent(JSON.stringify({ q }))}`),
      who.get(`/api/global-search?q=${encodeURIComponent(q)}&type=license`),
    ]);
    return [list.body.result.data.rows.length, found.body.result.data.rows.length, hits.body.results.length];
  };
  for (const part of [license.key.slice(0, 4), license.key.slice(5, 14), license.key.slice(0, 18)]) {
    assert.deepEqual(await search(part, viewer), [0, 0, 0], part);
    assert.deepEqual(await search(part, manager), [1, 1, 1], part);
  }
  assert.deepEqual(await search(license.key.toLowerCase(), viewer), [1, 0, 1]);
});

test("managers see keys in full, and the events that are streamed to viewers have them masked", async () => {
  const { body } = await manager.get(`/trpc/licenses.get?input=${encodeURIComponent('{"id":1}')}`);
  assert.equal(body.result.data.key, license.key);
  for (const [who, shown] of [[viewer, maskKey(license.key)], [manager, license.key]] as const) {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 10_000);
    const stream = await fetch(`${server.url}/trpc/events.feed?input=${encodeURIComponent("{}")}`, {
      headers: { authorization: `Bearer ${who.token}` },
      signal: stop.signal,
    });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    // The first item has the position from which the stream begins.
    while (!text.includes("id: ")) text += (await reader.read()).value;
    await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
    await setLicensesEnabled(ctx, { ids: [license.id], enabled: true });
    while (!text.includes("licenseKey")) text += (await reader.read()).value;
    assert.ok(text.includes(`"licenseKey":"${shown}"`), text.slice(-600));
    stop.abort();
  }
});

test("no key reaches the log, the metrics or an error, whatever call it is sent to", async () => {
  const common = { referer: `https://app.example/?key=${license.key}`, "user-agent": `app ${license.key}` };
  // A session of its own for each call, as some calls end it.
  const authorization = async () =>
    `Bearer ${(await createTestSession(await server.ctx(), manager.id)).token}`;
  const credentials: (() => Promise<Record<string, string>>)[] = [
    () => Promise.resolve({ "x-api-key": server.apiKey }),
    async () => ({ authorization: await authorization() }),
    () =>
      Promise.resolve({
        "x-api-key": license.key,
        authorization: `Bearer ${license.key}`,
        cookie: `latchkey_session=${license.key}`,
      }),
  ];
  const key = encodeURIComponent(license.key);
  for (const { method, path, body, guard } of endpoints) {
    const at = path.replace(/\{\w+\}/g, key);
    const sent = body && JSON.stringify(withKeys(sampleInput(body)));
    for (const headers of guard.scheme === "apiKey" ? credentials : credentials.slice(1)) {
      const { status, text } = await textOf(`${at}?license_key=${key}&q=${key}&cursor=${key}`, {
        method: method.toUpperCase(),
        headers: { "content-type": "application/json", ...common, ...await headers() },
        body: method === "get" ? undefined : sent,
      });
      assert.ok(status < 500, `${method} ${path}: ${text}`);
      const isError = status >= 400 && text.startsWith("{");
      if (isError) assert.equal(holds(text), undefined, `${method} ${path} (${status}): ${text}`);
    }
  }
  for (const [name, { _def: { type, inputs } }] of procedures) {
    const input = withKeys(Object.assign({}, ...inputs.map((schema) => sampleInput(schema))));
    const isMutation = type === "mutation";
    const { status, text } = await textOf(
      `/trpc/${name}${isMutation ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`}`,
      {
        method: isMutation ? "POST" : "GET",
        headers: { "content-type": "application/json", ...common, authorization: await authorization() },
        body: isMutation ? JSON.stringify(input) : undefined,
      },
    );
    if (status >= 400) assert.equal(holds(text), undefined, `${name} (${status}): ${text}`);
  }
  for (
    const path of [`/api/license/info/${key}/more`, `/${key}`, `/license/${key}`, `/trpc/${key}?input=${key}`]
  ) {
    await textOf(path, { headers: common });
  }
  assert.equal(holds(server.logged()), undefined, server.logged().split("\n").find(holds) ?? "");
  assert.equal(holds((await textOf("/metrics", {})).text), undefined);
});

test("keys are masked as the database masks them", async () => {
  for (
    const key of [license.key, "ABCDEF", "ABCDEFG", "550e8400-e29b-41d4-a716-446655440000", "ÄÖÜ ß-🔑🔑🔑 12"]
  ) {
    const [{ masked }] = await server.db<{ masked: string }[]>`
      select regexp_replace(left(${key}, -least(4, length(${key}) / 4)), '[^ -]', '*', 'g')
        || right(${key}, least(4, length(${key}) / 4)) as masked`;
    assert.equal(maskKey(key), masked);
  }
  assert.equal(maskKey("ABCD-EFGH-JKMN-PQRS"), "****-****-****-PQRS");
  assert.equal(maskKey("ABCDEF"), "*****F");
});

test("statements of administration select keys through shownKey", () => {
  const apps = under(
    "server/domain/activations/",
    "server/domain/meters/usage.ts",
    "server/domain/seats/seat.ts",
    "server/domain/events/follow.ts",
    "server/domain/licenses/key.ts",
  );
  assertNone(
    code.filter(({ path }) => under("server/", "worker/")(path) && !apps(path))
      .flatMap((source) =>
        find(withoutComments(source), /(?<!ctx\.db`)(?<!by: ")\b(?:l|licenses)\.key\b(?! ilike)/g)
      )
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Write ${shownKey(ctx, ctx.db`l.key`)}:",
  );
});
